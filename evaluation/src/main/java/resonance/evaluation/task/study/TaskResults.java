package resonance.evaluation.task.study;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import resonance.evaluation.Contrast;
import resonance.evaluation.Interval;
import resonance.evaluation.task.TaskScoring;
import resonance.evaluation.task.TaskSuite;
import resonance.evaluation.task.study.TaskPlan.PlannedTask;
import resonance.rope.EncodingName;
import resonance.study.StudyRecords;

/** An evaluation: what was planned, and the scores of the answers so far. Immutable. */
public final class TaskResults {
    /** Stands for a task where all tasks of the plan are meant. */
    public static final String AVERAGE = "average";

    private static final Interval UNMEASURED = new Interval(1, Double.NaN, Double.NaN, Double.NaN);

    private final StudyRecords<TaskPlan, TaskAnswer> records;
    private final TaskSuite suite;
    private final Map<Place, List<TaskAnswer>> answers = new LinkedHashMap<>();

    private record Place(EncodingName encoding, int length, String task) {}

    /** One question under two encodings. */
    private record Pair(String task, double points, double loss) {}

    /**
     * The results of the answers finished so far.
     *
     * @param records what they are made of: answers in any order
     * @param suite that scores them
     * @throws IllegalArgumentException if an answer is there twice or is not of the plan
     */
    public TaskResults(StudyRecords<TaskPlan, TaskAnswer> records, TaskSuite suite) {
        this.records = records.inOrder("answers", records.plan().cells(), TaskAnswer::place);
        this.suite = suite;
        for (TaskAnswer answer : this.records.results()) {
            answers.computeIfAbsent(
                            new Place(answer.encoding(), answer.length(), answer.task()), place -> new ArrayList<>())
                    .add(answer);
        }
    }

    /** What the results are made of. */
    public StudyRecords<TaskPlan, TaskAnswer> records() {
        return records;
    }

    /** Encodings, lengths and tasks. */
    public TaskPlan plan() {
        return records.plan();
    }

    /** What was asked. */
    public TaskSuite suite() {
        return suite;
    }

    /** Every score with a finished answer: length by length, encoding by encoding, task by task. */
    public List<TaskScore> scores() {
        List<TaskScore> scores = new ArrayList<>();
        for (int length : plan().lengths()) {
            for (EncodingName encoding : plan().encodings()) {
                for (PlannedTask task : plan().tasks()) {
                    score(encoding, length, task.name()).ifPresent(scores::add);
                }
            }
        }
        return List.copyOf(scores);
    }

    /** The score of an encoding on a task at a length; empty if no answer is finished. */
    public Optional<TaskScore> score(EncodingName encoding, int length, String task) {
        List<TaskAnswer> of = answers(encoding, length, task);
        if (of.isEmpty()) {
            return Optional.empty();
        }
        PlannedTask planned = planned(task);
        TaskScoring scoring = suite.scoring(task);
        List<List<Double>> parts = of.stream()
                .map(answer -> scoring.parts(answer.reference(), answer.answers()))
                .toList();
        return Optional.of(new TaskScore(
                encoding,
                length,
                task,
                scoring.percent(parts),
                of.size(),
                planned.questions(),
                planned.available(),
                mean(of, TaskAnswer::loss),
                mean(
                        of,
                        answer -> answer.written().stream()
                                .mapToInt(TaskAnswer.Written::promptTokens)
                                .sum()),
                of.stream().mapToDouble(TaskAnswer::seconds).sum()));
    }

    /** The mean of all tasks' scores in percent, as the paper's tables have it; empty while a task has no answer. */
    public OptionalDouble average(EncodingName encoding, int length) {
        return average(encoding, length, TaskScore::score);
    }

    /** The mean of all tasks' losses, nats a token; empty while a task has no answer. */
    public OptionalDouble averageLoss(EncodingName encoding, int length) {
        return average(encoding, length, TaskScore::loss);
    }

