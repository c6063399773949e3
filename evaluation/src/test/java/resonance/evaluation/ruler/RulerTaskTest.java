package resonance.evaluation.ruler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.EnumSource;
import resonance.rope.Refusal;

class RulerTaskTest {
    private static final Pattern SPACE = Pattern.compile("\\s+");

    private static final Pattern PIECES = Pattern.compile("[A-Za-z]{1,5}|[0-9]|[^A-Za-z0-9 ]");

    /** About what a tokenizer makes of English: up to five letters, single digits and signs. */
    private static int pieces(String text) {
        return (int) PIECES.matcher(text).results().count();
    }

    private static ToIntFunction<String> counter(String name) {
        return switch (name) {
            case "words" -> text -> SPACE.split(text.strip(), -1).length;
            case "quarters" -> text -> (text.length() + 3) / 4;
            default -> throw new IllegalArgumentException(name);
        };
    }

    /** Samples that NVIDIA's scripts made; see samples.py beside the file. */
    @ParameterizedTest
    @CsvFileSource(resources = "/golden/ruler/samples.csv", numLinesToSkip = 1)
    void makesTheSamplesOfNvidiasScripts(
            String task,
            int length,
            int templateTokens,
            int seed,
            String counter,
            int samples,
            int tokens,
            String sha256)
            throws NoSuchAlgorithmException {
        RulerTask made = RulerTask.named(task).orElseThrow();
        RulerSettings settings = new RulerSettings(
                length,
                templateTokens,
                made.answerTokens(length),
                samples,
                seed,
                counter(counter),
                ReferenceWords.words(),
                ReferenceWords.PROSE);
        List<RulerSample> drawn = made.samples(settings);
        assertThat(drawn.stream().mapToInt(RulerTaskTest::tokens).sum()).isEqualTo(tokens);
        assertThat(digest(drawn)).isEqualTo(sha256);
    }

    private static int tokens(RulerSample sample) {
        return sample.promptTokens() + sample.answerTokens();
    }

