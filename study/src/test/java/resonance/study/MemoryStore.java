package resonance.study;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Feature;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;

/** A store in memory that has what a store must have, and neither channels of files nor links. Places begin with {@code memory://}. */
public final class MemoryStore implements StoreProvider {
    private static final FileSystem STORE = Jimfs.newFileSystem(configuration().build());

    static Configuration.Builder configuration() {
        return Configuration.unix().toBuilder().setSupportedFeatures(new Feature[0]);
    }

    /** A folder that is there and nobody else's. */
    static Path newFolder() throws IOException {
        return Files.createDirectories(STORE.getPath("/" + AtomicFile.randomName()));
    }

    @Override
    public boolean knows(String scheme) {
        return scheme.equals("memory");
    }

    @Override
    public Path path(URI place) throws IOException {
        if ("closed".equals(place.getAuthority())) {
            throw new IOException("it is closed today");
        }
        return STORE.getPath(place.getPath());
    }
}
