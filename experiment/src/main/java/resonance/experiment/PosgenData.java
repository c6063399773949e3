package resonance.experiment;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import resonance.posgen.AssociativeRecall;
import resonance.posgen.BenchmarkTask;
import resonance.posgen.FlipFlop;
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
 * @param recall what {@code mqar} is; modulus, j, k and h are the paper's subtasks' alone
 * @param flipFlop what {@code flip-flop} is
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
        int testRows,
        AssociativeRecall recall,
        FlipFlop flipFlop) {
    /** Names of the paper's subtasks. */
    public static final List<String> SUBTASKS =
            Stream.of(PosgenTask.values()).map(PosgenTask::commandName).toList();

    /** Names of all tasks. */
    public static final List<String> TASKS = Stream.concat(
                    SUBTASKS.stream(), Stream.of(AssociativeRecall.NAME, FlipFlop.NAME))
            .toList();

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

    /** Data of the paper's subtasks, and the other tasks at their defaults. */
    public PosgenData(
            int modulus,
            int far,
            int near,
            TokenFunction function,
            int trainLength,
            int testLength,
            int trainRows,
            int validationRows,
            int testRows) {
        this(
                modulus,
                far,
                near,
                function,
                trainLength,
                testLength,
                trainRows,
                validationRows,
                testRows,
                AssociativeRecall.DEFAULT,
                FlipFlop.DEFAULT);
    }

    public PosgenData {
        requireNonNull(recall, "recall must not be null");
        requireNonNull(flipFlop, "flipFlop must not be null");
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
        return switch (name) {
            case AssociativeRecall.NAME -> recall;
            case FlipFlop.NAME -> flipFlop;
            default -> new PosgenSpec(PosgenTask.named(name), modulus, far, near, function);
        };
    }

    /**
     * Settings of the tasks that are no subtask of the paper, where they are not the default, as text by option. They are
     * the only ones that an experiment without such tasks, or from before there were any, does not have.
     */
    Map<String, String> ofOtherTasks() {
        Map<String, String> changed = settings(recall);
        changed.putAll(settings(flipFlop));
        changed.entrySet().removeAll(settings(AssociativeRecall.DEFAULT).entrySet());
        changed.entrySet().removeAll(settings(FlipFlop.DEFAULT).entrySet());
        return changed;
    }

    /** The settings that are a task's own, as text by option; those of the paper's subtasks are everybody's. */
    Map<String, String> ownOf(String task) {
        return SUBTASKS.contains(task) ? Map.of() : settings(task(task));
    }

    private static Map<String, String> settings(BenchmarkTask task) {
        Map<String, String> settings = new LinkedHashMap<>();
        task.settings().forEach((name, value) -> settings.put(option(name), text(value)));
        return settings;
    }

    private static String option(String setting) {
        return setting.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static String text(Object value) {
        return value instanceof Double number ? ComparisonSettings.plain(number) : value.toString();
    }

    /** The splits of a task, drawn with a seed. */
    PosgenSplits draw(String task, long seed) {
        return PosgenSplits.draw(task(task), trainRows, validationRows, testRows, trainLength, testLength, seed);
    }

    /** Refuses values that no splits of a task can be drawn with. */
    void requireDrawable(String task) {
        PosgenSplits.requireDrawable(task(task), trainRows, validationRows, testRows, trainLength, testLength);
    }

    /** j + k: the random tokens at the start of a sequence of the paper's subtasks. */
    int seedTokens() {
        return far + near;
    }
}
