package resonance.evaluation.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import resonance.report.LineStyle;
import resonance.rope.EncodingName;
import resonance.rope.RopeEncodings;
import resonance.rope.ScalingMethod;

class WordingTest {

    @Test
    void oneIsAWordAndMoreAreANumber() {
        assertThat(Wording.plural(1, "seed")).isEqualTo("one seed");
        assertThat(Wording.plural(0, "seed")).isEqualTo("0 seeds");
        assertThat(Wording.plural(3, "document")).isEqualTo("3 documents");
    }

    @Test
    void onlyWhatIsNotFinishedSaysSo() {
        assertThat(Wording.lead("All of it.", 3, 3, "cells")).isEqualTo("All of it.");
        assertThat(Wording.lead("All of it.", 2, 3, "cells"))
                .isEqualTo("All of it. Not complete: 2 of 3 cells are finished.");
        assertThat(Wording.partial(3, 3)).isEmpty();
        assertThat(Wording.partial(0, 3)).isEqualTo("0 of 3");
    }

    @Test
    void aHashIsCutToTwelveDigitsAndShowsThatItIs() {
        assertThat(Wording.abbreviated("0123456789ab")).isEqualTo("0123456789ab");
        assertThat(Wording.abbreviated("0123456789abc")).isEqualTo("0123456789ab…");
        assertThat(Wording.abbreviated("")).isEmpty();
    }

    @Test
    void everyScalingOfTheCatalogueHasTheColourOfItsResonanceAndAnotherStroke() {
        for (ScalingMethod method : RopeEncodings.installed().methods()) {
            EncodingName plain = new EncodingName(method, false);
            EncodingName rounded = plain.withResonance();
            EncodingStyles styles =
                    new EncodingStyles(List.of(EncodingName.valueOf("resonance-linear"), rounded, plain));
            LineStyle dashed = styles.of(plain);
            LineStyle solid = styles.of(rounded);
            assertThat(solid.colour()).as(method.name()).isEqualTo(dashed.colour());
            assertThat(solid.stroke()).isEqualTo(LineStyle.Stroke.SOLID);
            assertThat(dashed.stroke()).isEqualTo(LineStyle.Stroke.DASHED);
            assertThat(dashed.colour()).isEqualTo("linear".equals(method.name()) ? 0 : 1);
        }
    }
}
