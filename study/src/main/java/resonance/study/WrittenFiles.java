package resonance.study;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The files that this program wrote into a folder, recorded there in {@value #NAME} with what wrote them and the SHA-256 of
 * their content. Only such files, unchanged, are ever replaced or removed; everything else is the user's.
 *
 * <p>Several files are written as one {@link Change}: all are whole and on the disk before the first comes into its place,
 * and the record names both the former and the new content before that, so that a run killed anywhere leaves files that are
 * known. Changes are for the owner of the folder or of their places ({@link FolderLock}).
 */
public final class WrittenFiles {
    /** The record's name. */
    public static final String NAME = ".resonance-files.json";

    private static final int READ_AGAIN = 3;

    private static final String CHOOSE = "; choose another {folder}";

    private final Path folder;
    private final String writer;
    private final String software;

    /**
     * Content of the record.
     *
     * @param files by name
     */
    record Manifest(Map<String, Entry> files) {
        Manifest {
            files = new TreeMap<>(files);
        }
    }

    /**
     * One file.
     *
     * @param writer what wrote it, such as {@code perplexity}
     * @param software version that did
     * @param content what it may hold: the SHA-256 of its bytes, or where a link points to; two where a kill may have come
     *     between
     */
    record Entry(String writer, String software, List<String> content) {
        Entry {
            content = List.copyOf(content);
        }
    }

    private WrittenFiles(Path folder, String writer, String software) {
        this.folder = folder;
        this.writer = writer;
        this.software = software;
    }

    /**
     * The files of a folder, which need not exist. Nothing is read yet.
     *
     * @param writer what writes now: a file that another wrote is not replaced
     * @param software version of this software, for people to read
     */
    public static WrittenFiles in(Path folder, String writer, String software) {
        return new WrittenFiles(folder, writer, software);
    }

    /** The same writer's files in another folder. */
    public WrittenFiles in(Path other) {
        return new WrittenFiles(other, writer, software);
    }

    /**
     * Refuses a folder that can't be written to or can't be made.
     *
     * @throws UnfitFolderException naming what is in the way
     */
    public void requireFolder() {
        if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(folder)) {
            throw new UnfitFolderException("{folder} must be a folder, " + folder + " is a file" + CHOOSE);
        }
        Path there = folder.toAbsolutePath();
        while (!Files.exists(there, LinkOption.NOFOLLOW_LINKS) && there.getParent() != null) {
            there = there.getParent();
        }
        if (!Files.isDirectory(there)) {
            throw new UnfitFolderException(
                    "{folder} must be a folder, " + folder + " can't be one: " + there + " is a file" + CHOOSE);
        }
        if (!Files.isWritable(there)) {
            throw new UnfitFolderException("{folder} must be a folder that can be written to, " + folder + " can't: "
                    + there + " is read-only" + CHOOSE);
        }
    }

    /**
     * Makes the folder if it is missing.
     *
     * @throws UnfitFolderException if the system refuses
     */
    public void makeFolder() throws IOException {
        requireFolder();
        try {
            Files.createDirectories(folder);
        } catch (FileSystemException e) {
            throw new UnfitFolderException("{folder} must be a folder that can be made, " + folder + " can't"
                    + (e.getReason() == null ? "" : ": " + e.getReason()) + CHOOSE);
        }
    }

    /**
     * Refuses files that are there and not ours.
     *
     * @throws UnfitFolderException naming the first file that this writer did not write, or that was changed since
     */
    public void requireOurs(Collection<String> names) throws IOException {
        for (String name : names) {
            Optional<String> problem = settledProblem(name);
            if (problem.isPresent()) {
                throw new UnfitFolderException(
                        "{folder} " + folder + ": " + problem.get() + "; move it away or choose another {folder}");
            }
        }
    }

    private Optional<String> settledProblem(String name) throws IOException {
        Optional<String> problem = problem(name, known().get(name));
        for (int again = 0; problem.isPresent() && again < READ_AGAIN; again++) {
            problem = problem(name, known().get(name)); // its owner may have replaced both just then
        }
        return problem;
    }

    /**
     * Takes files that are there and not ours out of the way of new ones, as {@code NAME.changed}: for files that can be made
     * again at any time, over which no work is to stop. For the owner of the folder.
     *
     * @return for each of them what is wrong with it and where it is kept
     */
    public List<String> setAside(Collection<String> names) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String name : names) {
            Optional<String> problem = settledProblem(name);
            if (problem.isPresent()) {
                Path kept = SetAside.renameChanged(folder.resolve(name));
                lines.add(
                        folder + ": " + problem.get() + "; it is kept as " + kept.getFileName() + " and written anew");
            }
        }
        return lines;
    }

    /**
     * Whether this writer wrote everything that is in the folder, and nothing was changed since.
     *
     * @return what is wrong with the first file that is the user's; empty if there is none
     */
    public Optional<String> foreign() throws IOException {
        Map<String, Entry> known = known();
        for (String name : names()) {
            Optional<String> problem = problem(name, known.get(name));
            if (problem.isPresent()) {
                return problem;
            }
        }
        return Optional.empty();
    }

    private Optional<String> problem(String name, @Nullable Entry entry) throws IOException {
        Path file = folder.resolve(name);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        if (entry == null && recordIsDamaged()) {
            return Optional.of(NAME + " must say whose file " + name + " is, is damaged");
        }
        if (entry == null) {
            return Optional.of(name + " must be a file that " + writer + " wrote, is none");
        }
        if (!entry.writer().equals(writer)) {
            return Optional.of(name + " must be a file that " + writer + " wrote, is one of " + entry.writer());
        }
        String content = content(file);
        return !content.isEmpty() && entry.content().contains(content)
                ? Optional.empty()
                : Optional.of(name + " must be as " + writer + " wrote it, was changed since");
    }

    /** Everything in the folder but the record and a lock. */
    private List<String> names() throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                if (!name.equals(NAME) && !FolderLock.isLock(name)) {
                    names.add(name);
                }
            }
        }
        names.sort(String::compareTo);
        return names;
    }

    private Map<String, Entry> known() throws IOException {
        Path record = folder.resolve(NAME);
        if (!Files.exists(record, LinkOption.NOFOLLOW_LINKS)) {
            return new TreeMap<>();
        }
        try {
            return new TreeMap<>(RecordJson.unseal(record, Manifest.class).files());
        } catch (RecordFormatException e) {
            if (e.damaged()) {
                return new TreeMap<>(); // then nothing is known to be ours
            }
            throw new UnfitFolderException(
                    "{folder} " + folder + ": " + e.getMessage() + ", move it away or choose another {folder}");
        }
    }

    private boolean recordIsDamaged() throws IOException {
        Path record = folder.resolve(NAME);
        if (!Files.exists(record, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try {
            RecordJson.unseal(record, Manifest.class);
            return false;
        } catch (RecordFormatException e) {
            return e.damaged();
        }
    }

    private void record(Map<String, Entry> files) throws IOException {
        Path record = folder.resolve(NAME);
        if (Files.exists(record, LinkOption.NOFOLLOW_LINKS)) {
            try {
                RecordJson.unseal(record, Manifest.class);
            } catch (RecordFormatException damaged) {
                SetAside.rename(record);
            }
        }
        AtomicFile.write(record, RecordJson.seal(new Manifest(files)));
    }

    /** What a file holds, as the record says it; nothing that the record could say if it is neither file nor link. */
    private static String content(Path file) throws IOException {
        if (Files.isSymbolicLink(file)) {
            return "link to " + Files.readSymbolicLink(file);
        }
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return "";
        }
        MessageDigest digest = Sha256.digest();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Begins to write files. */
    public Change change() {
        return new Change();
    }

    /** Removes half-written files of these names, and the record's, that killed runs left. For the folder's owner. */
    public void removeLeftovers(Collection<String> names) throws IOException {
        AtomicFile.removeLeftovers(folder, name -> names.contains(name) || name.equals(NAME));
    }

    /**
     * Records all files of a folder as written by this writer. For a folder that was filled aside, before it comes into its
     * place.
     */
    public void recordAll() throws IOException {
        Map<String, Entry> files = new TreeMap<>();
        for (String name : names()) {
            files.put(name, new Entry(writer, software, List.of(content(folder.resolve(name)))));
        }
        AtomicFile.write(folder.resolve(NAME), RecordJson.seal(new Manifest(files)));
    }

    /**
     * Removes the files that this writer wrote and nobody changed, the record last, and the folder if nothing else is in it.
     *
     * @return whether the folder is gone
     */
    public boolean removeFolder() throws IOException {
        Map<String, Entry> known = known();
        boolean foreign = false;
        for (String name : names()) {
            if (problem(name, known.get(name)).isEmpty()) {
                Files.delete(folder.resolve(name));
            } else {
                foreign = true;
            }
        }
        if (!foreign) {
            Files.deleteIfExists(folder.resolve(NAME));
            Files.delete(folder);
        }
        return !foreign;
    }

    /** Files on their way into their places, all or none. */
    public final class Change implements AutoCloseable {
        private final Map<String, Path> staged = new LinkedHashMap<>();

        private Change() {}

        /** Where a file of this name is to be written first, in the same folder. */
        public Path stage(String name) {
            Path temporary = AtomicFile.temporary(folder.resolve(name));
            staged.put(name, temporary);
            return temporary;
        }

        /** Stages UTF-8 text. */
        public void write(String name, String text) throws IOException {
            AtomicFile.write(stage(name), text);
        }

        /**
         * Puts the files into their places, in the order in which they were staged.
         *
         * @throws UnfitFolderException if one would replace a file that is not ours; nothing is changed then
         */
        public void commit() throws IOException {
            commit("");
        }

        /**
         * The same where the others mean nothing without one: a former file of that name is removed first, and its staged one
         * comes last.
         */
        public void commit(String last) throws IOException {
            requireOurs(staged.keySet());
            Map<String, Entry> files = known();
            files.keySet().removeIf(name -> !Files.exists(folder.resolve(name), LinkOption.NOFOLLOW_LINKS));
            for (Map.Entry<String, Path> file : staged.entrySet()) {
                List<String> content = new ArrayList<>(List.of(content(file.getValue())));
                Path former = folder.resolve(file.getKey());
                if (Files.exists(former, LinkOption.NOFOLLOW_LINKS)) {
                    content.add(content(former));
                }
                files.put(file.getKey(), new Entry(writer, software, content));
            }
            record(files);
            if (!last.isEmpty()) {
                Files.deleteIfExists(folder.resolve(last));
                AtomicFile.forceFolder(folder);
            }
            for (Map.Entry<String, Path> file : staged.entrySet()) {
                if (!file.getKey().equals(last)) {
                    AtomicFile.move(file.getValue(), folder.resolve(file.getKey()));
                }
            }
            if (!last.isEmpty()) {
                AtomicFile.forceFolder(folder);
                @Nullable Path key = staged.get(last);
                if (key != null) {
                    AtomicFile.move(key, folder.resolve(last));
                }
            }
            AtomicFile.forceFolder(folder);
        }

        /** Removes what was staged and not put into its place. */
        @Override
        public void close() throws IOException {
            for (Path temporary : staged.values()) {
                Files.deleteIfExists(temporary);
            }
        }
    }
}
