import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;

/** An HDFS of this machine; see {@code scripts/hdfs}. One file, run from its source on the jars of the build. */
public final class HdfsServer {
    private HdfsServer() {}

    public static void main(String[] arguments) throws Exception {
        boolean stays = arguments.length == 1;
        Path disk = stays
                ? Files.createDirectories(Path.of(arguments[0])).toRealPath()
                : Files.createTempDirectory("resonance-hdfs");
        MiniDFSCluster cluster = new MiniDFSCluster.Builder(new Configuration(), disk.toFile()).numDataNodes(1).build();
        if (!stays) {
            // The cluster can't be shut down from here, since it makes hooks for that itself; it ends with the process.
            Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(disk)));
        }
        cluster.waitActive();
        System.out.println("hdfs://127.0.0.1:" + cluster.getNameNodePort());
        Thread.currentThread().join(); // until the process is ended
    }

    /** Again and again, since the cluster writes there to its last moment. */
    private static void remove(Path folder) {
        for (int tries = 0; Files.exists(folder) && tries < 50; tries++) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            } catch (IOException | UncheckedIOException changedMeanwhile) {
                LockSupport.parkNanos(100_000_000);
            }
        }
    }
}
