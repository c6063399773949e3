package resonance.language;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import resonance.evaluation.MeasuredModel;
import resonance.evaluation.extension.ExtensionPlan;
import resonance.evaluation.passkey.PasskeyPlan;
import resonance.evaluation.passkey.PasskeyTask;
import resonance.evaluation.ruler.RulerSuite;
import resonance.evaluation.search.Needle;
import resonance.evaluation.task.ChatTemplate;
import resonance.evaluation.task.PromptStyle;
import resonance.evaluation.task.QuestionSettings;
import resonance.evaluation.task.SuiteSource;
import resonance.evaluation.task.Task;
import resonance.rope.EncodingName;
import resonance.rope.NoScaling;
import resonance.rope.Refusal;
import resonance.study.Sha256;
import resonance.transformer.inference.DecodingSession;
import resonance.transformer.inference.PassListener;
import resonance.transformer.position.PositionEncoding;

/**
 * Numbers hidden in prompts of a length, and what they cost a model.
 *
 * <p>Passkeys in filler text and RULER's {@value #RULER}, a number among many sentences of prose, take turns: an encoding that is
 * chosen by one kind of prompt alone may be good at that kind. Where RULER's prompt does not fit the length, or its prose is
 * missing, all are passkeys.
 *
 * @param prompts in tokens, by needle
 */
record NeedlePrompts(Map<Needle, Prompt> prompts) {
    /** RULER's task. */
    static final String RULER = "niah_single_2";

    /**
     * A prompt.
     *
     * @param tokens of it
     * @param withAnswer the same continued with the number
     */
    @SuppressWarnings("ArrayRecordComponent") // vectors that are handed on, never compared
    record Prompt(int[] tokens, int[] withAnswer) {}

    /**
     * Makes prompts.
     *
     * @param prose English for RULER's haystack
     * @param count how many, at least 1
     * @throws Refusal if the length is too short for a passkey
     */
    static NeedlePrompts of(LanguageModel model, MeasuredModel name, Path prose, int length, int count, long seed)
            throws IOException {
        List<Prompt> ruler = ruler(model, prose, length, count / 2, seed);
        Map<Needle, Prompt> prompts = new LinkedHashMap<>();
        List<PasskeyTask> passkeys = passkeys(name, length, count - ruler.size(), seed);
        for (int i = 0; i < Math.max(passkeys.size(), ruler.size()); i++) {
            if (i < passkeys.size()) {
                PasskeyTask task = passkeys.get(i);
                PasskeyQuestion question = PasskeyQuestion.of(task, model.tokenizer());
                prompts.put(
                        new Needle(Needle.PASSKEY, task.trial(), task.depth(), seed),
                        new Prompt(question.prompt(), question.promptAndKey()));
            }
            if (i < ruler.size()) {
                prompts.put(new Needle(RULER, i, Double.NaN, seed), ruler.get(i));
            }
        }
        return new NeedlePrompts(prompts);
    }

    /** Passkeys at the depths of an extension, in its order, and again at each with other numbers until they are as many. */
    static List<PasskeyTask> passkeys(MeasuredModel name, int length, int count, long seed) {
        int depths = ExtensionPlan.DEPTHS.size();
        return new PasskeyPlan(
                        name,
                        List.of(new EncodingName(NoScaling.METHOD, false)),
                        List.of(length),
                        depths,
                        (count + depths - 1) / depths,
                        seed)
                .tasks().stream()
                        .sorted(Comparator.comparingInt(PasskeyTask::trial)
                                .thenComparingInt(task -> ExtensionPlan.DEPTHS.indexOf(task.depth())))
                        .limit(count)
                        .toList();
    }

    private static List<Prompt> ruler(LanguageModel model, Path prose, int length, int count, long seed)
            throws IOException {
        if (count == 0 || !Files.exists(prose)) {
            return List.of();
        }
        Task task = new RulerSuite(prose).open(RULER, new SuiteSource(Optional.empty(), seed));
        ChatTemplate template = ModelChat.template(model.model(), PromptStyle.PLAIN);
        QuestionSettings settings = new QuestionSettings(
                length, task.newTokens(length), PromptStyle.PLAIN, new ModelTokens(model.tokenizer()), template);
        try {
            return PreparedQuestion.of(task.questions(count, settings), template, model.tokenizer()).stream()
                    .map(question -> question.prompts().get(0))
                    .map(prompt -> new Prompt(prompt.tokens(), prompt.withTarget()))
                    .toList();
        } catch (Refusal tooShort) {
            return List.of();
        }
    }

    List<Needle> needles() {
        return List.copyOf(prompts.keySet());
    }

    /** SHA-256 of every token of some prompts. */
    String sha256(List<Needle> needles) {
        List<int[]> texts = new ArrayList<>();
        needles.forEach(needle -> texts.add(prompt(needle).withAnswer()));
        ByteBuffer bytes = ByteBuffer.allocate(
                4 * texts.stream().mapToInt(text -> text.length + 1).sum());
        for (int[] text : texts) {
            bytes.putInt(text.length);
            for (int token : text) {
                bytes.putInt(token);
            }
        }
        return Sha256.of(bytes.array());
    }

    private Prompt prompt(Needle needle) {
        return requireNonNull(prompts.get(needle), "a needle must be one of the plan's");
    }

    /**
     * Mean −ln p of a number's own tokens after its prompt, nats; the prompt is read once.
     *
     * @param where encoding and length, for refusals
     */
    double loss(LanguageModel model, PositionEncoding positions, Needle needle, String where, PassListener listener) {
        Prompt prompt = prompt(needle);
        try (DecodingSession session = model.decoder().start(positions, prompt.withAnswer().length)) {
            BrokenModelException.require(session.append(prompt.tokens(), listener), where);
            return AnswerLoss.of(session, prompt.tokens(), prompt.withAnswer(), where);
        }
    }
}
