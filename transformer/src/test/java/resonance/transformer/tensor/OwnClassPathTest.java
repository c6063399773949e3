package resonance.transformer.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import org.junit.jupiter.api.Test;

class OwnClassPathTest {
    @Test
    void jarsThatAnEngineLoadsUsFromComeBeforeItsOwn() throws IOException {
        URL[] given = {
            URI.create("file:/opt/a%20b/./ours.jar").toURL(),
            URI.create("http://host/other.jar").toURL()
        };
        try (URLClassLoader engine = new URLClassLoader(given, null);
                URLClassLoader below = new URLClassLoader(new URL[0], engine)) {
            assertThat(OwnClassPath.text(below, "engine.jar"))
                    .isEqualTo("/opt/a b/./ours.jar" + File.pathSeparator + "engine.jar");
        }
    }

    @Test
    void whereThisProcessLoadsUsItIsItsClassPath() {
        assertThat(OwnClassPath.text()).isEqualTo(System.getProperty("java.class.path"));
    }
}
