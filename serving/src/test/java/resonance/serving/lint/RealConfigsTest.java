package resonance.serving.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import resonance.rope.RopeShape;
import resonance.rope.huggingface.ModelRope;
import resonance.rope.huggingface.ModelRopeReader;
import resonance.rope.huggingface.RopeReading;
import resonance.rope.huggingface.TransformersVersion;

/**
 * Configurations of real models, of situations that people ask about, and small ones that come near them, held against what
 * the engines themselves made of each (the scripts in {@code engines} have executed them).
 */
class RealConfigsTest {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();
    private static final List<Path> FOLDERS = List.of(
            Path.of("../model/src/test/resources/real-configs"),
            Path.of("src/test/resources/resonance/serving/lint/configs"));

    /** The words of a finding after which nothing is computed. */
    private static final List<String> REFUSALS = List.of("fails to load", "refused", "ends with");

    /** Keys that a converter asks for and that have nothing to do with positions. */
    private static final List<String> NOT_OF_POSITIONS = List.of("scale_emb");

    /** An engine's reading of every configuration. */
    private static final Map<Engine, JsonNode> EXECUTED = executed();

    static Stream<Path> configurations() throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path folder : FOLDERS) {
            try (Stream<Path> in = Files.list(folder)) {
                in.filter(file -> file.toString().endsWith(".json")).sorted().forEach(files::add);
            }
        }
        return files.stream();
    }

    /** After a wanted change, replace the file by the text that the failure shows, and read the difference. */
    @Test
    void everyConfigurationHasItsOutcomeForEveryEngine(@TempDir Path folder) throws IOException {
        StringBuilder table = new StringBuilder();
        for (Path file : configurations().toList()) {
            table.append(name(file)).append('\n');
            LintReport report = lint(file, folder);
            for (Engine engine : report.engines()) {
                table.append("    ")
                        .append(engine.label())
                        .append(": ")
                        .append(outcome(report, engine))
                        .append('\n');
            }
        }
        try (InputStream in = RealConfigsTest.class.getResourceAsStream("real-configs.txt")) {
            assertThat(in).isNotNull();
            assertThat(table).hasToString(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void thereAreTheConfigurationsThatWereExecuted() throws IOException {
        List<String> names = configurations().map(RealConfigsTest::name).toList();
        assertThat(names).hasSizeGreaterThan(160);
        EXECUTED.values()
                .forEach(read -> assertThat(read.fieldNames()).toIterable().containsExactlyInAnyOrderElementsOf(names));
    }

    /** No engine that fails is called clean, and none is said to fail that does not. */
    @ParameterizedTest
    @MethodSource("configurations")
    void whatAnEngineFailsOnIsAnErrorAndNothingElseIsSaidToFail(Path file, @TempDir Path folder) throws IOException {
        LintReport report = lint(file, folder);
        for (Engine engine : report.checked()) {
            JsonNode read = executed(engine, file);
            List<String> errors = report.findings().stream()
                    .filter(finding -> finding.engine() == engine && finding.severity() == Severity.ERROR)
                    .map(Finding::message)
                    .toList();
            List<String> failures = errors.stream()
                    .filter(message -> REFUSALS.stream().anyMatch(message::contains))
                    .toList();
            String failed = read.path("error").asText("");
            if (!failed.isEmpty() && NOT_OF_POSITIONS.stream().noneMatch(failed::contains)) {
                assertThat(errors).as("%s: %s", engine.label(), failed).isNotEmpty();
            } else if (failed.isEmpty() && !onlyTheWholeModelFails(report, engine)) {
                assertThat(failures).as(engine.label()).isEmpty();
            }
        }
    }

    /** Only rotary classes were executed; that a value of another type ends well there does not make it right. */
    private static boolean onlyTheWholeModelFails(LintReport report, Engine engine) {
        Set<LintRule> others = Set.of(LintRule.WRONG_TYPE, LintRule.DUAL_CHUNK, LintRule.PARTIAL_ROTARY);
        return report.findings().stream()
                .anyMatch(finding -> finding.engine() == engine && others.contains(finding.rule()));
    }

    @ParameterizedTest
    @EnumSource(
            value = Engine.class,
            names = {"TRANSFORMERS_4", "TRANSFORMERS_5"})
    void transformersMagnitudesAreThoseThatItComputes(Engine engine) throws IOException {
        int compared = 0;
        for (Path file : configurations().toList()) {
            JsonNode layers = executed(engine, file).path("layers");
            JsonValues config = config(file);
            if (layers.isMissingNode()
                    || Coverage.gap(engine, outerType(file), config).isPresent()) {
                continue;
            }
            for (LayerReading layer : ConfigLayers.read(engine, config)) {
                JsonNode one = layers.has(layer.layerType()) ? layers.get(layer.layerType()) : layers.path("all");
                boolean defaultOfTheClass =
                        layer.dictionary().isEmpty() && layer.modelType().equals("gpt_oss");
                if (one.isMissingNode() || defaultOfTheClass) {
                    continue;
                }
                assertThat(Shown.rounded(layer.magnitude().orElse(Double.NaN)))
                        .as("%s of %s", layer.layerType(), name(file))
                        .isEqualTo(Shown.rounded(one.get("magnitude").asDouble()));
                layer.pairs()
                        .ifPresent(pairs -> assertThat(pairs)
                                .as(name(file))
                                .isEqualTo(one.get("pairs").asDouble()));
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(80);
    }

    @Test
    void vllmsLimitTableAndMagnitudeAreThoseThatItsClassesHave() throws IOException {
        int compared = 0;
        for (Path file : configurations().toList()) {
            JsonNode read = executed(Engine.VLLM, file);
            JsonValues config = config(file);
            if (!read.has("limit")
                    || Coverage.gap(Engine.VLLM, outerType(file), config).isPresent()) {
                continue;
            }
            VllmClass kind = VllmClass.of(config).orElseThrow();
            for (LayerReading layer : ConfigLayers.read(Engine.VLLM, config)) {
                JsonNode tables = read.get("tables");
                JsonNode table = tables.has(layer.layerType()) ? tables.get(layer.layerType()) : tables.path("all");
                if (kind == VllmClass.TRANSFORMERS || !table.has("rows")) {
                    continue;
                }
                VllmReading reading = new VllmReading(layer, kind);
                double images = table.get("class").asText().equals("MRotaryEmbedding") ? 4 : 1;
                assertThat(reading.rows().orElse(2048.0) * images)
                        .as("rows of %s", name(file))
                        .isEqualTo(table.get("rows").asDouble());
                assertThat(reading.limit().orElse(2048.0))
                        .as("limit of %s", name(file))
                        .isEqualTo(read.get("limit").asDouble());
                assertThat(reading.magnitude()
                                .map(Math::abs)
                                .map(Shown::rounded)
                                .orElse("none"))
                        .as("magnitude of %s", name(file))
                        .isEqualTo(Shown.rounded(table.get("magnitude").asDouble()));
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(80);
    }

    /** The reader that computes, and the rules that tell, take the same from a configuration. */
    @ParameterizedTest
    @EnumSource(
            value = Engine.class,
            names = {"TRANSFORMERS_4", "TRANSFORMERS_5"})
    void theReaderOfPositionsAndTheRulesTakeTheSameFromAConfiguration(Engine engine) throws IOException {
        TransformersVersion version = engine == Engine.TRANSFORMERS_4 ? TransformersVersion.V4 : TransformersVersion.V5;
        int compared = 0;
        for (Path file : configurations().toList()) {
            JsonValues config = config(file);
            Optional<RopeReading> read = read(file, version);
            if (read.isEmpty() || Coverage.gap(engine, outerType(file), config).isPresent()) {
                continue;
            }
            Map<String, ModelRope> ropes = read.get().ropes();
            for (LayerReading layer : ConfigLayers.read(engine, config)) {
                ModelRope rope = ropes.getOrDefault(layer.layerType(), ropes.get(ModelRope.ALL_LAYERS));
                if (rope == null) {
                    continue;
                }
                String place = layer.layerType() + " of " + name(file);
                RopeShape shape = rope.shape();
                layer.base()
                        .ifPresent(base -> assertThat(shape.base()).as(place).isEqualTo(base));
                layer.pairs()
                        .ifPresent(pairs ->
                                assertThat(shape.headSize() / 2.0).as(place).isEqualTo(pairs));
                // Where both lists are equal the reader of version 4 takes the dictionary's length: it changes nothing
                // else.
                boolean chunks = Files.readString(file).contains("\"dual_chunk_attention_config\"");
                // Unscaled attention in chunks says in its own object what the model was trained on; no engine computes
                // with it.
                boolean anyLength = (layer.old() && layer.is("longrope")) || chunks;
                layer.trainedLength()
                        .filter(length -> !anyLength)
                        .ifPresent(length -> assertThat((double) shape.trainedLength())
                                .as(place)
                                .isEqualTo(length));
                layer.magnitude()
                        .ifPresent(magnitude -> assertThat(
                                        rope.frequencies(shape.trainedLength()).attentionScale())
                                .as(place)
                                .isCloseTo(magnitude, within(1e-9)));
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(60);
    }

    /** What the reader makes of a configuration; empty if it refuses it. */
    private static Optional<RopeReading> read(Path file, TransformersVersion version) throws IOException {
        Map<String, Object> values = JSON.readValue(file.toFile(), new TypeReference<Map<String, Object>>() {});
        try {
            return Optional.of(ModelRopeReader.read(values, version));
        } catch (IllegalArgumentException refused) {
            return Optional.empty();
        }
    }

    /** What the converter writes is what the rules say it does: a scaling that arrives is not called dropped. */
    @ParameterizedTest
    @MethodSource("configurations")
    void aScalingIsSaidToBeDroppedByTheConverterIfItIs(Path file, @TempDir Path folder) throws IOException {
        JsonNode read = executed(Engine.CONVERTER, file);
        LintReport report = lint(file, folder);
        if (!report.checked().contains(Engine.CONVERTER) || !read.has("keys")) {
            return;
        }
        String type = read.get("keys").path("rope.scaling.type").asText("none");
        boolean divisors = !read.get("tensors").isEmpty();
        boolean arrives = divisors
                || Set.of("linear", "yarn").contains(type)
                || name(file).startsWith("hunyuan");
        boolean dropped =
                report.findings().stream().anyMatch(finding -> finding.rule() == LintRule.CONVERSION_DROPS_SCALING);
        LayerReading layer = ConfigLayers.read(Engine.CONVERTER, config(file)).get(0);
        assertThat(dropped)
                .as("%s: %s", layer.type(), read)
                .isEqualTo(!arrives && !layer.is("default") && layer.type().isPresent());
    }

    /** What an engine made of one configuration. */
    private static JsonNode executed(Engine engine, Path file) {
        return EXECUTED.getOrDefault(engine, MissingNode.getInstance()).path(name(file));
    }

    private static LintReport lint(Path file, Path folder) throws IOException {
        Files.write(folder.resolve("config.json"), Files.readAllBytes(file));
        return Linter.lint(folder);
    }

    private static String outcome(LintReport report, Engine engine) {
        Optional<NotChecked> gap = report.notChecked().stream()
                .filter(one -> one.engine() == engine)
                .findFirst();
        if (gap.isPresent()) {
            return "not checked: " + gap.get().reason();
        }
        List<String> found = report.findings().stream()
                .filter(finding -> finding.engine() == engine)
                .map(finding ->
                        finding.severity().label() + " " + finding.rule().label() + " " + finding.key())
                .toList();
        return found.isEmpty() ? "clean" : String.join("; ", found);
    }

    private static String name(Path file) {
        return file.getFileName().toString().replace(".json", "");
    }

    private static JsonValues config(Path file) throws IOException {
        return Linter.textPart(
                new JsonValues("", JSON.readValue(file.toFile(), new TypeReference<Map<String, Object>>() {})));
    }

    private static String outerType(Path file) throws IOException {
        return JSON.readTree(file.toFile()).path("model_type").asText("");
    }

    private static Map<Engine, JsonNode> executed() {
        Map<Engine, JsonNode> executed = new EnumMap<>(Engine.class);
        for (Engine engine : List.of(Engine.TRANSFORMERS_4, Engine.TRANSFORMERS_5, Engine.VLLM, Engine.CONVERTER)) {
            String file = "engines/" + engine.label() + ".json";
            try (InputStream in = RealConfigsTest.class.getResourceAsStream(file)) {
                executed.put(engine, JSON.readTree(in).get("configurations"));
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        }
        return executed;
    }
}
