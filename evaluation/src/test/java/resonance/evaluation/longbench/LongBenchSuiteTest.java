package resonance.evaluation.longbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resonance.evaluation.task.PromptStyle;
import resonance.evaluation.task.QuestionSettings;
import resonance.evaluation.task.SuiteSource;
import resonance.evaluation.task.Task;
import resonance.evaluation.task.TaskDataException;
import resonance.evaluation.task.TaskPrompt;
import resonance.evaluation.task.TaskQuestion;
import resonance.evaluation.task.TaskReference;
import resonance.evaluation.task.TaskSuite;
import resonance.evaluation.task.TextTokens;
import resonance.rope.Refusal;
import resonance.study.Sha256;

class LongBenchSuiteTest {
    private static final LongBenchSuite SUITE = new LongBenchSuite();
    private static final LongBench2Suite SUITE2 = new LongBench2Suite();

    private final Path folder;

    LongBenchSuiteTest(@TempDir Path folder) {
        this.folder = folder;
    }

    /** One token a character. */
    private static final TextTokens CHARACTERS = new TextTokens() {
        @Override
        public int[] encode(String text) {
            return text.chars().toArray();
        }

        @Override
        public String decode(int[] ids) {
            return new String(ids, 0, ids.length);
        }

        @Override
        public int beginning() {
            return 0;
        }
    };

    private static QuestionSettings settings(int length, Task task, PromptStyle style) {
        return new QuestionSettings(
                length, task.newTokens(), style, CHARACTERS, (system, user) -> "<" + system + "|" + user + ">");
    }

    private Task open(TaskSuite suite, String task) throws IOException {
        return suite.open(task, new SuiteSource(Optional.of(folder), 42));
    }

    private static String row(Map<String, Object> fields) throws IOException {
        return new JsonMapper().writeValueAsString(fields);
    }

    private void write(String name, String... rows) throws IOException {
        Files.writeString(folder.resolve(name), String.join("\n", rows));
    }

    private TaskPrompt first(Task task, PromptStyle style) {
        return task.questions(1, settings(10_000, task, style)).get(0).prompts().get(0);
    }

    /** Digests of prompts that LongBench's own files make; see longbench.py beside them. */
    @Test
    void promptsAreThoseOfLongBench() throws IOException {
        JsonNode golden = GoldenFile.read("prompts.json");
        assertThat(golden).hasSize(SUITE.taskNames().size() + 1);
        for (JsonNode expected : golden) {
            String name = expected.get("task").asText();
            Task task;
            if (name.equals("choice")) {
                write("data.json", "[" + CHOICE + "]");
                task = open(SUITE2, "short");
            } else {
                write(
                        name + ".jsonl",
                        row(Map.of(
                                "context",
                                "Some {input} of $1\n一",
                                "input",
                                "What {context}?",
                                "answers",
                                List.of("Paragraph 7 段落7"),
                                "all_classes",
                                List.of("x"))));
                task = open(SUITE, name);
            }
            assertThat(Sha256.of(first(task, PromptStyle.PLAIN).user()))
                    .as(name)
                    .isEqualTo(expected.get("sha256").asText());
            assertThat(task.newTokens()).isEqualTo(expected.get("tokens").asInt());
        }
    }

    private static final String CHOICE = """
            {"length": "short", "difficulty": "easy", "context": " A text with $Q$.\\n", "question": "Which? ",
             "choice_A": " one", "choice_B": "$C_C$", "choice_C": "three", "choice_D": "four\u3000", "answer": "C"}""";

    @Test
    void readsContextInputAnswersAndClasses() throws IOException {
        write(
                "trec.jsonl",
                row(Map.of(
                        "context",
                        "C",
                        "input",
                        "I",
                        "answers",
                        List.of("Date"),
                        "all_classes",
                        List.of("Date", "City"))),
                row(Map.of(
                        "context",
                        "D",
                        "input",
                        "",
                        "answers",
                        List.of("City"),
                        "all_classes",
                        List.of("Date", "City"))));
        Task task = open(SUITE, "trec");
        assertThat(task.count()).isEqualTo(2);
        assertThat(task.identity())
                .containsExactly(Map.entry("data", Sha256.of(Files.readAllBytes(folder.resolve("trec.jsonl")))));
        List<TaskQuestion> questions = task.questions(2, settings(10_000, task, PromptStyle.PLAIN));
        assertThat(questions).extracting(TaskQuestion::index).containsExactly(0, 1);
        assertThat(questions.get(1).reference()).isEqualTo(new TaskReference(List.of("City"), List.of("Date", "City")));
        assertThat(SUITE.scoring("trec").score(questions.get(1).reference(), List.of("City\nDate")))
                .isEqualTo(1);
    }

