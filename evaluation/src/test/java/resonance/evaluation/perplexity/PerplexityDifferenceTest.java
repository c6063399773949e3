package resonance.evaluation.perplexity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;
import static resonance.evaluation.Encodings.encoding;
import static resonance.evaluation.Encodings.encodings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import resonance.evaluation.Contrast;
import resonance.evaluation.ExampleComparison;
import resonance.evaluation.Interval;
import resonance.evaluation.Verdict;
import resonance.evaluation.perplexity.PerplexityDifference.OfDocument;
import resonance.evaluation.perplexity.PerplexityDifference.Unit;
import resonance.evaluation.perplexity.PerplexityProtocol.Weighting;
import resonance.evaluation.perplexity.TextWindow.Start;

class PerplexityDifferenceTest {

    private static final Contrast RESONANCE = new Contrast(encoding("resonance-yarn"), encoding("yarn"));

    /** Eight windows of two tokens whose losses differ by 1, 2, ..., 8 hundredths. */
    @Test
    void windowsAreTheUnitsWhereThereAreEightOfThem() {
        PerplexityDifference difference = difference(
                results(
                        List.of(100),
                        List.of(
                                windows("yarn", "a", 100, 8, 2, (window, token) -> 1),
                                windows("resonance-yarn", "a", 100, 8, 2, (window, token) -> 1 + 0.01 * (window + 1)))),
                100);
        // Mean 0.045; standard deviation of 1..8 is sqrt(6), so the error is 0.01 · sqrt(6 / 8), and t of 7 is
        // 2.364624.
        assertThat(difference.unit()).isEqualTo(Unit.WINDOW);
        assertThat(difference.windows()).isEqualTo(8);
        assertThat(difference.loss().units()).isEqualTo(8);
        assertThat(difference.loss().mean()).isCloseTo(0.045, within(1e-7));
        assertThat(difference.loss().low()).isCloseTo(0.045 - 0.0204782, within(1e-7));
        assertThat(difference.loss().high()).isCloseTo(0.045 + 0.0204782, within(1e-7));
        assertThat(difference.percent().mean()).isCloseTo(100 * Math.expm1(0.045), within(1e-5));
        assertThat(difference.percent().low()).isCloseTo(100 * Math.expm1(0.045 - 0.0204782), within(1e-5));
        assertThat(difference.verdict()).isEqualTo(Verdict.WORSE);
    }

    /** One window of 64 stretches, whose blocks of four stretches differ by ∓0.01 in turn around −0.05. */
    @Test
    void blocksOfTheTextAreTheUnitsWhereThereAreFewerWindows() {
        int block = 4 * WindowLosses.STRETCH;
        PerplexityDifference difference = difference(
                results(
                        List.of(8192),
                        List.of(
                                windows("yarn", "a", 8192, 1, 16 * block, (window, token) -> 2),
                                windows(
                                        "resonance-yarn",
                                        "a",
                                        8192,
                                        1,
                                        16 * block,
                                        (window, token) -> 2 - 0.05 + (token / block % 2 == 0 ? 0.01 : -0.01)))),
                8192);
        assertThat(difference.unit()).isEqualTo(Unit.BLOCK);
        assertThat(difference.windows()).isEqualTo(1);
        assertThat(difference.loss().units()).isEqualTo(16);
        assertThat(difference.loss().mean()).isCloseTo(-0.05, within(1e-6));
        // Standard deviation 0.01 · sqrt(16 / 15), t of 15 is 2.131450.
        assertThat(difference.loss().high()).isCloseTo(-0.05 + 0.0055034, within(1e-6));
        assertThat(difference.verdict()).isEqualTo(Verdict.BETTER);
    }

    @Test
    void windowsThatCountAlikeDoSoInTheDifferenceToo() {
        PerplexityCell yarn = meter("yarn", "a", 8, new float[] {1, 1, 1, 1}, new float[] {1});
        PerplexityCell resonance = meter("resonance-yarn", "a", 8, new float[] {2, 2, 2, 2}, new float[] {4});
        assertThat(PairedLosses.between(resonance, yarn, Weighting.TOKENS)
                        .loss()
                        .mean())
                .isEqualTo(7 / 5.0);
        assertThat(PairedLosses.between(resonance, yarn, Weighting.WINDOWS)
                        .loss()
                        .mean())
                .isEqualTo(2);
    }

