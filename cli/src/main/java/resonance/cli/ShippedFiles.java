package resonance.cli;

import java.nio.file.Files;
import java.nio.file.Path;

/** The small model and the text that come with the project, in the folder {@code shipped} of the repository. */
final class ShippedFiles {
    private ShippedFiles() {}

    /**
     * The model's folder.
     *
     * @throws IllegalArgumentException if it is not there
     */
    static Path model() {
        return existing("MODEL", "model");
    }

    /**
     * The text's folder.
     *
     * @throws IllegalArgumentException if it is not there
     */
    static Path text() {
        return existing("FILE", "text");
    }

    private static Path existing(String argument, String name) {
        String home = System.getProperty(SoftwareVersion.HOME_PROPERTY);
        Path path = home == null ? null : Path.of(home, "shipped", name);
        if (path == null || !Files.exists(path)) {
            throw new IllegalArgumentException(argument + " must be given where the shipped " + name
                    + " can't be found, was left out"
                    + (path == null ? "; start by ./resonance, which knows where it is" : "; " + path + " is missing"));
        }
        return path;
    }
}
