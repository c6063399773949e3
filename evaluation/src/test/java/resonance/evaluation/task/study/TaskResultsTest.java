package resonance.evaluation.task.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static resonance.evaluation.Encodings.encoding;
import static resonance.evaluation.Encodings.encodings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resonance.evaluation.Contrast;
import resonance.evaluation.MeasuredModel;
import resonance.evaluation.leval.LevalSuite;
import resonance.evaluation.task.PromptStyle;
import resonance.evaluation.task.TaskReference;
import resonance.evaluation.task.study.TaskAnswer.End;
import resonance.evaluation.task.study.TaskAnswer.Written;
import resonance.evaluation.task.study.TaskPlan.PlannedTask;
import resonance.study.AtomicFile;
import resonance.study.RecordJson;

class TaskResultsTest {
    private static final TaskPlan PLAN = new TaskPlan(
            new MeasuredModel("tiny", "ab", 256),
            "leval",
            PromptStyle.CHAT,
            encodings("yarn", "resonance-yarn", "none"),
            List.of(256),
            List.of(new PlannedTask("coursera", 4, 9, 5), new PlannedTask("toefl", 2, 9, 5)));

    private static TaskAnswer answer(String encoding, String task, int question, String answer, double loss) {
        return new TaskAnswer(
                encoding(encoding),
                256,
                task,
                question,
                PromptStyle.CHAT,
                TaskReference.of("AB"),
                List.of(new Written(100, 40, answer, 3, End.SETTLED, loss, 2)),
                0.5);
    }

    private static TaskResults results(TaskAnswer... answers) {
        List<TaskAnswer> shuffled = new ArrayList<>(List.of(answers));
        Collections.shuffle(shuffled, new Random(3));
        return new TaskResults(ExampleTasks.records(PLAN, shuffled), new LevalSuite());
    }

    @Test
    void answersAreScoredByTheirSuiteAndAveragedByTask() {
        TaskResults results = results(
                answer("yarn", "coursera", 0, "AB", 1),
                answer("yarn", "coursera", 1, "A", 2),
                answer("yarn", "coursera", 2, "D", 3),
                answer("yarn", "toefl", 0, "AB", 0.5));
        TaskScore score = results.score(encoding("yarn"), 256, "coursera").orElseThrow();
        assertThat(score.score()).isEqualTo(41.6667);
        assertThat(score.questions()).isEqualTo(3);
        assertThat(score.planned()).isEqualTo(4);
        assertThat(score.available()).isEqualTo(9);
        assertThat(score.loss()).isEqualTo(2);
        assertThat(score.promptTokens()).isEqualTo(100);
        assertThat(score.seconds()).isEqualTo(1.5);
        assertThat(results.average(encoding("yarn"), 256)).hasValue((41.6667 + 100) / 2);
        assertThat(results.averageLoss(encoding("yarn"), 256)).hasValue((2 + 0.5) / 2);
        assertThat(results.average(encoding("none"), 256)).isEmpty();
        assertThat(results.scores()).hasSize(2);
    }

    @Test
    void differencesAreOfTheSameQuestionsAndAgainstTheFirstEncodingToo() {
        Contrast rounding = new Contrast(encoding("resonance-yarn"), encoding("yarn"));
        assertThat(PLAN.contrasts())
                .containsExactly(
                        new Contrast(encoding("yarn"), encoding("none")),
                        rounding,
                        new Contrast(encoding("none"), encoding("yarn")));
        TaskResults results = results(
                answer("yarn", "coursera", 0, "AB", 1),
                answer("yarn", "coursera", 1, "A", 2),
                answer("yarn", "coursera", 2, "D", 3),
                answer("resonance-yarn", "coursera", 1, "AB", 1.5),
                answer("resonance-yarn", "coursera", 2, "D", 3.5),
                answer("resonance-yarn", "coursera", 3, "AB", 9));
        TaskDifference difference =
                results.difference(rounding, 256, "coursera").orElseThrow();
        assertThat(difference.points().units()).isEqualTo(2);
        assertThat(difference.points().mean()).isEqualTo(75.0 / 2);
        // Two values 75 and 0: t of one degree of freedom is 12.706, the standard error 37.5.
        assertThat(difference.points().high()).isCloseTo(37.5 + 12.7062 * 37.5, within(1e-2));
        assertThat(difference.loss().mean()).isEqualTo(0);
        assertThat(difference.better()).isEqualTo(1);
        assertThat(difference.worse()).isZero();
        assertThat(results.difference(rounding, 256, TaskResults.AVERAGE)).isEmpty();
        assertThat(results.differences()).containsExactly(difference);
    }

