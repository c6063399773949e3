package resonance.transformer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;

    CheckpointTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void readsBackWhatWasWritten() throws IOException {
        Path file = folder.resolve("a.ckpt");
        Checkpoint written = checkpoint(70_000);
        written.write(file);
        Checkpoint read = Checkpoint.read(file);
        assertThat(read.state().step()).isEqualTo(12);
        assertThat(read.state().parameters().toArray())
                .isEqualTo(written.state().parameters().toArray());
        assertThat(read.state().firstMoments().toArray())
                .isEqualTo(written.state().firstMoments().toArray());
        assertThat(read.state().secondMoments().toArray())
                .isEqualTo(written.state().secondMoments().toArray());
        assertThat(read.progress()).isEqualTo(written.progress());
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void everyDamagedByteIsNoticed() throws IOException {
        Path file = folder.resolve("a.ckpt");
        checkpoint(3).write(file);
        byte[] whole = Files.readAllBytes(file);
        for (int i = 0; i < whole.length; i++) {
            byte[] damaged = whole.clone();
            damaged[i] ^= 0x10;
            Files.write(file, damaged);
            assertThatThrownBy(() -> Checkpoint.read(file))
                    .as("byte " + i)
                    .isInstanceOf(CheckpointFormatException.class);
        }
    }

    @Test
    void everyTruncationIsNoticed() throws IOException {
        Path file = folder.resolve("a.ckpt");
        checkpoint(3).write(file);
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> Checkpoint.read(file))
                    .as("length " + length)
                    .isInstanceOf(CheckpointFormatException.class);
        }
    }

    @Test
    void namesTheFileAndTheFieldOfAForeignFile() throws IOException {
        Path file = folder.resolve("a.ckpt");
        Files.write(file, "GGUF and more".getBytes(StandardCharsets.US_ASCII));
        assertThatThrownBy(() -> Checkpoint.read(file)).hasMessage(file + ": magic must be 'RSNCKPT2', was 'GGUF and'");
    }

    @Test
    void aFolderInItsPlaceIsNoCheckpoint() {
        assertThatThrownBy(() -> Checkpoint.read(folder))
                .isInstanceOf(CheckpointFormatException.class)
                .hasMessage(folder + ": checkpoint must be a file, is none");
    }

    @Test
    void namesTheFieldThatIsWrong() throws IOException {
        Path file = folder.resolve("a.ckpt");
        checkpoint(3).write(file);
        byte[] whole = Files.readAllBytes(file);
        int header = ByteBuffer.wrap(whole).getInt(8);
        assertRefused(file, Arrays.copyOf(whole, 10), "header length must have 4 bytes, had 2");
        byte[] longHeader = whole.clone();
        ByteBuffer.wrap(longHeader).putInt(8, whole.length + 1);
        assertRefused(file, longHeader, "header length must fit the file, was " + (whole.length + 1));
        assertRefused(
                file,
                Arrays.copyOf(whole, whole.length - 1),
                "size must be " + whole.length + " bytes for 3 parameters, was " + (whole.length - 1));
        byte[] damaged = whole.clone();
        damaged[12 + header] ^= 1;
        assertRefused(file, damaged, "SHA-256 must match the content; the file is damaged");
        byte[] otherKeys = new String(whole, StandardCharsets.ISO_8859_1)
                .replace("\"step\"", "\"pets\"")
                .getBytes(StandardCharsets.ISO_8859_1);
        assertRefused(file, otherKeys, "header must have step, parameters and progress");
    }

    private static void assertRefused(Path file, byte[] content, String message) throws IOException {
        Files.write(file, content);
        assertThatThrownBy(() -> Checkpoint.read(file))
                .isInstanceOf(CheckpointFormatException.class)
                .hasMessage(file + ": " + message);
    }

    @Test
    void aLaterCheckpointReplacesAnEarlierOne() throws IOException {
        Path file = folder.resolve("a.ckpt");
        checkpoint(5).write(file);
        checkpoint(2).write(file);
        assertThat(Checkpoint.read(file).state().parameters().size()).isEqualTo(2);
    }

    @Test
    void aStateIsReadFromItsFileInParts() throws IOException {
        Path file = folder.resolve("a.ckpt");
        checkpoint(9).write(file);
        FloatVector moments = Checkpoint.read(file).state().firstMoments();
        float[] some = new float[4];
        moments.copy(3, 2, some);
        assertThat(some).containsExactly(-3, -4, 0, 0);
        checkpoint(1).write(file);
        assertThatThrownBy(() -> moments.copy(3, 2, some))
                .isInstanceOf(CheckpointFormatException.class)
                .hasMessage(file + ": size must be as it was, is less; it was replaced");
    }

    @Test
    void aStateWithoutParametersIsKeptToo() throws IOException {
        Path file = folder.resolve("a.ckpt");
        checkpoint(0).write(file);
        assertThat(Checkpoint.read(file).state().secondMoments().toArray()).isEmpty();
    }

    private static Checkpoint checkpoint(int parameters) {
        float[] values = new float[parameters];
        float[] first = new float[parameters];
        float[] second = new float[parameters];
        for (int i = 0; i < parameters; i++) {
            values[i] = i * 0.25f;
            first[i] = -i;
            second[i] = 1f / (i + 1);
        }
        return new Checkpoint(
                new TrainerState(12, values, first, second),
                JSON.createObjectNode().put("losses", "so far"));
    }
}
