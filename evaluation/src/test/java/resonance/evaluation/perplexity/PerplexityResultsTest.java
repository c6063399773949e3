package resonance.evaluation.perplexity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static resonance.evaluation.Encodings.encoding;
import static resonance.evaluation.Encodings.encodings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resonance.evaluation.ExampleComparison;
import resonance.evaluation.perplexity.TextWindow.Start;
import resonance.rope.EncodingName;
import resonance.study.AtomicFile;
import resonance.study.RecordFormatException;
import resonance.study.RecordJson;

class PerplexityResultsTest {

    private static final PerplexityPlan PLAN = ExamplePerplexity.plan();

    @Test
    void cellsMergeInAnyOrder() {
        List<PerplexityCell> cells = new ArrayList<>(PLAN.cells().stream()
                .map(key -> ExamplePerplexity.cell(PLAN, key))
                .toList());
        Collections.shuffle(cells, new Random(9));
        PerplexityResults results = results(PLAN, cells);
        assertThat(results.results()).isEqualTo(ExamplePerplexity.finished().results());
        assertThat(results.records().results().stream().map(PerplexityCell::key))
                .containsExactlyElementsOf(PLAN.cells());
        assertThat(results.results()).hasSize(30);
        assertThat(results.result(encoding("yarn"), 1024).orElseThrow().tokens())
                .isEqualTo(9_001 + 12_500 + 8_192);
    }

    /** One document scores 1 token in a window, the other 9 in three: the two averages differ, and both are plain. */
    @Test
    void tokensOrWindowsAreWeightedAsTheProtocolSays() {
        PerplexityCell small = cell("a", new float[] {8});
        PerplexityCell large = cell("b", new float[] {1, 2, 3}, new float[] {1, 1, 1}, new float[] {0, 0, 0});
        PerplexityRecord tokens = PerplexityRecord.of(new EveryTokenOnce(), List.of(small, large));
        assertThat(tokens.perplexity()).isCloseTo(Math.exp(17 / 10.0), within(1e-12));
        assertThat(tokens.tokens()).isEqualTo(10);
        // Sum of squares 64 + 14 + 3 = 81: sqrt((8.1 - 2.89) / 9).
        assertThat(tokens.standardError()).isCloseTo(Math.exp(1.7) * Math.sqrt(5.21 / 9), within(1e-12));
        PerplexityRecord windows = PerplexityRecord.of(new SlidingWindow(3), List.of(small, large));
        assertThat(windows.perplexity()).isCloseTo(Math.exp((8 + 2 + 1 + 0) / 4.0), within(1e-12));
        assertThat(windows.windows()).isEqualTo(4);
        assertThat(windows.standardError())
                .isCloseTo(Math.exp(2.75) * Math.sqrt((69 / 4.0 - 2.75 * 2.75) / 3), within(1e-12));
        assertThat(windows.documents().stream().map(document -> document.perplexity()))
                .containsExactly(Math.exp(8), Math.exp(1));
        // 2 + 4 + 4 + 4 tokens read in 1 + 1 seconds.
        assertThat(windows.tokensPerSecond()).isEqualTo(7);
    }

    @Test
    void oneLossHasNoStandardError() {
        assertThat(LossSum.NONE.plus(2).standardError()).isNaN();
        assertThat(LossSum.NONE.plus(2).plus(2).standardError()).isZero();
        assertThat(LossSum.NONE.perplexity()).isNaN();
    }

