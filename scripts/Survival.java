import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Kills, damages and crowds real commands; see {@code scripts/survival}. One file without dependencies, run from its source.
 *
 * <p>What a command leaves is compared by a fingerprint: the measured values in its records, and the bytes of its weights.
 * Times, dates, builds and machines differ from run to run and are left out.
 */
public final class Survival {
    private static final Path HOME = Path.of(System.getProperty("resonance.home"));
    private static final String DAMAGED = ".damaged";

    /** Lines that would be a programming error shown to the user. */
    private static final List<String> FAULTS =
            List.of("\tat ", "Exception", "java.", "SIGSEGV", "SIGBUS", "fatal error", "jackson");

    private final Random random;
    private final Path work;
    private final List<String> problems = new ArrayList<>();
    private final List<Job> jobs;
    private final TreeMap<String, String> expected = new TreeMap<>();
    private final TreeMap<String, Long> times = new TreeMap<>();
    private int disturbances;

    private record Job(String name, List<String> command, boolean keepsCells) {}

    private record Run(int exit, String output) {}

    private Survival(long seed, Path work) throws IOException {
        this.random = new Random(seed);
        this.work = work;
        this.jobs = jobs(Files.writeString(work.resolve("words.txt"), words()));
    }

    public static void main(String[] arguments) throws Exception {
        int count = 60;
        long seed = System.nanoTime() & 0xFFFFFF;
        int fuzzSeconds = 0;
        int kills = 0;
        for (int i = 0; i < arguments.length; i += 2) {
            if (i + 1 == arguments.length || !List.of("--count", "--kills", "--seed", "--fuzz").contains(arguments[i])) {
                System.err.println("usage: scripts/survival [--count N | --kills N] [--seed N] [--fuzz SECONDS]");
                System.exit(2);
            }
            long value = Long.parseLong(arguments[i + 1]);
            switch (arguments[i]) {
                case "--count" -> count = (int) value;
                case "--kills" -> kills = (int) value;
                case "--seed" -> seed = value;
                default -> fuzzSeconds = (int) value;
            }
        }
        System.out.printf("seed %d, %d %s%n", seed, kills > 0 ? kills : count, kills > 0 ? "kills" : "disturbances");
        Path work = Files.createTempDirectory("resonance-survival");
        Survival survival = new Survival(seed, work);
        try {
            if (survival.undisturbed()) {
                if (kills > 0) {
                    survival.killOnly(kills);
                } else {
                    survival.disturb(count);
                }
            }
        } finally {
            remove(work);
        }
        boolean fuzzed = fuzzSeconds == 0 || fuzz(fuzzSeconds);
        System.out.printf(
                "%d disturbances, %d went wrong%s%n",
                survival.disturbances, survival.problems.size(), fuzzed ? "" : "; fuzzing found something");
        System.exit(survival.problems.isEmpty() && fuzzed ? 0 : 1);
    }

    private static List<Job> jobs(Path text) {
        return List.of(
                new Job(
                        "compare",
                        List.of(("posgen compare --d-model 16 --layers 1 --heads 1 --head-size 8 --feed-forward 32"
                                        + " --train 200 --validation 5 --test 20 --train-length 16 --test-length 32"
                                        + " --epochs 10 --batch 20 --threads 1 --precision float32 --checkpoint-every 0"
                                        + " --encodings rope,yarn --seeds 1,2")
                                .split(" ")),
                        true),
                new Job(
                        "perplexity",
                        List.of("perplexity --tokens 1024 --lengths 128,256 --compare none,yarn --threads 1 --precision float32"
                                .split(" ")),
                        true),
                new Job(
                        "pretrain",
                        Stream.concat(
                                        Stream.of(("pretrain --vocabulary 300 --d-model 32 --layers 2 --heads 2"
                                                        + " --key-value-heads 1 --head-size 16 --feed-forward 64"
                                                        + " --trained-length 32 --steps 120 --batch 8 --threads 1"
                                                        + " --precision float32 --checkpoint-every 0")
                                                .split(" ")),
                                        Stream.of(text.toString()))
                                .toList(),
                        false),
                new Job(
                        "export",
                        List.of("export", HOME.resolve("shipped/model").toString(), "OUT", "--scaling", "yarn", "--factor", "4"),
                        false));
    }

