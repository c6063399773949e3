package resonance.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import resonance.model.EncodingChoice;
import resonance.rope.LayerFrequencies;
import resonance.rope.ScalingSettings;
import resonance.transformer.position.RotaryEncoding;

class TextGeneratorTest {
    private static final EncodingChoice DYNAMIC = EncodingChoice.of("dynamic-ntk", ScalingSettings.DEFAULTS);
    private static final String PROMPT = "It was a dark and stormy night; the rain";

    /** Keeps what it is told. */
    private static final class Heard implements GenerationListener {
        final List<Double> fractions = new ArrayList<>();
        final List<String> pieces = new ArrayList<>();

        @Override
        public void promptRead(double fraction) {
            fractions.add(fraction);
        }

        @Override
        public void textContinued(String characters) {
            pieces.add(characters);
        }
    }

    private static boolean never() {
        return false;
    }

    private static SamplingSettings sampling(long seed) {
        return new SamplingSettings(0.9, 40, 0.95, 0.01, 1.1, seed);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void greedyTextIsThatOfFullLogitsUnderTheEncodingOfTheWholeLength(boolean bos) {
        try (LanguageModel model = TinyModel.load(21, bos)) {
            int[] tokens = PromptTokens.of(model.tokenizer(), PROMPT);
            LayerFrequencies frequencies =
                    DYNAMIC.frequencies(model.description().positions(), tokens.length + 12);
            int[] written = new int[12];
            for (int i = 0; i < written.length; i++) {
                float[] logits = model.decoder().logits(new RotaryEncoding(frequencies), tokens);
                int vocabulary = model.description().decoder().vocabularySize();
                written[i] = new Sampler(SamplingSettings.GREEDY)
                        .choose(Arrays.copyOfRange(logits, logits.length - vocabulary, logits.length));
                tokens = Arrays.copyOf(tokens, tokens.length + 1);
                tokens[tokens.length - 1] = written[i];
            }
            Heard heard = new Heard();
            Generation generation = new TextGenerator(model, DYNAMIC)
                    .generate(PROMPT, 12, SamplingSettings.GREEDY, heard, TextGeneratorTest::never);
            assertThat(generation.text()).isEqualTo(model.tokenizer().decode(written));
            assertThat(generation.tokens()).isEqualTo(12);
            assertThat(generation.end()).isEqualTo(Generation.End.MAXIMUM_TOKENS);
            assertThat(generation.promptTokens()).isEqualTo(PROMPT.length() + (bos ? 1 : 0));
            assertThat(heard.fractions).isSorted().startsWith(0.0).endsWith(1.0);
        }
    }

    @Test
    void thePiecesAreTheTextAndDependOnTheSeedAlone() {
        try (LanguageModel model = TinyModel.load(22, true)) {
            TextGenerator generator = new TextGenerator(model, DYNAMIC);
            Heard heard = new Heard();
            Generation first = generator.generate(PROMPT, 60, sampling(1), heard, TextGeneratorTest::never);
            assertThat(String.join("", heard.pieces)).isEqualTo(first.text()).isNotEmpty();
            Generation again = generator.generate(PROMPT, 60, sampling(1), new Heard(), TextGeneratorTest::never);
            assertThat(again.text()).isEqualTo(first.text());
            Generation other = generator.generate(PROMPT, 60, sampling(2), new Heard(), TextGeneratorTest::never);
            assertThat(other.text()).isNotEqualTo(first.text());
        }
    }

    /** One of 258 tokens ends a text, so long texts at a high temperature end early. */
    @Test
    void theTextEndsAtTheTokenThatEndsTexts() {
        try (LanguageModel model = TinyModel.load(23, true)) {
            SamplingSettings hot = new SamplingSettings(100, 0, 1, 0, 1, 5);
            Generation generation =
                    new TextGenerator(model, DYNAMIC).generate("a", 4000, hot, new Heard(), TextGeneratorTest::never);
            assertThat(generation.end()).isEqualTo(Generation.End.END_OF_SEQUENCE);
            assertThat(generation.tokens()).isLessThan(4000);
        }
    }

    @Test
    void theTextEndsWhenAskedTo() {
        try (LanguageModel model = TinyModel.load(24, true)) {
            TextGenerator generator = new TextGenerator(model, DYNAMIC);
            Heard heard = new Heard();
            Generation stopped =
                    generator.generate(PROMPT, 60, SamplingSettings.GREEDY, heard, () -> heard.pieces.size() == 3);
            assertThat(stopped.end()).isEqualTo(Generation.End.STOPPED);
            assertThat(heard.pieces).hasSize(3);
            Generation atOnce = generator.generate(PROMPT, 60, SamplingSettings.GREEDY, heard, () -> true);
            assertThat(atOnce.end()).isEqualTo(Generation.End.STOPPED);
            assertThat(atOnce.text()).isEmpty();
            assertThat(atOnce.tokens()).isZero();
        }
    }

    @Test
    void refusesAnEmptyPromptWhereNothingBeginsATextAndNoTokens() {
        try (LanguageModel model = TinyModel.load(25, false)) {
            TextGenerator generator = new TextGenerator(model, DYNAMIC);
            assertThatThrownBy(() ->
                            generator.generate("", 10, SamplingSettings.GREEDY, new Heard(), TextGeneratorTest::never))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("prompt must have at least one token, was empty; this model has no"
                            + " beginning-of-sequence token to start from");
            assertThatThrownBy(() -> generator.generate(
                            PROMPT, 0, SamplingSettings.GREEDY, new Heard(), TextGeneratorTest::never))
                    .hasMessage("maximumTokens must be from 1 to 1000000, was 0");
        }
    }
}
