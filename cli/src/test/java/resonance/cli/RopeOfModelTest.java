package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import resonance.rope.Resonance;
import resonance.rope.RopeFrequencies;
import resonance.rope.RopeShape;
import resonance.rope.Rounding;
import resonance.rope.YarnScaling;

class RopeOfModelTest {

    @Test
    void showsAModelsOwnEncodingUpToItsMaximumLength(@TempDir Path folder) throws IOException {
        Path file = yarn(folder);
        String expected = """
                Tiny (llama), %s

                All layers (2): the model's own encoding
                Head size 8, base 10000, trained length 32, target length 128
                Scaling yarn with factor 4, without resonance, attention scale 1.13863

                feature     wavelength         scaled    radians/token  critical             gap
                      0          6.283          6.283        1.0000000  pre-critical    0.132644
                      1         62.832        251.327      0.025000000  post-critical   1.864078
                      2        628.319       2513.274     0.0025000000  post-critical   0.239424
                      3       6283.185      25132.741    0.00025000000  post-critical   0.023999

                Critical feature: 1 (1 of 4 features turn fully within the trained length)
                Repeat period of the pre-critical features: none, wavelengths are not whole numbers

                Aliases: distances from 32 to 127 at which the fast features (0) nearly return
                  distance   similarity  features that return
                        44        1.000  0
                        88        0.999  0
                       113        0.995  0
                        69        0.993  0
                        63        0.986  0
                       107        0.983  0
                        94        0.969  0
                        50        0.965  0
                """.formatted(file).replace("\n", System.lineSeparator());
        CommandRun run = run(file, "");
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        String[] parts = run.out().split("(?=\\RMemory in MB, of which )", -1);
        assertThat(parts[0]).isEqualTo(expected);
        assertThat(parts[1].lines().toList())
                .hasSize(17)
                .contains(
                        "tokens                                              32         128",
                        "keys and values, llama.cpp-0.5, f16                0.0         0.0",
                        "keys and values, vllm-0.33, fp8                    0.0         0.0",
                        "compute, llama.cpp-0.5, flash-attn off             0.9         0.9",
                        "weights 0.0 (F32 0.0)",
                        "vllm-0.33: read, vLLM 0.33.0, blocks of 16 tokens, one text's");
    }

    @Test
    void showsWhatItWouldBeWithAnotherEncodingInItsPlace(@TempDir Path folder) throws IOException {
        JsonNode inPlace = only(json(yarn(folder), "--scaling linear --factor 8 --resonance"));
        JsonNode table = inPlace.get("table");
        assertThat(inPlace.get("encoding").textValue()).isEqualTo("resonance-linear");
        assertThat(table).isEqualTo(plain("--head-size 8 --trained-length 32 --scaling linear --factor 8 --resonance"));
    }

    @Test
    void resonanceAloneRoundsTheModelsOwnWavelengths(@TempDir Path folder) throws IOException {
        JsonNode rounded = only(json(yarn(folder), "--resonance"));
        assertThat(rounded.get("encoding").textValue()).isEqualTo("resonance-model");
        assertThat(rounded.get("table"))
                .isEqualTo(plain("--head-size 8 --trained-length 32 --target-length 128 --scaling yarn --resonance"));
        assertThat(only(json(yarn(folder), "--scaling model --resonance"))).isEqualTo(rounded);
    }

    @Test
    void theDefaultLengthIsTheFactorsWhereTheModelSaysNone(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("plain.gguf");
        ModelFiles.gguf().write(file);
        assertThat(target(file, "")).isEqualTo(1024);
        assertThat(target(file, "--factor 2")).isEqualTo(256);
        assertThat(target(file, "--target-length 512")).isEqualTo(512);
        assertThat(target(yarn(folder), "--factor 2")).isEqualTo(64);
        JsonNode scaled = only(json(yarn(folder), "--scaling linear --target-length 96"));
        assertThat(scaled.at("/table/factor").doubleValue()).isEqualTo(3);
    }

