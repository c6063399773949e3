package resonance.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Takes a damaged file out of the way without losing it: {@code NAME} becomes {@code NAME.damaged}, or with a number. */
public final class SetAside {
    private SetAside() {}

    /** Renames a file, or whatever has its name, and gives the new name. */
    public static Path rename(Path file) throws IOException {
        String name = file.getFileName() + ".damaged";
        Path free = file.resolveSibling(name);
        for (int number = 2; Files.exists(free, LinkOption.NOFOLLOW_LINKS); number++) {
            free = file.resolveSibling(name + "-" + number);
        }
        return Files.move(file, free);
    }
}
