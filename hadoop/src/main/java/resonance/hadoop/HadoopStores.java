package resonance.hadoop;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.hdfs.HdfsConfiguration;
import org.jspecify.annotations.Nullable;
import resonance.study.StoreProvider;

/**
 * The stores that Hadoop knows, as it is configured here: by {@code core-site.xml} and {@code hdfs-site.xml} on the class path or in
 * the folder that {@value #FOLDER_VARIABLE} names, and over those by system properties that begin with {@value #PREFIX}, as Spark
 * reads them.
 */
public final class HadoopStores implements StoreProvider {
    private static final String FOLDER_VARIABLE = "HADOOP_CONF_DIR";
    private static final String PREFIX = "spark.hadoop.";

    /** What Hadoop reads as well, and no study can be kept in, or is better kept in without it. */
    private static final Set<String> NO_STORES = Set.of("file", "http", "https");

    /**
     * How long HDFS's client first waits, in ms, if a file can't be closed yet, which is twice as long each time, and how often. The 400 ms
     * that it has for large files are most of what a record takes; ten times from 10 ms on are 10 s in all, as it has.
     */
    private static final String PAUSE = "dfs.client.block.write.locateFollowingBlock.initial.delay.ms";

    private static final String PAUSES = "dfs.client.block.write.locateFollowingBlock.retries";

    /** One for each scheme in a process, so that equal places are equal paths. */
    private static final Map<String, HadoopProvider> PROVIDERS = new ConcurrentHashMap<>();

    static {
        // Without a logger on the class path SLF4J would say so on standard error, which is for the program's messages.
        if (System.getProperty("slf4j.internal.verbosity") == null) {
            System.setProperty("slf4j.internal.verbosity", "ERROR");
        }
    }

    @Override
    public boolean knows(String scheme) {
        if (NO_STORES.contains(scheme)) {
            return false;
        }
        try {
            return FileSystem.getFileSystemClass(scheme, configuration()) != null;
        } catch (UnsupportedFileSystemException never) {
            return false;
        } catch (IOException | RuntimeException itsClassIsMissing) {
            return true; // which opening it tells
        }
    }

    @Override
    public Path path(URI place) throws IOException {
        return PROVIDERS
                .computeIfAbsent(place.getScheme(), HadoopProvider::new)
                .open(place)
                .path(place.getPath());
    }

    /** Settings of this process. */
    static Configuration configuration() {
        return configuration(System.getenv(FOLDER_VARIABLE));
    }

    /** The same with a folder of files, if there is one. */
    static Configuration configuration(@Nullable String folder) {
        HdfsConfiguration.init(); // so that its files on the class path count from the beginning
        Configuration settings = new Configuration();
        if (folder != null && !folder.isEmpty()) {
            for (String name : List.of("core-site.xml", "hdfs-site.xml")) {
                Path file = Path.of(folder, name);
                if (Files.isRegularFile(file)) {
                    settings.addResource(new org.apache.hadoop.fs.Path(file.toUri()));
                }
            }
        }
        Properties given = System.getProperties();
        for (String name : given.stringPropertyNames()) {
            if (name.startsWith(PREFIX)) {
                settings.set(name.substring(PREFIX.length()), given.getProperty(name));
            }
        }
        setUnlessGiven(settings, PAUSE, "10");
        setUnlessGiven(settings, PAUSES, "10");
        // A process that is told to end keeps its state first; Hadoop would close its files before.
        settings.setBoolean("fs.automatic.close", false);
        return settings;
    }

    private static void setUnlessGiven(Configuration settings, String name, String value) {
        String @Nullable [] sources = settings.getPropertySources(name);
        if (sources == null || sources.length == 0 || sources[sources.length - 1].equals("hdfs-default.xml")) {
            settings.set(name, value);
        }
    }
}
