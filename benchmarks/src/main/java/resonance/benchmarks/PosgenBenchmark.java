package resonance.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import resonance.posgen.PosgenFiles;
import resonance.posgen.PosgenManifest;
import resonance.posgen.PosgenSpec;
import resonance.posgen.PosgenSplits;
import resonance.posgen.PosgenTask;
import resonance.posgen.SequenceFormat;

/**
 * How fast PosGen data are made, on one core, for the paper's rule (m = 17, j = 1, k = 3, modular addition).
 *
 * <p>Scores are millions of tokens a second; {@link #files} is milliseconds for the authors' 12,000 rows of 512 tokens,
 * drawn, hashed and written. {@link #naive} is the definition as it stands, the baseline of {@link #extend}.
 * <pre>  mvn -q -DskipTests package
 *   java -cp 'benchmarks/target/classes:benchmarks/target/lib/*' org.openjdk.jmh.Main PosgenBenchmark</pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PosgenBenchmark {

    private static final int ROWS = 256;
    private static final int LENGTH = 512;
    private static final int TRAIN_ROWS = 10_000;
    private static final int OTHER_ROWS = 1_000;
    private static final int ALL_TOKENS = (TRAIN_ROWS + 2 * OTHER_ROWS) * LENGTH;

    /** Command-line name of the task. */
    @Param({"recursive", "cot", "semi-recursive"})
    public String task = "";

    private PosgenSpec spec = PosgenSpec.paper(PosgenTask.RECURSIVE);
    private int[] tokens = {};
    private Path folder = Path.of("");

    /** Gives every row its own seeds; a row that has grown keeps them, so the benchmarks need no other set-up. */
    @Setup
    public void prepare() throws IOException {
        spec = PosgenSpec.paper(PosgenTask.named(task));
        tokens = new int[ROWS * LENGTH];
        PosgenSplits.draw(spec, ROWS, 0, 0, LENGTH, LENGTH, 42).train().flat().get(tokens);
        folder = Files.createTempDirectory("posgen-benchmark");
    }

    /** Removes the files of {@link #files}. */
    @TearDown(Level.Trial)
    public void removeFiles() throws IOException {
        try (Stream<Path> written = Files.walk(folder)) {
            List<Path> deepestFirst = written.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.delete(path);
            }
        }
    }

    /** Grows rows in memory that is already there. */
    @Benchmark
    @OperationsPerInvocation(ROWS * LENGTH)
    public int[] extend() {
        for (int start = 0; start < tokens.length; start += LENGTH) {
            spec.extend(tokens, start, start + LENGTH);
        }
        return tokens;
    }

    /** The same rows by the definition: a sum over j + k tokens and a division for every token. */
    @Benchmark
    @OperationsPerInvocation(ROWS * LENGTH)
    public int[] naive() {
        int seeds = spec.seedTokens();
        for (int start = 0; start < tokens.length; start += LENGTH) {
            for (int index = start + seeds; index < start + LENGTH; index++) {
                int made = index - start - seeds;
                int firstFar = start
                        + switch (spec.task()) {
                            case RECURSIVE -> made;
                            case CHAIN_OF_THOUGHT -> 0;
                            case SEMI_RECURSIVE -> made / 2;
                        };
                long sum = 0;
                for (int far = firstFar; far < firstFar + spec.far(); far++) {
                    sum += tokens[far];
                }
                for (int near = index - spec.near(); near < index; near++) {
                    sum += tokens[near];
                }
                tokens[index] = (int) (sum % spec.modulus());
            }
        }
        return tokens;
    }

    /** Draws the seeds of all three splits and grows them into new memory. */
    @Benchmark
    @OperationsPerInvocation(ALL_TOKENS)
    public PosgenSplits draw() {
        return PosgenSplits.draw(spec, TRAIN_ROWS, OTHER_ROWS, OTHER_ROWS, LENGTH, LENGTH, 42);
    }

    /** {@link #draw} with the files and manifest written, in milliseconds; compare with 10 s for the authors' generator. */
    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    public PosgenManifest files() throws IOException {
        return PosgenFiles.write(draw(), SequenceFormat.TEXT, folder);
    }
}
