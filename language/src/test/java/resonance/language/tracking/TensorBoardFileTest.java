package resonance.language.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorBoardFileTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private byte[] written(long firstStep, Object... tagsAndValues) throws IOException {
        List<String> notes = new ArrayList<>();
        try (TensorBoardFile events = TensorBoardFile.in(folder.resolve("events"), firstStep, notes::add)) {
            for (int i = 0; i < tagsAndValues.length; i += 2) {
                events.scalar(firstStep + 300, (String) tagsAndValues[i], (Double) tagsAndValues[i + 1]);
            }
            events.finished();
        }
        assertThat(notes).isEmpty();
        try (Stream<Path> files = Files.list(folder.resolve("events"))) {
            Path file = files.findFirst().orElseThrow();
            assertThat(file.getFileName().toString()).startsWith("events.out.tfevents.");
            return Files.readAllBytes(file);
        }
    }

    /** The messages of a file's records, without the wall time that each begins with. */
    private static List<String> messages(byte[] file) {
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        List<String> messages = new ArrayList<>();
        while (bytes.hasRemaining()) {
            byte[] data = new byte[(int) bytes.getLong()];
            bytes.getInt();
            bytes.get(data);
            bytes.getInt();
            assertThat(data[0]).isEqualTo((byte) 0x09); // field 1, eight bytes
            messages.add(HexFormat.of().formatHex(data, 9, data.length));
        }
        return messages;
    }

    /** As every event file of TensorFlow's own begins: 24 bytes, and the masked checksum of that number. */
    @Test
    void beginsAsEveryEventFileDoes() throws IOException {
        byte[] file = written(0);
        assertThat(HexFormat.of().formatHex(file, 0, 13)).isEqualTo("1800000000000000a37f4b2209");
        assertThat(new String(file, 21, 15, StandardCharsets.ISO_8859_1)).isEqualTo("\u001a\rbrain.Event:2");
    }

    @Test
    void aNumberIsASummaryOfItsStep() throws IOException {
        assertThat(messages(written(0, "loss", 1.5)))
                .containsExactly(
                        "1a0d" + HexFormat.of().formatHex("brain.Event:2".getBytes(StandardCharsets.UTF_8)),
                        "10013a020801", // step 1, session log of status 1
                        "10ac022a0d0a0b0a046c6f7373150000c03f"); // step 300, tag and float
    }

    @Test
    void aRunThatGoesOnSaysFromWhereEarlierFilesNoLongerCount() throws IOException {
        assertThat(messages(written(17))).element(1).isEqualTo("10123a020801");
    }
}