    @Test
    void noTemplateGoesAroundWhatContinuesExamples() throws IOException {
        String row =
                row(Map.of("context", "C", "input", "I:", "answers", List.of("Date"), "all_classes", List.of("Date")));
        write("trec.jsonl", row);
        write("qasper.jsonl", row);
        Task trec = open(SUITE, "trec");
        Task qasper = open(SUITE, "qasper");
        for (PromptStyle style : PromptStyle.values()) {
            assertThat(first(trec, style)).isEqualTo(first(trec, PromptStyle.PLAIN));
        }
        TaskPrompt plain = first(qasper, PromptStyle.PLAIN);
        assertThat(plain.target()).isEqualTo(" Date");
        assertThat(first(qasper, PromptStyle.CHAT)).isEqualTo(TaskPrompt.ofChat("", plain.user(), "", "Date"));
        assertThat(first(qasper, PromptStyle.LLAMA2).user()).isEqualTo("[INST]" + plain.user() + "[/INST]");
        assertThat(first(qasper, PromptStyle.VICUNA).user())
                .startsWith(
                        "A chat between a curious user and an artificial intelligence assistant. The assistant gives")
                .endsWith(" USER: " + plain.user() + " ASSISTANT:");
    }

    @Test
    void aTargetBeginsWithASpaceWhereThePromptEndsWithNone() throws IOException {
        String row = row(Map.of("context", "C", "input", "I", "answers", List.of("段落7 Paragraph 7")));
        for (String name : List.of("passage_count", "passage_retrieval_zh", "hotpotqa")) {
            write(name + ".jsonl", row);
        }
        assertThat(first(open(SUITE, "passage_count"), PromptStyle.PLAIN).target())
                .startsWith("段");
        assertThat(first(open(SUITE, "passage_retrieval_zh"), PromptStyle.PLAIN).target())
                .startsWith("段");
        assertThat(first(open(SUITE, "hotpotqa"), PromptStyle.PLAIN).target()).startsWith(" 段");
    }

    @Test
    void keeps500TokensFreeAsLongBenchDoesAndAnEighthOfShorterLengths() throws IOException {
        write("musique.jsonl", row(Map.of("context", "C".repeat(40_000), "input", "I", "answers", List.of("x"))));
        Task task = open(SUITE, "musique");
        for (int[] lengthAndBudget :
                new int[][] {{4000, 3500}, {32_000, 31_500}, {4096, 3596}, {2000, 1750}, {200, 168}}) {
            TaskPrompt prompt = task.questions(1, settings(lengthAndBudget[0], task, PromptStyle.LLAMA2))
                    .get(0)
                    .prompts()
                    .get(0);
            assertThat(prompt.user()).hasSize(lengthAndBudget[1] + "[INST][/INST]".length());
        }
        assertThatThrownBy(() -> task.questions(1, settings(33, task, PromptStyle.PLAIN)))
                .isInstanceOf(Refusal.class)
                .hasMessage(
                        "lengths must be at least 34 tokens for LongBench, was 33; take longer ones, or fewer newTokens");
    }

