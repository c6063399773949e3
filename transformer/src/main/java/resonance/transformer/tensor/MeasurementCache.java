package resonance.transformer.tensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import resonance.natives.NativeCache;
import resonance.natives.NativeLibraryException;
import resonance.study.AtomicFile;
import resonance.study.RecordJson;
import resonance.study.Sha256;

/**
 * Figures measured on this machine, kept from run to run in small JSON files.
 *
 * <pre>
 *   CACHE/measured/NAME-HASH.json       CACHE: {@link NativeCache#rootOfUser}
 * </pre>
 *
 * <p>Figures belong to a key, which names everything that they depend on and lies in the file beside them. A file that is
 * damaged, of another key or of impossible figures counts as absent, and so does a folder that others may write to: then it is
 * measured again. A cache that can't be written costs the measurement at every run, never the run.
 */
final class MeasurementCache {
    private static final int HASH_CHARACTERS = 16;
    private static final long LARGEST_FILE = 65_536;
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> OTHERS_WRITE =
            Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    private final @Nullable Path folder;

    /** @param folder where files are kept; null to keep none */
    MeasurementCache(@Nullable Path folder) {
        this.folder = folder;
    }

    /** The user's, beside the unpacked native libraries; none for a user without a home, as in some containers. */
    static MeasurementCache ofUser() {
        try {
            return new MeasurementCache(NativeCache.rootOfUser().resolve("measured"));
        } catch (NativeLibraryException noHome) {
            return new MeasurementCache(null);
        }
    }

    /**
     * What a file holds.
     *
     * @param key what the figures depend on
     * @param figures by name, each above 0
     */
    record Entry(Map<String, String> key, Map<String, Double> figures) {
        Entry {
            key = Map.copyOf(key);
            figures = Map.copyOf(figures);
            figures.forEach((name, figure) -> {
                if (!(figure > 0 && figure < Double.POSITIVE_INFINITY)) {
                    throw new IllegalArgumentException(name + " must be above 0 and finite, was " + figure);
                }
            });
        }
    }

    /** The figures of a key, by name, if they were measured before. */
    Optional<Map<String, Double>> find(String name, Map<String, String> key) {
        if (folder == null) {
            return Optional.empty();
        }
        Path file = file(folder, name, key);
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > LARGEST_FILE || othersWrite(folder)) {
                return Optional.empty();
            }
            Entry entry = RecordJson.read(file, Entry.class);
            return entry.key().equals(key) ? Optional.of(entry.figures()) : Optional.empty();
        } catch (IOException | RuntimeException damaged) {
            return Optional.empty();
        }
    }

    /** Whether figures can be kept for the next run. */
    boolean keeps() {
        if (folder == null) {
            return false;
        }
        try {
            make(folder);
            return Files.isWritable(folder) && !othersWrite(folder);
        } catch (IOException notMade) {
            return false;
        }
    }

    /** Keeps the figures of a key for the next run, if possible. */
    void keep(String name, Map<String, String> key, Map<String, Double> figures) {
        Entry entry = new Entry(key, figures);
        if (folder == null || !keeps()) {
            return;
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("key", new TreeMap<>(entry.key()));
        document.put("figures", new TreeMap<>(entry.figures()));
        try {
            AtomicFile.write(file(folder, name, key), RecordJson.write(document));
        } catch (IOException notKept) {
            // A full disk, for example: the next run measures again.
        }
    }

    private static void make(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        if (posix(folder)) {
            Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        } else {
            Files.createDirectories(folder);
        }
    }

    private static boolean othersWrite(Path folder) throws IOException {
        return posix(folder) && Files.getPosixFilePermissions(folder).stream().anyMatch(OTHERS_WRITE::contains);
    }

    private static boolean posix(Path folder) {
        return folder.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private static Path file(Path folder, String name, Map<String, String> key) {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(key)
                .forEach((setting, value) ->
                        text.append(setting).append('=').append(value).append('\n'));
        return folder.resolve(name + "-" + Sha256.of(text.toString()).substring(0, HASH_CHARACTERS) + ".json");
    }
}
