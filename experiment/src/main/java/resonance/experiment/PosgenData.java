package resonance.experiment;

import java.util.List;
import java.util.stream.Stream;
import resonance.posgen.BenchmarkTask;
import resonance.posgen.PosgenSpec;
import resonance.posgen.PosgenSplits;
import resonance.posgen.PosgenTask;
import resonance.posgen.StandardFunction;
import resonance.posgen.TokenFunction;
import resonance.rope.Refusal;

/**
 * Which PosGen data a comparison uses; the defaults are the paper's (appendix C.1).
 *
 * @param modulus m, size of the vocabulary
 * @param far j, tokens taken from the start or the moving pointer
 * @param near k, tokens taken from right before
 * @param function h
 * @param trainLength L, tokens of a training sequence
 * @param testLength L', tokens of a validation or test sequence
 * @param trainRows training sequences
 * @param validationRows validation sequences
 * @param testRows test sequences
 */
public record PosgenData(
        int modulus,
        int far,
        int near,
        TokenFunction function,
        int trainLength,
        int testLength,
        int trainRows,
        int validationRows,
        int testRows) {
    /** Names of the paper's subtasks. */
    public static final List<String> SUBTASKS =
            Stream.of(PosgenTask.values()).map(PosgenTask::commandName).toList();

    /** Names of all tasks. */
    public static final List<String> TASKS = SUBTASKS;

    /** m = 17, j = 1, k = 3, L = 64, L' = 256; 10,000 training, 1,000 validation and 1,000 test sequences. */
    public static final PosgenData PAPER = new PosgenData(
            PosgenSpec.PAPER_MODULUS,
            PosgenSpec.PAPER_FAR,
            PosgenSpec.PAPER_NEAR,
            StandardFunction.MODULAR_ADDITION,
            64,
            256,
            10_000,
            1_000,
            1_000);

    public PosgenData {
        requireAtLeastOne("modulus", modulus);
        requireAtLeastOne("trainLength", trainLength);
        if (testLength <= trainLength) {
            throw Refusal.was("testLength", "must be above {trainLength} (" + trainLength + ")", testLength);
        }
        requireAtLeastOne("validationRows", validationRows);
        requireAtLeastOne("testRows", testRows);
    }

    private static void requireAtLeastOne(String name, int value) {
        if (value < 1) {
            throw Refusal.of(name, "must be at least 1", "was " + value);
        }
    }

    /**
     * The task of a name with these settings.
     *
     * @throws Refusal if the name is none of {@link #TASKS}
     */
    public BenchmarkTask task(String name) {
        if (!TASKS.contains(name)) {
            throw Refusal.unknown("task", name, TASKS);
        }
        return new PosgenSpec(PosgenTask.named(name), modulus, far, near, function);
    }

    /** The splits of a task, drawn with a seed. */
    PosgenSplits draw(String task, long seed) {
        return PosgenSplits.draw(task(task), trainRows, validationRows, testRows, trainLength, testLength, seed);
    }

    /** Refuses values that no splits of a task can be drawn with. */
    void requireDrawable(String task) {
        PosgenSplits.requireDrawable(task(task), trainRows, validationRows, testRows, trainLength, testLength);
    }

    /** j + k: the random tokens at the start of every sequence. */
    int seedTokens() {
        return far + near;
    }
}
