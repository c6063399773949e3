package resonance.posgen;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Writes splits to a folder: {@code train}, {@code validation} and {@code test} in one format, and {@code manifest.json}.
 *
 * <p>Every file is written beside its place and then moved there in one step, so a killed run leaves no half file under a
 * final name. The manifest is moved first: it says whose folder this is, and the same call again completes the folder. A
 * folder that holds anything else under these names, or such a file that was changed since it was written, is refused before
 * anything is moved there. Files are forced to the disk first. One process at a time may write to a folder.
 */
public final class PosgenFiles {

    private static final List<String> SPLIT_NAMES = List.of("train", "validation", "test");

    private PosgenFiles() {}

    /**
     * Writes the files; the same splits again give the same bytes.
     *
     * @param folder made if it does not exist
     * @return what was written
     * @throws IllegalArgumentException if the folder holds another experiment, data files without a manifest, or data files
     *     that were changed since
     * @throws IOException if the file system refuses
     */
    public static PosgenManifest write(PosgenSplits splits, SequenceFormat format, Path folder) throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new PosgenRefusal(
                    "{output folder} must be a folder", ", was the file " + folder + "; choose another folder");
        }
        requireOwn(folder, PosgenManifest.parameters(splits, format), format);
        Files.createDirectories(folder);
        List<Path> unfinished = new ArrayList<>();
        try {
            List<PosgenManifest.DataFile> files = new ArrayList<>();
            for (int index = 0; index < SPLIT_NAMES.size(); index++) {
                String split = SPLIT_NAMES.get(index);
                Path path = folder.resolve("." + split + format.extension() + ".part");
                unfinished.add(path);
                files.add(writeSet(splits.sets().get(index), split, format, path));
            }
            PosgenManifest manifest = new PosgenManifest(splits, format, files);
            requireOwn(folder, manifest.json(), format);
            for (PosgenManifest.DataFile file : files) {
                requireUnchanged(folder, file);
            }
            Path manifestPart = folder.resolve("." + PosgenManifest.FILE_NAME + ".part");
            unfinished.add(manifestPart);
            Files.writeString(manifestPart, manifest.json());
            force(manifestPart);
            move(manifestPart, folder.resolve(PosgenManifest.FILE_NAME));
            for (int index = 0; index < files.size(); index++) {
                move(unfinished.get(index), folder.resolve(files.get(index).name()));
            }
            return manifest;
        } finally {
            for (Path path : unfinished) {
                Files.deleteIfExists(path);
            }
        }
    }

    private static PosgenManifest.DataFile writeSet(SequenceSet set, String split, SequenceFormat format, Path path)
            throws IOException {
        Sha256 sha256 = new Sha256();
        try (OutputStream out = new DigestOutputStream(Files.newOutputStream(path), sha256.digest())) {
            format.write(set, out);
        }
        force(path);
        String hash = sha256.hexadecimal();
        String dataHash = format == SequenceFormat.TEXT ? hash : set.dataHash();
        return new PosgenManifest.DataFile(
                split, split + format.extension(), set.rows(), set.length(), Files.size(path), hash, dataHash);
    }

    /** The same splits give the same bytes, so a data file that is there is theirs or the user's. */
    private static void requireUnchanged(Path folder, PosgenManifest.DataFile file) throws IOException {
        Path there = folder.resolve(file.name());
        if (!Files.exists(there, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        boolean same = Files.isRegularFile(there, LinkOption.NOFOLLOW_LINKS) && Files.size(there) == file.bytes();
        if (same) {
            Sha256 sha256 = new Sha256();
            try (OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), sha256.digest())) {
                Files.copy(there, out);
            }
            same = sha256.hexadecimal().equals(file.sha256());
        }
        if (!same) {
            throw new PosgenRefusal(
                    "{output folder} must hold its data as it was written",
                    ", was " + folder + ", where " + file.name()
                            + " was changed since; move it away or choose another folder");
        }
    }

    private static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    private static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Refuses a folder whose manifest does not begin with the given text, or which has data files but no manifest. */
    private static void requireOwn(Path folder, String expected, SequenceFormat format) throws IOException {
        Path manifest = folder.resolve(PosgenManifest.FILE_NAME);
        if (Files.exists(manifest)) {
            String found = Files.readString(manifest, StandardCharsets.UTF_8);
            if (!found.startsWith(expected)) {
                throw notOwn(folder, "another one (" + firstDifference(found, expected) + ")");
            }
            return;
        }
        for (String split : SPLIT_NAMES) {
            String name = split + format.extension();
            if (Files.exists(folder.resolve(name))) {
                throw notOwn(folder, name + " but no " + PosgenManifest.FILE_NAME);
            }
        }
    }

    private static PosgenRefusal notOwn(Path folder, String held) {
        return new PosgenRefusal(
                "{output folder} must be empty or hold this experiment",
                ", was " + folder + ", which holds " + held + "; choose another folder");
    }

    /** The first line where two manifests part, without its indent and comma. */
    private static String firstDifference(String found, String expected) {
        Iterator<String> foundLines = found.lines().iterator();
        for (String line : expected.lines().toList()) {
            String foundLine = foundLines.hasNext() ? foundLines.next() : "nothing";
            if (!foundLine.equals(line)) {
                return PosgenManifest.FILE_NAME + " has " + tidy(foundLine) + ", this experiment " + tidy(line);
            }
        }
        return PosgenManifest.FILE_NAME + " goes on after this experiment's end";
    }

    private static String tidy(String line) {
        String stripped = line.strip();
        return stripped.endsWith(",") ? stripped.substring(0, stripped.length() - 1) : stripped;
    }
}