    /** What every command leaves that nobody disturbs, and how long it takes; whether all ended well. */
    private boolean undisturbed() throws Exception {
        for (Job job : jobs) {
            long started = System.nanoTime();
            Path out = work.resolve("undisturbed-" + job.name());
            Run run = run(job, out);
            times.put(job.name(), (System.nanoTime() - started) / 1_000_000);
            if (run.exit() != 0) {
                problem(job, "undisturbed", run.output());
                return false;
            }
            expected.put(job.name(), fingerprint(out));
            System.out.printf("undisturbed %s: %d ms%n", job.name(), times.get(job.name()));
        }
        return true;
    }

    private void disturb(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            Job job = jobs.get(i % jobs.size());
            Path out = work.resolve("disturbed-" + i);
            int kind = random.nextInt(10);
            disturbances++;
            if (kind < 5) {
                kill(job, out, times.get(job.name()), expected.get(job.name()));
            } else if (kind < 8) {
                damage(job, out, expected.get(job.name()));
            } else if (kind < 9) {
                crowd(job, out, expected.get(job.name()));
            } else {
                fullDevice(job, out, expected.get(job.name()));
            }
            remove(out);
        }
    }

    /** Ends it by SIGKILL or SIGTERM at random moments, up to five times, and lets it go on. */
    private void kill(Job job, Path out, long milliseconds, String expected) throws Exception {
        int kills = 1 + random.nextInt(5);
        StringBuilder how = new StringBuilder("killed");
        for (int i = 0; i < kills; i++) {
            Process process = start(job, out, null);
            long delay = (long) (random.nextDouble() * 1.1 * milliseconds);
            if (!process.waitFor(delay, TimeUnit.MILLISECONDS)) {
                boolean hard = random.nextInt(3) > 0;
                how.append(hard ? " -9 " : " TERM ").append(delay).append(" ms");
                if (hard) {
                    process.destroyForcibly();
                } else {
                    process.destroy();
                }
                if (!process.waitFor(60, TimeUnit.SECONDS)) {
                    process.destroyForcibly().waitFor();
                    problem(job, how.toString(), "did not end within a minute of being asked");
                }
            }
        }
        goOn(job, out, how.toString(), expected);
    }

    /**
     * Ends commands by SIGKILL alone, so many times in all, each at a moment drawn from the time that it takes undisturbed; a command
     * is typed again until it ends by itself, and then a new one is begun.
     */
    private void killOnly(int kills) throws Exception {
        int inWrites = 0;
        int studies = 0;
        int finishedBefore = 0;
        while (disturbances < kills) {
            Job job = jobs.get(studies % jobs.size());
            Path out = work.resolve("killed-" + studies++);
            int ofStudy = 0;
            boolean ended = false;
            while (!ended && disturbances < kills) {
                TreeMap<String, Object> before = finished(out);
                Process process = start(job, out, null);
                long delay = (long) (random.nextDouble() * times.get(job.name()));
                ended = process.waitFor(delay, TimeUnit.MILLISECONDS);
                if (!ended) {
                    process.destroyForcibly().waitFor();
                    disturbances++;
                    ofStudy++;
                    inWrites += leftovers(out).isEmpty() ? 0 : 1;
                }
                if (!finished(out).entrySet().containsAll(before.entrySet())) {
                    problem(job, "killed after " + delay + " ms", "what was finished was made again");
                }
                finishedBefore += before.isEmpty() ? 0 : 1;
            }
            goOn(job, out, "killed -9 " + ofStudy + " times", expected.get(job.name()));
            remove(out);
        }
        System.out.printf(
                "%d kills in %d commands, %d of them in the middle of a file's writing, %d runs found finished cells%n",
                disturbances, studies, inWrites, finishedBefore);
    }

    /** Finished cells, and what tells their files from such as were written again. */
    private static TreeMap<String, Object> finished(Path out) throws IOException {
        TreeMap<String, Object> cells = new TreeMap<>();
        try (Stream<Path> files = walk(out.resolve("cells"))) {
            for (Path file : files.filter(file -> file.toString().endsWith(".json")).toList()) {
                cells.put(file.getFileName().toString(), Files.getAttribute(file, "unix:ino"));
            }
        }
        return cells;
    }

    /** Files on their way to their places, which only a kill leaves. */
    private static List<String> leftovers(Path out) throws IOException {
        try (Stream<Path> files = Stream.concat(walk(out), beside(out))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".tmp") || name.contains(".partial-"))
                    .toList();
        }
    }

    private void goOn(Job job, Path out, String how, String expected) throws Exception {
        Run run = run(job, out);
        if (run.exit() != 0) {
            problem(job, how, "going on ended with " + run.exit() + ": " + run.output());
        } else if (!fingerprint(out).equals(expected)) {
            problem(job, how, "the result is another one");
        }
        requireClean(job, out, how);
        requireNoFault(job, how, run);
    }

    private void requireClean(Job job, Path out, String how) throws IOException {
        try (Stream<Path> files = Stream.concat(walk(out), beside(out))) {
            files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".tmp")
                            || name.endsWith("resonance-lock")
                            || name.contains(".partial-")
                            || name.contains(".former-")
                            || name.endsWith(".checkpoint")
                            || name.endsWith(".ckpt"))
                    .forEach(name -> problem(job, how, "left " + name));
        }
    }

    private static Stream<Path> walk(Path folder) throws IOException {
        return Files.exists(folder) ? Files.walk(folder) : Stream.of();
    }

    private static Stream<Path> beside(Path out) throws IOException {
        String name = out.getFileName() + ".";
        return Files.list(out.getParent())
                .filter(file -> file.getFileName().toString().startsWith(name)
                        || file.getFileName().toString().startsWith("." + name));
    }

    /** Damages one of the files of a finished or interrupted run. */
    private void damage(Job job, Path out, String expected) throws Exception {
        Process process = start(job, out, null);
        if (random.nextBoolean()) {
            process.waitFor(1500 + random.nextInt(3000), TimeUnit.MILLISECONDS);
            process.destroyForcibly();
        }
        process.waitFor();
        List<Path> files;
        try (Stream<Path> all = walk(out)) {
            files = all.filter(Files::isRegularFile).sorted().toList();
        }
        if (files.isEmpty()) {
            return;
        }
        Path file = files.get(random.nextInt(files.size()));
        byte[] bytes = Files.readAllBytes(file);
        String how = "damaged " + out.relativize(file) + " " + damage(file, bytes);
        if (Arrays.equals(bytes, Files.exists(file) && !Files.isDirectory(file) ? Files.readAllBytes(file) : null)) {
            return; // a digit flipped to itself
        }
        Run run = run(job, out);
        requireNoFault(job, how, run);
        String name = file.getFileName().toString();
        boolean record = file.getParent().endsWith("cells") || name.endsWith(".ckpt") || name.endsWith(".checkpoint")
                || name.equals("study.json");
        if (run.exit() == 0) {
            if (job.keepsCells() && !fingerprint(out).equals(expected)) {
                problem(job, how, "the result is another one");
            }
        } else if (record && !(run.exit() == 2 && name.equals("study.json")) || run.exit() > 2) {
            problem(job, how, "ended with " + run.exit() + ": " + run.output());
        } else if (run.output().isBlank()) {
            problem(job, how, "was refused without a word");
        }
    }

    private String damage(Path file, byte[] bytes) throws IOException {
        switch (random.nextInt(6)) {
            case 0 -> {
                Files.write(file, Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)));
                return "cut";
            }
            case 1 -> {
                Files.write(file, new byte[0]);
                return "emptied";
            }
            case 2 -> {
                byte[] changed = bytes.clone();
                if (changed.length > 0) {
                    changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
                }
                Files.write(file, changed);
                return "with a bit flipped";
            }
            case 3 -> {
                String text = new String(bytes, StandardCharsets.ISO_8859_1);
                int colon = text.indexOf(" : ", bytes.length == 0 ? 0 : random.nextInt(bytes.length));
                int end = colon < 0 ? -1 : text.indexOf('\n', colon);
                if (end < 0) {
                    return "as it was";
                }
                Files.write(
                        file,
                        (text.substring(0, colon) + " : null," + text.substring(end)).getBytes(StandardCharsets.ISO_8859_1));
                return "with a null";
            }
            case 4 -> {
                Files.write(file, new String(bytes, StandardCharsets.ISO_8859_1).getBytes(StandardCharsets.UTF_16));
                return "in another encoding";
            }
            default -> {
                Files.delete(file);
                Files.createDirectory(file);
                return "turned into a folder";
            }
        }
    }

    /** Two at once: one does the work, the other is told so in a line. */
    private void crowd(Job job, Path out, String expected) throws Exception {
        Path first = work.resolve("first.log");
        Path second = work.resolve("second.log");
        Process one = start(job, out, first.toFile());
        Process two = start(job, out, second.toFile());
        int exitOfOne = one.waitFor();
        int exitOfTwo = two.waitFor();
        String outputs = Files.readString(first) + Files.readString(second);
        String how = "two at once, exit codes " + exitOfOne + " and " + exitOfTwo;
        if (exitOfOne != 0 && exitOfTwo != 0) {
            problem(job, how, outputs);
        }
        for (int exit : new int[] {exitOfOne, exitOfTwo}) {
            boolean told = outputs.contains(" must be free, ") || outputs.contains("OUT must not exist yet");
            if (exit != 0 && !((exit == 1 || exit == 2) && told)) {
                problem(job, how, outputs);
            }
        }
        requireNoFault(job, how, new Run(0, outputs));
        if (!fingerprint(out).equals(expected)) {
            problem(job, how, "the result is another one");
        }
        requireClean(job, out, how);
    }

    /** A device that is always full takes the output: that is no success, and the next run is. */
    private void fullDevice(Job job, Path out, String expected) throws Exception {
        File full = new File("/dev/full");
        if (!full.exists()) {
            return;
        }
        Process process = new ProcessBuilder(command(job, out))
                .directory(work.toFile())
                .redirectOutput(full)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        int exit = process.waitFor();
        if (exit == 0) {
            problem(job, "output to /dev/full", "exit code 0");
        }
        if (job.name().equals("export")) {
            remove(out);
        }
        goOn(job, out, "output to /dev/full", expected);
    }

    private Run run(Job job, Path out) throws Exception {
        Path log = work.resolve("run.log");
        Process process = start(job, out, log.toFile());
        if (!process.waitFor(10, TimeUnit.MINUTES)) {
            process.destroyForcibly().waitFor();
            return new Run(-1, "did not end within ten minutes");
        }
        String output = Files.readString(log);
        // An export that a kill came too late for is done.
        boolean done = job.name().equals("export") && output.contains("OUT must not exist yet");
        return new Run(done ? 0 : process.exitValue(), output);
    }

    private Process start(Job job, Path out, File log) throws IOException {
        ProcessBuilder.Redirect to =
                log == null ? ProcessBuilder.Redirect.DISCARD : ProcessBuilder.Redirect.to(log);
        return new ProcessBuilder(command(job, out))
                .directory(work.toFile())
                .redirectErrorStream(true)
                .redirectOutput(to)
                .start();
    }

    private static List<String> command(Job job, Path out) {
        List<String> command = new ArrayList<>(List.of(HOME.resolve("resonance").toString()));
        job.command().forEach(word -> command.add(word.equals("OUT") ? out.toString() : word));
        if (!job.command().contains("OUT")) {
            command.addAll(List.of("--out", out.toString()));
        }
        return command;
    }

    private void requireNoFault(Job job, String how, Run run) {
        run.output()
                .lines()
                .filter(line -> FAULTS.stream().anyMatch(line::contains))
                .findFirst()
                .ifPresent(line -> problem(job, how, "said: " + line));
    }

    private void problem(Job job, String how, String what) {
        String line = job.name() + ", " + how + ": " + what.strip().replace('\n', ' ');
        problems.add(line);
        System.out.println("WRONG " + line.substring(0, Math.min(800, line.length())));
    }

    /** Of what is in a folder, everything that does not differ from run to run. */
    private static String fingerprint(Path out) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        List<Path> files;
        try (Stream<Path> all = walk(out)) {
            files = all.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .sorted()
                    .toList();
        }
        for (Path file : files) {
            String name = out.relativize(file).toString();
            boolean cell = name.startsWith("cells" + File.separator) && name.endsWith(".json");
            boolean weights = List.of("model.safetensors", "tokenizer.json", "config.json").contains(name);
            if (cell || weights) {
                digest.update(name.getBytes(StandardCharsets.UTF_8));
                digest.update(
                        weights
                                ? Files.readAllBytes(file)
                                : Files.readString(file)
                                        .replaceFirst("(?s)\"sha256\" : .*?\n", "")
                                        .replaceFirst("(?s)\"madeBy\" : \\{.*?\\}", "")
                                        .replaceAll("\"(software|\\w*[sS]econds?|\\w+PerSecond)\" : [^,\n]*", "")
                                        .getBytes(StandardCharsets.UTF_8));
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static String words() {
        String[] words = {"the", "a", "grass", "sky", "is", "was", "green", "blue", "here", "and", "there"};
        Random random = new Random(1);
        StringBuilder text = new StringBuilder();
        for (int i = 1; i <= 8000; i++) {
            text.append(words[random.nextInt(words.length)]).append(i % 10 == 0 ? ".\n" : " ");
        }
        return text.toString();
    }

    /** Every fuzz test of the module {@code model}, one after the other. */
    private static boolean fuzz(int seconds) throws Exception {
        boolean clean = true;
        Path sources = HOME.resolve("model/src/fuzz/java");
        List<Path> tests;
        try (Stream<Path> files = Files.walk(sources)) {
            tests = files.filter(file -> file.toString().endsWith("FuzzTest.java")).sorted().toList();
        }
        for (Path test : tests) {
            String type = test.getFileName().toString().replace(".java", "");
            for (String method : methods(Files.readString(test))) {
                ProcessBuilder maven = new ProcessBuilder(
                                "mvn", "-q", "-B", "-P", "fuzz", "-pl", "model", "-am", "test",
                                "-Dspotless.check.skip", "-Dtest=" + type + "#" + method,
                                "-Dsurefire.failIfNoSpecifiedTests=false", "-Djazzer.max_duration=" + seconds + "s")
                        .directory(HOME.toFile())
                        .inheritIO();
                maven.environment().put("JAZZER_FUZZ", "1");
                int exit = maven.start().waitFor();
                System.out.println("fuzzed " + type + "#" + method + (exit == 0 ? "" : ": FAILED"));
                clean &= exit == 0;
            }
        }
        return clean;
    }

    private static List<String> methods(String source) {
        return source.lines()
                .filter(line -> line.matches("    void \\w+\\(.*"))
                .map(line -> line.replaceAll("    void (\\w+)\\(.*", "$1"))
                .toList();
    }

    private static void remove(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
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
    }
}
