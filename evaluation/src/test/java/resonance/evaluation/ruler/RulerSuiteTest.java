package resonance.evaluation.ruler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import resonance.evaluation.task.TaskPrompt;
import resonance.evaluation.task.TaskQuestion;
import resonance.evaluation.task.TaskReference;
import resonance.evaluation.task.TextTokens;
import resonance.rope.Refusal;

class RulerSuiteTest {
    private static final SuiteSource SEED_42 = new SuiteSource(Optional.empty(), 42);

    /** One token a character, and one before the text. */
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
            return 1;
        }
    };

    private final Path folder;
    private final RulerSuite suite;

    RulerSuiteTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        suite = new RulerSuite(Files.writeString(folder.resolve("shipped.text"), ReferenceWords.PROSE));
    }

    private static QuestionSettings settings(Task task, PromptStyle style) {
        return new QuestionSettings(
                2048, task.newTokens(), style, CHARACTERS, (system, user) -> "<" + system + "|" + user + ">");
    }

    private static TaskPrompt first(Task task, PromptStyle style) {
        return task.questions(1, settings(task, style)).get(0).prompts().get(0);
    }

    @Test
    void hasElevenTasksInTheOrderOfThePaper() {
        assertThat(suite.taskNames())
                .containsExactly(
                        "niah_single_1",
                        "niah_single_2",
                        "niah_single_3",
                        "niah_multikey_1",
                        "niah_multikey_2",
                        "niah_multikey_3",
                        "niah_multivalue",
                        "niah_multiquery",
                        "vt",
                        "cwe",
                        "fwe");
        assertThat(suite.needsData()).isFalse();
        assertThat(suite.usualQuestions()).isEqualTo(50);
    }

    @Test
    void aQuestionHasPromptReferencesAndTarget() throws IOException {
        Task task = suite.open("niah_single_1", SEED_42);
        assertThat(task.count()).isEqualTo(500);
        assertThat(task.newTokens()).isEqualTo(128);
        assertThat(task.newTokens(1024)).isEqualTo(128);
        assertThat(task.newTokens(512)).isEqualTo(64);
        assertThat(task.newTokens(100)).isEqualTo(32);
        assertThat(suite.open("niah_single_3", SEED_42).newTokens(256)).isEqualTo(64);
        assertThat(suite.open("vt", SEED_42).newTokens(256)).isEqualTo(30);
        List<TaskQuestion> questions = task.questions(3, settings(task, PromptStyle.PLAIN));
        assertThat(questions).extracting(TaskQuestion::index).containsExactly(0, 1, 2);
        TaskQuestion question = questions.get(0);
        TaskPrompt prompt = question.prompts().get(0);
        assertThat(prompt.user())
                .startsWith("A special magic number is hidden within the following text. ")
                .endsWith(" mentioned in the provided text is");
        String value = question.reference().answers().get(0);
        assertThat(prompt.target()).isEqualTo(" " + value);
        assertThat(prompt.user()).contains(" is: " + value + ".");
        assertThat(suite.scoring("niah_single_1").score(question.reference(), List.of(prompt.target() + ".")))
                .isEqualTo(1.0);
    }

    @Test
    void theTargetIsARightAnswerOfEveryTask() throws IOException {
        for (String name : suite.taskNames()) {
            Task task = suite.open(name, SEED_42);
            TextTokens words = new Words();
            TaskQuestion question = task.questions(
                            1,
                            new QuestionSettings(
                                    4096, task.newTokens(), PromptStyle.PLAIN, words, (system, user) -> user))
                    .get(0);
            String target = question.prompts().get(0).target();
            TaskReference reference = question.reference();
            assertThat(suite.scoring(name).score(reference, List.of(target))).isEqualTo(1.0);
            assertThat(target)
                    .startsWith(" ")
                    .endsWith(reference.answers().get(reference.answers().size() - 1));
        }
    }

    /** One token a word. */
    private record Words() implements TextTokens {
        @Override
        public int[] encode(String text) {
            return new int[text.split(" ", -1).length];
        }

        @Override
        public String decode(int[] ids) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int beginning() {
            return 0;
        }
    }

    @Test
    void aTemplateGoesAroundTheInputAndTheAnswersBeginningBehindIt() throws IOException {
        Task task = suite.open("fwe", SEED_42);
        String prefix = " Answer: According to the coded text above, the three most frequently appeared words are:";
        assertThat(first(task, PromptStyle.LLAMA2).user())
                .startsWith("[INST] Read the following coded text")
                .endsWith(" in the above coded text? [/INST]" + prefix);
        assertThat(first(task, PromptStyle.VICUNA).user())
                .startsWith(
                        "A chat between a curious user and an artificial intelligence assistant. The assistant gives"
                                + " helpful, detailed, and polite answers to the user's questions. USER: Read the following")
                .endsWith(" in the above coded text? ASSISTANT:" + prefix);
        TaskPrompt chat = first(task, PromptStyle.CHAT);
        assertThat(chat.system()).isEmpty();
        assertThat(chat.user()).startsWith("Read the following").endsWith(" in the above coded text?");
        assertThat(chat.answerStart()).isEqualTo(prefix);
    }

    @Test
    void promptTemplateAndAnswerFitTheLength() throws IOException {
        for (PromptStyle style : PromptStyle.values()) {
            for (String name : List.of("niah_single_2", "fwe")) {
                Task task = suite.open(name, SEED_42);
                QuestionSettings settings = settings(task, style);
                assertThat(task.questions(5, settings))
                        .allSatisfy(question -> assertThat(
                                        settings.tokens(question.prompts().get(0)) - 1 + task.newTokens())
                                .isLessThanOrEqualTo(2048));
            }
        }
    }

    @Test
    void theIdentityChangesWithWhatTheSamplesAreMadeOf() throws IOException {
        Map<String, String> identity = suite.open("vt", SEED_42).identity();
        assertThat(identity)
                .containsEntry("ruler", "1, after NVIDIA/RULER c3f5e3b")
                .containsEntry("seed", "42")
                .containsOnlyKeys("ruler", "seed", "words");
        assertThat(suite.open("vt", new SuiteSource(Optional.empty(), 43)).identity())
                .isNotEqualTo(identity);
        Map<String, String> shipped = suite.open("niah_single_2", SEED_42).identity();
        Path own = Files.createDirectory(folder.resolve("own"));
        Files.writeString(own.resolve("own.txt"), "It was a morning. And there was evening.");
        SuiteSource withOwn = new SuiteSource(Optional.of(own), 42);
        assertThat(suite.open("vt", withOwn).identity()).isEqualTo(identity);
        Task task = suite.open("niah_single_2", withOwn);
        assertThat(task.identity()).isNotEqualTo(shipped).containsOnlyKeys("ruler", "seed", "words", "prose");
        assertThat(first(task, PromptStyle.PLAIN).user()).contains("It was a morning.");
    }

    @Test
    void refusesWhatItDoesNotHave() {
        assertThatThrownBy(() -> suite.open("niah_singel_1", SEED_42))
                .isInstanceOf(Refusal.class)
                .hasMessage("tasks 'niah_singel_1' is unknown; known: niah_single_1, niah_single_2, niah_single_3,"
                        + " niah_multikey_1, niah_multikey_2, niah_multikey_3, niah_multivalue, niah_multiquery, vt, cwe, fwe"
                        + "; did you mean 'niah_single_1'?");
        assertThatThrownBy(() -> suite.scoring("qa_1"))
                .isInstanceOf(Refusal.class)
                .hasMessageStartingWith("tasks 'qa_1' is unknown");
        assertThatThrownBy(() -> suite.open("vt", new SuiteSource(Optional.empty(), -1)))
                .isInstanceOf(Refusal.class)
                .hasMessage("seed must be from 0 to 2147483647 for RULER, was -1");
    }
}
