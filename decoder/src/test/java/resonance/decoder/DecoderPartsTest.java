package resonance.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import resonance.rope.Refusal;

class DecoderPartsTest {
    private static final DecoderConfig LLAMA = DecoderConfig.llamaStyle(10, 6, 2, 4, 2, 8, 12, 1e-5, false);
    private static final AttentionShape HEADS = new AttentionShape(6, 3, 4, true, 0.5);
    private static final FeedForwardShape RELU = new FeedForwardShape(FeedForwardKind.RELU, 20);
    private static final NormSettings NORMS = new NormSettings(1e-6, true, true);
    private static final EmbeddingSettings TIED = new EmbeddingSettings(true, 2, 0.5);
    private static final List<AttentionKind> KINDS = AttentionKind.ofWindows(List.of(4, 0, 4));

    static Stream<Arguments> changes() {
        return Stream.of(
                change("attentionKinds", config -> config.with(KINDS), DecoderConfig::attentionKinds, KINDS),
                change("attention", config -> config.with(HEADS), DecoderConfig::attention, HEADS),
                change("feedForward", config -> config.with(RELU), DecoderConfig::feedForward, RELU),
                change("norms", config -> config.with(NORMS), DecoderConfig::norms, NORMS),
                change("embedding", config -> config.with(TIED), DecoderConfig::embedding, TIED),
                change("dropout", config -> config.withDropout(0.3), DecoderConfig::dropout, 0.3),
                change(
                        "relativeBias",
                        config -> config.with(RelativeBias.T5),
                        DecoderConfig::relativeBias,
                        Optional.of(RelativeBias.T5)));
    }

