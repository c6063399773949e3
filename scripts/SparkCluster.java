import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import resonance.study.StudyPlace;

/** Studies on a Spark cluster of one machine; see {@code scripts/spark-cluster}. One file, run from its source on the jars of the build. */
public final class SparkCluster {
    private static final Path HOME = Path.of(System.getProperty("resonance.home"));
    private static final String LOOPBACK = "127.0.0.1";
    private static final long LIMIT_SECONDS = 900;

    /** Four trainings of two cells each; with one thread a worker of one core takes one at a time. */
    private static final String TRAININGS = "posgen compare --d-model 32 --layers 2 --heads 1 --head-size 16 --feed-forward 64"
            + " --train 2000 --validation 5 --test 20 --train-length 16 --test-length 32 --epochs 12 --batch 20 --threads 1"
            + " --precision float32 --checkpoint-every 1 --encodings rope,yarn --seeds 1,2,3,4";

    private static final String PERPLEXITY =
            "perplexity --tokens 1024 --lengths 128,256 --compare none,yarn,resonance-yarn --threads 1 --precision float32";

    private static final String SEARCH =
            "search --length 512 --evaluations 8 --tokens 1024 --threads 1 --precision float32";

    private final Path work;
    private final Path sparkHome;
    private final boolean inHdfs;
    private Path results;
    private final List<Process> servers = new ArrayList<>();
    private final List<Process> workers = new ArrayList<>();
    private String master = "";
    private int workersStarted;
    private int failed;

    private SparkCluster(Path work, Path sparkHome, boolean inHdfs) {
        this.work = work;
        this.sparkHome = sparkHome;
        this.inHdfs = inHdfs;
        this.results = work;
    }

    public static void main(String[] arguments) throws Exception {
        boolean given = arguments.length == 2 && arguments[0].equals("--spark-home");
        boolean inHdfs = arguments.length == 1 && arguments[0].equals("--hdfs");
        if (arguments.length > 0 && !given && !inHdfs) {
            System.err.println("usage: scripts/spark-cluster [--spark-home DIR | --hdfs]");
            System.exit(2);
        }
        Path work = Files.createTempDirectory("resonance-spark");
        Path sparkHome = given ? Path.of(arguments[1]).toAbsolutePath() : work.resolve("spark");
        if (!given) {
            Path jars = Files.createDirectories(sparkHome.resolve("jars"));
            for (Path jar : list(HOME.resolve("spark/target/lib"))) {
                Files.createSymbolicLink(jars.resolve(jar.getFileName()), jar);
            }
        }
        SparkCluster cluster = new SparkCluster(work, sparkHome, inHdfs);
        Runtime.getRuntime().addShutdownHook(new Thread(cluster::end));
        try {
            cluster.check();
        } finally {
            cluster.end();
        }
        if (cluster.failed == 0) {
            remove(work);
        } else {
            System.out.println("What was left is in " + work);
        }
        System.exit(cluster.failed == 0 ? 0 : 1);
    }

    private void check() throws Exception {
        startMaster();
        startWorker();
        startWorker();
        if (inHdfs) {
            startHdfs();
        } else {
            measure();
        }

        Path plain = plain("trainings", TRAININGS);
        Path sent = results.resolve("cluster-trainings");
        long begun = System.nanoTime();
        say("trainings on the cluster end", run(TRAININGS, sent, true).waitFor() == 0);
        say("and leave the records of the plain run, in " + seconds(begun), records(sent).equals(records(plain)));
        say("made in more than one process", workOfExecutors() > 1);

        killWorker(plain);
        startWorker();
        killDriver(plain);
    }

    private void measure() throws Exception {
        Path plain = plain("perplexity", PERPLEXITY);
        Path sent = results.resolve("cluster-perplexity");
        long begun = System.nanoTime();
        say("perplexity on the cluster ends", run(PERPLEXITY, sent, true).waitFor() == 0);
        say("and leaves the records of the plain run, in " + seconds(begun), records(sent).equals(records(plain)));

        plain = plain("search", SEARCH);
        sent = results.resolve("cluster-search");
        begun = System.nanoTime();
        say("a search on the cluster ends", run(SEARCH, sent, true).waitFor() == 0);
        say("and leaves the records of the plain run, in " + seconds(begun), records(sent).equals(records(plain)));
    }

    /** One worker and what runs in it, in the middle of a training. */
    private void killWorker(Path plain) throws Exception {
        Path out = results.resolve("worker-killed");
        Process driver = run(TRAININGS, out, true);
        await(driver, () -> finished(out).size() >= 2 && list(out.resolve("checkpoints")).size() >= 1);
        Map<String, String> before = finished(out);
        Process worker = workers.remove(0);
        List<ProcessHandle> executors = worker.descendants().toList();
        worker.destroyForcibly();
        executors.forEach(ProcessHandle::destroyForcibly);
        say("a worker is killed with its " + executors.size() + " process at " + before.size() + " of 8 cells", !executors.isEmpty());
        say("the study is completed by the other", driver.waitFor() == 0);
        say("with the records of the plain run", records(out).equals(records(plain)));
        say("and what was finished was not made again", finished(out).entrySet().containsAll(before.entrySet()));
    }