    @Test
    void severalDocumentsAreTheUnitsOfTheWhole() {
        PerplexityResults results = results(
                List.of(4),
                List.of(
                        meter("yarn", "a", 4, new float[] {1, 1, 1}),
                        meter("yarn", "b", 4, new float[] {1}),
                        meter("resonance-yarn", "a", 4, new float[] {2, 2, 2}),
                        meter("resonance-yarn", "b", 4, new float[] {0.5f})));
        PerplexityDifference difference = difference(results, 4);
        assertThat(difference.unit()).isEqualTo(Unit.DOCUMENT);
        // Sums 3 and −0.5 over weights 3 and 1: mean 0.625, residuals ±1.125, error 1.125 · 2 / 4.
        assertThat(difference.loss().mean()).isEqualTo(0.625);
        assertThat(difference.loss().high()).isCloseTo(0.625 + 0.5625 * 12.706205, within(1e-6));
        assertThat(difference.verdict()).isEqualTo(Verdict.UNDECIDED);
        assertThat(difference.better()).isEqualTo(1);
        assertThat(difference.documents())
                .extracting(OfDocument::name, document -> document.loss().mean())
                .containsExactly(tuple("a", 1.0), tuple("b", -0.5));
        // Perplexities differ by as much.
        double ratio =
                results.result(encoding("resonance-yarn"), 4).orElseThrow().perplexity()
                        / results.result(encoding("yarn"), 4).orElseThrow().perplexity();
        assertThat(difference.percent().mean()).isCloseTo(100 * (ratio - 1), within(1e-9));
    }

    @Test
    void onlyDocumentsFinishedForBothAreCompared() {
        PerplexityResults part = results(
                List.of(4),
                List.of(
                        meter("yarn", "a", 4, new float[] {1, 1, 1}),
                        meter("yarn", "b", 4, new float[] {1, 1, 1}),
                        meter("resonance-yarn", "b", 4, new float[] {2, 2, 2})));
        PerplexityDifference difference = difference(part, 4);
        assertThat(difference.documents()).extracting(OfDocument::name).containsExactly("b");
        assertThat(difference.loss().low()).isNaN();
        assertThat(difference.verdict()).isEqualTo(Verdict.UNDECIDED);
        assertThat(results(List.of(4), List.of()).difference(RESONANCE, 4)).isEmpty();
        assertThat(results(
                                List.of(4),
                                List.of(
                                        meter("yarn", "a", 4, new float[] {1}),
                                        meter("resonance-yarn", "a", 4, new float[] {Float.POSITIVE_INFINITY})))
                        .differences())
                .isEmpty();
    }

    /**
     * A text of 16,384 tokens: differences of 0.004 nats on average, each token's own of 0.08 with heavy tails, and passages
     * of about a hundred tokens (correlation e^(−distance/100)) of 0.02 in which one encoding is the harder. Over 1,500 texts
     * the intervals covered 0.004 in 94.1 to 94.5 %, and those that take tokens for independent in 42 %; 400 texts are within
     * three standard errors of 1.1 points.
     */
    @ParameterizedTest
    @CsvSource({"1, 16384", "8, 2048", "16, 1024", "64, 256"})
    void theIntervalCoversTheTruthAlthoughNeighbouringTokensDepend(int windows, int tokens) {
        Random random = new Random(73);
        int covered = 0;
        int independent = 0;
        int texts = 400;
        PerplexityCell baseline = windows("yarn", "a", tokens + 1, windows, tokens, (window, token) -> 0);
        for (int text = 0; text < texts; text++) {
            float[] differences = differences(random, windows * tokens);
            PerplexityCell encoding = windows(
                    "resonance-yarn",
                    "a",
                    tokens + 1,
                    windows,
                    tokens,
                    (window, token) -> differences[window * tokens + token]);
            Interval loss =
                    PairedLosses.between(encoding, baseline, Weighting.TOKENS).loss();
            covered += loss.low() <= 0.004 && 0.004 <= loss.high() ? 1 : 0;
            independent += Math.abs(loss.mean() - 0.004) <= 1.96 * error(differences) ? 1 : 0;
        }
        assertThat(covered / (double) texts).isBetween(0.91, 0.98);
        // What taking tokens for independent would give.
        assertThat(independent / (double) texts).isLessThan(0.5);
    }

    private static float[] differences(Random random, int count) {
        float[] differences = new float[count];
        double keep = Math.exp(-0.01);
        double passage = random.nextGaussian();
        for (int i = 0; i < count; i++) {
            passage = keep * passage + Math.sqrt(1 - keep * keep) * random.nextGaussian();
            double own = random.nextGaussian() * (random.nextInt(10) == 0 ? 3 : 0.33);
            differences[i] = (float) (0.004 + 0.02 * passage + 0.08 * own);
        }
        return differences;
    }

    private static double error(float[] values) {
        double mean = IntStream.range(0, values.length)
                .mapToDouble(i -> values[i])
                .average()
                .orElseThrow();
        double squares = IntStream.range(0, values.length)
                .mapToDouble(i -> (values[i] - mean) * (values[i] - mean))
                .sum();
        return Math.sqrt(squares / (values.length - 1.0) / values.length);
    }

