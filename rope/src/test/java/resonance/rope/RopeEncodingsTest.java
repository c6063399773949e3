package resonance.rope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class RopeEncodingsTest {
    private static final RopeEncodings ENCODINGS = RopeEncodings.standard();
    private static final RopeSettings SETTINGS = RopeSettings.ofFactor(4);

    @Test
    void namesChooseMethods() {
        assertThat(ENCODINGS.encoding("rope", SETTINGS)).isEqualTo(new NoScaling());
        assertThat(ENCODINGS.encoding("linear", SETTINGS)).isEqualTo(new LinearScaling(4));
        assertThat(ENCODINGS.encoding("ntk", SETTINGS)).isEqualTo(new NtkAwareScaling(4));
        assertThat(ENCODINGS.encoding("abf", SETTINGS)).isEqualTo(AdjustedBaseScaling.multipliedBy(4));
        assertThat(ENCODINGS.encoding("abf", SETTINGS.withNewBase(500_000))).isEqualTo(AdjustedBaseScaling.to(500_000));
        assertThat(ENCODINGS.encoding("dynamic-ntk", SETTINGS)).isEqualTo(new DynamicNtkScaling(1));
        assertThat(ENCODINGS.encoding("ntk-by-parts", SETTINGS)).isEqualTo(new NtkByPartsScaling(4));
        assertThat(ENCODINGS.encoding("yarn", SETTINGS.withBetas(2, 1))).isEqualTo(new YarnScaling(4, 2, 1));
        assertThat(ENCODINGS.encoding("yarn-paper", SETTINGS)).isEqualTo(new PaperYarnScaling(4));
        assertThat(ENCODINGS.encoding("dynamic-yarn", SETTINGS)).isEqualTo(new DynamicYarnScaling(new YarnScaling(1)));
        assertThat(ENCODINGS.encoding("llama3", SETTINGS)).isEqualTo(new Llama3Scaling(4));
        assertThat(ENCODINGS.encoding("proportional", SETTINGS.withRotatedShare(0.25)))
                .isEqualTo(new ProportionalScaling(0.25, 4));
        assertThat(ENCODINGS.encoding("longrope", EveryScaling.settings(4))).isInstanceOf(LongRopeScaling.class);
    }

    @Test
    void resonanceStandsBeforeAnyName() {
        assertThat(ENCODINGS.encoding("resonance-rope", SETTINGS)).isEqualTo(new Resonance(new NoScaling()));
        assertThat(ENCODINGS.encoding("resonance-yarn", SETTINGS)).isEqualTo(new Resonance(new YarnScaling(4)));
        assertThat(ENCODINGS.encodingNames()).hasSize(24).contains("rope", "resonance-rope", "resonance-linear");
    }

    @Test
    void asAScalingRopeIsCalledNone() {
        assertThat(ENCODINGS.scaling("none", SETTINGS)).isEqualTo(new NoScaling());
        assertThat(ENCODINGS.scalingNames())
                .containsExactly(
                        "none",
                        "linear",
                        "ntk",
                        "abf",
                        "dynamic-ntk",
                        "ntk-by-parts",
                        "yarn",
                        "yarn-paper",
                        "dynamic-yarn",
                        "longrope",
                        "llama3",
                        "proportional");
    }

    @Test
    void unknownNamesAreRefusedWithTheKnownOnesAndTheNearest() {
        String known = "linear, ntk, abf, dynamic-ntk, ntk-by-parts, yarn, yarn-paper, dynamic-yarn, longrope, llama3,"
                + " proportional";
        assertThatThrownBy(() -> ENCODINGS.scaling("yarm", SETTINGS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("scaling 'yarm' is unknown; known: none, " + known + "; did you mean 'yarn'?");
        assertThatThrownBy(() -> ENCODINGS.encoding("resonance-yam", SETTINGS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("encoding 'resonance-yam' is unknown; known: rope, " + known
                        + ", and resonance- before any; did you mean 'resonance-yarn'?");
        assertThatThrownBy(() -> ENCODINGS.encoding("alibi", SETTINGS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("encoding 'alibi' is unknown; known: rope, " + known + ", and resonance- before any");
        assertThatThrownBy(() -> ENCODINGS.encoding("none", SETTINGS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("encoding 'none' is unknown");
    }

    @Test
    void usersAddTheirOwn() {
        RopeEncodings more = ENCODINGS.with("halved", settings -> new LinearScaling(2));
        assertThat(more.encoding("resonance-halved", SETTINGS)).isEqualTo(new Resonance(new LinearScaling(2)));
        assertThat(ENCODINGS.encodingNames()).doesNotContain("halved");
        assertThatThrownBy(() -> more.with("halved", settings -> new NoScaling()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "name must be new and not start with \"resonance-\", was 'halved'; taken: none,");
    }

    @Test
    void aNameThatCannotBeTypedIsRefused() {
        for (String name : List.of("", "two words", "Upper", "-x")) {
            assertThatThrownBy(() -> ENCODINGS.with(name, settings -> new NoScaling()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("name must be lower-case letters, digits and hyphens, starting with a letter, was '"
                            + name + "'");
        }
    }

    @Test
    void settingsOutOfRangeAreRefusedByName() {
        assertThatThrownBy(() -> RopeSettings.ofFactor(0.5))
                .hasMessage("factor must be a finite number of at least 1, was 0.5");
        assertThatThrownBy(() -> SETTINGS.withBetas(1, 1)).hasMessage("betaFast must be above betaSlow (1), was 1");
        assertThatThrownBy(() -> SETTINGS.withRotatedShare(2)).hasMessage("rotatedShare must be from 0 to 1, was 2");
        assertThatThrownBy(() -> SETTINGS.withFrequencyFactors(0, 4))
                .hasMessage("lowFrequencyFactor must be a finite number above 0, was 0");
        assertThatThrownBy(() -> ENCODINGS.encoding("longrope", SETTINGS))
                .hasMessage(
                        "shortFactors and longFactors must be given for longrope, one divisor per pair, were 0 and 0"
                                + " values");
    }

    @Test
    void theNearestWordNeedsFewEdits() {
        List<String> words = List.of("linear", "yarn", "longrope");
        assertThat(Spelling.nearest("lineer", words)).contains("linear");
        assertThat(Spelling.nearest("yarn", words)).contains("yarn");
        assertThat(Spelling.nearest("LongRoPE", words)).contains("longrope");
        assertThat(Spelling.nearest("lngrop", words)).contains("longrope");
        assertThat(Spelling.nearest("xyz", words)).isEmpty();
        assertThat(Spelling.nearest("", words)).isEmpty();
    }
}
