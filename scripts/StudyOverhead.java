import com.sun.management.OperatingSystemMXBean;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import resonance.study.CellSpecification;
import resonance.study.Job;
import resonance.study.JobContext;
import resonance.study.OpenedStudy;
import resonance.study.PlannedCell;
import resonance.study.Provenance;
import resonance.study.Study;
import resonance.study.StudyFolder;
import resonance.study.StudyListener;
import resonance.study.StudyPlace;
import resonance.study.StudyRecipe;
import resonance.study.StudyRun;
import resonance.study.StudyRunner;

/** What a study costs beside its work; see {@code scripts/study-overhead}. One file, run from its source on the jars of the build. */
public final class StudyOverhead {
    private static final String USAGE = "usage: scripts/study-overhead [--cells N,N... [--out PLACE] | --rounds N]";
    private static final String PLAIN = "plain";
    private static final Path HOME = Path.of(System.getProperty("resonance.home"));

    /** Four trainings of a cell each, of about a minute on a core of an AMD EPYC (Zen 5). */
    private static final String TRAININGS =
            "posgen compare --encodings rope,resonance-rope --seeds 1,2 --epochs 2 --threads 1 --precision float32";

    private StudyOverhead() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 4 && arguments[0].equals("--child")) {
            tiny(arguments[1], Integer.parseInt(arguments[2]), StudyPlace.of(arguments[3]));
            return;
        }
        boolean elsewhere = arguments.length == 4 && arguments[0].equals("--cells") && arguments[2].equals("--out");
        if (arguments.length != 0
                && !elsewhere
                && (arguments.length != 2 || !List.of("--cells", "--rounds").contains(arguments[0]))) {
            System.err.println(USAGE);
            System.exit(2);
        }
        Path work = Files.createTempDirectory("resonance-overhead");
        try {
            if (arguments.length == 2 && arguments[0].equals("--rounds")) {
                minutes(work, Integer.parseInt(arguments[1]));
            } else {
                counts(
                        work,
                        elsewhere ? StudyPlace.of(arguments[3]) : work,
                        arguments.length == 0 ? "10,100,1000,10000" : arguments[1]);
            }
        } finally {
            remove(work);
        }
    }

    // ---- cells that do nothing

    /** A process for each count and runner, since a heap tells of the largest only. */
    private static void counts(Path work, Path results, String counts) throws Exception {
        System.out.println("| runner | cells | s | s per 1,000 | CPU s per 1,000 | heap at most, MB | heap in use, MB | RSS, MB |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        String source = HOME.resolve("scripts/StudyOverhead.java").toString();
        String jars = System.getProperty("java.class.path");
        // Compiled here, so that the measured processes don't.
        if (ToolProvider.getSystemJavaCompiler().run(null, null, null, "-d", work.toString(), "-cp", jars, source) != 0) {
            throw new IllegalStateException("the script must compile");
        }
        for (String count : counts.split(",")) {
            for (String runner : List.of(PLAIN, "local[2]")) {
                Path out = results.resolve(runner + count);
                List<String> words = List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Dresonance.home=" + HOME,
                        "-cp",
                        work + File.pathSeparator + jars,
                        StudyOverhead.class.getName(),
                        "--child",
                        runner,
                        count,
                        out.toString());
                int exit = new ProcessBuilder(words).inheritIO().start().waitFor();
                if (exit != 0) {
                    throw new IllegalStateException("a measurement must end well, ended with " + exit);
                }
                remove(out);
            }
        }
    }

    private static void tiny(String runner, int count, Path out) throws Exception {
        Nothing study = new Nothing(count);
        Provenance run = Provenance.ofThisMachine("0", "0", "0", "scripts/study-overhead");
        long begun = System.nanoTime();
        try (StudyFolder<Left> folder = StudyFolder.open(out, study, run)) {
            StudyRun<Integer, Left> plain = new StudyRun<>(study, folder, run);
            plain.missing();
            boolean complete = runner.equals(PLAIN)
                    ? plain.run(new Silent(), () -> false)
                    : ServiceLoader.load(StudyRunner.Provider.class)
                            .findFirst()
                            .orElseThrow()
                            .at(runner, 1, false)
                            .run(new OpenedStudy<>(study, run, () -> {}), new Opened(), folder, new Silent(), () -> false);
            if (!complete || !plain.missing().isEmpty()) {
                throw new IllegalStateException("every cell must be finished");
            }
        }
        double took = seconds(begun);
        System.gc();
        long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        long most = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            most += pool.getType() == MemoryType.HEAP ? pool.getPeakUsage().getUsed() : 0;
        }
        System.out.printf(
                Locale.ROOT,
                "| %s | %,d | %.2f | %.2f | %.2f | %.0f | %.0f | %.0f |%n",
                runner,
                count,
                took,
                took / count * 1000,
                cpu() / count * 1000,
                most / 1e6,
                used / 1e6,
                rss());
    }

    /** Time of processors that this process took, s: what it would take, whatever else the machine does. */
    private static double cpu() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime() * 1e-9;
    }

    /** The most memory that this process had at a time, MB; not a number where the system does not tell. */
    private static double rss() throws IOException {
        Path status = Path.of("/proc/self/status");
        return Files.exists(status)
                ? Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("VmHWM:"))
                        .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) * 1024 / 1e6)
                        .findFirst()
                        .orElse(Double.NaN)
                : Double.NaN;
    }

    private static double seconds(long begun) {
        return (System.nanoTime() - begun) * 1e-9;
    }

    private record Left(int number) {}

    private record Plan(int cells) {}

    private record Nothing(int size) implements Study<Integer, Left> {
        @Override
        public String kind() {
            return "nothing";
        }

        @Override
        public Plan plan() {
            return new Plan(size);
        }

        @Override
        public Map<String, String> settings() {
            return Map.of("cells", String.valueOf(size));
        }

        @Override
        public List<PlannedCell<Integer>> cells() {
            return IntStream.range(0, size)
                    .mapToObj(number -> {
                        // As many settings as a perplexity has.
                        Map<String, String> values = new LinkedHashMap<>();
                        for (int i = 0; i < 12; i++) {
                            values.put("setting " + i, "a value of some length, number " + i);
                        }
                        values.put("number", String.valueOf(number));
                        return new PlannedCell<>(number, "n" + number, new CellSpecification(kind(), values));
                    })
                    .toList();
        }

        @Override
        public List<Job<Integer, Left>> jobs(List<PlannedCell<Integer>> missing) {
            return missing.stream().<Job<Integer, Left>>map(NoWork::new).toList();
        }

        @Override
        public Class<Left> resultType() {
            return Left.class;
        }
    }

    private record NoWork(PlannedCell<Integer> cell) implements Job<Integer, Left> {
        @Override
        public List<PlannedCell<Integer>> cells() {
            return List.of(cell);
        }

        @Override
        public void plan(Workload workload) {
            workload.add(0, 1);
        }

        @Override
        public void run(JobContext<Integer, Left> context) throws IOException {
            context.did(0, 1, "");
            context.finished(cell, new Left(cell.key()));
        }
    }

    /** Tasks in this process find the study open. */
    private record Opened() implements StudyRecipe {
        @Override
        public OpenedStudy<?, ?> open() {
            throw new IllegalStateException("the study must be open already");
        }
    }

    private static final class Silent implements StudyListener<Integer, Left> {
        @Override
        public void jobStarted(String name, List<Integer> cells) {}

        @Override
        public void noted(String text, boolean alsoOnTerminal) {}

        @Override
        public void advanced(Progress progress) {}

        @Override
        public void cellFinished(Integer key, Left result) {}
    }

    // ---- cells of a minute

    /** One core each time: what differs is who runs the cells, and that two are run at a time is another matter. */
    private static void minutes(Path work, int rounds) throws Exception {
        List<Double> plain = new ArrayList<>();
        List<Double> spark = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            plain.add(cellsPerHour("plain", work.resolve("plain" + round), List.of()));
            spark.add(cellsPerHour("--spark local[1]", work.resolve("spark" + round), List.of("--spark", "local[1]")));
        }
        System.out.printf(Locale.ROOT, "Spark's median over the plain one's: %+.1f %%%n", 100 * (median(spark) / median(plain) - 1));
    }

    /** From the first record to the last, so that no start counts, which is told beside it. */
    private static double cellsPerHour(String name, Path out, List<String> more) throws Exception {
        List<String> words = new ArrayList<>(List.of(HOME.resolve("resonance").toString()));
        words.addAll(Arrays.asList(TRAININGS.split(" ")));
        words.addAll(more);
        words.addAll(List.of("--out", out.toString()));
        File log = new File(out + ".log");
        long begun = System.nanoTime();
        int exit = new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(log).start().waitFor();
        double whole = seconds(begun);
        if (exit != 0) {
            throw new IllegalStateException("the command must end well, said: " + Files.readString(log.toPath()));
        }
        List<Long> kept = new ArrayList<>();
        try (Stream<Path> cells = Files.list(out.resolve("cells"))) {
            for (Path cell : cells.toList()) {
                kept.add(Files.getLastModifiedTime(cell).toMillis());
            }
        }
        Collections.sort(kept);
        double between = (kept.get(kept.size() - 1) - kept.get(0)) * 1e-3;
        double rate = (kept.size() - 1) / between * 3600;
        System.out.printf(
                Locale.ROOT,
                "%s: %.1f cells an hour (%.1f s a cell), %.1f s of the whole %.1f s are start and end%n",
                name,
                rate,
                between / (kept.size() - 1),
                whole - between * kept.size() / (kept.size() - 1),
                whole);
        return rate;
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private static void remove(Path folder) {
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                    Files.delete(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