    /** Divisors in float32, as an export writes them. */
    private static Path exported(Path folder, RopeFrequencies wanted) throws IOException {
        RopeShape shape = RopeShape.of(8, 10_000, 32);
        float[] divisors = new float[4];
        for (int pair = 0; pair < divisors.length; pair++) {
            divisors[pair] = (float) (shape.radiansPerToken(pair) / wanted.radiansPerToken(pair));
        }
        Path file = folder.resolve("exported.gguf");
        ModelFiles.gguf()
                .putUint32("llama.rope.scaling.original_context_length", 32)
                .putFloat32("llama.rope.scaling.attn_factor", (float) wanted.attentionScale())
                .addFloats("rope_freqs.weight", List.of(4L), divisors)
                .write(file);
        return file;
    }

    @Test
    void periodsOfSeveralTurnsAreReadBackFromWhatWasExportedWithThem(@TempDir Path folder) throws IOException {
        Rounding rounding = Rounding.tokens(64);
        RopeFrequencies wanted = rounding.after(new YarnScaling(4)).frequencies(RopeShape.of(8, 10_000, 32));
        Path file = exported(folder, wanted);
        JsonNode table = only(json(file, "")).get("table");
        assertThat(table.get("wholeToFloat32").booleanValue()).isFalse();
        assertThat(table.get("storedPeriods").textValue())
                .isEqualTo("periods of up to 7 turns and 44 tokens, or whole wavelengths");
        for (int pair = 0; pair < 4; pair++) {
            JsonNode feature = table.get("features").get(pair);
            assertThat(feature.get("periodTokens").longValue()).isEqualTo(wanted.periodTokens(pair));
            assertThat(feature.get("turns").longValue()).isEqualTo(wanted.turns(pair));
        }
        assertThat(run(file, "").out())
                .contains(
                        "Scaling divisors, read as periods of up to 7 turns and 44 tokens, or whole wavelengths,"
                                + " attention scale 1.13863",
                        "     period ",
                        "       44/7 ")
                .contains("Repeat period of the pre-critical features: 44 tokens" + System.lineSeparator()
                        + "Period, critical, gap and repeat period are those that the file's rounded numbers stand for."
                        + System.lineSeparator());
    }

    /** An exported model holds divisors in float32, whose wavelengths are no longer exactly whole. */
    @Test
    void whatWasExportedWithResonanceIsReadBackWithWholeWavelengths(@TempDir Path folder) throws IOException {
        RopeFrequencies wanted = new Resonance(new YarnScaling(4)).frequencies(RopeShape.of(8, 10_000, 32));
        Path file = exported(folder, wanted);
        JsonNode table = only(json(file, "")).get("table");
        JsonNode meant =
                plain("--head-size 8 --trained-length 32 --target-length 128 --scaling yarn --factor 4 --resonance");
        assertThat(table.get("scaling").textValue()).isEqualTo("divisors");
        assertThat(table.get("resonance").booleanValue()).isFalse();
        assertThat(table.get("wholeToFloat32").booleanValue()).isTrue();
        for (String same : List.of("criticalFeature", "preCriticalFeatures", "repeatPeriod")) {
            assertThat(table.get(same)).as(same).isEqualTo(meant.get(same));
        }
        for (int pair = 0; pair < 4; pair++) {
            JsonNode feature = table.get("features").get(pair);
            JsonNode meantFeature = meant.get("features").get(pair);
            assertThat(feature.get("roundedWavelength").longValue()).isEqualTo(wanted.periodTokens(pair));
            assertThat(feature.get("featureGap")).isEqualTo(meantFeature.get("featureGap"));
            double radians = wanted.radiansPerToken(pair);
            assertThat(feature.get("radiansPerToken").doubleValue()).isCloseTo(radians, within(radians * 0x1p-24));
        }
        assertThat(run(file, "").out())
                .contains("Scaling divisors, read as whole wavelengths, attention scale 1.13863", "   rounded ")
                .contains("Repeat period of the pre-critical features: 6 tokens" + System.lineSeparator()
                        + "Rounded, critical, gap and repeat period are those that the file's rounded numbers stand for."
                        + System.lineSeparator())
                .contains("Together the fast features repeat exactly after 6 tokens." + System.lineSeparator());
    }

