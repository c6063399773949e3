package resonance.evaluation.leval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import resonance.evaluation.task.PromptStyle;
import resonance.evaluation.task.QuestionSettings;
import resonance.evaluation.task.SuiteSource;
import resonance.evaluation.task.Task;
import resonance.evaluation.task.TaskPrompt;
import resonance.evaluation.task.TaskQuestion;

class LevalFileTest {
    private static final LevalSuite SUITE = new LevalSuite();

    private static final String ROW =
            "{\"instructions\": [\"Is it so?\", \"Why?\"], \"outputs\": [\"A\", \"(B) Because.\"],"
                    + " \"input\": \"A text.\", \"evaluation\": \"exam\"}\n";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private Task open(String task, String content) throws IOException {
        Files.writeString(folder.resolve(LevalTask.named(task).orElseThrow().file()), content);
        return SUITE.open(task, new SuiteSource(Optional.of(folder), 1));
    }

    private static QuestionSettings settings(PromptStyle style) {
        return new QuestionSettings(1000, 512, style, new WordTokens(1, 4), (system, user) -> {
            throw new IllegalStateException("chats are put into their template by whoever asks");
        });
    }

    @Test
    void everyQuestionOfEveryDocumentIsAskedInOrder() throws IOException {
        Task task = open("coursera", ROW + "\n" + ROW.replace("A text.", "Another."));
        assertThat(task.count()).isEqualTo(4);
        assertThat(task.newTokens()).isEqualTo(512);
        List<TaskQuestion> questions = task.questions(3, settings(PromptStyle.PLAIN));
        assertThat(questions).extracting(TaskQuestion::index).containsExactly(0, 1, 2);
        assertThat(questions)
                .extracting(question -> question.reference().answers().get(0))
                .containsExactly("A", "(B) Because.", "A");
        assertThat(questions.get(2).prompts().get(0).user())
                .endsWith("Document is as follows. Another. \nQuestion: Is it so?  \nAnswer:");
        assertThat(task.questions(4, settings(PromptStyle.PLAIN)).subList(0, 3)).isEqualTo(questions);
    }

    @Test
    void theIdentityIsThatOfTheFile() throws IOException {
        Task first = open("quality", ROW);
        assertThat(open("quality", ROW).identity()).isEqualTo(first.identity());
        assertThat(open("quality", ROW + ROW).identity()).isNotEqualTo(first.identity());
    }

    @Test
    void promptsAreLetterByLetterTheScripts() throws IOException {
        String exam =
                "Now you are given a very long document. Please follow the instruction based on this document. For"
                        + " multi-choice questions, there is only a sinlge correct option. Please only provide the letter"
                        + " corresponding to the answer (like A or B) when answering. For other questions, please directly give"
                        + " the concise and accurate answer. ";
        Task task = open("toefl", ROW);
        assertThat(prompts(task, PromptStyle.PLAIN))
                .containsExactly(TaskPrompt.ofText(
                        exam + "Document is as follows. A text. \nQuestion: Is it so?  \nAnswer:", " A"));
        assertThat(prompts(task, PromptStyle.LLAMA2))
                .containsExactly(TaskPrompt.ofText(
                        "[INST]<<SYS>>\n" + exam
                                + "\n<</SYS>>\n\nDocument is as follows. A text. \nQuestion: Is it so?."
                                + "  Please directly give the answer without any additional output or explanation [/INST]"
                                + "\nAnswer:",
                        " A"));
        assertThat(prompts(task, PromptStyle.VICUNA))
                .containsExactly(TaskPrompt.ofText(
                        "A chat between a curious user and an artificial intelligence assistant.The assistant gives helpful,"
                                + " detailed, and polite answers to the user's questions. USER: " + exam
                                + "Document is as follows. A text. \nQuestion: Is it so?  \nAnswer:",
                        " A"));
        assertThat(prompts(task, PromptStyle.CHAT))
                .containsExactly(TaskPrompt.ofChat(
                        exam,
                        "Document is as follows. A text. Question: Is it so? \nPlease directly give answer without any"
                                + " additional output or explanation\n Answer: ",
                        "",
                        "A"));
    }

    @Test
    void courseraAllowsSeveralLettersAndGsmIsOnlyContinued() throws IOException {
        assertThat(prompts(open("coursera", ROW), PromptStyle.PLAIN).get(0).user())
                .startsWith(
                        "Now you are given a very long document. Please follow the instruction based on this document. For"
                                + " multi-choice questions, there could be a sinlge correct option or multiple correct options. Please"
                                + " only provide the letter corresponding to the answer (like A or AB) when answering. Document is as");
        Task gsm = open("gsm", ROW.replace("\"A\"", "\"18\""));
        String system =
                "Given several question answer pairs, you need to follow a similar format to answer the last question."
                        + " Make sure the response is end with The answer is _ . ";
        String asked = "A text.\n\nIs it so?";
        assertThat(prompts(gsm, PromptStyle.PLAIN))
                .containsExactly(TaskPrompt.ofText(system + asked, "The answer is 18"));
        assertThat(prompts(gsm, PromptStyle.VICUNA)).isEqualTo(prompts(gsm, PromptStyle.PLAIN));
        assertThat(prompts(gsm, PromptStyle.LLAMA2).get(0).user())
                .isEqualTo("[INST]<<SYS>>\n" + system + "\n<</SYS>>\n\n" + asked);
        assertThat(prompts(gsm, PromptStyle.CHAT))
                .containsExactly(TaskPrompt.ofChat(system, asked, "", "The answer is 18"));
    }

