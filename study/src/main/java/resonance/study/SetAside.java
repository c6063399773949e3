package resonance.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * Takes a file out of the way without losing it: {@code NAME} becomes {@code NAME.damaged} or {@code NAME.changed}, or with a
 * number.
 */
public final class SetAside {
    private SetAside() {}

    /** Renames a damaged file, or whatever has its name, and gives the new name. */
    public static Path rename(Path file) throws IOException {
        return rename(file, ".damaged");
    }

    /** Renames what somebody made of a file that is written anew, and gives the new name. */
    public static Path renameChanged(Path file) throws IOException {
        return rename(file, ".changed");
    }

    private static Path rename(Path file, String ending) throws IOException {
        String name = file.getFileName() + ending;
        Path free = file.resolveSibling(name);
        for (int number = 2; Files.exists(free, LinkOption.NOFOLLOW_LINKS); number++) {
            free = file.resolveSibling(name + "-" + number);
        }
        return Files.move(file, free);
    }
}
