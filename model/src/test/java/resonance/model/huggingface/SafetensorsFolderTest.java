package resonance.model.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import resonance.decoder.Parameter;
import resonance.model.Model;
import resonance.model.ModelFormatException;

class SafetensorsFolderTest {
    private static final List<String> FILES =
            List.of("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors");

    @Test
    void aModelInPartsReadsLikeOneInAWhole(@TempDir Path whole, @TempDir Path parts) throws IOException {
        TinyFolder.llama(whole).write();
        split(parts, Map.of());
        Model expected = HuggingFaceModel.open(whole);
        Model actual = HuggingFaceModel.open(parts);
        for (Parameter parameter : expected.description().decoder().parameters()) {
            assertThat(TinyFolder.read(actual, parameter))
                    .as(parameter.name())
                    .containsExactly(TinyFolder.read(expected, parameter));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../model.safetensors", "/etc/passwd", "..", "a/b", "a\\\\b", "", ".hidden", "C:x", "a\\u0000b"})
    void namesThatLeaveTheFolderAreRefused(String escaped, @TempDir Path folder) throws IOException {
        split(folder, Map.of());
        String index = "{\"weight_map\":{\"t\":\"" + escaped + "\"}}";
        Files.writeString(folder.resolve("model.safetensors.index.json"), index);
        String name = new ObjectMapper().readTree(index).at("/weight_map/t").asText();
        assertThatThrownBy(() -> SafetensorsFolder.open(folder))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("model.safetensors.index.json: weight_map.t must be the plain name of a file beside it, was"
                        + " '" + name + "'");
    }

    @Test
    void tensorsMustBeWhereTheIndexSays(@TempDir Path folder) throws IOException {
        split(folder, Map.of("model.norm.weight", FILES.get(0)));
        assertThatThrownBy(() -> SafetensorsFolder.open(folder))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("model-00001-of-00002.safetensors: tensor 'model.norm.weight' must be in this file as"
                        + " model.safetensors.index.json says, was absent");
    }

    @Test
    void tensorsThatTheIndexLeavesOutAreRefused(@TempDir Path folder) throws IOException {
        split(folder, Map.of());
        TinyFolder.llama(folder)
                .tensor("more", 1)
                .writeTensors(FILES.get(0), List.of("model.embed_tokens.weight", "more"));
        Files.writeString(
                folder.resolve("model.safetensors.index.json"),
                "{\"weight_map\":{\"model.embed_tokens.weight\":\"" + FILES.get(0) + "\"}}");
        assertThatThrownBy(() -> SafetensorsFolder.open(folder))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("model-00001-of-00002.safetensors: tensor 'more' must be where model.safetensors.index.json"
                        + " says, which has it nowhere");
    }

    @Test
    void aTensorInTwoFilesIsRefused(@TempDir Path folder) throws IOException {
        split(folder, Map.of());
        TinyFolder tiny = TinyFolder.llama(folder);
        tiny.writeTensors(FILES.get(0), tiny.tensorNames());
        assertThatThrownBy(() -> SafetensorsFolder.open(folder))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("model-00001-of-00002.safetensors: tensor 'model.layers.0.self_attn.o_proj.weight' must be"
                        + " where model.safetensors.index.json says, which has it in another file");
    }

    @Test
    void aFileThatIsMissingIsNamed(@TempDir Path folder) throws IOException {
        split(folder, Map.of());
        Files.delete(folder.resolve(FILES.get(1)));
        assertThatThrownBy(() -> SafetensorsFolder.open(folder))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining(FILES.get(1))
                .hasMessageContaining("must be a file, was absent");
    }

    @Test
    void indexesWithoutAMapAreRefused(@TempDir Path folder) throws IOException {
        Path index = folder.resolve("model.safetensors.index.json");
        Files.writeString(index, "{\"weight_map\":[]}");
        assertThatThrownBy(() -> SafetensorsFolder.open(folder))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("model.safetensors.index.json: weight_map must be an object");
        Files.writeString(index, "null");
        assertThatThrownBy(() -> SafetensorsFolder.open(folder))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("model.safetensors.index.json: must be a JSON object, was null");
    }

    @Test
    void foldersWithoutSafetensorsAreRefused(@TempDir Path folder) {
        assertThatThrownBy(() -> SafetensorsFolder.open(folder))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage(folder + ": must hold model.safetensors or model.safetensors.index.json, held neither; save"
                        + " the model as safetensors, or name its .gguf file if it has one");
    }

    /** A model in two files, and an index that may be wrong about some tensors. */
    private static void split(Path folder, Map<String, String> changed) throws IOException {
        TinyFolder tiny = TinyFolder.llama(folder).writeConfig();
        List<String> names = tiny.tensorNames();
        Map<String, String> weightMap = new LinkedHashMap<>();
        for (int part = 0; part < 2; part++) {
            List<String> half = names.subList(part * 5, part == 0 ? 5 : names.size());
            tiny.writeTensors(FILES.get(part), half);
            for (String name : half) {
                weightMap.put(name, FILES.get(part));
            }
        }
        weightMap.putAll(changed);
        Files.writeString(
                folder.resolve("model.safetensors.index.json"),
                new ObjectMapper().writeValueAsString(Map.of("weight_map", weightMap)));
    }
}