    @Test
    void layersWithAWindowHaveATableOfTheirOwnAndAreNeverScaled(@TempDir Path folder) throws IOException {
        Path model = ModelFiles.gemma3(folder);
        JsonNode json = json(model, "--scaling yarn --factor 4 --resonance");
        assertThat(names(json)).containsExactly("model", "path", "architecture", "layers", "memory");
        assertThat(json.get("model").textValue()).isEqualTo("gemma");
        assertThat(json.get("path").textValue()).isEqualTo(model.toString());
        assertThat(json.get("architecture").textValue()).isEqualTo("gemma3_text");
        JsonNode full = json.get("layers").get(0);
        assertThat(names(full)).containsExactly("kind", "count", "window", "encoding", "table");
        assertThat(full.get("kind").textValue()).isEqualTo("full");
        assertThat(full.get("count").intValue()).isEqualTo(1);
        assertThat(full.get("window").intValue()).isZero();
        assertThat(full.get("table"))
                .isEqualTo(plain(
                        "--head-size 8 --base 1000000 --trained-length 128 --scaling yarn --factor 4 --resonance"));
        JsonNode sliding = json.get("layers").get(1);
        assertThat(sliding.get("kind").textValue()).isEqualTo("sliding");
        assertThat(sliding.get("count").intValue()).isEqualTo(1);
        assertThat(sliding.get("window").intValue()).isEqualTo(64);
        assertThat(sliding.get("encoding").textValue()).isEqualTo("model");
        assertThat(sliding.at("/table/scaling").textValue()).isEqualTo("none");
        assertThat(sliding.at("/table/base").doubleValue()).isEqualTo(10_000);
        assertThat(sliding.at("/table/targetLength").intValue()).isEqualTo(128);
        assertThat(sliding.get("table").findValues("featureGap")).allMatch(gap -> gap.doubleValue() == 0);
        assertThat(run(model, "").out().lines())
                .contains(
                        "Layers that see the whole text (1): the model's own encoding",
                        "Layers with a sliding window of 64 (1): the model's own encoding");
        assertThat(run(model, "--scaling ntk").out().lines())
                .contains(
                        "Layers that see the whole text (1): ntk",
                        "Layers with a sliding window of 64 (1): the model's own encoding");
    }