    private OptionalDouble average(EncodingName encoding, int length, ToDoubleFunction<TaskScore> value) {
        List<TaskScore> scores = plan().tasks().stream()
                .flatMap(task -> score(encoding, length, task.name()).stream())
                .toList();
        return scores.size() < plan().tasks().size()
                ? OptionalDouble.empty()
                : scores.stream().mapToDouble(value).average();
    }

    /** The finished answers of an encoding on a task at a length. */
    public List<TaskAnswer> answers(EncodingName encoding, int length, String task) {
        return List.copyOf(answers.getOrDefault(new Place(encoding, length, task), List.of()));
    }

    /** Every difference with a question finished for both: contrast by contrast, length by length, task by task. */
    public List<TaskDifference> differences() {
        List<TaskDifference> differences = new ArrayList<>();
        for (Contrast contrast : plan().contrasts()) {
            for (int length : plan().lengths()) {
                for (String task : tasksAndAverage()) {
                    difference(contrast, length, task).ifPresent(differences::add);
                }
            }
        }
        return List.copyOf(differences);
    }

    /** Names of the plan's tasks, and {@link #AVERAGE} where there are several. */
    public List<String> tasksAndAverage() {
        List<String> names =
                new ArrayList<>(plan().tasks().stream().map(PlannedTask::name).toList());
        if (names.size() > 1) {
            names.add(AVERAGE);
        }
        return List.copyOf(names);
    }

    /** The difference of a contrast on a task, or on {@link #AVERAGE}; empty if no question is finished for both. */
    public Optional<TaskDifference> difference(Contrast contrast, int length, String task) {
        List<Pair> pairs = new ArrayList<>();
        if (task.equals(AVERAGE)) {
            for (PlannedTask one : plan().tasks()) {
                List<Pair> of = pairs(contrast, length, one.name());
                if (of.isEmpty()) {
                    return Optional.empty();
                }
                pairs.addAll(of);
            }
        } else {
            pairs.addAll(pairs(contrast, length, task));
        }
        if (pairs.isEmpty()) {
            return Optional.empty();
        }
        boolean lossMeasured = pairs.stream().noneMatch(pair -> Double.isNaN(pair.loss));
        return Optional.of(new TaskDifference(
                contrast,
                length,
                task,
                interval(pairs, Pair::points),
                lossMeasured ? interval(pairs, Pair::loss) : UNMEASURED,
                (int) pairs.stream().filter(pair -> pair.points > 0).count(),
                (int) pairs.stream().filter(pair -> pair.points < 0).count()));
    }

    private static Interval interval(List<Pair> pairs, ToDoubleFunction<Pair> value) {
        return Interval.ofGroups(
                pairs.stream().map(Pair::task).toList(),
                pairs.stream().map(value::applyAsDouble).toList(),
                Collections.nCopies(pairs.size(), 1.0));
    }

    private List<Pair> pairs(Contrast contrast, int length, String task) {
        Map<Integer, TaskAnswer> baselines = new HashMap<>();
        answers(contrast.baseline(), length, task).forEach(answer -> baselines.put(answer.question(), answer));
        TaskScoring scoring = suite.scoring(task);
        List<Pair> pairs = new ArrayList<>();
        for (TaskAnswer answer : answers(contrast.encoding(), length, task)) {
            @Nullable TaskAnswer baseline = baselines.get(answer.question());
            if (baseline != null) {
                pairs.add(new Pair(
                        task,
                        100 * (score(scoring, answer) - score(scoring, baseline)),
                        answer.loss() - baseline.loss()));
            }
        }
        return pairs;
    }

    private static double score(TaskScoring scoring, TaskAnswer answer) {
        return scoring.score(answer.reference(), answer.answers());
    }

    private PlannedTask planned(String task) {
        return plan().tasks().stream()
                .filter(planned -> planned.name().equals(task))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("task must be one of the plan's, was " + task));
    }

    private static double mean(List<TaskAnswer> answers, ToDoubleFunction<TaskAnswer> value) {
        return answers.stream().mapToDouble(value).average().orElse(Double.NaN);
    }
}