    @Test
    void theDifferenceOfTheAverageCountsTasksAlikeWhateverTheirQuestions() {
        TaskResults results = results(
                answer("yarn", "coursera", 0, "D", 1),
                answer("yarn", "coursera", 1, "D", 1),
                answer("yarn", "coursera", 2, "D", 1),
                answer("yarn", "toefl", 0, "AB", 1),
                answer("resonance-yarn", "coursera", 0, "AB", 1),
                answer("resonance-yarn", "coursera", 1, "AB", 1),
                answer("resonance-yarn", "coursera", 2, "AB", 1),
                answer("resonance-yarn", "toefl", 0, "D", 1));
        Contrast rounding = new Contrast(encoding("resonance-yarn"), encoding("yarn"));
        TaskDifference average =
                results.difference(rounding, 256, TaskResults.AVERAGE).orElseThrow();
        assertThat(average.points().mean()).isCloseTo(0, within(1e-9));
        assertThat(average.better()).isEqualTo(3);
        assertThat(average.worse()).isEqualTo(1);
    }

    @Test
    void theLossOfSeveralPromptsIsThatOfAllTheirTokens() {
        TaskAnswer two = new TaskAnswer(
                encoding("none"),
                256,
                "coursera",
                0,
                PromptStyle.PLAIN,
                TaskReference.of("A"),
                List.of(
                        new Written(9, 9, "", 0, End.END_OF_SEQUENCE, 3, 1),
                        new Written(9, 9, "", 0, End.STOP, Double.NaN, 0),
                        new Written(9, 9, "", 0, End.MOST_TOKENS, 1, 3)),
                1);
        assertThat(two.loss()).isEqualTo(1.5);
    }

    @Test
    void printsTasksSideBySideAndTheirAverageLast() {
        assertThat(printed(ExampleTasks.of(ExampleTasks.plan(), 67))).isEqualTo("""
                L-Eval of little-prose-3M; trained length 512 tokens
                (scores in %; prompts: plain; the first 18 of 505 questions)
                +----------------+------------+------------+------------+------------+
                | Encoding       | 512 tokens | 512 tokens | 512 tokens | 512 tokens |
                |                | coursera   | toefl      | sfiction   | average    |
                +----------------+------------+------------+------------+------------+
                | No scaling     | 50.00      | 50.00      | 75.00      | 58.33      |
                | YaRN           | 62.50      | 66.67      | 87.50      | 72.22      |
                | Resonance YaRN | 100.00     | 100.00     | 100.00     | 100.00     |
                +----------------+------------+------------+------------+------------+
                +----------------+----------------+--------------+--------------+--------------+
                | Encoding       | 1,024 tokens   | 1,024 tokens | 1,024 tokens | 1,024 tokens |
                |                | coursera       | toefl        | sfiction     | average      |
                +----------------+----------------+--------------+--------------+--------------+
                | No scaling     | 12.50          | -            | -            | -            |
                | YaRN           | 60.00 (5 of 8) | -            | -            | -            |
                | Resonance YaRN | -              | -            | -            | -            |
                +----------------+----------------+--------------+--------------+--------------+

                Loss of right answers after the prompt, nats a token; lower is better
                +----------------+------------+------------+------------+------------+
                | Encoding       | 512 tokens | 512 tokens | 512 tokens | 512 tokens |
                |                | coursera   | toefl      | sfiction   | average    |
                +----------------+------------+------------+------------+------------+
                | No scaling     | 2.150      | 2.150      | 1.700      | 2.000      |
                | YaRN           | 1.900      | 1.900      | 1.575      | 1.792      |
                | Resonance YaRN | 1.650      | 1.650      | 1.450      | 1.583      |
                +----------------+------------+------------+------------+------------+
                +----------------+--------------+--------------+--------------+--------------+
                | Encoding       | 1,024 tokens | 1,024 tokens | 1,024 tokens | 1,024 tokens |
                |                | coursera     | toefl        | sfiction     | average      |
                +----------------+--------------+--------------+--------------+--------------+
                | No scaling     | 2.275        | -            | -            | -            |
                | YaRN           | 2.150        | -            | -            | -            |
                | Resonance YaRN | -            | -            | -            | -            |
                +----------------+--------------+--------------+--------------+--------------+

                Differences on the same questions, in points; above 0 is better
                (mean and 95 % interval by Student's t over questions; undecided where it contains 0)
                +-----------------------------+-------------------------------+--------+
                | Difference (average)        | 512                           | 1,024  |
                |                             | within                        | beyond |
                +-----------------------------+-------------------------------+--------+
                | YaRN − No scaling           | +13.9 [−2.1, +29.9] undecided | -      |
                | Resonance YaRN − YaRN       | +27.8 [+6.6, +48.9] better    | -      |
                | Resonance YaRN − No scaling | +41.7 [+19.1, +64.3] better   | -      |
                +-----------------------------+-------------------------------+--------+

                Differences of the loss, nats a token; below 0 is better
                +-----------------------------+--------------------------------+--------+
                | Difference (average)        | 512                            | 1,024  |
                |                             | within                         | beyond |
                +-----------------------------+--------------------------------+--------+
                | YaRN − No scaling           | −0.208 [−0.243, −0.174] better | -      |
                | Resonance YaRN − YaRN       | −0.208 [−0.243, −0.174] better | -      |
                | Resonance YaRN − No scaling | −0.417 [−0.485, −0.348] better | -      |
                +-----------------------------+--------------------------------+--------+
                """);
    }

