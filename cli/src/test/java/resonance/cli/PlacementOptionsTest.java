package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models that come with a scaling of their own, under every command that puts another encoding into them. */
class PlacementOptionsTest extends WithTinyModel {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The tiny model with another scaling in its configuration. */
    private Path model(String scaling) throws IOException {
        Path model = Files.createDirectory(folder.resolve("model"));
        try (Stream<Path> files = Files.list(tiny.folder())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, model.resolve(file.getFileName()));
            }
        }
        Path file = model.resolve("config.json");
        ObjectNode config = (ObjectNode) JSON.readTree(Files.readString(file));
        config.remove("rope_parameters");
        config.put("rope_theta", 10_000.0);
        config.set("rope_scaling", JSON.readTree(scaling));
        Files.writeString(file, config.toString());
        return model;
    }

    private static final String YARN =
            "{\"rope_type\": \"yarn\", \"factor\": 4.0, \"original_max_position_embeddings\": 8}";
    private static final String LINEAR = "{\"rope_type\": \"linear\", \"factor\": 4.0}";

    private CommandRun run(String command, Path model, String options) {
        Path out = folder.resolve("out");
        return CommandRun.of(
                switch (command) {
                    case "perplexity" ->
                        "perplexity " + model + " " + tiny.text() + " --tokens 200 --lengths 64 --compare none,ntk"
                                + " --threads 1 --out " + out + options;
                    case "passkey" ->
                        "passkey " + model
                                + " --lengths 256 --depths 1 --trials 1 --compare none,ntk --threads 1 --out " + out
                                + options;
                    default ->
                        "generate " + model + " --prompt grass --max-tokens 2 --threads 1 --encoding ntk --factor 2"
                                + options;
                });
    }

    @ParameterizedTest
    @CsvSource({"perplexity, --compare", "passkey, --compare", "generate, --encoding"})
    void aScalingThatMayHaveBeenPutInLaterIsNotGuessedAt(String command, String option) throws IOException {
        CommandRun run = run(command, model(YARN), "");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err().lines())
                .last()
                .isEqualTo(option + " ntk must be told where to go, since the model comes with yarn with factor 4, was"
                        + " not; --on-top puts it over that, --replace in its place");
        assertThat(run.out()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "perplexity|--on-top|has ntk with factor 2 on top of that (32 -> 64 tokens)",
                "perplexity|--replace|has ntk with factor 8 (8 -> 64 tokens)",
                "passkey|--on-top|has ntk with factor 8 on top of that (32 -> 256 tokens)",
                "passkey|--replace|has ntk with factor 32 (8 -> 256 tokens)",
                "generate|--on-top|has ntk with factor 2 on top of that (32 -> 64 tokens)",
                "generate|--replace|has ntk with factor 2 (8 -> 16 tokens)"
            })
    void whatIsSaidIsDoneAndShown(String command, String option, String has) throws IOException {
        CommandRun run = run(command, model(YARN), " " + option);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err().lines()).contains("Model had yarn with factor 4 (8 -> 32 tokens), " + has);
    }

    @ParameterizedTest
    @CsvSource({"perplexity, --compare", "passkey, --compare", "generate, --encoding"})
    void aTrainedLengthThatNoFileSaysMustBeGiven(String command, String option) throws IOException {
        Path model = model(LINEAR);
        CommandRun onTop = run(command, model, "");
        assertThat(onTop.exitCode()).as(onTop.err()).isZero();
        assertThat(onTop.err())
                .contains("Model had linear with factor 4 (32 -> 32 tokens), has ntk", " on top of that");
        CommandRun replacing = run(command, model, " --replace");
        assertThat(replacing.exitCode()).isEqualTo(2);
        assertThat(replacing.err().lines())
                .last()
                .isEqualTo(
                        "--trained-length must be given, since the model comes with linear with factor 4 and its files"
                                + " don't say what it was trained on before, was left out; or leave --replace out to stretch what"
                                + " it has");
        CommandRun said = run(command, model, " --replace --trained-length 16");
        assertThat(said.exitCode()).as(said.err()).isZero();
        assertThat(said.err()).contains("has ntk with factor ", " (16 -> ");
    }

    @Test
    void thePlaceIsAmongTheRecordsSettingsAndTellsCellsApart() throws IOException {
        Path model = model(YARN);
        assertThat(run("perplexity", model, " --on-top --factor 2").err()).contains("running 2.");
        CommandRun replacing = run("perplexity", model, " --replace --factor 2 --json");
        assertThat(replacing.err())
                .contains("Settings: --lengths 64 --compare none,ntk --factor 2 --replace --protocol token")
                .contains("1 of 2 cells are finished");
        JsonNode settings = JSON.readTree(replacing.out()).get("settings");
        assertThat(List.of(
                        settings.get("ownScaling").textValue(),
                        settings.get("placement").textValue(),
                        settings.get("trainedLength").textValue()))
                .containsExactly("yarn with factor 4", "replace", "8");
    }

    @ParameterizedTest
    @CsvSource({"perplexity", "passkey", "generate"})
    void aModelWithoutAScalingNeedsNoPlaceAndSaysNothing(String command) {
        CommandRun run = run(command, tiny.folder(), "");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err()).doesNotContain("Model had");
        CommandRun both = run(command, tiny.folder(), " --on-top --replace");
        assertThat(both.exitCode()).isEqualTo(2);
        assertThat(both.err())
                .isEqualTo("--on-top must go without --replace, was given with it; leave one of them out"
                        + System.lineSeparator());
    }
}
