package resonance.transformer.training;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resonance.decoder.DecoderConfig;
import resonance.transformer.inference.FrozenDecoder;
import resonance.transformer.tensor.ProductShape;

/** What is known of a training before it goes on: its settings, and what its products are like. */
class TrainingIdentityTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private Path checkpoint() throws IOException {
        ObjectNode progress = new ObjectMapper().createObjectNode();
        progress.putObject("identity").put("precision", "bfloat16").put("threads", "2");
        Path file = folder.resolve("checkpoint");
        new Checkpoint(new TrainerState(3, new float[2], new float[2], new float[2]), progress).write(file);
        return file;
    }

    @Test
    void aCheckpointsSettingsAreReadWithoutItsState() throws IOException {
        assertThat(TrainingIdentity.settingsOf(checkpoint()))
                .containsEntry("precision", "bfloat16")
                .containsEntry("threads", "2")
                .hasSize(2);
    }

    @Test
    void aFileThatIsNoCheckpointHasNoSettings() throws IOException {
        assertThat(TrainingIdentity.settingsOf(folder.resolve("absent"))).isEmpty();
        assertThat(TrainingIdentity.settingsOf(folder)).isEmpty();
        byte[] whole = Files.readAllBytes(checkpoint());
        Path file = folder.resolve("damaged");
        for (int length : new int[] {0, 7, 8, 10, 12, 40}) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThat(TrainingIdentity.settingsOf(file)).as("%d bytes", length).isEmpty();
        }
        for (int at : new int[] {0, 8, 11, 12}) {
            byte[] changed = whole.clone();
            changed[at] ^= 0x40;
            Files.write(file, changed);
            assertThat(TrainingIdentity.settingsOf(file)).as("byte %d", at).isEmpty();
        }
        Files.writeString(file, "text that is longer than a checkpoint's beginning");
        assertThat(TrainingIdentity.settingsOf(file)).isEmpty();
    }

    @Test
    void productsAreThoseThatWorkersReallyMake() {
        DecoderConfig config = DecoderConfig.t5Style(18, 64, 2, 4, 16, 256, 0.1);
        assertThat(Trainer.product(config, 128, 64, 2)).isEqualTo(new ProductShape(1024, 64, 256, true));
        assertThat(Trainer.product(config, 3, 64, 2)).isEqualTo(new ProductShape(128, 64, 256, true));
        assertThat(Trainer.product(config, 8, 4096, 2)).isEqualTo(new ProductShape(4096, 64, 256, true));
        assertThat(FrozenDecoder.readingProduct(config)).isEqualTo(new ProductShape(256, 64, 256, false));
        assertThat(FrozenDecoder.writingProduct(config)).isEqualTo(new ProductShape(1, 64, 256, false));
    }
}
