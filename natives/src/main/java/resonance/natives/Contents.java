package resonance.natives;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The list of what a folder holds, written last into it: size and time of each file, target of each link.
 *
 * <p>One line each, with tabs in between; the first names the folder's place, since links hold whole paths, and the last is
 * {@code end}. A start compares the list with the files, which takes a millisecond; it does not read them.
 */
final class Contents {
    private static final String NAME = "contents.txt";
    private static final String VERSION = "natives 1";
    private static final String END = "end";

    private Contents() {}

    /**
     * Finishes a folder that is to be moved to its place: points links into it there, forces all to the disk, writes the
     * list.
     */
    static void seal(Path folder, Path place) throws IOException {
        List<Path> paths;
        try (Stream<Path> all = Files.walk(folder)) {
            paths = all.filter(path -> !path.equals(folder)).sorted().toList();
        }
        List<String> lines = new ArrayList<>();
        lines.add(VERSION + "\t" + place);
        for (Path path : paths) {
            String name = folder.relativize(path).toString();
            if (Files.isSymbolicLink(path)) {
                Path target = Files.readSymbolicLink(path);
                if (target.startsWith(folder)) {
                    target = place.resolve(folder.relativize(target));
                    Files.delete(path);
                    Files.createSymbolicLink(path, target);
                }
                lines.add("link\t" + target + "\t" + name);
            } else if (Files.isDirectory(path)) {
                UserFolder.withhold(path, true);
                lines.add("folder\t\t" + name);
            } else {
                UserFolder.withhold(path, false);
                force(path, true);
                lines.add("file\t" + Files.size(path) + " "
                        + Files.getLastModifiedTime(path).toMillis() + "\t" + name);
            }
        }
        lines.add(END);
        Path list = folder.resolve(NAME);
        Files.write(list, lines);
        UserFolder.withhold(list, false);
        force(list, true);
        for (Path path : paths) {
            if (Files.isDirectory(path)) {
                force(path, false);
            }
        }
        force(folder, false);
    }

    /** True if the folder in its place holds what its list says, and nobody else can have written to it. */
    static boolean areWhole(UserFolder cache, Path place) {
        try {
            cache.entry(place);
            cache.entry(place.resolve(NAME));
            List<String> lines = Files.readAllLines(place.resolve(NAME), StandardCharsets.UTF_8);
            int last = lines.size() - 1;
            if (last < 1
                    || !lines.get(0).equals(VERSION + "\t" + place)
                    || !lines.get(last).equals(END)) {
                return false;
            }
            for (String line : lines.subList(1, last)) {
                if (!isAsListed(cache, place, line.split("\t", -1))) {
                    return false;
                }
            }
            return true;
        } catch (IOException missingOrForeignOrNotText) {
            return false;
        }
    }

    private static boolean isAsListed(UserFolder cache, Path place, String[] line) throws IOException {
        if (line.length != 3) {
            return false;
        }
        Path path = place.resolve(line[2]);
        UserFolder.Entry entry = cache.entry(path);
        return switch (line[0]) {
            case "link" ->
                entry.isLink() && Files.readSymbolicLink(path).toString().equals(line[1]);
            case "folder" -> entry.isFolder();
            case "file" ->
                !entry.isLink() && !entry.isFolder() && line[1].equals(entry.size() + " " + entry.changedMillis());
            default -> false;
        };
    }

    /** Waits until a file, or the names in a folder, are on the disk. */
    static void force(Path path, boolean isFile) throws IOException {
        try (FileChannel channel =
                FileChannel.open(path, isFile ? StandardOpenOption.WRITE : StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            if (isFile) { // not every system lets a folder be forced
                throw e;
            }
        }
    }
}
