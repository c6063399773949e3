package resonance.benchmarks;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import resonance.rope.NoScaling;
import resonance.rope.PairLayout;
import resonance.rope.Resonance;
import resonance.rope.RopeFrequencies;
import resonance.rope.RopeScaling;
import resonance.rope.RopeShape;
import resonance.rope.RotaryTable;
import resonance.rope.Rotation;

/**
 * How long a rotation and a table take, on one core, per pair at one position: two floats turned, or one cosine and
 * one sine written.
 *
 * <p>{@link #reference} is the definition as it stands, the baseline of {@link #fast}; {@link #fillUnrounded}, where
 * no wavelength is whole and every angle is reduced in twice double's precision, is the baseline of
 * {@link #fillComputed} and {@link #fillCompact}. Rows are 128 KiB for 8 heads; tables begin at position 1,000,000
 * and have 65,536 values.
 * <pre>  mvn -q -DskipTests package
 *   java -cp 'benchmarks/target/classes:benchmarks/target/lib/*' org.openjdk.jmh.Main RotationBenchmark</pre>
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RotationBenchmark {
    private static final int HEADS = 8;
    private static final int TRAINED_LENGTH = 4096;
    private static final long FIRST_POSITION = 1_000_000;
    private static final int ROTATED_PAIRS = 1 << 14;
    private static final int TABLE_VALUES = 1 << 16;

    /** Rows to turn, with the cosines and sines of their positions. */
    @State(Scope.Thread)
    public static class Rows {
        /** Dimensions of a head, all rotating. */
        @Param({"64", "128"})
        public int headSize;

        /** Which dimensions form a pair. */
        @Param
        public PairLayout layout = PairLayout.HALF_SPLIT;

        private float[] values = {};
        private float[] cosines = {};
        private float[] sines = {};
        private Rotation reference = Rotation.reference(PairLayout.HALF_SPLIT, 2, 1);
        private Rotation fast = reference;

        /** Draws the rows and fills their table. */
        @Setup
        public void draw() {
            Random random = new Random(20261122);
            values = new float[2 * ROTATED_PAIRS];
            for (int i = 0; i < values.length; i++) {
                values[i] = random.nextFloat(-1, 1);
            }
            cosines = new float[ROTATED_PAIRS / HEADS];
            sines = new float[ROTATED_PAIRS / HEADS];
            int pairs = headSize / 2;
            RotaryTable.of(frequencies(new Resonance(new NoScaling()), headSize))
                    .fill(FIRST_POSITION, cosines.length / pairs, cosines, sines);
            reference = Rotation.reference(layout, headSize, pairs);
            fast = Rotation.fast(layout, headSize, pairs);
        }
    }

    /** Tables of the same positions in three forms. */
    @State(Scope.Thread)
    public static class Tables {
        private static final int HEAD_SIZE = 128;

        private final RotaryTable unrounded = RotaryTable.of(frequencies(new NoScaling(), HEAD_SIZE));
        private final RotaryTable computed = RotaryTable.of(frequencies(new Resonance(new NoScaling()), HEAD_SIZE));
        private final RotaryTable compact = RotaryTable.compact(computed.frequencies());
        private final float[] cosines = new float[TABLE_VALUES];
        private final float[] sines = new float[TABLE_VALUES];

        private float[] fill(RotaryTable table) {
            table.fill(FIRST_POSITION, TABLE_VALUES / (HEAD_SIZE / 2), cosines, sines);
            return cosines;
        }
    }

    private static RopeFrequencies frequencies(RopeScaling scaling, int headSize) {
        return scaling.frequencies(RopeShape.of(headSize, RopeShape.DEFAULT_BASE, TRAINED_LENGTH));
    }

    /** The plain rotation. */
    @Benchmark
    @OperationsPerInvocation(ROTATED_PAIRS)
    public float[] reference(Rows rows) {
        rows.reference.rotate(rows.values, HEADS, rows.cosines, rows.sines);
        return rows.values;
    }

    /** The fast rotation. */
    @Benchmark
    @OperationsPerInvocation(ROTATED_PAIRS)
    public float[] fast(Rows rows) {
        rows.fast.rotate(rows.values, HEADS, rows.cosines, rows.sines);
        return rows.values;
    }

    /** A table whose wavelengths are not whole. */
    @Benchmark
    @OperationsPerInvocation(TABLE_VALUES)
    public float[] fillUnrounded(Tables tables) {
        return tables.fill(tables.unrounded);
    }

    /** A table of whole wavelengths, holding nothing. */
    @Benchmark
    @OperationsPerInvocation(TABLE_VALUES)
    public float[] fillComputed(Tables tables) {
        return tables.fill(tables.computed);
    }

    /** The same table, holding one period of every pair. */
    @Benchmark
    @OperationsPerInvocation(TABLE_VALUES)
    public float[] fillCompact(Tables tables) {
        return tables.fill(tables.compact);
    }
}
