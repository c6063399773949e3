package resonance.model.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resonance.decoder.ParameterRole;
import resonance.model.Model;
import resonance.model.ModelFormatException;
import resonance.model.reading.ModelReader;
import resonance.rope.YarnScaling;

class HuggingFaceModelTest {
    @Test
    void aModelIsCalledLikeItsFolder(@TempDir Path parent) throws IOException {
        Path folder = Files.createDirectory(parent.resolve("Tiny-1.0"));
        TinyFolder.llama(folder).write();
        try (Model model = ModelReader.open(folder)) {
            assertThat(model.path()).isEqualTo(folder);
            assertThat(model.description().name()).isEqualTo("Tiny-1.0");
        }
    }

    @Test
    void theCardsModelNameComesBeforeTheFolders(@TempDir Path parent) throws IOException {
        Path folder = Files.createDirectory(parent.resolve("tiny"));
        TinyFolder.llama(folder).write();
        assertThat(nameWithCard(folder, "---\nlicense: mit\nmodel_name: Resonance Prose\n---\n# Title\n"))
                .isEqualTo("Resonance Prose");
        assertThat(nameWithCard(folder, "---\r\nmodel_name: \"a \\\"b\\\" \\\\ c\"\r\n---\r\n"))
                .isEqualTo("a \"b\" \\ c");
        assertThat(nameWithCard(folder, "---\nmodel_name: 'it''s'\n---\n")).isEqualTo("it's");
        assertThat(nameWithCard(folder, "---\nmodel_name:\tx\u001by \n---\n")).isEqualTo("xy");
        assertThat(nameWithCard(folder, "---\nmodel_name: " + "x".repeat(300) + "\n---\n"))
                .isEqualTo("x".repeat(200));
        assertThat(nameWithCard(folder, "---\nmodel_name:\n---\n")).isEqualTo("tiny");
        assertThat(nameWithCard(folder, "---\nbase:\n  model_name: other\n---\n"))
                .isEqualTo("tiny");
        assertThat(nameWithCard(folder, "---\nlicense: mit\n---\nmodel_name: text\n"))
                .isEqualTo("tiny");
        assertThat(nameWithCard(folder, "# Title\n---\nmodel_name: text\n---\n"))
                .isEqualTo("tiny");
        assertThat(nameWithCard(folder, "")).isEqualTo("tiny");
    }

    private static String nameWithCard(Path folder, String card) throws IOException {
        Files.writeString(folder.resolve("README.md"), card);
        try (Model model = ModelReader.open(folder)) {
            return model.description().name();
        }
    }

    @Test
    void theHashChangesWithEveryFileThatDefinesTheModel(@TempDir Path folder) throws IOException {
        TinyFolder.llama(folder).write();
        String first = sha256(folder);
        assertThat(first).matches("[0-9a-f]{64}").isEqualTo(sha256(folder));
        Files.writeString(folder.resolve("README.md"), "about");
        assertThat(sha256(folder)).isEqualTo(first);
        Files.writeString(folder.resolve("tokenizer.json"), "{}");
        String withTokenizer = sha256(folder);
        assertThat(withTokenizer).isNotEqualTo(first);
        TinyFolder.llama(folder).config("rope_theta", 5000).write();
        assertThat(sha256(folder)).isNotEqualTo(withTokenizer).isNotEqualTo(first);
        Files.delete(folder.resolve("tokenizer.json"));
        TinyFolder.llama(folder).write();
        assertThat(sha256(folder)).isEqualTo(first);
        byte[] weights = Files.readAllBytes(folder.resolve("model.safetensors"));
        weights[weights.length - 1] ^= 1;
        Files.write(folder.resolve("model.safetensors"), weights);
        assertThat(sha256(folder)).isNotEqualTo(first);
    }

    @Test
    void weightsCannotBeReadOnceTheModelIsClosed(@TempDir Path folder) {
        Model model = HuggingFaceModel.open(TinyFolder.llama(folder).write().path());
        model.close();
        assertThatThrownBy(() -> TinyFolder.read(model, ParameterRole.EMBEDDING))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(folder.resolve("model.safetensors") + " must be open to be read, was closed");
    }

    @Test
    void seededDamageToTheConfigurationEndsInARefusalOrAModel(@TempDir Path folder) throws IOException {
        TinyFolder.gemma3(folder)
                .config("rope_theta", 10000.0)
                .config("rope_scaling", Map.of("rope_type", "linear", "factor", 4))
                .config("sliding_window", 8)
                .config("sliding_window_pattern", 6)
                .write();
        Path config = folder.resolve("config.json");
        byte[] whole = Files.readAllBytes(config);
        String alphabet = "0123456789-.{}[]\",:e\\";
        Random random = new Random(11);
        int opened = 0;
        for (int trial = 0; trial < 1_000; trial++) {
            byte[] bytes = whole.clone();
            for (int change = random.nextInt(3); change >= 0; change--) {
                bytes[random.nextInt(bytes.length)] = (byte) alphabet.charAt(random.nextInt(alphabet.length()));
            }
            Files.write(config, bytes);
            try {
                HuggingFaceModel.open(folder).close();
                opened++;
            } catch (ModelFormatException refused) {
                assertThat(refused.getMessage())
                        .as(new String(bytes, StandardCharsets.UTF_8))
                        .isNotBlank();
            }
        }
        assertThat(opened).isBetween(10, 900);
    }

    /** As every published Yarn-Llama has it. */
    @Test
    void aModelWhoseSettingsHaveKeysThatNothingReadsRunsWithANote(@TempDir Path folder) {
        Map<String, Object> scaling =
                Map.of("type", "yarn", "factor", 2.0, "original_max_position_embeddings", 8, "finetuned", true);
        TinyFolder.llama(folder).config("rope_scaling", scaling).write();
        try (Model model = ModelReader.open(folder)) {
            assertThat(model.description().rope().scaling()).isEqualTo(new YarnScaling(2));
            assertThat(model.positions()).isEqualTo(model.description().positions());
            assertThat(model.warnings())
                    .containsExactly("rope_scaling.finetuned = true is not read for rope_type 'yarn'");
        }
    }

    @Test
    void ofAKeyThatIsGivenTwiceTheLastValueCountsWithANote(@TempDir Path folder) throws IOException {
        TinyFolder.llama(folder).write();
        Path config = folder.resolve("config.json");
        Files.writeString(
                config, Files.readString(config).replaceFirst("\\{", "{\"rope_theta\": 5000, \"rope_theta\": 7000, "));
        try (Model model = ModelReader.open(folder)) {
            assertThat(model.description().rope().shape().base()).isEqualTo(7000);
            assertThat(model.warnings()).containsExactly("rope_theta is given more than once; the last value counts");
        }
    }

    private static String sha256(Path folder) {
        try (Model model = HuggingFaceModel.open(folder)) {
            return model.sha256();
        }
    }
}
