package resonance.evaluation.perplexity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static resonance.evaluation.Encodings.encoding;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import resonance.evaluation.perplexity.TextWindow.Start;

class PerplexityProtocolTest {

    private static final int BOS = 1;

    /** Cases of a second implementation; see perplexity_windows.py beside them. */
    static List<JsonNode> golden() throws IOException {
        try (InputStream file = Objects.requireNonNull(
                PerplexityProtocolTest.class.getResourceAsStream("/golden/perplexity_windows.json"))) {
            List<JsonNode> cases = new ArrayList<>();
            new JsonMapper().readTree(file).forEach(cases::add);
            return cases;
        }
    }

    @ParameterizedTest
    @MethodSource("golden")
    void readsAndScoresAsTheSecondImplementationDoes(JsonNode golden) {
        PerplexityProtocol protocol =
                PerplexityProtocol.named(golden.get("protocol").textValue());
        int length = golden.get("length").intValue();
        boolean bos = golden.get("bos").booleanValue();
        if (golden.get("refused").booleanValue()) {
            assertThat(IntStream.range(0, golden.get("documents").size())
                            .map(document ->
                                    golden.get("documents").get(document).intValue())
                            .anyMatch(tokens -> tokens < protocol.fewestTokens(length, bos)))
                    .isTrue();
            return;
        }
        List<PerplexityCell> cells = new ArrayList<>();
        for (int document = 0; document < golden.get("documents").size(); document++) {
            int[] ids = document(golden.get("documents").get(document).intValue());
            PerplexityMeter meter = new PerplexityMeter(length);
            List<TextWindow> windows = protocol.windows(ids.length, length, bos);
            if (golden.has("read")) {
                assertThat(windows).hasSize(golden.at("/read/" + document).size());
            }
            for (int w = 0; w < windows.size(); w++) {
                TextWindow window = windows.get(w);
                int[] read = window.tokens(ids, bos ? OptionalInt.of(BOS) : OptionalInt.empty());
                if (golden.has("read")) {
                    JsonNode expected = golden.at("/read/" + document + "/" + w);
                    assertThat(read).containsExactly(ints(expected.get("ids")));
                    assertThat(IntStream.range(window.firstScored(), read.length))
                            .containsExactly(Arrays.stream(ints(expected.get("scored")))
                                    .boxed()
                                    .toArray(Integer[]::new));
                }
                meter.add(window, madeUpLosses(window, read));
            }
            cells.add(meter.cell(encoding("none"), "document " + document, 1));
        }
        PerplexityRecord record = PerplexityRecord.of(protocol, cells);
        assertThat(record.tokens()).isEqualTo(golden.get("tokens").longValue());
        assertThat(record.windows()).isEqualTo(golden.get("windows").longValue());
        // Sums of at most 800 doubles in another order: some 1e-13 of the mean, and the exponential triples it.
        double perplexity = golden.get("perplexity").doubleValue();
        assertThat(record.perplexity()).isCloseTo(perplexity, within(1e-11 * perplexity));
        if (golden.get("standardError").isNull()) {
            assertThat(record.standardError()).isNaN();
        } else {
            // A difference of nearly equal squares, so fewer digits.
            assertThat(record.standardError())
                    .isCloseTo(golden.get("standardError").doubleValue(), within(1e-7 * perplexity));
        }
    }

    @Test
    void tokenScoresEveryTokenOnceFromTheTokensBeforeIt() {
        Random random = new Random(41);
        for (int round = 0; round < 2000; round++) {
            int tokens = 2 + random.nextInt(300);
            int length = 2 + random.nextInt(60);
            boolean bos = random.nextBoolean();
            int[] times = scoredTimes(new EveryTokenOnce(), tokens, length, bos);
            int[] once = new int[tokens];
            Arrays.fill(once, 1);
            once[0] = bos ? 1 : 0;
            assertThat(times)
                    .as("%d tokens, length %d, BOS %s", tokens, length, bos)
                    .containsExactly(once);
        }
    }

    @Test
    void llamaCppScoresTheSecondHalfOfEveryWholeWindow() {
        Random random = new Random(42);
        for (int round = 0; round < 2000; round++) {
            int length = 3 + random.nextInt(60);
            boolean bos = random.nextBoolean();
            PerplexityProtocol protocol = new SecondHalves();
            int tokens = protocol.fewestTokens(length, bos) + random.nextInt(400);
            List<TextWindow> windows = protocol.windows(tokens, length, bos);
            assertThat(windows).hasSize((tokens + (bos ? 1 : 0)) / length);
            for (TextWindow window : windows) {
                assertThat(window.length()).isEqualTo(length);
                assertThat(window.scored()).isEqualTo(length - length / 2 - 1);
                assertThat(window.start() == Start.TEXT).isEqualTo(!bos);
            }
        }
    }

    @Test
    void yarnScoresEveryTokenOnceButWhatHasNothingBeforeIt() {
        Random random = new Random(43);
        for (int round = 0; round < 2000; round++) {
            int tokens = 2 + random.nextInt(300);
            int length = 3 + random.nextInt(60);
            boolean bos = random.nextBoolean();
            int most = bos ? length - 1 : length;
            int stride = 1 + random.nextInt(bos ? most : most - 1);
            PerplexityProtocol protocol = new SlidingWindow(stride);
            int[] once = new int[tokens];
            Arrays.fill(once, 1);
            once[0] = bos ? 1 : 0;
            String place = tokens + " tokens, length " + length + ", stride " + stride + ", BOS " + bos;
            assertThat(scoredTimes(protocol, tokens, length, bos)).as(place).containsExactly(once);
            assertThat(protocol.windows(tokens, length, bos))
                    .as(place)
                    .hasSize(1 + (Math.max(0, tokens - most) + stride - 1) / stride);
        }
    }