    /** What people have is a config.json, of a model that was never run here. */
    @Test
    void aConfigurationAloneIsEnoughWhateverItsNameAndTheModelsPurpose(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("from-a-thread.txt"), """
                {"architectures": ["Glm4ForSequenceClassification"], "model_type": "glm4", "head_dim": 16,
                 "partial_rotary_factor": 0.5, "num_hidden_layers": 3, "max_position_embeddings": 128,
                 "rope_scaling": {"type": "yarn", "factor": 4.0, "original_max_position_embedding": 32}}
                """);
        CommandRun run = run(file, "");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("from-a-thread.txt (glm4), " + file)
                .contains("All layers (3): the model's own encoding")
                .contains("Head size 8, base 10000, trained length 128, target length 512");
        assertThat(run.err())
                .isEqualToIgnoringNewLines(
                        "Note: rope_scaling.original_max_position_embedding = 32 is not read for rope_type"
                                + " 'yarn'; did you mean 'original_max_position_embeddings'?");
    }

    @Test
    void anEncodingThatIsNotKnownIsRefusedWithTheReason(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"baichuan\"}");
        assertThat(run(file, ""))
                .isEqualTo(new CommandRun(
                        1,
                        "",
                        "config.json: model_type 'baichuan' is not known here, and so its position encoding is not either"
                                + System.lineSeparator()));
    }

    @Test
    void settingsWithoutAnEffectAreNotedOnStandardError(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("betas.gguf");
        ModelFiles.gguf().putFloat32("llama.rope.scaling.yarn_beta_fast", 8).write(file);
        CommandRun run = run(file, "--json");
        assertThat(run.exitCode()).isZero();
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).startsWith("Note: ").contains("llama.rope.scaling.yarn_beta_fast");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--head-size 8|--head-size must be left out with MODEL, was given; the model says it",
                "--base 10000|--base must be left out with MODEL, was given; the model says it",
                "--trained-length 32|--trained-length must be left out with MODEL, was given; the model says it",
                "--beta-fast 8|--beta-fast must go with --scaling ntk-by-parts or yarn or yarn-paper or dynamic-yarn or"
                        + " mrrope, was given with model; leave it out or change --scaling",
                "--scaling yarm|--scaling 'yarm' is unknown; known: none, linear, ntk, abf, dynamic-ntk, ntk-by-parts,"
                        + " yarn, yarn-paper, dynamic-yarn, longrope, llama3, proportional,"
                        + " ntk-critical, mrrope, cope, model; did you mean 'yarn'?",
                "--target-length 31|--target-length must be at least the trained length (32), was 31; leave it out for its"
                        + " default",
                "--scaling longrope --short-factors 1 --long-factors 1|--short-factors and --long-factors must hold one"
                        + " divisor per pair (4 for --head-size 8), held 1; separate the numbers by commas",
            })
    void aValueThatDoesNotFitAModelIsRefused(String options, String line, @TempDir Path folder) throws IOException {
        assertThat(run(yarn(folder), options)).isEqualTo(new CommandRun(2, "", line + System.lineSeparator()));
    }

    @Test
    void aModelThatIsNotThereIsRefused() {
        assertThat(CommandRun.of("rope nowhere"))
                .isEqualTo(new CommandRun(
                        2,
                        "",
                        "MODEL must be a Hugging Face folder or a GGUF file, was nowhere, which is missing;"
                                + " scripts/fetch-model brings one" + System.lineSeparator()));
    }

    @Test
    void needsNoNativeLibrary(@TempDir Path folder) throws IOException, InterruptedException {
        Path loaded = folder.resolve("classes.txt");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xlog:class+load:file=" + loaded,
                        "-cp",
                        System.getProperty("java.class.path"),
                        ResonanceCli.class.getName(),
                        "rope",
                        ModelFiles.gemma3(folder).toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(folder.resolve("err.txt").toFile())
                .start();
        assertThat(process.waitFor())
                .as(Files.readString(folder.resolve("err.txt")))
                .isZero();
        String classes = Files.readString(loaded);
        assertThat(classes.contains("resonance.cli.ModelFeatures")).isTrue();
        assertThat(classes.contains("org.bytedeco.javacpp.Loader")).isFalse();
        assertThat(classes.contains("ai.djl")).isFalse();
    }

    /** YaRN from 32 to 128 tokens. */
    private static Path yarn(Path folder) throws IOException {
        Path file = folder.resolve("yarn.gguf");
        ModelFiles.gguf()
                .putString("llama.rope.scaling.type", "yarn")
                .putFloat32("llama.rope.scaling.factor", 4)
                .putUint32("llama.rope.scaling.original_context_length", 32)
                .write(file);
        return file;
    }

    private static CommandRun run(Path model, String options) {
        return CommandRun.of(("rope " + model + " " + options).strip());
    }

    private static JsonNode json(Path model, String options) throws IOException {
        CommandRun run = run(model, "--json " + options);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err()).isEmpty();
        return new ObjectMapper().readTree(run.out());
    }

    /** The only kind of layers. */
    private static JsonNode only(JsonNode features) {
        JsonNode layers = features.get("layers");
        assertThat(layers).hasSize(1);
        assertThat(layers.get(0).get("kind").textValue()).isEqualTo("all");
        assertThat(layers.get(0).get("count").intValue()).isEqualTo(2);
        return layers.get(0);
    }

    /** The table of an encoding that the options describe without a model. */
    private static JsonNode plain(String options) throws IOException {
        return new ObjectMapper()
                .readTree(CommandRun.of("rope --json " + options).out());
    }

    private static long target(Path model, String options) throws IOException {
        return only(json(model, options)).at("/table/targetLength").longValue();
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