    @ParameterizedTest
    @CsvSource({"{{x}},{x}", "{x},{x}", "{{x}} {y},{{x}} {y}", "{{{x}}},{{{x}}}"})
    void bracesOfCodeAreReadAsPythonsFormatReadsThem(String code, String asked) throws IOException {
        Task task = open("codeu", ROW.replace("A text.", code));
        assertThat(prompts(task, PromptStyle.LLAMA2).get(0).user()).endsWith("\n" + asked + "\n\nIs it so?");
        assertThat(prompts(task, PromptStyle.PLAIN).get(0).user()).endsWith("question." + code + "\n\nIs it so?");
    }

    @Test
    void aStoryIsAskedAboutTwiceAndTheSecondTimeWithoutIt() throws IOException {
        String question =
                "1.\\tStars talk, True or False? Answer this question based on the world described in the document.";
        Task task = open("sfiction", ROW.replace("Is it so?", question).replace("\"A\"", "\"True [fact: False]\""));
        String fact =
                "1.\tStars talk, True or False? Answer this question based on the real-world knowledge and facts up"
                        + " until your last training";
        List<TaskPrompt> plain = prompts(task, PromptStyle.PLAIN);
        assertThat(plain.get(0).target()).isEqualTo(" True");
        assertThat(plain.get(0).user())
                .startsWith(
                        "Now you are given a scientific fiction. I will ask you some questions and the answer should be"
                                + " \"True\" or \"False\". Notice that you should answer the question based on the evidence in the"
                                + " document instead of your background knowledge.Document is as follows. A text. \nQuestion: 1.\tStars");
        assertThat(plain.get(1)).isEqualTo(TaskPrompt.ofText(fact + "\nAnswer:", " False"));
        assertThat(prompts(task, PromptStyle.LLAMA2).get(1))
                .isEqualTo(TaskPrompt.ofText(
                        fact + "Please directly answer without any additional output or explanation. \nAnswer:",
                        " False"));
        assertThat(prompts(task, PromptStyle.CHAT).get(1))
                .isEqualTo(TaskPrompt.ofChat(
                        "",
                        fact + "\nPlease directly give answer without any additional output or explanation \nAnswer:",
                        "",
                        "False"));
    }

    private static List<TaskPrompt> prompts(Task task, PromptStyle style) {
        return task.questions(1, settings(style)).get(0).prompts();
    }

    @Test
    void theDocumentHasWhatTheAnswerLeavesOfTheLength() throws IOException {
        Task task = open("quality", ROW.replace("A text.", "word ".repeat(1000)));
        String user = prompts(task, PromptStyle.PLAIN).get(0).user();
        // 1000 − 512 = 488 tokens of four characters: 488 words of five with their spaces have 610, 238 have 298.
        assertThat(user).contains("Document is as follows. " + "word ".repeat(237) + "word \nQuestion:");
    }

    @Test
    void aLengthThatHoldsOnlyTheAnswerIsRefused() throws IOException {
        Task task = open("quality", ROW);
        QuestionSettings settings =
                new QuestionSettings(512, 512, PromptStyle.PLAIN, new WordTokens(1, 4), (system, user) -> user);
        assertThatThrownBy(() -> task.questions(1, settings))
                .hasMessage(
                        "lengths must be above the 512 tokens of an answer of L-Eval, found 512; take longer ones, or fewer"
                                + " newTokens");
    }

    @Test
    void aDamagedFileIsRefusedByNameAndLine() {
        Path file = folder.resolve("tpo.jsonl");
        assertThatThrownBy(() -> SUITE.open("toefl", new SuiteSource(Optional.of(folder), 1)))
                .hasMessage(file + " must be a file, was not found; name the folder that has it");
        assertThatThrownBy(() -> open("toefl", ROW + "{\"input\": "))
                .hasMessage(file + ", line 2 must be JSON, is not; get the file anew");
        assertThatThrownBy(() -> open("toefl", ROW + "\n[1]"))
                .hasMessage(file + ", line 3 must be a JSON object, is none; get the file anew");
        assertThatThrownBy(() -> open("toefl", " \n"))
                .hasMessage(file + " must have at least one row, is empty; get it anew");
        assertThatThrownBy(() -> open("toefl", ROW.replace("input", "inputs")))
                .hasMessage(file + ", line 1: input must be a text, is missing; get the file anew");
        assertThatThrownBy(() -> open("toefl", ROW.replace("\"Why?\"", "7")))
                .hasMessage(file + ", line 1: instructions must be a list of texts, is not; get the file anew");
        assertThatThrownBy(() -> open("toefl", ROW.replace(", \"Why?\"", "")))
                .hasMessage(
                        file + ", line 1: instructions and outputs must be as many, were 1 and 2; get the file anew");
    }

    @Test
    void aFileThatIsNotUtf8IsRefused() throws IOException {
        Path file = Files.write(folder.resolve("tpo.jsonl"), new byte[] {'{', (byte) 0xE9, '}'});
        assertThatThrownBy(() -> SUITE.open("toefl", new SuiteSource(Optional.of(folder), 1)))
                .hasMessage(file + " must be UTF-8, is not; get it anew, or convert it with iconv");
    }

    @Test
    void withoutAFolderOrWithAnUnknownTaskNothingIsOpened() {
        assertThatThrownBy(() -> SUITE.open("toefl", new SuiteSource(Optional.empty(), 1)))
                .hasMessage("data must be the folder with the files of L-Eval, was left out; name it");
        assertThatThrownBy(() -> SUITE.scoring("tofel"))
                .hasMessage(
                        "tasks 'tofel' is unknown; known: coursera, gsm, quality, toefl, codeu, sfiction; did you mean"
                                + " 'toefl'?");
    }
}
