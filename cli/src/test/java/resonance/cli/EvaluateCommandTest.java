package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvaluateCommandTest extends WithTinyModel {
    private static final String ROW =
            "{\"instructions\": [\"Is it so?\", \"And here?\"], \"outputs\": [\"A\", \"(B) Green.\"],"
                    + " \"input\": \"The grass is green.\", \"evaluation\": \"exam\"}\n";

    private static final String ANSWER =
            "{\"query\": \"?\", \"gt\": \"A\", \"x_pred\": \"A.\", \"evaluation\": \"exam\"}\n";

    private String evaluate(String options) {
        return "evaluate " + tiny.folder() + " --precision float32 --threads 1 " + options + " --out "
                + folder.resolve("out");
    }

    /** Data of two documents with two questions each, of two tasks. */
    private Path data() throws IOException {
        Path data = Files.createDirectories(folder.resolve("data"));
        Files.writeString(data.resolve("tpo.jsonl"), ROW + ROW.replace("grass", "sky"));
        Files.writeString(
                data.resolve("sci_fi.jsonl"),
                ROW.replace("\"A\"", "\"True [fact: False]\"").replace("\"(B) Green.\"", "\"False [fact: False]\""));
        return data;
    }

    private String leval() throws IOException {
        return evaluate("--suite leval --data " + data()
                + " --tasks toefl,sfiction --lengths 60,120 --new-tokens 6 --compare none,yarn");
    }

    @Test
    void asksReportsAndKeepsWhatItDid() throws IOException {
        CommandRun first = CommandRun.of(leval() + " --questions 2");
        assertThat(first.exitCode()).as(first.err()).isZero();
        assertThat(first.err())
                .contains("--suite leval --data " + folder.resolve("data") + " --tasks toefl,sfiction")
                .contains("--questions 2 --new-tokens 6 --prompt plain --seed 42 --lengths 60,120")
                .contains("0 of 16 cells are finished in ");
        assertThat(first.out())
                .startsWith("L-Eval of model; trained length 32 tokens")
                .contains("(scores in %; prompts: plain; the first 4 of 6 questions)")
                .endsWith("Report: " + folder.resolve("out/report.html") + System.lineSeparator());
        assertThat(Files.readString(folder.resolve("out/report.html"))).contains("How well does model answer L-Eval?");

        CommandRun second = CommandRun.of(leval() + " --questions 2");
        assertThat(second.out()).isEqualTo(first.out());
        assertThat(CommandRun.of("report " + folder.resolve("out")).out()).isEqualTo(first.out());
        assertThat(CommandRun.of(leval()).err()).contains("16 of 24 cells are finished in ");
    }

    @Test
    void jsonHasTheKeysThatScriptsRelyOnAndNothingElseIsPrinted() throws IOException {
        CommandRun run = CommandRun.of(leval() + " --json");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).isEqualTo(Files.readString(folder.resolve("out/evaluate.json")));
        JsonNode document = new ObjectMapper().readTree(run.out());
        assertThat(document.fieldNames())
                .toIterable()
                .containsExactly(
                        "plan", "settings", "provenance", "otherProvenances", "tasks", "averages", "differences");
        assertThat(document.get("tasks")).hasSize(2 * 2 * 2);
        assertThat(document.get("averages")).hasSize(2 * 2);
        JsonNode score = document.at("/tasks/0");
        assertThat(score.get("task").textValue()).isEqualTo("toefl");
        assertThat(score.get("questions").intValue()).isEqualTo(4);
        assertThat(score.get("score").doubleValue()).isBetween(0.0, 100.0);
        assertThat(score.get("loss").doubleValue()).isPositive();
        JsonNode difference = document.at("/differences/0");
        assertThat(difference.get("encoding").textValue()).isEqualTo("yarn");
        assertThat(difference.get("baseline").textValue()).isEqualTo("none");
        assertThat(difference.get("questions").intValue()).isEqualTo(4);
    }

    @Test
    void withoutASuiteItAsksWhatNeedsNoData() throws IOException {
        CommandRun run =
                CommandRun.of(evaluate("--tasks niah_single_1,fwe --lengths 800 --new-tokens 2 --compare none"));
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err())
                .contains("--suite ruler --tasks niah_single_1,fwe")
                .contains("0 of 10 cells are finished");
        assertThat(run.out()).startsWith("RULER of model; trained length 32 tokens");
    }

    @Test
    void aFileOfAnswersIsScoredWithoutAModel() throws IOException {
        Path answers = Files.writeString(folder.resolve("coursera.pred.jsonl"), ANSWER + ANSWER.replace("A.", "B."));
        Path others = Files.writeString(folder.resolve("gsm100.pred.jsonl"), ANSWER.replace("\"A", "\"18"));
        assertThat(CommandRun.of("evaluate --predictions " + answers))
                .isEqualTo(new CommandRun(0, lines("Coursera   50.0000 %  (1 of 2 right)"), ""));
        assertThat(CommandRun.of("evaluate --predictions " + answers + "," + others)
                        .out())
                .isEqualTo(lines(
                        "Coursera   50.0000 %  (1 of 2 right)",
                        "GSM       100.0000 %  (1 of 1 right)", "Average    75.0000 %  (mean of 2)"));
        assertThat(new ObjectMapper()
                        .readTree(CommandRun.of("evaluate --json --predictions " + answers)
                                .out()))
                .isEqualTo(new ObjectMapper()
                        .readTree("{\"tasks\": [{\"task\": \"coursera\", \"score\": 50.0, \"questions\": 2}]}"));
    }

    private static String lines(String... lines) {
        return String.join(System.lineSeparator(), lines) + System.lineSeparator();
    }

    @Test
    void damagedDataIsRefusedByFileAndLineAndNothingFinishedIsLost() throws IOException {
        CommandRun first = CommandRun.of(leval() + " --questions 1");
        assertThat(first.exitCode()).as(first.err()).isZero();
        Path stories = folder.resolve("data/sci_fi.jsonl");
        String command = leval() + " --questions 1";
        Files.writeString(stories, ROW + "{\n");
        CommandRun damaged = CommandRun.of(command);
        assertThat(damaged.exitCode()).isEqualTo(1);
        assertThat(damaged.err().lines())
                .last()
                .isEqualTo(stories + ", line 2 must be JSON, is not; get the file anew");
        Files.delete(stories);
        assertThat(CommandRun.of(command).err().lines())
                .last()
                .isEqualTo(stories + " must be a file, was not found; name the folder that has it");
        data();
        assertThat(CommandRun.of(command).err()).contains("All 8 cells are finished in ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--suite level|--suite 'level' is unknown; known: ruler, leval, longbench, longbench-v2; did you mean"
                        + " 'leval'?",
                "--suite leval|--data must be the folder with the files of L-Eval, was left out; name it",
                "--suite leval --data DATA --tasks tofel|--tasks 'tofel' is unknown; known: coursera, gsm, quality, toefl,"
                        + " codeu, sfiction; did you mean 'toefl'?",
                "--questions 0|--questions must be at least 1, was 0; leave it out for its default",
                "--new-tokens 0|--new-tokens must be from 1 to 1000000, was 0; leave it out for its default",
                "--prompt chta|--prompt 'chta' is unknown; known: plain, chat, llama2, vicuna; did you mean 'chat'?",
                "--prompt chat|--prompt must be plain for model, which has no chat template, was chat; leave it out",
                "--suite leval --data DATA --lengths 300|--lengths must be above the 512 tokens of an answer of L-Eval, found"
                        + " 300; take longer ones, or fewer --new-tokens",
                "--suite ruler --predictions x|--suite must be left out with --predictions, which asks no model, was given;"
                        + " leave one of them out",
            })
    void aValueOutOfRangeIsRefusedByTheNameOfItsOption(String options, String line) throws IOException {
        Path data = data();
        for (String name : new String[] {"coursera", "gsm100", "quality", "codeU"}) {
            Files.writeString(data.resolve(name + ".jsonl"), ROW);
        }
        List<String> words = new ArrayList<>(List.of("evaluate", tiny.folder().toString()));
        words.addAll(List.of(options.replace("DATA", data.toString()).split(" ", -1)));
        if (!options.contains("--predictions")) {
            words.addAll(List.of("--precision=float32", "--out=" + folder.resolve("unused")));
        }
        CommandRun run = CommandRun.of(words.toArray(String[]::new));
        assertThat(run.err().lines()).last().isEqualTo(line);
        assertThat(run.exitCode()).isEqualTo(2);
    }
}