    @Test
    void namesLeadToTheirProtocolsAndBack() {
        assertThat(PerplexityProtocol.names()).containsExactly("token", "yarn", "llama.cpp");
        for (String name : PerplexityProtocol.names()) {
            assertThat(PerplexityProtocol.named(name).name()).isEqualTo(name);
            assertThat(PerplexityProtocol.named(name).text()).isEqualTo(name);
        }
        assertThat(PerplexityProtocol.named("yarn")).isEqualTo(new SlidingWindow(256));
        assertThat(PerplexityProtocol.named("yarn:64")).isEqualTo(new SlidingWindow(64));
        assertThat(new SlidingWindow(64).text()).isEqualTo("yarn:64");
        assertThat(new SlidingWindow(64).name()).isEqualTo("yarn");
    }

    @Test
    void refusesAnUnknownName() {
        assertRefused(
                () -> PerplexityProtocol.named("llamacpp"),
                "protocol 'llamacpp' is unknown; known: token, yarn, llama.cpp; did you mean 'llama.cpp'?");
        assertRefused(
                () -> PerplexityProtocol.named("paper"), "protocol 'paper' is unknown; known: token, yarn, llama.cpp");
        assertRefused(() -> PerplexityProtocol.named(""), "protocol '' is unknown; known: token, yarn, llama.cpp");
        assertRefused(
                () -> PerplexityProtocol.named("yarn:x"),
                "stride in protocol 'yarn:x' must be a whole number, was 'x'");
        assertRefused(() -> PerplexityProtocol.named("yarn:0"), "stride must be at least 1, was 0");
    }

    @Test
    void refusesDocumentsAndLengthsThatAreTooShort() {
        assertRefused(
                () -> new SecondHalves().windows(1022, 512, true),
                "document must have at least 1023 tokens for protocol llama.cpp at length 512, had 1022");
        assertThat(new SecondHalves().windows(1023, 512, true)).hasSize(2);
        assertRefused(
                () -> new SecondHalves().windows(1023, 512, false),
                "document must have at least 1024 tokens for protocol llama.cpp at length 512, had 1023");
        assertRefused(
                () -> new EveryTokenOnce().windows(1, 512, false),
                "document must have at least 2 tokens for protocol token at length 512, had 1");
        assertRefused(
                () -> new SlidingWindow(7).windows(0, 512, true),
                "document must have at least 1 tokens for protocol yarn:7 at length 512, had 0");
        assertRefused(
                () -> new EveryTokenOnce().windows(9, 1, true), "length must be at least 2 for protocol token, was 1");
        assertRefused(
                () -> new SecondHalves().windows(9, 2, true),
                "length must be at least 3 for protocol llama.cpp, was 2");
        assertRefused(
                () -> new SlidingWindow(256).windows(900, 256, true),
                "stride must be at most the 255 tokens of text in a window of length 256, was 256");
    }

    @Test
    void aWindowRefusesWhatItCannotScore() {
        assertRefused(
                () -> new TextWindow(3, 3, Start.TEXT, 1), "range must be 0 <= begin < end, was begin 3 and end 3");
        assertRefused(() -> new TextWindow(0, 3, Start.TEXT, 3), "firstScored must be from 1 to 2, was 3");
        assertRefused(() -> new TextWindow(0, 3, Start.BOS_PREPENDED, 0), "firstScored must be from 1 to 3, was 0");
        TextWindow window = new TextWindow(0, 3, Start.BOS_PREPENDED, 1);
        assertRefused(
                () -> window.tokens(new int[3], OptionalInt.empty()),
                "bos must be given for a window that starts with it, was empty");
        assertRefused(
                () -> window.tokens(new int[2], OptionalInt.of(1)), "document must have at least 3 tokens, had 2");
    }

    /** How often each token of a document is scored, each time from the token right before it. */
    private static int[] scoredTimes(PerplexityProtocol protocol, int tokens, int length, boolean bos) {
        int[] document = document(tokens);
        int[] times = new int[tokens];
        for (TextWindow window : protocol.windows(tokens, length, bos)) {
            assertThat(window.length()).isLessThanOrEqualTo(length);
            int[] read = window.tokens(document, bos ? OptionalInt.of(BOS) : OptionalInt.empty());
            assertThat(read).hasSize(window.length());
            for (int p = window.firstScored(); p < read.length; p++) {
                times[read[p] - 10]++;
                assertThat(read[p - 1]).isEqualTo(p == 1 && bos ? BOS : read[p] - 1);
            }
        }
        return times;
    }

    private static float[] madeUpLosses(TextWindow window, int[] read) {
        float[] losses = new float[window.scored()];
        for (int i = 0; i < losses.length; i++) {
            int position = window.firstScored() + i;
            losses[i] = (read[position] * 31 + position * 17) % 40 / 4f;
        }
        return losses;
    }

    private static int[] document(int tokens) {
        return IntStream.range(10, 10 + tokens).toArray();
    }

    private static int[] ints(JsonNode array) {
        int[] values = new int[array.size()];
        Arrays.setAll(values, i -> array.get(i).intValue());
        return values;
    }

    private static void assertRefused(Runnable action, String message) {
        assertThatThrownBy(action::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
