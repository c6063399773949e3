package resonance.serving.export;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import resonance.study.AtomicFile;
import resonance.study.WrittenFiles;

/**
 * A folder that is filled beside its place and moved there when it is whole and on the disk; removed if it never is.
 *
 * <p>It is {@code PLACE.partial-RANDOM} until then, and a folder that it replaces {@code PLACE.former-RANDOM} for a moment.
 * What a killed process left of these, the next one {@linkplain #recover puts right}.
 */
final class NewFolder implements AutoCloseable {
    private static final String PARTIAL = ".partial-";
    private static final String FORMER = ".former-";
    private static final String RANDOM = "[0-9a-f]{16}";

    private final Path path;
    private final WrittenFiles files;
    private boolean moved;

    private NewFolder(Path path, WrittenFiles files) {
        this.path = path;
        this.files = files;
    }

    /**
     * An empty one, in the folder of the place that it is for.
     *
     * @param files the record of a folder that is in the place
     */
    static NewFolder beside(Path place, WrittenFiles files) throws IOException {
        Path folder = Files.createDirectory(beside(place, PARTIAL));
        NewFolder created = new NewFolder(folder, files.in(folder));
        boolean recorded = false;
        try {
            created.files.recordAll(); // tells it from a folder of the user's that has such a name
            recorded = true;
            return created;
        } finally {
            if (!recorded) {
                created.close();
            }
        }
    }

    private static Path beside(Path place, String what) {
        return place.resolveSibling(place.getFileName() + what + AtomicFile.randomName());
    }

    Path path() {
        return path;
    }

    /** Puts it into its place; what is there steps aside first and is removed last, as far as it is recorded. */
    void moveTo(Path place) throws IOException {
        files.recordAll();
        AtomicFile.forceFolder(path);
        Path around = Objects.requireNonNull(place.getParent(), "a place must be in a folder");
        @Nullable Path former = null;
        if (Files.exists(place)) {
            former = beside(place, FORMER);
            Files.move(place, former, StandardCopyOption.ATOMIC_MOVE);
        }
        try {
            Files.move(path, place, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failure) {
            if (former != null) {
                Files.move(former, place, StandardCopyOption.ATOMIC_MOVE);
            }
            throw failure;
        }
        moved = true;
        AtomicFile.forceFolder(around);
        if (former != null) {
            files.in(former).removeFolder();
        }
    }

    /**
     * Puts right what killed processes left: a former folder goes back where its place is empty, and is removed where the new
     * one came into it; folders that were never filled are removed. For the owner of the place.
     *
     * @param files the record of a folder that is in the place
     */
    static void recover(Path place, WrittenFiles files) throws IOException {
        for (Path former : leftovers(place, FORMER)) {
            if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
                files.in(former).removeFolder();
            } else {
                Files.move(former, place, StandardCopyOption.ATOMIC_MOVE);
            }
        }
        for (Path partial : leftovers(place, PARTIAL)) {
            if (Files.exists(partial.resolve(WrittenFiles.NAME)) || isEmpty(partial)) {
                remove(partial);
            }
        }
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            return !entries.iterator().hasNext();
        }
    }

    private static List<Path> leftovers(Path place, String what) throws IOException {
        Pattern name = Pattern.compile(Pattern.quote(place.getFileName() + what) + RANDOM);
        List<Path> found = new ArrayList<>();
        Path around = Objects.requireNonNull(place.getParent(), "a place must be in a folder");
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(around)) {
            for (Path entry : entries) {
                if (name.matcher(String.valueOf(entry.getFileName())).matches()
                        && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    found.add(entry);
                }
            }
        }
        return found;
    }

    @Override
    public void close() throws IOException {
        if (!moved) {
            remove(path);
        }
    }

    /** Removes a folder with all that is in it; links are removed, and what they point to stays. */
    private static void remove(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
