package resonance.evaluation.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import resonance.report.LineStyle;
import resonance.report.LineStyle.Stroke;
import resonance.report.Table.Cell;

class EncodingStylesTest {

    @Test
    void anEncodingHasTheSameLookEverywhere() {
        EncodingStyles styles = new EncodingStyles(List.of("rope", "resonance-rope", "yarn", "resonance-yarn"));
        assertThat(styles.of("rope")).isEqualTo(new LineStyle(0, Stroke.DASHED));
        assertThat(styles.of("resonance-rope")).isEqualTo(new LineStyle(0, Stroke.SOLID));
        assertThat(styles.of("yarn")).isEqualTo(new LineStyle(1, Stroke.DASHED));
        assertThat(styles.row("resonance-yarn", List.of(Cell.MISSING)).style()).isEqualTo(styles.of("resonance-yarn"));
        assertThat(styles.series("yarn", List.of(1.0), List.of(2.0)).style()).isEqualTo(styles.of("yarn"));
    }

    @Test
    void moreScalingsThanColoursShareThem() {
        EncodingStyles styles = new EncodingStyles(List.of("a", "b", "c", "d", "e", "f", "g", "h", "i"));
        assertThat(styles.of("h").colour()).isEqualTo(7);
        assertThat(styles.of("i").colour()).isZero();
    }
}