    /** Others read this document by script: these names are a contract. */
    @Test
    void theDocumentHasThePromisedNames() throws IOException {
        PerplexityResults results = ExamplePerplexity.finished();
        JsonNode differences = new JsonMapper()
                .readTree(new PerplexityReport(results).toJson())
                .get("differences");
        assertThat(differences).hasSize(5 * 5);
        JsonNode first = differences.get(0);
        assertThat(first.fieldNames())
                .toIterable()
                .containsExactly(
                        "encoding",
                        "baseline",
                        "length",
                        "meanLoss",
                        "low",
                        "high",
                        "percent",
                        "percentLow",
                        "percentHigh",
                        "windows",
                        "documents",
                        "better",
                        "unit",
                        "pairs",
                        "verdict",
                        "byDocument");
        assertThat(first.at("/byDocument/0").fieldNames())
                .toIterable()
                .containsExactly(
                        "document",
                        "meanLoss",
                        "low",
                        "high",
                        "percent",
                        "percentLow",
                        "percentHigh",
                        "windows",
                        "unit",
                        "pairs",
                        "verdict");
        assertThat(first.get("encoding").textValue()).isEqualTo("linear");
        assertThat(first.get("baseline").textValue()).isEqualTo("none");
        assertThat(first.get("unit").textValue()).isEqualTo("document");
        assertThat(first.get("pairs").intValue()).isEqualTo(3);
        assertThat(first.at("/byDocument/0/unit").textValue()).isEqualTo("window");
        assertThat(first.at("/byDocument/0/pairs").intValue()).isEqualTo(16);
        assertThat(differences.get(20).get("encoding").textValue()).isEqualTo("resonance-yarn");
        assertThat(differences.get(24).get("verdict").textValue()).isEqualTo("better");
    }

    @Test
    void oneUnitHasNoEndsInTheDocument() throws IOException {
        PerplexityResults results = results(
                List.of(4),
                List.of(meter("yarn", "a", 4, new float[] {1}), meter("resonance-yarn", "a", 4, new float[] {2})));
        JsonNode difference = new JsonMapper()
                .readTree(new PerplexityReport(results).toJson())
                .at("/differences/0");
        assertThat(difference.get("low").isNull()).isTrue();
        assertThat(difference.get("percentHigh").isNull()).isTrue();
        assertThat(difference.get("meanLoss").doubleValue()).isEqualTo(1);
        assertThat(difference.get("verdict").textValue()).isEqualTo("undecided");
    }

    @Test
    void windowsAreKeptInStretches() {
        float[] losses = new float[WindowLosses.STRETCH + 1];
        Arrays.fill(losses, 0.5f);
        losses[WindowLosses.STRETCH] = 3;
        assertThat(WindowLosses.of(losses)).isEqualTo(new WindowLosses(65, List.of(32.0, 3.0)));
        assertThat(WindowLosses.of(losses).scored(1)).isEqualTo(1);
        assertThatThrownBy(() -> new WindowLosses(65, List.of(1.0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("sums must be one for each stretch of 64 of at least one scored token, were 1 for 65");
    }

    @Test
    void refusesOtherWindowsAndCellsThatContradictThemselves() {
        PerplexityCell one = meter("yarn", "a", 4, new float[] {1, 1});
        PerplexityCell two = meter("resonance-yarn", "a", 4, new float[] {1}, new float[] {1});
        assertThatThrownBy(() -> PairedLosses.between(two, one, Weighting.TOKENS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "windows of cells that are compared must be the same, were others for resonance-yarn / length 4"
                                + " / a and yarn / length 4 / a");
        assertThatThrownBy(() -> new PerplexityCell(
                        one.encoding(),
                        one.length(),
                        one.document(),
                        one.tokens(),
                        one.windows(),
                        one.tokensRead(),
                        one.seconds(),
                        one.lossByPosition(),
                        two.windowLosses()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "windowLosses must be of 1 windows with 2 scored tokens, were of 2 with 2 (cell yarn / length 4"
                                + " / a)");
        assertThatThrownBy(() -> new PerplexityDifference(RESONANCE, 4, List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("documents must be at least one, were none");
    }

    private static PerplexityDifference difference(PerplexityResults results, int length) {
        return results.difference(RESONANCE, length).orElseThrow();
    }

    private static PerplexityResults results(List<Integer> lengths, List<PerplexityCell> cells) {
        PerplexityPlan plan = new PerplexityPlan(
                ExamplePerplexity.MODEL,
                new EveryTokenOnce(),
                encodings("yarn", "resonance-yarn"),
                lengths,
                List.of(new MeasuredDocument("a", "1", 3), new MeasuredDocument("b", "2", 3)));
        return new PerplexityResults(ExampleComparison.records(plan, Map.of(), cells));
    }

    private interface Loss {
        double of(int window, int token);
    }

    private static PerplexityCell windows(
            String encoding, String document, int length, int windows, int tokens, Loss loss) {
        float[][] losses = new float[windows][];
        for (int window = 0; window < windows; window++) {
            int number = window;
            losses[window] = floats(tokens, token -> loss.of(number, token));
        }
        return meter(encoding, document, length, losses);
    }

    private static float[] floats(int count, IntToDoubleFunction value) {
        float[] floats = new float[count];
        for (int i = 0; i < count; i++) {
            floats[i] = (float) value.applyAsDouble(i);
        }
        return floats;
    }

    private static PerplexityCell meter(String encoding, String document, int length, float[]... losses) {
        PerplexityMeter meter = new PerplexityMeter(length);
        for (float[] window : losses) {
            meter.add(new TextWindow(0, window.length, Start.BOS_PREPENDED, 1), window);
        }
        return meter.cell(encoding(encoding), document, 1);
    }
}
