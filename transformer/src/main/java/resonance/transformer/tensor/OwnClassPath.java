package resonance.transformer.tensor;

import java.io.File;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The class path that a process of its own needs to load our classes: that of this process, and before it the jars that whoever
 * started this process, such as a cluster's engine, loads us from.
 */
final class OwnClassPath {
    private OwnClassPath() {}

    static String text() {
        return text(OwnClassPath.class.getClassLoader(), System.getProperty("java.class.path", ""));
    }

    static String text(@Nullable ClassLoader loader, String classPath) {
        List<String> elements = new ArrayList<>();
        for (@Nullable ClassLoader from = loader; from != null; from = from.getParent()) {
            if (from instanceof URLClassLoader jars) {
                for (URL jar : jars.getURLs()) {
                    elements.add(file(jar));
                }
            }
        }
        elements.removeIf(String::isEmpty);
        elements.add(classPath);
        return String.join(File.pathSeparator, elements);
    }

    /** Empty for what is no file. */
    private static String file(URL jar) {
        try {
            return jar.getProtocol().equals("file") ? Path.of(jar.toURI()).toString() : "";
        } catch (URISyntaxException noPath) {
            return "";
        }
    }
}
