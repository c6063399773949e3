package resonance.evaluation.leval;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import resonance.evaluation.task.TaskReference;
import resonance.evaluation.task.TaskScoring;

/**
 * A closed-ended task of L-Eval, and how its answers are scored: each is processed, as the task has it, and held against the
 * processed reference by {@link ExactMatch}. Constants are in the order of table 2 of Wang et al., "Resonance RoPE", 2024,
 * arXiv:2403.00071.
 *
 * <p>Processing and metric are those of {@code Evaluation/auto_eval.py} and {@code em.py} of github.com/OpenLMLab/LEval, commit
 * cd34b05, which agree with ours on every row of two models' published answers. Since July 2024 a blank answer to a
 * multiple-choice question is "None"; the paper's scores are older, where it was 0.25 or an A.
 */
public enum LevalTask implements TaskScoring {
    /** Questions about lectures; several letters may be right, and a part of them counts a quarter. */
    COURSERA("coursera", "Coursera", "coursera"),
    /** A hundred questions of GSM8K after sixteen worked ones. */
    GSM("gsm", "GSM", "gsm100"),
    /** Questions about stories; one letter is right. */
    QUALITY("quality", "QuALITY", "quality"),
    /** Questions about lectures; one letter is right. */
    TOEFL("toefl", "TOEFL", "tpo"),
    /** What a program prints that calls functions of a long code base. */
    CODEU("codeu", "CodeU", "codeU"),
    /** Whether a sentence is true in a story, and whether it is in fact: two prompts, two parts of the score. */
    SFICTION("sfiction", "SFiction", "sci_fi");

    private static final int DECIMALS = 4;

    private final String taskName;
    private final String label;
    private final String fileName;

    LevalTask(String taskName, String label, String fileName) {
        this.taskName = taskName;
        this.label = label;
        this.fileName = fileName;
    }

    /** What the command line and records call it, for example {@code toefl}. */
    public String taskName() {
        return taskName;
    }

    /** What the paper calls it, for example "TOEFL". */
    public String label() {
        return label;
    }

    /** The data's file, for example {@code tpo.jsonl}. */
    public String file() {
        return fileName + ".jsonl";
    }

    /** The task with this name. */
    static Optional<LevalTask> named(String taskName) {
        return Arrays.stream(values())
                .filter(task -> task.taskName.equals(taskName))
                .findFirst();
    }

    /** The task that L-Eval takes a prediction file for, by the first of these words that its path has anywhere. */
    static Optional<LevalTask> ofPath(String path) {
        return Stream.of(COURSERA, QUALITY, TOEFL, GSM, CODEU, SFICTION)
                .filter(task -> path.contains(task == GSM ? "gsm" : task.fileName))
                .findFirst();
    }

    /** Whether the prompt is document and question alone, without words between. */
    boolean isContinued() {
        return this == GSM || this == CODEU;
    }

    @Override
    public List<Double> parts(TaskReference reference, List<String> answers) {
        String answer = raw(answers);
        String gold = reference.answers().get(0);
        if (this == SFICTION) {
            Judgement said = Judgement.ofAnswer(answer);
            Judgement right = Judgement.ofReference(gold);
            return List.of(
                    ExactMatch.score(said.loyalty(), right.loyalty()), ExactMatch.score(said.fact(), right.fact()));
        }
        return List.of(ExactMatch.score(processed(answer, gold), processedReference(gold)));
    }

    @Override
    public int decimals() {
        return DECIMALS;
    }

    @Override
    public String processed(TaskReference reference, List<String> answers) {
        return processed(raw(answers), reference.answers().get(0));
    }

    @Override
    public boolean isSettled(TaskReference reference, int prompt, String answerSoFar) {
        return switch (this) {
            case QUALITY, TOEFL -> MultipleChoice.oneIsSettled(answerSoFar);
            case GSM -> SchoolMaths.isSettled(answerSoFar);
            case SFICTION -> Judgement.isSettled(answerSoFar);
            case COURSERA, CODEU -> false;
        };
    }

    /** What is compared of an answer. */
    String processed(String answer, String gold) {
        return switch (this) {
            case COURSERA -> MultipleChoice.several(answer);
            case QUALITY, TOEFL -> MultipleChoice.one(answer);
            case GSM -> SchoolMaths.number(answer);
            case CODEU -> CodeOutput.ofAnswer(answer, gold);
            case SFICTION -> {
                Judgement said = Judgement.ofAnswer(answer);
                yield said.loyalty() + " / " + said.fact();
            }
        };
    }

    /** What it is compared with. */
    String processedReference(String gold) {
        return switch (this) {
            case COURSERA, QUALITY, TOEFL -> MultipleChoice.gold(gold);
            case GSM -> SchoolMaths.number(gold);
            case CODEU -> CodeOutput.cleaned(gold);
            case SFICTION -> {
                Judgement right = Judgement.ofReference(gold);
                yield right.loyalty() + " / " + right.fact();
            }
        };
    }

    /** The answers to a question's prompts as one, as prediction files have it. */
    private static String raw(List<String> answers) {
        return answers.size() == 1 ? requireNonNull(answers.get(0)) : Judgement.joined(answers);
    }
}
