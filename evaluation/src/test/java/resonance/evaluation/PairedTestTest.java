package resonance.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import resonance.evaluation.PairedTest.SignFlips;

class PairedTestTest {
    /** Both sides have 15 digits or so; SciPy's sign flips are counts and equal. */
    private static final Percentage DIGITS = Percentage.withPercentage(1e-9);

    static List<JsonNode> golden() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(PairedTestTest.class.getResourceAsStream("/golden/paired_tests.json"))) {
            List<JsonNode> families = new ArrayList<>();
            new JsonMapper().readTree(in).get("families").forEach(families::add);
            return families;
        }
    }

    private static PairedUnits units(JsonNode line) {
        return PairedUnits.of(StreamSupport.stream(line.get("differences").spliterator(), false)
                .map(JsonNode::doubleValue)
                .toList());
    }

    private static PairedUnits units(Double... differences) {
        return PairedUnits.of(List.of(differences));
    }

    private static void assertEnds(Interval interval, JsonNode ends) {
        assertThat(interval.low()).isCloseTo(ends.get(0).doubleValue(), within(1e-10));
        assertThat(interval.high()).isCloseTo(ends.get(1).doubleValue(), within(1e-10));
    }

    @ParameterizedTest
    @MethodSource("golden")
    void saysWhatSciPyAndStatsmodelsDo(JsonNode family) {
        List<JsonNode> lines = new ArrayList<>();
        family.get("lines").forEach(lines::add);
        List<PairedTest> tests =
                PairedTest.together(lines.stream().map(line -> units(line)).toList());
        for (int i = 0; i < lines.size(); i++) {
            JsonNode line = lines.get(i);
            PairedTest test = tests.get(i);
            assertThat(test.comparisons()).isEqualTo(lines.size());
            assertThat(test.units().mean()).isCloseTo(line.get("mean").doubleValue(), within(1e-13));
            assertThat(test.units().standardError())
                    .isCloseTo(line.get("standardError").doubleValue(), DIGITS);
            assertThat(test.units().studentP()).isCloseTo(line.get("p").doubleValue(), DIGITS);
            assertThat(test.adjustedP()).isCloseTo(line.get("adjustedP").doubleValue(), DIGITS);
            assertEnds(test.interval(), line.get("alone"));
            assertEnds(test.simultaneous(), line.get("together"));
            if (line.get("signFlipP").isNull()) {
                assertThat(test.units().signFlipP()).isNaN();
                assertThat(test.adjustedSignFlipP()).isNaN();
            } else {
                assertThat(test.units().signFlipP())
                        .isEqualTo(line.get("signFlipP").doubleValue());
                assertThat(test.adjustedSignFlipP())
                        .isCloseTo(line.get("adjustedSignFlipP").doubleValue(), DIGITS);
            }
        }
    }

    @Test
    void fiveUnitsDecideByTAloneSinceSignFlipsCanNot() {
        PairedTest test =
                PairedTest.together(List.of(units(1.0, 1.1, 0.9, 1.05, 0.95))).get(0);
        assertThat(test.units().signFlipP()).isEqualTo(0.0625);
        assertThat(test.verdict(true)).isEqualTo(Verdict.BETTER);
        assertThat(test.verdict(false)).isEqualTo(Verdict.WORSE);
        assertThat(test.signFlips()).isEqualTo(SignFlips.TOO_FEW);
    }

    @Test
    void moreComparisonsTakeMoreToDecide() {
        PairedUnits eight = units(1.0, 1.1, 0.9, 1.05, 0.95, 1.0, 1.2, 0.8);
        assertThat(PairedTest.together(List.of(eight)).get(0).signFlips()).isEqualTo(SignFlips.CONFIRM);
        PairedUnits nothing = units(1.0, -1.0, 1.0, -1.0, 1.0, -1.0, 1.0, -1.0);
        List<PairedUnits> many = new ArrayList<>(Collections.nCopies(6, nothing));
        many.add(eight);
        PairedTest amongSeven = PairedTest.together(many).get(6);
        assertThat(amongSeven.verdict(true)).isEqualTo(Verdict.BETTER);
        assertThat(amongSeven.adjustedSignFlipP()).isEqualTo(7 * 2 / 256.0);
        assertThat(amongSeven.signFlips()).isEqualTo(SignFlips.TOO_FEW);
        assertThat(PairedTest.unitsNeeded(1)).isEqualTo(6);
        assertThat(PairedTest.unitsNeeded(6)).isEqualTo(8);
        assertThat(PairedTest.unitsNeeded(7)).isEqualTo(9);
    }

    /** One unit against the others: t and its interval go by, sign flips see the tie. */
    @Test
    void whatRestsOnAShapeIsNotConfirmed() {
        PairedTest test = PairedTest.together(List.of(units(3.0, 3.0, 3.0, 3.0, 3.0, 3.0, -1.0)))
                .get(0);
        assertThat(test.verdict(true)).isEqualTo(Verdict.BETTER);
        assertThat(test.units().signFlipP()).isEqualTo(4 / 128.0);
        assertThat(test.signFlips()).isEqualTo(SignFlips.CONFIRM);
        PairedTest less = PairedTest.together(List.of(units(3.0, 3.0, 3.0, 3.0, 3.0, 3.0, -1.0), units(1.0, -1.0)))
                .get(0);
        assertThat(less.verdict(true)).isEqualTo(Verdict.BETTER);
        assertThat(less.signFlips()).isEqualTo(SignFlips.DO_NOT_CONFIRM);
    }

    @Test
    void differencesThatAreAllAlikeHaveNoSpreadToDivideBy() {
        PairedTest two = PairedTest.together(List.of(units(100.0, 100.0))).get(0);
        assertThat(two.units().studentP()).isEqualTo(0.5);
        assertThat(two.verdict(true)).isEqualTo(Verdict.UNDECIDED);
        assertThat(two.simultaneous().low()).isNaN();
        PairedTest twelve = PairedTest.together(
                        List.of(units(Collections.nCopies(12, 0.1).toArray(new Double[0]))))
                .get(0);
        assertThat(twelve.units().studentP()).isEqualTo(2 / 4096.0);
        assertThat(twelve.verdict(true)).isEqualTo(Verdict.BETTER);
        PairedTest none = PairedTest.together(List.of(units(0.0, 0.0, 0.0))).get(0);
        assertThat(none.adjustedP()).isEqualTo(1);
        assertThat(none.verdict(true)).isEqualTo(Verdict.UNDECIDED);
    }

    @Test
    void oneUnitIsNoComparison() {
        List<PairedTest> tests = PairedTest.together(List.of(units(5.0), units(1.0, 1.1, 0.9)));
        assertThat(tests.get(0).comparisons()).isEqualTo(1);
        assertThat(tests.get(0).adjustedP()).isNaN();
        assertThat(tests.get(0).verdict(true)).isEqualTo(Verdict.UNDECIDED);
        assertThat(tests.get(1).adjustedP()).isEqualTo(tests.get(1).units().studentP());
    }

    /** A heavy unit counts by its weight: sums 6 and -1 flip to ±7 and ±5, of which two are as far as 5. */
    @Test
    void signsOfWeightedSumsAreFlipped() {
        PairedUnits units = new PairedUnits(List.of(6.0, -1.0), List.of(3.0, 1.0));
        assertThat(units.mean()).isEqualTo(1.25);
        assertThat(units.signFlipP()).isEqualTo(1);
        assertThat(new PairedUnits(List.of(6.0, 1.0), List.of(3.0, 1.0)).signFlipP())
                .isEqualTo(0.5);
        assertThatThrownBy(() -> PairedUnits.of(List.of()))
                .hasMessage("sums and weights must be as many and at least one, were 0 and 0");
    }

    @Test
    void smallChancesKeepTheirDigits() {
        assertThat(StudentT.twoSidedP(100, 9)).isCloseTo(5.1e-15, Percentage.withPercentage(5));
        assertThat(StudentT.twoSidedP(-100, 9)).isEqualTo(StudentT.twoSidedP(100, 9));
        assertThat(StudentT.twoSidedP(0, 3)).isEqualTo(1);
    }
}
