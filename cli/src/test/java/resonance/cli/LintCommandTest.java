package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LintCommandTest {
    private static final String NL = System.lineSeparator();
    private static final String MODEL =
            "\"architectures\": [\"LlamaForCausalLM\"], \"model_type\": \"llama\", \"max_position_embeddings\": 128, ";

    @Test
    void tellsOnceWhatEnginesHaveInCommon(@TempDir Path folder) throws IOException {
        config(folder, MODEL + "\"rope_scaling\": {\"rope_type\": \"linear\", \"factor\": 4.0, \"facter\": 2}");
        assertThat(CommandRun.of("lint", folder.toString(), "--engine", "vllm,transformers-5"))
                .isEqualTo(new CommandRun(
                        1,
                        String.join(
                                NL,
                                "warning transformers-5.18, vllm-0.33 unread-key  rope_scaling.facter",
                                "  rope_scaling.facter = 2 is not read for rope_type 'linear'; did you mean 'factor'?",
                                "  remedy: correct its name, or remove it",
                                "",
                                "warning vllm-0.33 length-multiplied  rope_scaling.factor",
                                "  max_model_len becomes max_position_embeddings times factor = 512, too long if"
                                        + " max_position_embeddings is the stretched length already",
                                "  remedy: serve with --max-model-len",
                                "",
                                "0 errors, 3 warnings, 0 notes: " + folder + " for transformers-5.18, vllm-0.33",
                                ""),
                        ""));
    }

    @Test
    void aCleanModelIsOneLineAndExitCode0(@TempDir Path folder) throws IOException {
        Path file = config(folder, MODEL + "\"rope_theta\": 10000");
        assertThat(CommandRun.of("lint", file.toString()))
                .isEqualTo(new CommandRun(
                        0,
                        "clean: " + file
                                + " for transformers-4.57, transformers-5.18, vllm-0.33, convert_hf_to_gguf-0.5" + NL,
                        ""));
    }

    @Test
    void notesAloneLeaveExitCode0(@TempDir Path folder) throws IOException {
        config(
                folder,
                MODEL + "\"rope_scaling\": {\"rope_type\": \"longrope\", \"short_factor\": [1], \"long_factor\": [2],"
                        + " \"original_max_position_embeddings\": 32}");
        CommandRun run = CommandRun.of("lint", folder.toString(), "--engine", "vllm");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .startsWith("note vllm-0.33 longrope-chosen-at-start")
                .endsWith(" for vllm-0.33 (1 note)" + NL);
    }

    @Test
    void memoryIsShownForTheTrainedLengthAndAnother(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("tiny.gguf");
        ModelFiles.gguf().write(file);
        List<String> lines = CommandRun.of("lint", file.toString(), "--length", "1000")
                .out()
                .lines()
                .dropWhile(line -> !line.startsWith("Memory"))
                .toList();
        assertThat(lines.subList(0, 3))
                .satisfiesExactly(
                        free -> assertThat(free).matches("Memory in MB, of which [\\d,]+\\.\\d are free here now"),
                        tokens -> assertThat(tokens)
                                .isEqualTo("tokens                                             128       1,000"),
                        cache -> assertThat(cache)
                                .isEqualTo("keys and values, llama.cpp-0.5, f16                0.0         0.1"));
        assertThat(lines.subList(lines.size() - 3, lines.size()))
                .containsExactly(
                        "weights 0.0 (F32 0.0)",
                        "llama.cpp-0.5: executed, llama.cpp 0.5.0 on a CPU, passes of 512 tokens; compute within 30 %",
                        "vllm-0.33: read, vLLM 0.33.0, blocks of 16 tokens, one text's");
        JsonNode memory = new ObjectMapper()
                .readTree(CommandRun.of("lint", file.toString(), "--length", "1000", "--json")
                        .out())
                .get("memory");
        assertThat(memory.at("/lengths/1/keysAndValues/llama.cpp-0.5/f16").longValue())
                .isEqualTo(2L * 2 * 16 * 2 * 1024);
        assertThat(memory.at("/lengths/1/keysAndValues/vllm-0.33/fp8").longValue())
                .isEqualTo(2L * 2 * 16 * 1008);
        assertThat(names(memory.at("/lengths/1")))
                .containsExactly("tokens", "keysAndValues", "computeBuffer", "perplexity", "passkey");
        assertThat(names(memory.at("/lengths/1/computeBuffer/llama.cpp-0.5")))
                .containsExactly("flash-attn on", "flash-attn off");
        assertThat(names(memory.get("checked"))).containsExactly("llama.cpp-0.5", "vllm-0.33");
    }

    @Test
    void aModelWhoseMemoryIsNotKnownSaysSoIfALengthIsAskedFor(@TempDir Path folder) throws IOException {
        config(folder, "\"model_type\": \"llama\", \"rope_theta\": 10000");
        assertThat(CommandRun.of("lint", folder.toString(), "--length", "8").out())
                .endsWith(NL + NL + "Memory: not known: config.json: vocab_size must be given, was absent" + NL);
        for (String unfit : List.of("0", "1073741825")) {
            assertThat(CommandRun.of("lint", folder.toString(), "--length", unfit))
                    .isEqualTo(new CommandRun(
                            2,
                            "",
                            "--length must be from 1 to 1073741824, was " + unfit
                                    + "; leave it out for the trained length alone" + NL));
        }
    }

    @Test
    void printsOneJsonDocument(@TempDir Path folder) throws IOException {
        config(folder, MODEL + "\"rope_scaling\": {\"rope_type\": \"yarm\", \"factor\": 4}");
        CommandRun run = CommandRun.of("lint", folder.toString(), "--engine", "transformers-4", "--json");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).isEmpty();
        JsonNode document = new ObjectMapper().readTree(run.out());
        assertThat(names(document))
                .containsExactly(
                        "model",
                        "format",
                        "checked",
                        "notChecked",
                        "clean",
                        "errors",
                        "warnings",
                        "notes",
                        "findings",
                        "memory");
        assertThat(document.at("/memory/notKnown").asText())
                .isEqualTo("config.json: rope_scaling.rope_type 'yarm' is unknown to transformers 4; known: default,"
                        + " linear, dynamic, yarn, longrope, llama3; did you mean 'yarn'?");
        assertThat(document.get("format").asText()).isEqualTo("Hugging Face");
        assertThat(document.get("clean").asBoolean()).isFalse();
        assertThat(document.get("errors").asInt()).isEqualTo(1);
        JsonNode finding = document.get("findings").get(0);
        assertThat(names(finding)).containsExactly("engine", "rule", "severity", "key", "message", "remedy");
        assertThat(finding.get("engine").asText()).isEqualTo("transformers-4.57");
        assertThat(finding.get("rule").asText()).isEqualTo("unknown-type");
        assertThat(finding.get("severity").asText()).isEqualTo("error");
        assertThat(finding.get("key").asText()).isEqualTo("rope_scaling.rope_type");
    }

    @Test
    void anEngineThatDoesNotKnowTheModelIsNotCheckedAndNeverCalledClean(@TempDir Path folder) throws IOException {
        config(folder, "\"architectures\": [\"InternLMForCausalLM\"], \"model_type\": \"internlm\"");
        assertThat(CommandRun.of("lint", folder.toString(), "--engine", "transformers,convert_hf_to_gguf"))
                .isEqualTo(new CommandRun(
                        0,
                        String.join(
                                NL,
                                "not checked transformers-4.57: model_type 'internlm' is unknown to transformers 4.57.6",
                                "not checked transformers-5.18: model_type 'internlm' is unknown to transformers 5.18.0",
                                "not checked convert_hf_to_gguf-0.5: architecture 'InternLMForCausalLM' is unknown to"
                                        + " convert_hf_to_gguf of llama.cpp 0.5.0",
                                "not checked: " + folder,
                                ""),
                        ""));
        CommandRun run = CommandRun.of("lint", folder.toString(), "--engine", "transformers-5", "--json");
        assertThat(run.exitCode()).isZero();
        JsonNode document = new ObjectMapper().readTree(run.out());
        assertThat(document.get("clean").asBoolean()).isFalse();
        assertThat(document.get("checked")).isEmpty();
        JsonNode gap = document.get("notChecked").get(0);
        assertThat(gap.get("engine").asText()).isEqualTo("transformers-5.18");
        assertThat(gap.get("reason").asText()).isEqualTo("model_type 'internlm' is unknown to transformers 5.18.0");
    }

    @Test
    void whatWasCheckedIsToldBesideWhatWasNot(@TempDir Path folder) throws IOException {
        config(folder, "\"model_type\": \"llama\", \"rope_theta\": 10000");
        assertThat(CommandRun.of("lint", folder.toString(), "--engine", "transformers-5,convert_hf_to_gguf"))
                .isEqualTo(new CommandRun(
                        0,
                        String.join(
                                NL,
                                "not checked convert_hf_to_gguf-0.5: the configuration names no architecture",
                                "0 errors, 0 warnings, 0 notes: " + folder + " for transformers-5.18",
                                ""),
                        ""));
    }

    @Test
    void whatCannotBeReadIsRefusedInOneLine(@TempDir Path folder) throws IOException {
        assertThat(CommandRun.of("lint", folder.toString()))
                .isEqualTo(
                        new CommandRun(2, "", folder + ": must hold config.json or one .gguf file, held neither" + NL));
        Files.writeString(folder.resolve("config.json"), "[1");
        CommandRun damaged = CommandRun.of("lint", folder.toString());
        assertThat(damaged.exitCode()).isEqualTo(2);
        assertThat(damaged.out()).isEmpty();
        assertThat(damaged.err())
                .isEqualToIgnoringNewLines("config.json: must be a JSON object, was damaged at line 1, column 3");
        assertThat(damaged.err().lines()).hasSize(1);
    }

    @Test
    void anUnknownEngineOrOneForOtherFilesIsRefused(@TempDir Path folder) throws IOException {
        config(folder, MODEL + "\"rope_theta\": 10000");
        String known = "transformers-4.57, transformers-5.18, vllm-0.33, convert_hf_to_gguf-0.5";
        assertThat(CommandRun.of("lint", folder.toString(), "--engine", "vlm"))
                .isEqualTo(new CommandRun(
                        2,
                        "",
                        "--engine 'vlm' is unknown; known: " + known + ", llama.cpp-0.5, jlama-0.9, gpullama3-1.0"
                                + NL));
        assertThat(CommandRun.of("lint", folder.toString(), "--engine", "llama.cpp"))
                .isEqualTo(new CommandRun(
                        2,
                        "",
                        "--engine must read Hugging Face models (" + known + ", jlama-0.9), was llama.cpp-0.5" + NL));
        assertThat(CommandRun.of("lint"))
                .isEqualTo(
                        new CommandRun(2, "", "MODEL must be given, was left out; see 'resonance lint --help'" + NL));
    }

    private static Path config(Path folder, String keys) throws IOException {
        return Files.writeString(folder.resolve("config.json"), "{" + keys + "}");
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
