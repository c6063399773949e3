package resonance.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import resonance.evaluation.passkey.PasskeyAnswer;
import resonance.evaluation.passkey.PasskeyKey;
import resonance.evaluation.passkey.PasskeyPrompt;
import resonance.evaluation.passkey.PasskeyReport;
import resonance.evaluation.passkey.PasskeyTrial;
import resonance.model.EncodingChoice;
import resonance.model.PlacementChoice;
import resonance.rope.EncodingName;
import resonance.rope.LayerFrequencies;
import resonance.rope.ScalingSettings;
import resonance.study.StudyListener.Progress;
import resonance.transformer.position.RotaryEncoding;

class PasskeyStudyTest {
    private static final String VERSION = "1.2.3";

    private static PasskeySettings settings(int depths, int trials, String... encodings) {
        return new PasskeySettings(
                List.of(900, 600),
                depths,
                trials,
                Stream.of(encodings).map(EncodingName::valueOf).toList(),
                OptionalDouble.empty(),
                PlacementChoice.USUAL,
                ScalingSettings.DEFAULTS,
                42);
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void answersAndLossesAreThoseOfFullLogits(boolean bos, @TempDir Path folder) throws IOException {
        try (LanguageModel model = TinyModel.load(11, bos)) {
            StudiedFolder<PasskeyKey, PasskeyTrial> run =
                    new StudiedFolder<>(new PasskeyStudy(model, settings(2, 1, "yarn"), VERSION), folder);
            assertThat(run.run()).isTrue();
            assertThat(run.finished).hasSize(4);
            assertThat(run.progress.stream().map(Progress::fraction).toList())
                    .isSorted()
                    .endsWith(1.0);
            for (PasskeyTrial trial : run.finished) {
                LayerFrequencies frequencies = EncodingChoice.of("yarn", ScalingSettings.ofFactor(900 / 32.0))
                        .frequencies(model.description().positions(), trial.length());
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
            StudiedFolder<PasskeyKey, PasskeyTrial> run =
                    new StudiedFolder<>(new PasskeyStudy(model, settings(1, 2, "none", "model"), VERSION), folder);
            assertThat(run.run()).isTrue();
            List<PasskeyTrial> trials = run.results();
            assertThat(trials).hasSize(8);
            for (int i = 0; i < trials.size(); i += 2) {
                assertThat(trials.get(i).encoding()).hasToString("none");
                assertThat(trials.get(i + 1).encoding()).hasToString("model");
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
            StudiedFolder<PasskeyKey, PasskeyTrial> whole = open(model, settings, folder.resolve("whole"));
            assertThat(whole.run()).isTrue();

            Path out = folder.resolve("stopped");
            StudiedFolder<PasskeyKey, PasskeyTrial> stopped = open(model, settings, out);
            assertThat(stopped.run(() -> stopped.started.size() == 3)).isFalse();
            StudiedFolder<PasskeyKey, PasskeyTrial> continued = open(model, settings, out);
            assertThat(continued.missing()).hasSize(6);
            assertThat(continued.run()).isTrue();
            assertThat(outcomes(continued)).isEqualTo(outcomes(whole));
            assertThat(PasskeyReport.read(out).records().cells()).hasSize(8);
            assertThat(open(model, settings(2, 1, "none", "linear"), out).missing())
                    .extracting(key -> key.encoding().toString())
                    .containsOnly("linear")
                    .hasSize(4);
        }
    }

    private static StudiedFolder<PasskeyKey, PasskeyTrial> open(
            LanguageModel model, PasskeySettings settings, Path folder) {
        return new StudiedFolder<>(new PasskeyStudy(model, settings, VERSION), folder);
    }

    private static List<Object> outcomes(StudiedFolder<PasskeyKey, PasskeyTrial> run) throws IOException {
        return run.results().stream()
                .<Object>map(trial -> List.of(trial.place(), trial.key(), trial.answer(), trial.keyLoss()))
                .toList();
    }

    @Test
    void refusesWhatCannotBeAsked() {
        assertThatThrownBy(() -> settings(0, 1, "none"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("depths must be at least 1, was 0");
        assertThatThrownBy(() -> settings(1, 0, "none")).hasMessage("trials must be at least 1, was 0");
        PasskeySettings tooShort = new PasskeySettings(
                List.of(100),
                1,
                1,
                List.of(EncodingName.valueOf("none")),
                OptionalDouble.empty(),
                PlacementChoice.USUAL,
                ScalingSettings.DEFAULTS,
                42);
        try (LanguageModel model = TinyModel.load(14, false)) {
            assertThatThrownBy(() -> new PasskeyStudy(model, tooShort, VERSION))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageMatching(
                            "length must be at least \\d+ tokens, which the passkey prompt has without filler,"
                                    + " was 100");
        }
    }
}