    private static String digest(List<RulerSample> samples) throws NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (RulerSample sample : samples) {
            List<String> parts = new ArrayList<>(List.of(sample.input(), sample.answerPrefix()));
            parts.addAll(sample.references());
            parts.add(Integer.toString(tokens(sample)));
            digest.update((String.join("\u001f", parts) + "\u001e").getBytes(StandardCharsets.UTF_8));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static List<RulerSample> samples(RulerTask task, int length, int samples) {
        return task.samples(settings(task, length, samples));
    }

    private static RulerSettings settings(RulerTask task, int length, int samples) {
        return settings(task, length, samples, RulerTaskTest::pieces);
    }

    private static RulerSettings settings(RulerTask task, int length, int samples, ToIntFunction<String> tokens) {
        return new RulerSettings(
                length, 0, task.answerTokens(length), samples, 42, tokens, RulerWords.own(), ReferenceWords.PROSE);
    }

    @ParameterizedTest
    @EnumSource
    void everySampleFitsAndHoldsItsReferences(RulerTask task) {
        for (int length : new int[] {768, 1000, 4096}) {
            assertThat(samples(task, length, 12)).hasSize(12).allSatisfy(sample -> {
                assertThat(tokens(sample)).isBetween(length / 3, length);
                assertThat(sample.input()).contains(sample.references());
                assertThat(sample.answerPrefix()).startsWith(" ");
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void moreSamplesLeaveTheFirstAsTheyWere(RulerTask task) {
        assertThat(samples(task, 1024, 9).subList(0, 3)).isEqualTo(samples(task, 1024, 3));
    }

    /** Below the smallest increment of NVIDIA's scripts, and below 1,024 tokens their room for the answer shrinks. */
    @Test
    void hidesANumberWithinThe256TokensOfASmallModel() {
        List<RulerSample> samples = samples(RulerTask.NIAH_SINGLE_1, 256, 20);
        assertThat(samples).allSatisfy(sample -> {
            assertThat(sample.answerTokens()).isEqualTo(32);
            assertThat(tokens(sample)).isBetween(200, 256);
        });
        assertThat(samples.get(0).input() + samples.get(0).answerPrefix()).isEqualTo("""
                A special magic number is hidden within the following text. Make sure to memorize it. I will quiz you about the \
                number afterwards.
                One of the special magic numbers for hidden-root is: 6647119.
                The grass is green. The sky is blue. The sun is yellow. Here we go. There and back again.
                The grass is green. The sky is blue. The sun is yellow. Here we go. There and back again.
                The grass is green. The sky is blue. The sun is yellow. Here we go. There and back again.
                The grass is green. The sky is blue. The sun is yellow. Here we go. There and back again.
                What is the special magic number for hidden-root mentioned in the provided text? The special magic number for \
                hidden-root mentioned in the provided text is""");
        assertThat(samples.get(0).references()).containsExactly("6647119");
    }

    @ParameterizedTest
    @EnumSource
    void saysALengthThatWorksWhereNoneFits(RulerTask task) {
        String message = refusal(task, 60);
        int shortest = Integer.parseInt(message.replaceAll("lengths must be at least (\\d+) tokens.*", "$1"));
        assertThat(message)
                .isEqualTo("lengths must be at least " + shortest + " tokens for " + task.taskName()
                        + " with this tokenizer, was 60");
        assertThat(samples(task, shortest, 60)).hasSize(60);
        assertThat(refusal(task, shortest * 7 / 8))
                .startsWith("lengths must be at least ")
                .endsWith(" with this tokenizer, was " + shortest * 7 / 8);
    }

    private static String refusal(RulerTask task, int length) {
        Refusal refusal = catchThrowableOfType(Refusal.class, () -> samples(task, length, 8));
        return String.valueOf(refusal.getMessage());
    }

    @Test
    void refusesSettingsThatMakeNoSamples() {
        assertThatThrownBy(() -> settings(RulerTask.VT, 0, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("length must be at least 1, was 0");
        assertThatThrownBy(() -> settings(RulerTask.VT, 4096, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("samples must be at least 1, was 0");
        RulerSettings noProse = new RulerSettings(4096, 0, 30, 1, 42, RulerTaskTest::pieces, RulerWords.own(), " ");
        assertThat(RulerTask.VT.samples(noProse)).hasSize(1);
        assertThatThrownBy(() -> RulerTask.NIAH_SINGLE_2.samples(noProse))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("prose must hold a word for niah_single_2, was blank");
    }

    @Test
    void aListOfWordsThatDoesNotReachIsRefused() {
        RulerWords few = new RulerWords(List.of("calm"), List.of("lake", "river"), List.of(), List.of());
        RulerSettings settings = new RulerSettings(4096, 0, 120, 1, 42, RulerTaskTest::pieces, few, "");
        assertThat(RulerTask.NIAH_SINGLE_1.samples(settings)).hasSize(1);
        assertThatThrownBy(() -> RulerTask.CWE.samples(settings))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "words must hold at least 4096 for cwe at 4096 tokens, held 3; put an english_words.json into the"
                                + " folder of words");
    }

    /** Time is mostly the tokenizer's: a sample costs about its own text, and the search that of some samples more. */
    @ParameterizedTest
    @EnumSource
    void tokenizesLittleMoreThanTheSamples(RulerTask task) {
        AtomicInteger calls = new AtomicInteger();
        AtomicLong characters = new AtomicLong();
        ToIntFunction<String> counted = text -> {
            calls.incrementAndGet();
            characters.addAndGet(text.length());
            return counter("quarters").applyAsInt(text);
        };
        List<RulerSample> samples = task.samples(settings(task, 4096, 500, counted));
        long written = samples.stream()
                .mapToLong(sample -> (sample.input() + sample.answerPrefix()).length())
                .sum();
        assertThat(calls.get()).isLessThan(1100);
        assertThat(characters.get()).isLessThan(5 * written / 2);
    }
}
