package resonance.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import resonance.evaluation.Provenance;
import resonance.evaluation.passkey.PasskeyAnswer;
import resonance.evaluation.passkey.PasskeyKey;
import resonance.evaluation.passkey.PasskeyPrompt;
import resonance.evaluation.passkey.PasskeyTrial;
import resonance.model.EncodingChoice;
import resonance.rope.LayerFrequencies;
import resonance.rope.RopeSettings;
import resonance.transformer.position.RotaryEncoding;

class PasskeyRunTest {
    private static final String VERSION = "1.2.3";

    /** Keeps what it is told. */
    private static final class Heard implements RunListener<PasskeyKey, PasskeyTrial> {
        final List<PasskeyKey> started = new ArrayList<>();
        final List<Double> fractions = new ArrayList<>();
        final List<PasskeyTrial> finished = new ArrayList<>();

        @Override
        public void cellStarted(PasskeyKey cell) {
            started.add(cell);
        }

        @Override
        public void advanced(double fraction, OptionalDouble secondsLeft) {
            fractions.add(fraction);
        }

        @Override
        public void cellFinished(PasskeyTrial cell) {
            finished.add(cell);
        }
    }

    private static boolean never() {
        return false;
    }

    private static PasskeySettings settings(int depths, int trials, String... encodings) {
        return new PasskeySettings(
                List.of(900, 600),
                depths,
                trials,
                List.of(encodings),
                OptionalDouble.empty(),
                RopeSettings.DEFAULTS,
                42);
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void answersAndLossesAreThoseOfFullLogits(boolean bos, @TempDir Path folder) throws IOException {
        try (LanguageModel model = TinyModel.load(11, bos)) {
            PasskeyRun run = new PasskeyRun(model, settings(2, 1, "yarn"), folder, VERSION);
            Heard heard = new Heard();
            assertThat(run.run(heard, PasskeyRunTest::never)).isTrue();
            assertThat(heard.finished).hasSize(4);
            assertThat(heard.fractions).isSorted().endsWith(1.0);
            for (PasskeyTrial trial : heard.finished) {
                LayerFrequencies frequencies = EncodingChoice.of("yarn", RopeSettings.ofFactor(900 / 32.0))
                        .frequencies(model.description(), trial.length());
                String prompt = PasskeyPrompt.fitting(
                                trial.length(),
                                trial.depth(),
                                trial.key(),
                                text -> PromptTokens.of(model.tokenizer(), text).length)
                        .text();
                assertThat(trial.promptTokens())
                        .isEqualTo(prompt.length() + (bos ? 1 : 0))
                        .isBetween(trial.length() - PasskeyPrompt.STEP, trial.length());
                assertThat(trial.keyLoss())
                        .isCloseTo(keyLoss(model, frequencies, prompt, " " + trial.key()), within(1e-4));
                assertThat(trial.answer()).isEqualTo(answer(model, frequencies, prompt));
            }
        }
    }

    private static double keyLoss(
            LanguageModel model, LayerFrequencies frequencies, String prompt, String continuation) {
        int[] tokens = PromptTokens.of(model.tokenizer(), prompt + continuation);
        int vocabulary = model.description().decoder().vocabularySize();
        float[] logits = model.decoder().logits(new RotaryEncoding(frequencies), tokens);
        double loss = 0;
        for (int i = tokens.length - continuation.length(); i < tokens.length; i++) {
            double sum = 0;
            for (int v = 0; v < vocabulary; v++) {
                sum += Math.exp(logits[(i - 1) * vocabulary + v]);
            }
            loss += Math.log(sum) - logits[(i - 1) * vocabulary + tokens[i]];
        }
        return loss / continuation.length();
    }

    /** Greedy, with the whole text read again for every token. */
    private static String answer(LanguageModel model, LayerFrequencies frequencies, String prompt) {
        int[] tokens = PromptTokens.of(model.tokenizer(), prompt);
        int vocabulary = model.description().decoder().vocabularySize();
        int[] answer = new int[PasskeyAnswer.TOKENS];
        for (int i = 0; i < answer.length; i++) {
            float[] logits = model.decoder().logits(new RotaryEncoding(frequencies), tokens);
            int best = 0;
            for (int v = 0; v < vocabulary; v++) {
                int last = (tokens.length - 1) * vocabulary;
                best = logits[last + v] > logits[last + best] ? v : best;
            }
            answer[i] = best;
            tokens = Arrays.copyOf(tokens, tokens.length + 1);
            tokens[tokens.length - 1] = best;
        }
        return model.tokenizer().decode(answer);
    }

    @Test
    void everyEncodingIsAskedTheSameQuestions(@TempDir Path folder) throws IOException {
        try (LanguageModel model = TinyModel.load(12, true)) {
            PasskeyRun run = new PasskeyRun(model, settings(1, 2, "none", "model"), folder, VERSION);
            Heard heard = new Heard();
            assertThat(run.run(heard, PasskeyRunTest::never)).isTrue();
            List<PasskeyTrial> trials = run.finished();
            assertThat(trials).hasSize(8);
            for (int i = 0; i < trials.size(); i += 2) {
                assertThat(trials.get(i).encoding()).isEqualTo("none");
                assertThat(trials.get(i + 1).encoding()).isEqualTo("model");
                assertThat(trials.get(i + 1).key()).isEqualTo(trials.get(i).key());
                // The model has no scaling of its own.
                assertThat(trials.get(i + 1).answer()).isEqualTo(trials.get(i).answer());
                assertThat(trials.get(i + 1).keyLoss()).isEqualTo(trials.get(i).keyLoss());
            }
        }
    }

    @Test
    void aRunThatWasStoppedGoesOnAndEndsLikeOneThatWasNot(@TempDir Path folder) throws IOException {
        try (LanguageModel model = TinyModel.load(13, true)) {
            PasskeySettings settings = settings(2, 1, "none", "dynamic-ntk");
            PasskeyRun whole = new PasskeyRun(model, settings, folder.resolve("whole"), VERSION);
            assertThat(whole.run(new Heard(), PasskeyRunTest::never)).isTrue();

            Path out = folder.resolve("stopped");
            Heard heard = new Heard();
            assertThat(new PasskeyRun(model, settings, out, VERSION).run(heard, () -> heard.started.size() == 3))
                    .isFalse();
            PasskeyRun continued = new PasskeyRun(model, settings, out, VERSION);
            assertThat(continued.missing()).hasSize(6);
            assertThat(continued.run(new Heard(), PasskeyRunTest::never)).isTrue();
            assertThat(outcomes(continued)).isEqualTo(outcomes(whole));
            assertThat(continued
                            .results(Provenance.ofThisMachine("1", "unknown", "none", "test"))
                            .complete())
                    .isTrue();
            assertThat(new PasskeyRun(model, settings(2, 1, "none", "linear"), out, VERSION).missing())
                    .extracting(PasskeyKey::encoding)
                    .containsOnly("linear")
                    .hasSize(4);
        }
    }

    private static List<Object> outcomes(PasskeyRun run) throws IOException {
        return run.finished().stream()
                .<Object>map(trial -> List.of(trial.place(), trial.key(), trial.answer(), trial.keyLoss()))
                .toList();
    }

    @Test
    void refusesWhatCannotBeAsked(@TempDir Path folder) throws IOException {
        assertThatThrownBy(() -> settings(0, 1, "none"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("depths must be at least 1, was 0");
        assertThatThrownBy(() -> settings(1, 0, "none")).hasMessage("trials must be at least 1, was 0");
        PasskeySettings tooShort = new PasskeySettings(
                List.of(100), 1, 1, List.of("none"), OptionalDouble.empty(), RopeSettings.DEFAULTS, 42);
        Path out = folder.resolve("out");
        try (LanguageModel model = TinyModel.load(14, false)) {
            assertThatThrownBy(() -> new PasskeyRun(model, tooShort, out, VERSION))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageMatching(
                            "length must be at least \\d+ tokens, which the passkey prompt has without filler,"
                                    + " was 100");
        }
        assertThat(out).doesNotExist();
    }
}