    private static Arguments change(
            String part,
            Function<DecoderConfig, DecoderConfig> change,
            Function<DecoderConfig, Object> reader,
            Object value) {
        return Arguments.of(part, change, reader, value);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("changes")
    void anotherPartIsTheOnlyChange(
            String part,
            Function<DecoderConfig, DecoderConfig> change,
            Function<DecoderConfig, Object> reader,
            Object value) {
        DecoderConfig changed = change.apply(LLAMA);
        assertThat(reader.apply(changed)).isEqualTo(value).isNotEqualTo(reader.apply(LLAMA));
        assertThat(components(changed)).as(part).hasSameSizeAs(components(LLAMA));
        long different = 0;
        for (int i = 0; i < components(LLAMA).size(); i++) {
            different += components(changed).get(i).equals(components(LLAMA).get(i)) ? 0 : 1;
        }
        assertThat(different).as("parts that differ with another %s", part).isEqualTo(1);
        assertThat(change.apply(changed)).isEqualTo(changed).hasSameHashCodeAs(changed);
    }

    private static List<Object> components(DecoderConfig config) {
        return List.of(
                config.vocabularySize(),
                config.width(),
                config.attentionKinds(),
                config.attention(),
                config.feedForward(),
                config.norms(),
                config.embedding(),
                config.dropout(),
                config.relativeBias());
    }

    @Test
    void partsMayBeChangedInAnyOrder() {
        DecoderConfig oneWay = LLAMA.with(HEADS)
                .with(NORMS)
                .with(RelativeBias.T5)
                .with(TIED)
                .with(RELU)
                .with(KINDS)
                .withDropout(0.1);
        DecoderConfig otherWay = LLAMA.with(RelativeBias.T5)
                .withDropout(0.1)
                .with(KINDS)
                .with(RELU)
                .with(TIED)
                .with(NORMS)
                .with(HEADS);
        assertThat(oneWay).isEqualTo(otherWay);
        assertThat(oneWay.parameters()).isEqualTo(otherWay.parameters());
        assertThat(oneWay.layers()).isEqualTo(3);
        assertThat(oneWay.windows()).containsExactly(4, 0, 4);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 2", "4, 4, 8", "4, 2, 8", "32, 8, 128", "12, 1, 64"})
    void aJoinedProjectionIsQueriesKeysAndValues(int heads, int keyValueHeads, int headSize) {
        AttentionShape shape = new AttentionShape(heads, keyValueHeads, headSize, false, 1);
        assertThat(shape.group() * keyValueHeads).isEqualTo(heads);
        assertThat(shape.queryWidth()).isEqualTo(shape.group() * shape.keyWidth());
        assertThat((long) shape.joinedWidth()).isEqualTo((heads + 2L * keyValueHeads) * headSize);
        DecoderConfig config = LLAMA.with(shape);
        long joined = ParameterLayout.joined(config, ParameterRole.KEY, 0).stream()
                .mapToLong(Parameter::size)
                .sum();
        assertThat(joined).isEqualTo((long) shape.joinedWidth() * config.width());
    }

    @ParameterizedTest
    @EnumSource(FeedForwardKind.class)
    void aGatedFeedForwardIsTwiceAsWideInside(FeedForwardKind kind) {
        FeedForwardShape shape = new FeedForwardShape(kind, 12);
        assertThat(shape.inputWidth()).isEqualTo(kind.gated() ? 24 : 12);
        long joined = ParameterLayout.joined(LLAMA.with(shape), ParameterRole.UP, 1).stream()
                .mapToLong(Parameter::size)
                .sum();
        assertThat(joined).isEqualTo((long) shape.inputWidth() * LLAMA.width());
    }

    @ParameterizedTest
    @EnumSource(ParameterRole.class)
    void everyRoleStandsInTheLayersOrOutsideAndOnceAPlace(ParameterRole role) {
        DecoderConfig everything = LLAMA.with(HEADS).with(NORMS).with(RelativeBias.T5);
        List<Integer> layers = everything.parameters().stream()
                .filter(parameter -> parameter.role() == role)
                .map(Parameter::layer)
                .toList();
        assertThat(layers).isEqualTo(role.inLayers() ? List.of(0, 1) : List.of(Parameter.NO_LAYER));
        assertThat(role.joint().joint()).isEqualTo(role.joint());
        assertThat(role.joint().kind()).isEqualTo(role.kind());
    }

    @Test
    void namesAreOfOneParameterEach() {
        List<Parameter> parameters =
                LLAMA.with(HEADS).with(NORMS).with(RelativeBias.T5).parameters();
        Set<String> names = parameters.stream().map(Parameter::name).collect(Collectors.toSet());
        assertThat(names).hasSameSizeAs(parameters);
        assertThat(parameters.stream().map(Parameter::role).collect(Collectors.toSet()))
                .isEqualTo(EnumSet.allOf(ParameterRole.class));
    }

    @Test
    void onlyNormsAndBiasesAreVectors() {
        for (Parameter parameter :
                LLAMA.with(HEADS).with(NORMS).with(RelativeBias.T5).parameters()) {
            boolean matrix = parameter.role().kind() == ParameterRole.Kind.MATRIX;
            assertThat(parameter.shape()).as(parameter.name()).hasSize(matrix ? 2 : 1);
            assertThat(parameter.size() % parameter.columns())
                    .as(parameter.name())
                    .isZero();
        }
    }

    @Test
    void theSizesOfTwoLayersDifferFromOneByALayer() {
        DecoderConfig config = LLAMA.with(HEADS).with(NORMS).with(RelativeBias.T5);
        long one = new ParameterLayout(config.with(AttentionKind.full(1))).size();
        long two = new ParameterLayout(config.with(AttentionKind.full(2))).size();
        long five = new ParameterLayout(config.with(AttentionKind.full(5))).size();
        assertThat(five - one).isEqualTo(4 * (two - one));
        long outside = config.parameters().stream()
                .filter(parameter -> parameter.layer() == Parameter.NO_LAYER)
                .mapToLong(Parameter::size)
                .sum();
        assertThat(one - (two - one)).isEqualTo(outside);
    }

    @Test
    void aWindowIsNoPartOfTheParameters() {
        DecoderConfig windowed = LLAMA.with(AttentionKind.ofWindows(List.of(3, 7)));
        assertThat(windowed.parameters()).isEqualTo(LLAMA.parameters());
        assertThat(windowed).isNotEqualTo(LLAMA);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | 1 | 8  | 1    | --heads must be at least 1, was 0",
                "4 | 0 | 8  | 1    | --keyValueHeads must be at least 1, was 0",
                "4 | 3 | 8  | 1    | --keyValueHeads must divide --heads (4), was 3",
                "4 | 8 | 8  | 1    | --keyValueHeads must divide --heads (4), was 8",
                "4 | 2 | 1  | 1    | --headSize must be at least 2, was 1",
                "4 | 2 | 9  | 1    | --headSize must be even, was 9",
                "4 | 2 | 8  | -1   | --attentionLogitScale must be above 0 and finite, was -1.0",
                "4 | 2 | 8  | NaN  | --attentionLogitScale must be above 0 and finite, was NaN",
            })
    void headsOutOfRangeAreRefusedInTheNamesOfWhoAsks(
            int heads, int keyValueHeads, int headSize, double scale, String message) {
        assertThatThrownBy(() -> new AttentionShape(heads, keyValueHeads, headSize, false, scale))
                .isInstanceOf(Refusal.class)
                .hasMessage(message.replace("--", ""))
                .satisfies(refusal -> assertThat(((Refusal) refusal).message(name -> "--" + name))
                        .isEqualTo(message));
    }
}