    private static String printed(TaskResults results) {
        StringWriter out = new StringWriter();
        new TaskReport(results).print(new PrintWriter(out));
        return out.toString().replace(System.lineSeparator(), "\n");
    }

    @Test
    void comesBackFromJsonAsItWas(@TempDir Path folder) throws IOException {
        TaskResults results = ExampleTasks.finished();
        Path file = folder.resolve("record.json");
        AtomicFile.write(file, RecordJson.write(results.plan()));
        assertThat(RecordJson.read(file, TaskPlan.class)).isEqualTo(results.plan());
        for (TaskAnswer answer : results.records().results()) {
            AtomicFile.write(file, RecordJson.write(answer));
            assertThat(RecordJson.read(file, TaskAnswer.class)).isEqualTo(answer);
        }
        JsonNode document = new JsonMapper().readTree(new TaskReport(results).toJson());
        assertThat(document.at("/tasks/0").fieldNames())
                .toIterable()
                .containsExactly(
                        "encoding",
                        "length",
                        "task",
                        "score",
                        "questions",
                        "planned",
                        "available",
                        "loss",
                        "promptTokens",
                        "seconds");
        assertThat(document.at("/averages/0").fieldNames())
                .toIterable()
                .containsExactly("encoding", "length", "score", "loss", "tasks");
        assertThat(document.at("/differences/0").fieldNames())
                .toIterable()
                .containsExactly(
                        "encoding",
                        "baseline",
                        "length",
                        "task",
                        "points",
                        "low",
                        "high",
                        "loss",
                        "lossLow",
                        "lossHigh",
                        "questions",
                        "better",
                        "worse",
                        "verdict",
                        "lossVerdict");
        assertThat(document.get("tasks")).hasSize(3 * 2 * 3);
        assertThat(document.get("averages")).hasSize(3 * 2);
        assertThat(document.get("differences")).hasSize(3 * 2 * 4);
    }

    @Test
    void theEmptyAndTheUnfinishedHaveAPageToo() {
        TaskPlan plan = ExampleTasks.plan();
        for (int answers : new int[] {0, 1, 40, plan.cells().size()}) {
            TaskReport report = new TaskReport(ExampleTasks.of(plan, answers));
            assertThat(report.page().title()).isEqualTo("How well does little-prose-3M answer L-Eval?");
            assertThat(report.page().lead())
                    .startsWith(
                            "L-Eval: 3 tasks, the first 18 of 505 questions. Prompts are written in the style plain, and"
                                    + " answers greedily. The model was trained on 512 tokens at a time.")
                    .matches(lead -> lead.contains("Not complete")
                            == (answers < plan.cells().size()));
        }
    }

    @Test
    void anAnswerThatIsNotOfThePlanIsRefused() {
        assertThatThrownBy(() -> results(answer("yarn", "toefl", 2, "A", 1)))
                .hasMessage("answers must be answers of the plan, found toefl / length 256 / yarn / question 2");
        assertThatThrownBy(() -> new PlannedTask("toefl", 0, 5, 1))
                .hasMessage("questions must be from 1 to 5, were 0 of toefl");
        assertThatThrownBy(() -> new PlannedTask("toefl", 6, 5, 1))
                .hasMessage("questions must be from 1 to 5, were 6 of toefl");
    }
}
