package resonance.serving.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Where an export goes: checked before anything is written. */
final class OutputPlace {
    private OutputPlace() {}

    /**
     * Checks that an output may be written and makes its folder.
     *
     * @param model what is read; must not be the output, nor lie in it
     * @param replaceable whether what is there now, if anything, is something that may be replaced
     * @param bytes room that is needed
     * @return the output's absolute path
     */
    static Path prepare(Path out, Path model, boolean replace, boolean replaceable, long bytes) throws IOException {
        Path place = out.toAbsolutePath().normalize();
        Path folder = place.getParent();
        if (folder == null) {
            throw new IllegalArgumentException("OUT must be a place in a folder, was " + out);
        }
        if (Files.exists(place)) {
            if (model.toRealPath().startsWith(place.toRealPath())) {
                throw new IllegalArgumentException(
                        "OUT must be another place than MODEL, was " + out + "; an export never changes its model");
            }
            if (!replace) {
                throw new IllegalArgumentException(
                        "OUT must not exist yet, was " + out + "; replace it by --force or name another place");
            }
            if (!replaceable) {
                throw new IllegalArgumentException("OUT must be an earlier export to be replaced, was " + out
                        + "; name another place, or remove it yourself");
            }
        }
        Files.createDirectories(folder);
        long room = Files.getFileStore(folder).getUsableSpace();
        if (room < bytes) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "OUT must have room for %,d MB, %s has %,d MB; free some or name another place",
                    megabytes(bytes),
                    folder,
                    room / 1_000_000));
        }
        return place;
    }

    private static long megabytes(long bytes) {
        return (bytes + 999_999) / 1_000_000;
    }
}
