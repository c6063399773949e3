package resonance.study;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.spi.FileSystemProvider;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where results of studies are, as text: a path of this machine, or {@code SCHEME://HOST/FOLDER} in a store. Who knows a scheme is a
 * {@link StoreProvider}, else a {@link FileSystemProvider} that is installed in this JVM.
 */
public final class StudyPlace {
    private static final Pattern IN_STORE =
            Pattern.compile("(?<scheme>[A-Za-z][A-Za-z0-9+.-]+)://(?<authority>[^/]*)(?<path>/.*)?", Pattern.DOTALL);

    private StudyPlace() {}

    /** Whether a text is a place in a store, known or not. */
    public static boolean isInStore(String text) {
        return IN_STORE.matcher(text).matches();
    }

    /**
     * The path that a text names, which is there or not. In a store, its characters stand for themselves: {@code %20} is no blank.
     *
     * @throws UnfitFolderException if it is in a store that nobody here knows, or that can't be opened
     * @throws java.nio.file.InvalidPathException if it is no path of this machine
     */
    public static Path of(String text) {
        Matcher inStore = IN_STORE.matcher(text);
        if (!inStore.matches()) {
            return Path.of(text);
        }
        String scheme = inStore.group("scheme").toLowerCase(Locale.ROOT);
        try {
            URI place = uri(scheme, inStore.group("authority"), inStore.group("path"));
            for (StoreProvider provider : providers()) {
                if (provider.knows(scheme)) {
                    return provider.path(place);
                }
            }
            for (FileSystemProvider installed : FileSystemProvider.installedProviders()) {
                if (installed.getScheme().equalsIgnoreCase(scheme)) {
                    return path(installed, place);
                }
            }
        } catch (IOException | URISyntaxException | IllegalArgumentException refusal) {
            throw new UnfitFolderException("{folder} must be a place in a store that can be opened, '" + text
                    + "' can't: " + reason(refusal) + "; correct it or the store's settings");
        }
        throw new UnfitFolderException("{folder} must be a path, or in a store that is known here, was '" + text
                + "', and nothing on the class path knows " + scheme + "; start by ./resonance, which adds the module"
                + " hadoop, or name a jar that knows it in RESONANCE_CLASSPATH");
    }

    private static URI uri(String scheme, String authority, @Nullable String path) throws URISyntaxException {
        return new URI(scheme, authority.isEmpty() ? null : authority, path == null ? "/" : path, null, null);
    }

    /** On a machine of a cluster our jars are not where the JVM looks, but where the thread does. */
    private static List<StoreProvider> providers() {
        return Stream.concat(
                        ServiceLoader.load(StoreProvider.class).stream(),
                        ServiceLoader.load(StoreProvider.class, StoreProvider.class.getClassLoader()).stream())
                .map(ServiceLoader.Provider::get)
                .toList();
    }

    private static Path path(FileSystemProvider installed, URI place) throws IOException {
        try {
            return installed.getPath(place);
        } catch (FileSystemNotFoundException notOpenYet) {
            return installed.newFileSystem(place, Map.of()).provider().getPath(place);
        }
    }

    private static String reason(Exception refusal) {
        String message =
                String.valueOf(refusal.getMessage()).lines().findFirst().orElse("");
        return message.isEmpty() ? refusal.getClass().getSimpleName() : message;
    }

    /** The text that names a path, in every process that {@linkplain #of reads} it. */
    public static String text(Path place) {
        if (isHere(place)) {
            return place.toString();
        }
        URI uri = place.toUri();
        return uri.getScheme() + "://" + Objects.requireNonNullElse(uri.getRawAuthority(), "") + uri.getPath();
    }

    /** The refusal of a place in a store where only a path of this machine will do. */
    public static UnfitFolderException notHere(String text) {
        return new UnfitFolderException("{folder} must be a path of this machine, was '" + text
                + "'; only folders of studies' results may be in a store");
    }

    /** Whether a path is one of this machine's file system. */
    public static boolean isHere(Path place) {
        return place.getFileSystem() == FileSystems.getDefault();
    }
}
