package resonance.evaluation.report;

import static org.assertj.core.api.Assertions.assertThat;
import static resonance.evaluation.Encodings.encoding;
import static resonance.evaluation.Encodings.encodings;

import java.util.List;
import org.junit.jupiter.api.Test;
import resonance.report.LineStyle;
import resonance.report.LineStyle.Stroke;
import resonance.report.Table.Cell;

class EncodingStylesTest {

    @Test
    void anEncodingHasTheSameLookEverywhere() {
        EncodingStyles styles = new EncodingStyles(encodings("rope", "resonance-rope", "yarn", "resonance-yarn"));
        assertThat(styles.of(encoding("rope"))).isEqualTo(new LineStyle(0, Stroke.DASHED));
        assertThat(styles.of(encoding("resonance-rope"))).isEqualTo(new LineStyle(0, Stroke.SOLID));
        assertThat(styles.of(encoding("yarn"))).isEqualTo(new LineStyle(1, Stroke.DASHED));
        assertThat(styles.row(encoding("resonance-yarn"), List.of(Cell.MISSING)).style())
                .isEqualTo(styles.of(encoding("resonance-yarn")));
        assertThat(styles.series(encoding("yarn"), List.of(1.0), List.of(2.0)).style())
                .isEqualTo(styles.of(encoding("yarn")));
    }

    @Test
    void moreScalingsThanColoursShareThemWithAnotherStroke() {
        EncodingStyles styles = new EncodingStyles(encodings(
                "rope",
                "linear",
                "ntk",
                "abf",
                "dynamic-ntk",
                "ntk-by-parts",
                "yarn",
                "yarn-paper",
                "dynamic-yarn",
                "resonance-dynamic-yarn"));
        assertThat(styles.of(encoding("yarn-paper")).colour()).isEqualTo(7);
        assertThat(styles.of(encoding("dynamic-yarn"))).isEqualTo(new LineStyle(0, Stroke.DASH_DOTTED));
        assertThat(styles.of(encoding("resonance-dynamic-yarn"))).isEqualTo(new LineStyle(0, Stroke.DOTTED));
    }

    @Test
    void everyBoundOnPeriodsHasAColourOfItsOwn() {
        EncodingStyles styles = new EncodingStyles(
                encodings("rope", "resonance-rope", "resonance-x2-rope", "resonance-searched-rope", "yarn"));
        assertThat(styles.of(encoding("resonance-rope"))).isEqualTo(new LineStyle(0, Stroke.SOLID));
        assertThat(styles.of(encoding("resonance-x2-rope"))).isEqualTo(new LineStyle(1, Stroke.SOLID));
        assertThat(styles.of(encoding("resonance-searched-rope"))).isEqualTo(new LineStyle(2, Stroke.SOLID));
        assertThat(styles.of(encoding("yarn"))).isEqualTo(new LineStyle(3, Stroke.DASHED));
    }
}
