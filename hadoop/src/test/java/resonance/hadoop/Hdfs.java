package resonance.hadoop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import resonance.study.StudyPlace;

/** A real HDFS of these tests: a name node and a data node in this process, on the loopback interface. It ends with the process. */
final class Hdfs {
    private static final MiniDFSCluster CLUSTER = start();
    private static int folders;

    private Hdfs() {}

    private static MiniDFSCluster start() {
        try {
            Path disk = Files.createDirectories(Path.of("target", "hdfs")).toRealPath();
            MiniDFSCluster cluster = new MiniDFSCluster.Builder(new Configuration(), disk.toFile())
                    .numDataNodes(1)
                    .build();
            cluster.waitActive();
            return cluster;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A place of which nothing is there, as text. */
    static synchronized String newPlace() {
        folders++;
        return "hdfs://127.0.0.1:" + CLUSTER.getNameNodePort() + "/test-"
                + ProcessHandle.current().pid() + "/" + folders;
    }

    /** A folder that is there and empty. */
    static Path newFolder() throws IOException {
        return Files.createDirectories(StudyPlace.of(newPlace()));
    }
}
