package resonance.study;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;

/**
 * Opens stores that are no file system of this machine. A module that has some names its provider for {@link
 * java.util.ServiceLoader}; {@link StudyPlace} asks it.
 *
 * <p>A study needs of a store's paths that a file is found by whoever looks after its writer closed it, that {@link
 * java.nio.file.StandardOpenOption#CREATE_NEW} fails where a file is, and that {@link
 * java.nio.file.StandardCopyOption#ATOMIC_MOVE} replaces one at once. Channels of files, links and permissions are not needed.
 * A file must be safe once its stream is closed.
 */
public interface StoreProvider {
    /**
     * Whether there is a store for places that begin so.
     *
     * @param scheme in small letters, for example {@code hdfs}
     */
    boolean knows(String scheme);

    /**
     * A place in a store, which is there or not. Equal places are equal paths, however often they are asked for.
     *
     * @param place with a scheme that this {@linkplain #knows knows}
     * @throws IOException if the store can't be opened; the message says why
     */
    Path path(URI place) throws IOException;
}
