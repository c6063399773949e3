package resonance.evaluation.longbench;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import resonance.evaluation.task.PromptStyle;
import resonance.evaluation.task.PythonText;
import resonance.evaluation.task.QuestionSettings;
import resonance.evaluation.task.Task;
import resonance.evaluation.task.TaskDataException;
import resonance.evaluation.task.TaskPrompt;
import resonance.evaluation.task.TaskQuestion;
import resonance.evaluation.task.TaskReference;
import resonance.study.Sha256;

/**
 * The questions of one length in {@code data.json}, a list of objects with {@code context}, {@code question}, {@code choice_A} to
 * {@code choice_D}, {@code answer} and {@code length}. The file is half a gigabyte and is read object by object.
 *
 * @param name the length
 * @param sha256 of the file
 * @param items at least one
 */
record LongBench2File(String name, String sha256, List<Item> items) implements Task {
    private static final int NEW_TOKENS = 128;

    /** A question: its whole prompt, and the letter of the right choice. */
    record Item(String prompt, String answer) {}

    LongBench2File {
        items = List.copyOf(items);
    }

    static LongBench2File read(String length, Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new TaskDataException(file + " must be a file, " + (Files.exists(file) ? "is none" : "was not found")
                    + "; name the folder that has it");
        }
        MessageDigest digest = Sha256.digest();
        List<Item> items = new ArrayList<>();
        JsonMapper mapper = new JsonMapper();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest);
                JsonParser parser = mapper.createParser(in)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw new TaskDataException(file + " must be a list of questions, is none; get it anew");
            }
            while (parser.nextToken() == JsonToken.START_OBJECT) {
                String where = file + ", line " + parser.currentTokenLocation().getLineNr();
                JsonNode row = mapper.readTree(parser);
                if (text(row, "length", where).equals(length)) {
                    items.add(new Item(prompt(row, where), text(row, "answer", where)));
                }
            }
            in.transferTo(OutputStream.nullOutputStream());
        } catch (JsonProcessingException e) {
            throw new TaskDataException(
                    file + ", line " + e.getLocation().getLineNr() + " must be JSON, is not; get the file anew", e);
        }
        if (items.isEmpty()) {
            throw new TaskDataException(
                    file + " must hold a question whose length is " + length + ", holds none; get it anew");
        }
        return new LongBench2File(length, HexFormat.of().formatHex(digest.digest()), items);
    }

    private static String prompt(JsonNode row, String where) {
        String prompt = """
                Please read the following text and answer the question below.

                <text>
                $DOC$
                </text>

                What is the correct answer to this question: $Q$
                Choices:
                (A) $C_A$
                (B) $C_B$
                (C) $C_C$
                (D) $C_D$

                Format your response as follows: "The correct answer is (insert answer here)".""";
        // One after the other, as theirs: what looks like a field in a context is replaced as well.
        prompt = prompt.replace("$DOC$", stripped(row, "context", where))
                .replace("$Q$", stripped(row, "question", where));
        for (String letter : List.of("A", "B", "C", "D")) {
            prompt = prompt.replace("$C_" + letter + "$", stripped(row, "choice_" + letter, where));
        }
        return prompt;
    }

    private static String stripped(JsonNode row, String key, String where) {
        return PythonText.strip(text(row, key, where));
    }

    private static String text(JsonNode row, String key, String where) {
        JsonNode text = row.path(key);
        if (!text.isTextual()) {
            throw new TaskDataException(where + ": " + key + " must be a text, "
                    + (text.isMissingNode() ? "is missing" : "is not") + "; get the file anew");
        }
        return text.textValue();
    }

    @Override
    public int count() {
        return items.size();
    }

    @Override
    public int newTokens() {
        return NEW_TOKENS;
    }

    @Override
    public Map<String, String> identity() {
        return Map.of("data", sha256);
    }

    /**
     * {@inheritDoc}
     *
     * <p>The prompt without a chat template may have {@code length − newTokens} tokens; LongBench's 120,000 for models of 128,000
     * are a length of 120,128.
     */
    @Override
    public List<TaskQuestion> questions(int count, QuestionSettings settings) {
        int budget = PromptBudget.of(settings.length(), settings.newTokens());
        List<TaskQuestion> questions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Item item = items.get(i);
            String text = MiddleTruncation.ofVersion2(item.prompt(), budget, settings.tokens());
            String target = "The correct answer is (" + item.answer() + ")";
            TaskPrompt prompt = settings.style() == PromptStyle.PLAIN
                    ? TaskPrompt.ofText(text, "\n\n" + target)
                    : LongBenchPrompts.of(text, false, target, settings.style());
            questions.add(new TaskQuestion(i, List.of(prompt), TaskReference.of(item.answer()), List.of()));
        }
        return List.copyOf(questions);
    }
}
