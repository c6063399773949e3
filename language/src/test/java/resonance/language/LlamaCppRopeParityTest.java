package resonance.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import resonance.model.gguf.GgufWriter;

/** Every position encoding that llama.cpp reads from a file, run by stock llama.cpp and by us. */
@Tag("outside-program")
class LlamaCppRopeParityTest {
    private static final int LENGTH = 600;

    /** llama.cpp chooses between LongRoPE's two sets of divisors by the context it is given, in steps of 256. */
    private static final int SHORT_LENGTH = 256;

    /** Each setting moves a prediction by more than this; by 0.7 or more where it was looked at. */
    private static final double VISIBLE = 0.1;

    private final Path folder;
    private final LlamaCpp llamaCpp;

    LlamaCppRopeParityTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        this.llamaCpp = new LlamaCpp(folder);
    }

    static Stream<Arguments> settings() {
        return Stream.of(
                of("llama", "linear", type("linear").andThen(factor(4))),
                of("llama", "linear without a type", factor(3)),
                of("llama", "linear by its former name", number("rope.scale_linear", 2.5f)),
                of("llama", "yarn", type("yarn").andThen(factor(4)).andThen(trainedLength(128))),
                of("llama", "yarn from the context length", type("yarn").andThen(factor(8))),
                of("llama", "magnitude", number("rope.scaling.attn_factor", 1.2f)),
                of(
                        "llama",
                        "yarn and magnitude",
                        type("yarn").andThen(factor(4)).andThen(number("rope.scaling.attn_factor", 0.8f))),
                of("llama", "divisors", divisors("rope_freqs.weight", 1.5f)),
                of(
                        "llama",
                        "divisors, type none and a factor that is not read",
                        type("none").andThen(factor(4)).andThen(divisors("rope_freqs.weight", 1.5f))),
                of(
                        "llama",
                        "divisors and linear",
                        type("linear").andThen(factor(2)).andThen(divisors("rope_freqs.weight", 1.5f))),
                of(
                        "llama",
                        "divisors and yarn",
                        type("yarn").andThen(factor(4)).andThen(divisors("rope_freqs.weight", 1.5f))),
                of(
                        "llama",
                        "divisors, linear and magnitude",
                        type("linear")
                                .andThen(factor(2))
                                .andThen(number("rope.scaling.attn_factor", 1.1f))
                                .andThen(divisors("rope_freqs.weight", 0.7f))),
                of("llama", "longrope", longrope()),
                of("llama", "longrope and magnitude", longrope().andThen(number("rope.scaling.attn_factor", 1.1f))),
                of("qwen2", "linear", type("linear").andThen(factor(4))),
                of("qwen2", "yarn", type("yarn").andThen(factor(4))),
                of("qwen2", "magnitude", number("rope.scaling.attn_factor", 1.2f)),
                of("qwen3", "linear", type("linear").andThen(factor(4))),
                of("qwen3", "yarn", type("yarn").andThen(factor(4))),
                of("gemma3", "linear", type("linear").andThen(factor(4))),
                of("gemma3", "yarn", type("yarn").andThen(factor(4))),
                of("gemma3", "magnitude", number("rope.scaling.attn_factor", 1.2f)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("settings")
    void everySettingPredictsAsInLlamaCpp(String architecture, String name, Setting setting) throws IOException {
        Path file = write(architecture, setting);
        int[] tokens = RandomGguf.tokens(LENGTH, 91);
        Predictions ours = Predictions.ours(file, tokens);
        Predictions theirs = Predictions.of(llamaCpp.logits(file, tokens, "cache=f32"));
        Predictions plain = Predictions.ours(write(architecture, (writer, model) -> {}), tokens);
        double noise =
                architecture.equals("gemma3") ? LlamaCppParityTest.GELU_TABLE_NOISE : LlamaCppParityTest.FLOAT32_NOISE;
        assertThat(ours.largestDifference(theirs, 0, RandomGguf.TRAINED_LENGTH)).isLessThan(noise);
        assertThat(ours.largestDifference(theirs, RandomGguf.TRAINED_LENGTH, LENGTH))
                .isLessThan(noise);
        assertThat(ours.largestDifference(plain)).isGreaterThan(VISIBLE);
    }

    @Test
    void longropeKeepsItsShortDivisorsUpToTheTrainedLength() throws IOException {
        Path file = write("llama", longrope());
        int[] tokens = RandomGguf.tokens(SHORT_LENGTH, 92);
        assertThat(Predictions.ours(file, tokens)
                        .largestDifference(Predictions.of(llamaCpp.logits(file, tokens, "cache=f32"))))
                .isLessThan(LlamaCppParityTest.FLOAT32_NOISE);
    }

    private Path write(String architecture, Setting setting) throws IOException {
        RandomGguf model = new RandomGguf(architecture, 9);
        return model.with(writer -> setting.put(writer, model)).write(folder.resolve("model.gguf"));
    }

    private static Arguments of(String architecture, String name, Setting setting) {
        return Arguments.of(architecture, name, setting);
    }

    /** Keys and tensors of one way to encode positions. */
    @FunctionalInterface
    interface Setting {
        void put(GgufWriter writer, RandomGguf model);

        default Setting andThen(Setting next) {
            return (writer, model) -> {
                put(writer, model);
                next.put(writer, model);
            };
        }
    }

    private static Setting type(String type) {
        return (writer, model) -> writer.putString(model.key("rope.scaling.type"), type);
    }

    private static Setting factor(float factor) {
        return number("rope.scaling.factor", factor);
    }

    private static Setting number(String key, float value) {
        return (writer, model) -> writer.putFloat32(model.key(key), value);
    }

    private static Setting trainedLength(int tokens) {
        return (writer, model) -> writer.putUint32(model.key("rope.scaling.original_context_length"), tokens);
    }

    private static Setting longrope() {
        return type("longrope")
                .andThen(trainedLength(SHORT_LENGTH))
                .andThen(divisors("rope_factors_short.weight", 1.2f))
                .andThen(divisors("rope_factors_long.weight", 3));
    }

    /** Divisors that grow from 1 with the pair. */
    private static Setting divisors(String tensor, float growth) {
        return (writer, model) -> {
            int pairs = model.headSize() / 2;
            float[] values = new float[pairs];
            for (int pair = 0; pair < pairs; pair++) {
                values[pair] = 1 + growth * pair / pairs;
            }
            writer.addFloats(tensor, List.of((long) pairs), values);
        };
    }
}
