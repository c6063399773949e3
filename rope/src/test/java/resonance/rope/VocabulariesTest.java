package resonance.rope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The catalogue in the words of training and in those of a model. */
class VocabulariesTest {
    private static final RopeEncodings METHODS = RopeEncodings.standard();
    private static final ScalingMethod OWN =
            new ScalingMethod("own", "Own", "a test", LinearScaling.class, List.of(), settings -> new LinearScaling(3));

    static List<RopeEncodings> vocabularies() {
        RopeEncodings more = METHODS.with(OWN);
        return List.of(METHODS, METHODS.forTraining(), METHODS.forModels(), more, more.forTraining(), more.forModels());
    }

    @ParameterizedTest
    @MethodSource("vocabularies")
    void everyNameIsReadBackAsTheEncodingThatIsShown(RopeEncodings words) {
        int methods = words.methods().size();
        List<EncodingName> encodings = words.encodings();
        int nonRotary = words.nonRotary().size();
        assertThat(encodings).hasSize(2 * methods + nonRotary).doesNotHaveDuplicates();
        for (int i = 0; i < nonRotary; i++) {
            assertThat(encodings.get(2 * methods + i))
                    .isEqualTo(new EncodingName(words.nonRotary().get(i), false));
        }
        for (int i = 0; i < methods; i++) {
            ScalingMethod method = words.methods().get(i);
            assertThat(encodings.get(i)).isEqualTo(new EncodingName(method, false));
            assertThat(encodings.get(methods + i)).isEqualTo(encodings.get(i).withResonance());
            assertThat(words.method(method.name())).isSameAs(method);
        }
        for (EncodingName encoding : encodings) {
            assertThat(words.encoding(encoding.toString())).isEqualTo(encoding);
            assertThat(words.find(encoding.toString())).contains(encoding);
        }
    }

    @ParameterizedTest
    @MethodSource("vocabularies")
    void aWordMeansTheSameScalingInEveryVocabulary(RopeEncodings words) {
        ScalingSettings settings = EveryScaling.settings(64);
        for (EncodingName encoding : METHODS.encodings()) {
            String name = encoding.toString();
            words.find(name)
                    .ifPresent(found -> assertThat(found.scaling(settings)).isEqualTo(encoding.scaling(settings)));
            words.find(name.replace("none", "rope"))
                    .ifPresent(found -> assertThat(found.scaling(settings)).isEqualTo(encoding.scaling(settings)));
        }
    }

    @ParameterizedTest
    @MethodSource("vocabularies")
    void everyParameterHasTheReadersThatDeclareIt(RopeEncodings words) {
        for (Parameter<?> parameter : words.parameters()) {
            assertThat(words.parameter(parameter.name())).isSameAs(parameter);
            assertThat(words.readers(parameter))
                    .isNotEmpty()
                    .allSatisfy(
                            name -> assertThat(words.method(name).parameters()).contains(parameter));
        }
        assertThat(words.parameters()).isEqualTo(METHODS.parameters());
    }

    @Test
    void onlyTrainingCallsItRopeAndOnlyAModelHasAnEncodingOfItsOwn() {
        RopeEncodings training = METHODS.forTraining();
        RopeEncodings models = METHODS.forModels();
        assertThat(METHODS.find("rope")).isEmpty();
        assertThat(METHODS.find("model")).isEmpty();
        assertThat(training.find("none")).isEmpty();
        assertThat(training.find("resonance-none")).isEmpty();
        assertThat(training.find("model")).isEmpty();
        assertThat(models.find("rope")).contains(new EncodingName(NoScaling.METHOD, false));
        assertThat(models.find("resonance-model")).contains(new EncodingName(RopeEncodings.MODEL, true));
        assertThat(training.nonRotary())
                .extracting(NonRotaryMethod::name)
                .containsExactly("nope", "sinusoidal", "alibi", "t5");
        assertThat(models.nonRotary()).isEmpty();
        assertThat(models.find("alibi")).isEmpty();
        assertThat(models.find("resonance-resonance-yarn")).isEmpty();
        assertThat(models.find("resonance-")).isEmpty();
        assertThat(models.find("")).isEmpty();
    }

    @Test
    void aMethodThatIsTakenOutIsUnknownAndItsNameFreeAgain() {
        RopeEncodings without = METHODS.with(OWN).without(OWN);
        assertThat(without.methods()).isEqualTo(METHODS.methods());
        assertThat(without.find("own")).isEmpty();
        assertThat(without.with(OWN).method("own")).isSameAs(OWN);
        assertThatThrownBy(() -> METHODS.with(OWN).with(OWN))
                .isInstanceOf(Refusal.class)
                .hasMessage("name must be new, was 'own'; taken: " + METHODS.names() + ", own");
    }
}
