package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import resonance.model.Model;
import resonance.model.reading.ModelReader;

class ExportCommandTest {
    private final Path folder;
    private final Path model;
    private final Path out;

    ExportCommandTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        this.model = folder.resolve("model.gguf");
        this.out = folder.resolve("out.gguf");
        ModelFiles.gguf().write(model);
    }

    private CommandRun export(String options) {
        return CommandRun.of("export " + model + " " + out + " " + options);
    }

    @Test
    void writesTheModelAndSaysHowToServeIt() {
        CommandRun run = export("--scaling yarn --factor 4 --resonance");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .startsWith(out
                        + ": llama, had none (128 -> 128 tokens), has resonance-yarn with factor 4 (128 -> 512 tokens), factor"
                        + " on cosine and sine 1.13863" + System.lineSeparator())
                .contains("  rope_freqs.weight = 4 divisors of the frequencies of base 10000")
                .contains("Note: Leave context shift and self-extend off")
                .endsWith("Serve with llama.cpp: llama-server -m " + out + " -c 512" + System.lineSeparator());
        try (Model exported = ModelReader.open(out)) {
            assertThat(exported.description().rope().frequencies(1).wavelength(0))
                    .isCloseTo(6, within(1e-5));
        }
    }

    @Test
    void jsonHasTheKeysThatScriptsRelyOn() throws IOException {
        JsonNode json = new ObjectMapper()
                .readTree(export("--scaling ntk --factor 2 --json").out());
        assertThat(json.get("out").textValue()).isEqualTo(out.toString());
        assertThat(json.get("architecture").textValue()).isEqualTo("llama");
        assertThat(json.get("encoding").textValue()).isEqualTo("ntk");
        assertThat(json.get("factor").doubleValue()).isEqualTo(2);
        assertThat(json.get("had").textValue()).isEqualTo("none");
        assertThat(json.get("hadContextLength").intValue()).isEqualTo(128);
        assertThat(json.get("placement").textValue()).isEqualTo("replace");
        assertThat(json.get("trainedLength").intValue()).isEqualTo(128);
        assertThat(json.get("contextLength").intValue()).isEqualTo(256);
        assertThat(json.get("attentionScale").doubleValue()).isEqualTo(1);
        assertThat(json.get("changes").get("llama.rope.scaling.type").textValue())
                .isEqualTo("none");
        assertThat(json.get("notes")).isNotEmpty();
        assertThat(json.get("serve").get("llama.cpp").textValue()).isEqualTo("llama-server -m " + out + " -c 256");
    }

    @ParameterizedTest
    @CsvSource({
        "--scaling linear --factor 4,            512, 4",
        "--scaling linear --length 300,          300, 2.34375",
        "--scaling linear --length 300 --factor 8, 300, 8",
        "--scaling none,                         128, 1",
        "--scaling model --resonance,            128, 1",
        "--scaling none --resonance --length 640, 640, 5"
    })
    void factorAndLengthFollowFromEachOther(String options, int length, double factor) throws IOException {
        CommandRun run = export(options + " --json");
        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode json = new ObjectMapper().readTree(run.out());
        assertThat(json.get("contextLength").intValue()).isEqualTo(length);
        assertThat(json.get("factor").doubleValue()).isEqualTo(factor);
    }

    @Test
    void aFolderBecomesAFolder() throws IOException {
        Path gemma = ModelFiles.gemma3(folder);
        Path exported = folder.resolve("exported");
        CommandRun run = CommandRun.of(
                "export " + gemma + " " + exported + " --scaling yarn --factor 4 --resonance --files hard-link");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("rope_parameters = full_attention: longrope, 4 divisors, attention_factor 1.138")
                .contains("sliding_attention: default, base 10000")
                .contains("Serve with vLLM: vllm serve " + exported)
                .contains("Serve with transformers: AutoModelForCausalLM.from_pretrained(\"" + exported + "\")");
        try (Model model = ModelReader.open(exported)) {
            assertThat(model.description().rope().maximumLength()).isEqualTo(512);
        }
    }

    @Test
    void whatIsExportedIsCleanForTheEnginesThatServeIt() throws IOException {
        assertThat(export("--scaling yarn --factor 4 --resonance").exitCode()).isZero();
        CommandRun gguf = CommandRun.of("lint " + out);
        assertThat(gguf.exitCode()).as(gguf.out()).isZero();
        Path exported = folder.resolve("exported");
        CommandRun.of(
                "export " + ModelFiles.gemma3(folder) + " " + exported + " --scaling yarn --factor 4 --resonance");
        CommandRun directory = CommandRun.of("lint " + exported + " --engine transformers-4,transformers-5,vllm");
        assertThat(directory.exitCode()).as(directory.out()).isZero();
    }

    @Test
    void anEarlierExportIsReplacedWhenForcedAndNothingElse() throws IOException {
        Files.writeString(out, "mine");
        String refused = "OUT must not exist yet, was " + out + "; replace it by --force or name another place"
                + System.lineSeparator();
        assertThat(export("--scaling none")).isEqualTo(new CommandRun(2, "", refused));
        assertThat(export("--scaling none --force"))
                .isEqualTo(new CommandRun(
                        2,
                        "",
                        "OUT must be an earlier export as it was written to be replaced, was " + out
                                + ": out.gguf was not written by export, or was changed since; name another place, or"
                                + " remove it yourself" + System.lineSeparator()));
        assertThat(out).hasContent("mine");
        Files.delete(out);
        assertThat(export("--scaling yarn --factor 4").exitCode()).isZero();
        assertThat(export("--scaling none")).isEqualTo(new CommandRun(2, "", refused));
        assertThat(export("--scaling none --force").exitCode()).isZero();
        ModelReader.open(out).close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--factor 4|--scaling must be given, was left out; see 'resonance export --help'",
                "--scaling yarn|--scaling yarn must go with --factor or --length, was given without; --factor 4 stretches"
                        + " 128 tokens to 512",
                "--scaling yarn --factor 0.5|--factor must be a finite number of at least 1, was 0.5; 1 changes nothing, 8 stretches 4096"
                        + " tokens to 32768",
                "--scaling none --factor 4|--scaling none must go without --factor, which it does not read, was given with"
                        + " it; leave it out",
                "--scaling resonance-yarn --factor 4|--scaling must be named without resonance-, was 'resonance-yarn'; did you"
                        + " mean '--scaling yarn --resonance'?",
                "--scaling yarm --factor 4 --resonance|--scaling 'yarm' is unknown; known: none, linear, ntk, abf, dynamic-ntk,"
                        + " ntk-by-parts, yarn, yarn-paper, dynamic-yarn, longrope, llama3, proportional,"
                        + " ntk-critical, mrrope, cope, model; did you mean"
                        + " 'yarn'?",
                "--scaling linear --factor 4 --beta-fast 3|--beta-fast must go with --scaling ntk-by-parts or yarn or"
                        + " yarn-paper or dynamic-yarn or mrrope, was given with linear; leave it out or change --scaling",
                "--scaling linear --factor 4 --files move|--files 'move' is unknown; known: copy, hard-link, symbolic-link",
                "--scaling linear --length 0|--length must be at least 1, was 0; leave it out for trained length times"
                        + " factor",
                "--scaling linear --factor 1e9|--factor must keep the length below 2^31 tokens, was 1e9; 1 changes"
                        + " nothing, 8 stretches 4096 tokens to 32768"
            })
    void refusesInOneLine(String options, String message) {
        CommandRun run = export(options);
        assertThat(run.err()).isEqualTo(message + System.lineSeparator());
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(out).doesNotExist();
    }

    @Test
    void aModelThatIsNotThereIsRefused() {
        CommandRun run = CommandRun.of("export " + folder.resolve("no.gguf") + " " + out + " --scaling none");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .isEqualTo("MODEL must be a Hugging Face folder or a GGUF file, was " + folder.resolve("no.gguf")
                        + ", which is missing; scripts/fetch-model brings one" + System.lineSeparator());
    }

    private CommandRun exportOf(String rope, String options) throws IOException {
        Path folder = Files.createDirectories(out.resolveSibling("configured"));
        Files.writeString(folder.resolve("config.json"), """
                {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 64,
                 "num_attention_heads": 4, "num_hidden_layers": 2, "rope_theta": 500000.0, %s}
                """.formatted(rope));
        return CommandRun.of("export " + folder + " " + out.resolveSibling("exported") + " " + options);
    }

    private static final String LLAMA31 = """
            "max_position_embeddings": 131072, "rope_scaling": {"rope_type": "llama3", "factor": 8.0,
            "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 8192}""";
    private static final String QWEN_YARN = """
            "max_position_embeddings": 32768, "rope_scaling": {"rope_type": "yarn", "factor": 4.0,
            "original_max_position_embeddings": 32768}""";
    private static final String LINEAR = """
            "max_position_embeddings": 131072, "rope_scaling": {"rope_type": "linear", "factor": 8.0}""";

    @Test
    void whatTheModelWasTrainedWithStaysUnderTheNewScaling() throws IOException {
        CommandRun run = exportOf(LLAMA31, "--scaling yarn --factor 4");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("had llama3 with factor 8 (8,192 -> 131,072 tokens), has yarn with factor 4 on top of that"
                        + " (131,072 -> 524,288 tokens)");
    }

    @Test
    void replacingItStartsFromTheLengthBeforeIt() throws IOException {
        assertThat(exportOf(LLAMA31, "--scaling yarn --factor 4 --replace").out())
                .contains("had llama3 with factor 8 (8,192 -> 131,072 tokens), has yarn with factor 4 (8,192 -> 32,768"
                        + " tokens)");
        assertThat(exportOf(LINEAR, "--scaling yarn --factor 4 --replace --force")
                        .err())
                .startsWith(
                        "--trained-length must be given, since the model comes with linear with factor 8 and its files"
                                + " don't say what it was trained on before, was left out; or leave --replace out to stretch what it"
                                + " has");
        assertThat(exportOf(LINEAR, "--scaling yarn --factor 4 --replace --trained-length 16384 --force")
                        .out())
                .contains("has yarn with factor 4 (16,384 -> 65,536 tokens)");
    }

    @Test
    void aScalingThatMayHaveBeenPutInLaterIsNotGuessedAt() throws IOException {
        CommandRun run = exportOf(QWEN_YARN, "--scaling ntk --factor 4");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .startsWith(
                        "--scaling ntk must be told where to go, since the model comes with yarn with factor 4, was not;"
                                + " --on-top puts it over that, --replace in its place");
        assertThat(exportOf(QWEN_YARN, "--scaling ntk --factor 4 --replace").out())
                .contains("had yarn with factor 4 (32,768 -> 131,072 tokens), has ntk with factor 4 (32,768 -> 131,072"
                        + " tokens)");
        assertThat(exportOf(QWEN_YARN, "--scaling ntk --factor 2 --on-top --force")
                        .out())
                .contains("has ntk with factor 2 on top of that (131,072 -> 262,144 tokens)");
        assertThat(exportOf(QWEN_YARN, "--scaling ntk --on-top --replace").err())
                .startsWith("--on-top must go without --replace, was given with it");
    }

    @Test
    void theModelsOwnKeepsTheLengthThatItGives() throws IOException {
        assertThat(exportOf(QWEN_YARN, "--scaling model").out())
                .contains("has the same (32,768 -> 131,072 tokens)")
                .contains("max_position_embeddings = 131072");
        assertThat(exportOf(LLAMA31, "--scaling model --resonance --force").out())
                .contains("(8,192 -> 131,072 tokens)");
    }

    @Test
    void attentionInChunksWithItsOwnPositionsIsLeftOut() throws IOException {
        CommandRun run = exportOf(
                "\"max_position_embeddings\": 32768, \"dual_chunk_attention_config\": {\"chunk_size\": 8192}",
                "--scaling yarn --factor 4");
        assertThat(run.out())
                .contains("Note: dual_chunk_attention_config was left out: with it vLLM reads no scaling.");
        assertThat(Files.readString(out.resolveSibling("exported").resolve("config.json")))
                .doesNotContain("dual_chunk");
        assertThat(exportOf(
                                "\"max_position_embeddings\": 1010000, \"dual_chunk_attention_config\":"
                                        + " {\"original_max_position_embeddings\": 262144}",
                                "--scaling yarn --factor 2 --force")
                        .out())
                .contains("had none (262,144 -> 1,010,000 tokens), has yarn with factor 2 (262,144 -> 524,288 tokens)")
                .contains(
                        "Note: dual_chunk_attention_config was left out: with it vLLM reads no scaling. The trained length"
                                + " of 262,144 tokens is its original_max_position_embeddings.");
    }
}
