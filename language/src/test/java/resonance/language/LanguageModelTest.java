package resonance.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import resonance.decoder.DecoderConfig;
import resonance.transformer.tensor.Precision;
import resonance.transformer.tensor.PrecisionChoice;

class LanguageModelTest {
    @Test
    void theDecoderHasTheModelsShape() {
        try (LanguageModel model = TinyModel.load(31, true)) {
            assertThat(model.decoder().config())
                    .isEqualTo(DecoderConfig.llamaStyle(258, 16, 2, 2, 1, 8, 24, 1e-5, true));
            assertThat(model.precision()).isEqualTo(Precision.FLOAT32);
            assertThat(model.threads()).isEqualTo(2);
        }
    }

    @Test
    void closingItClosesTheModel() {
        TinyModel files = new TinyModel(32, true);
        LanguageModel model = LanguageModel.load(files, Precision.FLOAT32, 1);
        assertThat(files.closed()).isFalse();
        model.close();
        assertThat(files.closed()).isTrue();
    }

    @Test
    void weightsAreLoadedWhenTheyAreFirstAskedFor() {
        TinyModel files = new TinyModel(34, true);
        LanguageModel model = LanguageModel.withoutWeights(files, PrecisionChoice.asked(Precision.FLOAT32), 1);
        assertThat(model.running().config()).isEqualTo(files.description().decoder());
        assertThat(files.read()).isFalse();
        assertThat(model.decoder()).isSameAs(model.decoder());
        assertThat(files.read()).isTrue();
        model.close();
        assertThat(files.closed()).isTrue();
    }

    @Test
    void weightsThatWereNeverLoadedAreClosedToo() {
        TinyModel files = new TinyModel(35, true);
        LanguageModel.withoutWeights(files, PrecisionChoice.asked(Precision.FLOAT32), 1)
                .close();
        assertThat(files.read()).isFalse();
        assertThat(files.closed()).isTrue();
    }

    @Test
    void refusesNoThreadsAndClosesTheModel() {
        TinyModel files = new TinyModel(33, true);
        assertThatThrownBy(() -> LanguageModel.load(files, Precision.FLOAT32, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("threads must be at least 1, was 0");
        assertThat(files.closed()).isTrue();
    }
}
