package resonance.posgen;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Writes splits to a folder: {@code train}, {@code validation} and {@code test} in one format, and {@code manifest.json}.
 *
 * <p>Every file is written beside its place and then moved there in one step, so a killed run leaves no half file under a
 * final name. The manifest is moved first: it says whose folder this is, and the same call again completes the folder. A
 * folder that holds anything else under these names is refused before anything is written there. Nothing is forced to the
 * disk, so this holds for a killed process, not for a power cut.
 */
public final class PosgenFiles {

    private static final List<String> SPLIT_NAMES = List.of("train", "validation", "test");

    private PosgenFiles() {}

    /**
     * Writes the files; the same splits again give the same bytes.
     *
     * @param folder made if it does not exist
     * @return what was written
     * @throws IllegalArgumentException if the folder holds another experiment, or data files without a manifest
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
            Path manifestPart = folder.resolve("." + PosgenManifest.FILE_NAME + ".part");
            unfinished.add(manifestPart);
            Files.writeString(manifestPart, manifest.json());
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
        String hash = sha256.hexadecimal();
        String dataHash = format == SequenceFormat.TEXT ? hash : set.dataHash();
        return new PosgenManifest.DataFile(
                split, split + format.extension(), set.rows(), set.length(), Files.size(path), hash, dataHash);
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