    @Test
    void lossesFallIntoTheBucketOfTheirPosition() {
        for (int length : new int[] {1, 2, 63, 64, 65, 128, 1000, 32_768}) {
            LossByPosition none = LossByPosition.none(length);
            assertThat(none.buckets()).as("length %d", length).isBetween(1, LossByPosition.MOST_BUCKETS);
            assertThat(none.from(0)).isZero();
            assertThat(none.to(none.buckets() - 1)).isEqualTo(length);
            for (int bucket = 1; bucket < none.buckets(); bucket++) {
                assertThat(none.from(bucket)).isEqualTo(none.to(bucket - 1));
                assertThat(none.mean(bucket)).isNaN();
            }
        }
        PerplexityMeter meter = new PerplexityMeter(130);
        float[] losses = new float[130];
        for (int i = 0; i < losses.length - 1; i++) {
            losses[i] = i + 1;
        }
        meter.add(new TextWindow(0, 130, Start.TEXT, 1), Arrays.copyOf(losses, 129));
        LossByPosition byPosition = meter.cell(encoding("none"), "a", 1).lossByPosition();
        assertThat(byPosition.width()).isEqualTo(3);
        assertThat(byPosition.mean(0)).isEqualTo(1.5);
        assertThat(byPosition.mean(1)).isEqualTo(4);
        assertThat(byPosition.mean(43)).isEqualTo(129);
        assertThat(byPosition.counts().get(0)).isEqualTo(2);
        assertThat(byPosition.plus(byPosition).mean(1)).isEqualTo(4);
        assertThatThrownBy(() -> byPosition.plus(LossByPosition.none(131)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("losses added up must be of one length, were of 130 and 131");
    }

    @Test
    void theBestIsAmongThoseThatAreFinished() {
        PerplexityPlan plan = plan("none", "linear", "yarn");
        PerplexityResults results = results(
                plan,
                List.of(
                        cell(encoding("none"), "a", 3f),
                        cell(encoding("none"), "b", 3f),
                        cell(encoding("linear"), "a", 2f),
                        cell(encoding("linear"), "b", 2f),
                        cell(encoding("yarn"), "a", 1f)));
        assertThat(results.results().stream().filter(results::isBest).map(PerplexityRecord::encoding))
                .containsExactlyElementsOf(encodings("linear"));
        PerplexityResults alone =
                results(plan, List.of(cell(encoding("none"), "a", 3f), cell(encoding("none"), "b", 3f)));
        assertThat(alone.results().stream().filter(alone::isBest)).isEmpty();
        PerplexityResults broken = results(
                plan,
                List.of(
                        cell(encoding("none"), "a", Float.NaN),
                        cell(encoding("none"), "b", 3f),
                        cell(encoding("linear"), "a", 2f),
                        cell(encoding("linear"), "b", 2f)));
        assertThat(broken.results().stream().filter(broken::isBest).map(PerplexityRecord::encoding))
                .containsExactlyElementsOf(encodings("linear"));
    }

    @Test
    void printsATable() {
        assertThat(printed(ExamplePerplexity.of(PLAN, 80))).isEqualTo("""
                Perplexity of little-prose-3M; trained length 512 tokens
                (protocol token: windows that do not overlap; every token is scored once and counts alike)
                (3 documents; * best at this length)
                +----------------+---------+---------+---------+---------+----------------+
                | Encoding       | 256     | 512     | 1,024   | 2,048   | 4,096          |
                |                | within  | within  | beyond  | beyond  | beyond         |
                +----------------+---------+---------+---------+---------+----------------+
                | No scaling     | 22.22   | 20.44 * | 35.12   | 131.1   | 674.5 (2 of 3) |
                | Linear         | 22.23   | 20.54   | 21.28   | 24.76   | 30.50 (2 of 3) |
                | NTK-aware      | 22.08 * | 20.51   | 20.72   | 23.36   | 26.51 (1 of 3) |
                | Dynamic NTK    | 22.15   | 20.47   | 20.09   | 21.57   | 23.74 (1 of 3) |
                | YaRN           | 22.25   | 20.50   | 19.86   | 19.94   | 21.00 (1 of 3) |
                | Resonance YaRN | 22.56   | 20.66   | 19.47 * | 18.75 * | 18.68 (1 of 3) |
                +----------------+---------+---------+---------+---------+----------------+

                Differences on the same text, in % of the perplexity; below 0 is better
                (mean and 95 % interval by Student's t over the 3 documents)
                (undecided where it contains 0; each stands alone: of twenty without any effect, one is decided)
                +--------------------------+--------------------------------+--------------------------------+
                | Difference               | 256                            | 512                            |
                |                          | within                         | within                         |
                +--------------------------+--------------------------------+--------------------------------+
                | Linear − No scaling      | +0.03 [−4.43, +4.70] undecided | +0.52 [−0.95, +2.01] undecided |
                | NTK-aware − No scaling   | −0.64 [−3.60, +2.42] undecided | +0.34 [−3.82, +4.68] undecided |
                | Dynamic NTK − No scaling | −0.33 [−1.87, +1.24] undecided | +0.17 [−1.16, +1.52] undecided |
                | YaRN − No scaling        | +0.14 [−5.40, +6.00] undecided | +0.30 [−1.22, +1.84] undecided |
                | Resonance YaRN − YaRN    | +1.38 [−0.43, +3.22] undecided | +0.79 [−0.18, +1.76] undecided |
                +--------------------------+--------------------------------+--------------------------------+
                +--------------------------+--------------------------------+--------------------------------+
                | Difference               | 1,024                          | 2,048                          |
                |                          | beyond                         | beyond                         |
                +--------------------------+--------------------------------+--------------------------------+
                | Linear − No scaling      | −39.39 [−41.51, −37.20] better | −81.12 [−83.17, −78.81] better |
                | NTK-aware − No scaling   | −41.00 [−42.75, −39.20] better | −82.19 [−84.79, −79.14] better |
                | Dynamic NTK − No scaling | −42.79 [−43.75, −41.80] better | −83.55 [−85.96, −80.73] better |
                | YaRN − No scaling        | −43.44 [−45.31, −41.51] better | −84.80 [−87.15, −82.02] better |
                | Resonance YaRN − YaRN    | −1.99 [−5.61, +1.77] undecided | −5.94 [−8.31, −3.50] better    |
                +--------------------------+--------------------------------+--------------------------------+
                +--------------------------+-----------------------------------------+
                | Difference               | 4,096                                   |
                |                          | beyond                                  |
                +--------------------------+-----------------------------------------+
                | Linear − No scaling      | −95.48 [−98.90, −81.46] better (2 of 3) |
                | NTK-aware − No scaling   | −95.45 [−98.24, −88.22] better (1 of 3) |
                | Dynamic NTK − No scaling | −95.93 [−98.51, −88.88] better (1 of 3) |
                | YaRN − No scaling        | −96.40 [−98.72, −89.86] better (1 of 3) |
                | Resonance YaRN − YaRN    | −11.03 [−15.20, −6.66] better (1 of 3)  |
                +--------------------------+-----------------------------------------+
                """);
    }

    @Test
    void theLocaleDoesNotChangeTheNumbers() {
        Locale before = Locale.getDefault();
        String table = printed(ExamplePerplexity.finished());
        try {
            Locale.setDefault(Locale.GERMANY);
            assertThat(printed(ExamplePerplexity.finished())).isEqualTo(table);
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void perplexitiesAreWrittenInFourDigits() {
        assertThat(List.of(
                        PerplexityText.of(7.3456),
                        PerplexityText.of(9.9996),
                        PerplexityText.of(12.3456),
                        PerplexityText.of(99.996),
                        PerplexityText.of(123.456),
                        PerplexityText.of(999.96),
                        PerplexityText.of(12345.6),
                        PerplexityText.of(1234567.8),
                        PerplexityText.of(Double.POSITIVE_INFINITY),
                        PerplexityText.of(Double.NaN)))
                .containsExactly(
                        "7.346", "10.00", "12.35", "100.0", "123.5", "1,000", "12,346", "1.2e+06", "infinite", "NaN");
        assertThat(List.of(
                        PerplexityText.ofError(0.012345),
                        PerplexityText.ofError(1.26),
                        PerplexityText.ofError(97.4),
                        PerplexityText.ofError(1234)))
                .containsExactly("0.012", "1.3", "97", "1,234");
    }

    /** Others read this document by script: these names are a contract. */
    @Test
    void theDocumentHasThePromisedNames() throws IOException {
        JsonNode document = new JsonMapper().readTree(new PerplexityReport(ExamplePerplexity.finished()).toJson());
        assertThat(document.fieldNames())
                .toIterable()
                .containsExactly("plan", "settings", "provenance", "otherProvenances", "results", "differences");
        JsonNode result = document.at("/results/0");
        assertThat(result.fieldNames())
                .toIterable()
                .containsExactly(
                        "encoding",
                        "length",
                        "perplexity",
                        "standardError",
                        "tokens",
                        "windows",
                        "protocol",
                        "tokensPerSecond",
                        "seconds",
                        "documents",
                        "lossByPosition");
        assertThat(result.get("protocol").textValue()).isEqualTo("token");
        assertThat(result.get("tokens").isIntegralNumber()).isTrue();
        assertThat(document.at("/plan/protocol").textValue()).isEqualTo("token");
        assertThat(document.at("/plan/documents/0").fieldNames())
                .toIterable()
                .containsExactly("name", "sha256", "tokens", "bytes", "tokenIds");
        assertThat(document.at("/plan/model").fieldNames())
                .toIterable()
                .containsExactly("name", "sha256", "trainedLength");
    }

    @Test
    void comesBackFromJsonAsItWas(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("record.json");
        for (String protocol : List.of("token", "yarn", "yarn:100", "llama.cpp")) {
            PerplexityPlan plan = new PerplexityPlan(
                    PLAN.model(),
                    PerplexityProtocol.named(protocol),
                    PLAN.encodings(),
                    List.of(512, 1024),
                    PLAN.documents());
            PerplexityResults results = ExamplePerplexity.of(plan, 20);
            AtomicFile.write(file, RecordJson.write(plan));
            assertThat(RecordJson.read(file, PerplexityPlan.class)).as(protocol).isEqualTo(plan);
            JsonNode document = new JsonMapper().readTree(new PerplexityReport(results).toJson());
            assertThat(document.get("plan")).as(protocol).isEqualTo(new JsonMapper().readTree(file.toFile()));
            assertThat(document.get("results"))
                    .as(protocol)
                    .hasSize(results.results().size());
            for (int i = 0; i < results.results().size(); i++) {
                AtomicFile.write(file, document.get("results").get(i).toString());
                assertThat(RecordJson.read(file, PerplexityRecord.class))
                        .as(protocol)
                        .isEqualTo(results.results().get(i));
            }
        }
        PerplexityCell broken = cell("a", new float[] {Float.POSITIVE_INFINITY, Float.NaN, 1});
        AtomicFile.write(file, RecordJson.write(broken));
        assertThat(RecordJson.read(file, PerplexityCell.class)).isEqualTo(broken);
    }

    @Test
    void refusesFilesThatAreNoRecords(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("cell.json");
        AtomicFile.write(file, RecordJson.write(cell("a", new float[] {1})));
        String json = Files.readString(file);
        Files.writeString(file, json.replace("\"document\" : \"a\"", "\"document\" : \"a\", \"texts\" : 1"));
        assertThatThrownBy(() -> RecordJson.read(file, PerplexityCell.class))
                .isInstanceOf(RecordFormatException.class)
                .hasMessage(file
                        + ": texts is unknown; known: [document, encoding, length, lossByPosition, seconds, tokens,"
                        + " tokensRead, windowLosses, windows]");
        Files.writeString(file, json.replace("\"seconds\" : 1.0", "\"seconds\" : 0.0"));
        assertThatThrownBy(() -> RecordJson.read(file, PerplexityCell.class))
                .isInstanceOf(RecordFormatException.class)
                .hasMessage(file + ": seconds must be finite and more than 0, was 0.0 (cell none / length 4 / a)");
        String plan = RecordJson.write(PLAN);
        Files.writeString(file, plan.replace("\"protocol\" : \"token\"", "\"protocol\" : \"tokens\""));
        assertThatThrownBy(() -> RecordJson.read(file, PerplexityPlan.class))
                .isInstanceOf(RecordFormatException.class)
                .hasMessage(
                        file + ": protocol 'tokens' is unknown; known: token, yarn, llama.cpp; did you mean 'token'?");
    }

    @Test
    void refusesWhatIsNotOfThePlan() {
        PerplexityPlan plan = plan("none", "yarn");
        PerplexityCell cell = cell(encoding("linear"), "a", 1f);
        assertThatThrownBy(() -> results(plan, List.of(cell)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cells must be cells of the plan, found linear / length 4 / a");
        assertThatThrownBy(() -> results(plan, List.of(cell, cell)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cells must not repeat, found linear / length 4 / a twice");
        assertThatThrownBy(() ->
                        PerplexityRecord.of(new EveryTokenOnce(), List.of(cell, cell(encoding("none"), "b", 1f))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "cells merged must be of one encoding and length, were linear / length 4 / a and none / length"
                                + " 4 / b");
        assertThatThrownBy(() -> plan("none", "none"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("encodings must not repeat, were [none, none]");
    }

    @Test
    void theMeterRefusesLossesThatAreNotTheWindows() {
        PerplexityMeter meter = new PerplexityMeter(4);
        assertThatThrownBy(() -> meter.add(new TextWindow(0, 5, Start.TEXT, 1), new float[4]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("window must have at most 4 positions, had 5");
        assertThatThrownBy(() -> meter.add(new TextWindow(0, 4, Start.TEXT, 2), new float[3]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("losses must be one for each of the 2 scored tokens, were 3");
        assertThatThrownBy(() -> meter.cell(encoding("none"), "a", 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "counts must be of at least one window with a scored token, were 0 windows, 0 scored and 0 read"
                                + " (cell none / length 4 / a)");
    }

    private static PerplexityPlan plan(String... encodings) {
        return new PerplexityPlan(
                PLAN.model(),
                new EveryTokenOnce(),
                encodings(encodings),
                List.of(4),
                List.of(new MeasuredDocument("a", "1", 3), new MeasuredDocument("b", "2", 3)));
    }

    private static PerplexityResults results(PerplexityPlan plan, List<PerplexityCell> cells) {
        return new PerplexityResults(ExampleComparison.records(plan, Map.of(), cells));
    }

    private static PerplexityCell cell(EncodingName encoding, String document, float loss) {
        PerplexityMeter meter = new PerplexityMeter(4);
        meter.add(new TextWindow(0, 3, Start.BOS_PREPENDED, 1), new float[] {loss, loss, loss});
        return meter.cell(encoding, document, 1);
    }

    /** A cell of windows of BOS and as many tokens as there are losses. */
    private static PerplexityCell cell(String document, float[]... losses) {
        PerplexityMeter meter = new PerplexityMeter(4);
        for (float[] window : losses) {
            meter.add(new TextWindow(0, window.length, Start.BOS_PREPENDED, 1), window);
        }
        return meter.cell(encoding("none"), document, 1);
    }

    private static String printed(PerplexityResults results) {
        StringWriter text = new StringWriter();
        new PerplexityReport(results).print(new PrintWriter(text));
        return text.toString().replace(System.lineSeparator(), "\n");
    }
}
