package resonance.serving.export;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/** A folder that is filled beside its place and moved there when it is whole; removed if it never is. */
final class NewFolder implements AutoCloseable {
    private final Path path;
    private boolean moved;

    private NewFolder(Path path) {
        this.path = path;
    }

    /** An empty one, in the folder of the place that it is for. */
    static NewFolder beside(Path place) throws IOException {
        Path folder = Files.createTempDirectory(place.getParent(), place.getFileName() + ".partial-");
        if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        return new NewFolder(folder);
    }

    Path path() {
        return path;
    }

    /** Puts it into its place; what is there steps aside first and is removed last. */
    void moveTo(Path place) throws IOException {
        Path former = null;
        if (Files.exists(place)) {
            former = Files.createTempDirectory(place.getParent(), place.getFileName() + ".former-");
            Files.move(place, former, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
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
        if (former != null) {
            remove(former);
        }
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