    private void killDriver(Path plain) throws Exception {
        Path out = results.resolve("driver-killed");
        Process driver = run(TRAININGS, out, true);
        await(driver, () -> finished(out).size() >= 2);
        driver.destroyForcibly().waitFor();
        Map<String, String> before = finished(out);
        say("the command is killed at " + before.size() + " of 8 cells", before.size() < 8);
        say("and completes the study when typed again", run(TRAININGS, out, true).waitFor() == 0);
        say("with the records of the plain run", records(out).equals(records(plain)));
        say("and what was finished was not made again", finished(out).entrySet().containsAll(before.entrySet()));
    }

    private Path plain(String name, String command) throws Exception {
        Path out = work.resolve("plain-" + name);
        long begun = System.nanoTime();
        say("plain " + name + " ends", run(command, out, false).waitFor() == 0);
        System.out.println("    in " + seconds(begun));
        return out;
    }

    private void say(String what, boolean held) {
        System.out.println((held ? "  ok  " : "FAILED ") + what);
        failed += held ? 0 : 1;
    }

    private static String seconds(long begun) {
        return (System.nanoTime() - begun) / 1_000_000_000 + " s";
    }

    private Process run(String command, Path out, boolean onSpark) throws IOException {
        List<String> words = new ArrayList<>(List.of(HOME.resolve("resonance").toString()));
        words.addAll(List.of(command.split(" ")));
        words.addAll(List.of(command.equals(SEARCH) ? "--study" : "--out", out.toString()));
        if (onSpark) {
            words.addAll(List.of("--spark", master));
        }
        return start(words, out.getFileName().toString());
    }

    private void startMaster() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName(LOOPBACK))) {
            port = free.getLocalPort();
        }
        master = "spark://" + LOOPBACK + ":" + port;
        Process process = server("master", "org.apache.spark.deploy.master.Master", "--port", String.valueOf(port));
        await(process, () -> answers(port));
    }

    /** What it prints first is where it is. */
    private void startHdfs() throws Exception {
        Process hdfs = start(List.of(HOME.resolve("scripts/hdfs").toString(), work.resolve("disk").toString()), "hdfs");
        servers.add(hdfs);
        Path log = work.resolve("hdfs.log");
        await(hdfs, () -> Files.readString(log).lines().anyMatch(line -> line.startsWith("hdfs://")));
        String place = Files.readString(log).lines().filter(line -> line.startsWith("hdfs://")).findFirst().orElseThrow();
        results = StudyPlace.of(place + "/runs");
        System.out.println("results go to " + results);
    }

    private void startWorker() throws IOException {
        String name = "worker-" + workersStarted++;
        workers.add(server(
                name,
                "org.apache.spark.deploy.worker.Worker",
                "--port", "0",
                "--cores", "1",
                "--memory", "1g",
                "--work-dir", work.resolve(name).toString(),
                master));
    }

    private Process server(String name, String type, String... arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                sparkHome.resolve("jars") + "/*",
                type,
                "--host",
                LOOPBACK,
                "--webui-port",
                "0"));
        words.addAll(List.of(arguments));
        Process process = start(words, name);
        servers.add(process);
        return process;
    }

    private Process start(List<String> words, String name) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(work.resolve(name + ".log").toFile()));
        builder.environment().putAll(Map.of(
                "SPARK_HOME", sparkHome.toString(), "SPARK_LOCAL_IP", LOOPBACK, "SPARK_SCALA_VERSION", "2.13"));
        return builder.start();
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket(LOOPBACK, port)) {
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void await(Process process, Condition condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (!condition.holds()) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new IllegalStateException("a process must go on, has ended or hangs; see its log");
            }
            Thread.sleep(20);
        }
    }

    /** Processes that worked for the cluster, by the folders that workers keep of them. */
    private long workOfExecutors() throws IOException {
        long count = 0;
        for (Path folder : list(work)) {
            if (folder.getFileName().toString().matches("worker-\\d+") && Files.isDirectory(folder)) {
                count += list(folder).stream().filter(Files::isDirectory).count();
            }
        }
        return count;
    }

    private static List<Path> list(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> !file.getFileName().toString().startsWith(".")).sorted().toList();
        }
    }

    /** Every finished cell's file as it is. */
    private static Map<String, String> finished(Path out) throws IOException {
        Map<String, String> cells = new TreeMap<>();
        for (Path cell : list(out.resolve("cells"))) {
            cells.put(cell.getFileName().toString(), Files.readString(cell));
        }
        return cells;
    }

    /** The same but for times and machines. */
    private static Map<String, String> records(Path out) throws IOException {
        Map<String, String> records = finished(out);
        records.replaceAll((name, text) -> text.replaceFirst("(?s)\"sha256\" : .*?\n", "")
                .replaceFirst("(?s)\"madeBy\" : \\{.*?\\}", "")
                .replaceAll("\"(\\w*[sS]econds?|\\w+PerSecond)\" : [^,\n]*", ""));
        return records;
    }

    private void end() {
        for (Process server : servers) {
            List<ProcessHandle> started = server.descendants().toList();
            server.destroyForcibly();
            started.forEach(ProcessHandle::destroyForcibly);
        }
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