    @Test
    void version2SortsItsQuestionsByLength() throws IOException {
        String medium = CHOICE.replace("short", "medium");
        write("data.json", "[" + medium + ",", CHOICE + ",", medium + "]");
        assertThat(open(SUITE2, "short").count()).isEqualTo(1);
        Task task = open(SUITE2, "medium");
        assertThat(task.count()).isEqualTo(2);
        assertThat(task.identity())
                .containsExactly(Map.entry("data", Sha256.of(Files.readAllBytes(folder.resolve("data.json")))));
        TaskPrompt prompt = task.questions(2, settings(180, task, PromptStyle.CHAT))
                .get(1)
                .prompts()
                .get(0);
        assertThat(prompt.user()).hasSize(52);
        assertThat(prompt.target()).isEqualTo("The correct answer is (C)");
        assertThat(first(task, PromptStyle.PLAIN).target()).isEqualTo("\n\nThe correct answer is (C)");
        assertThat(task.questions(1, settings(180, task, PromptStyle.PLAIN))
                        .get(0)
                        .reference())
                .isEqualTo(TaskReference.of("C"));
        assertThatThrownBy(() -> open(SUITE2, "long"))
                .isInstanceOf(TaskDataException.class)
                .hasMessage(folder.resolve("data.json")
                        + " must hold a question whose length is long, holds none; get it anew");
    }

    @Test
    void saysWhereAFileIsNotAsItMustBe() throws IOException {
        Path trec = folder.resolve("trec.jsonl");
        assertRefused(SUITE, "trec", trec + " must be a file, was not found; name the folder that has it");
        write("trec.jsonl", row(Map.of("context", "C", "input", "I", "answers", List.of("x"))));
        assertRefused(
                SUITE, "trec", trec + ", line 1: all_classes must be a list of texts, is missing; get the file anew");
        String row = row(Map.of("context", "C", "input", "I", "answers", List.of("Paragraph 7")));
        write("passage_retrieval_en.jsonl", row, row.replace("7", "x"));
        assertRefused(
                SUITE,
                "passage_retrieval_en",
                folder.resolve("passage_retrieval_en.jsonl")
                        + ", line 2: answers must be 'Paragraph ' and a number, were 'Paragraph x'; get the file anew");
        write("musique.jsonl", row(Map.of("context", "C", "input", "I", "answers", List.of())));
        assertRefused(
                SUITE,
                "musique",
                folder.resolve("musique.jsonl")
                        + ", line 1: answers must hold at least one, hold none; get the file anew");
        Path data = folder.resolve("data.json");
        assertRefused(SUITE2, "short", data + " must be a file, was not found; name the folder that has it");
        write("data.json", "{}");
        assertRefused(SUITE2, "short", data + " must be a list of questions, is none; get it anew");
        write("data.json", "[", CHOICE.replace("\n", "") + ",", "{\"length\": \"short\"}", "]");
        assertRefused(SUITE2, "short", data + ", line 3: context must be a text, is missing; get the file anew");
        write("data.json", "[", CHOICE.replace("\n", "") + ",", "{\"length\" \"short\"}", "]");
        assertRefused(SUITE2, "short", data + ", line 3 must be JSON, is not; get the file anew");
    }

    private void assertRefused(TaskSuite suite, String task, String message) {
        assertThatThrownBy(() -> open(suite, task))
                .isInstanceOf(TaskDataException.class)
                .hasMessage(message);
    }

    @Test
    void refusesATaskThatItDoesNotHaveAndAFolderThatIsNotNamed() {
        assertThatThrownBy(() -> SUITE.scoring("gov_report"))
                .isInstanceOf(Refusal.class)
                .hasMessage(
                        "tasks 'gov_report' is unknown; known: narrativeqa, qasper, multifieldqa_en, hotpotqa, 2wikimqa,"
                                + " musique, trec, triviaqa, lsht, passage_count, passage_retrieval_en, passage_retrieval_zh");
        assertThatThrownBy(() -> SUITE2.scoring("lnog"))
                .isInstanceOf(Refusal.class)
                .hasMessage("tasks 'lnog' is unknown; known: short, medium, long; did you mean 'long'?");
        SuiteSource nowhere = new SuiteSource(Optional.empty(), 42);
        for (TaskSuite suite : List.of(SUITE, SUITE2)) {
            assertThatThrownBy(() -> suite.open(suite.taskNames().get(0), nowhere))
                    .isInstanceOf(Refusal.class)
                    .hasMessage(
                            "data must be the folder with the files of " + suite.label() + ", was left out; name it");
        }
    }
}
