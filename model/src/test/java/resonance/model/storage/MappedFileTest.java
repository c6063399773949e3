package resonance.model.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resonance.model.ModelFormatException;
import resonance.study.Sha256;

class MappedFileTest {
    @Test
    void readsTheSameBytesWhateverTheWindowsSize(@TempDir Path folder) throws IOException {
        byte[] bytes = new byte[1000];
        new Random(1).nextBytes(bytes);
        ByteBuffer expected = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        Path path = Files.write(folder.resolve("bytes"), bytes);
        for (int windowBits : new int[] {3, 4, 7, 30}) {
            try (MappedFile file = MappedFile.open(path, windowBits)) {
                assertThat(file.size()).isEqualTo(1000);
                for (int position = 0; position <= 992; position++) {
                    assertThat(file.readUnsignedByte(position)).isEqualTo(bytes[position] & 0xff);
                    assertThat(file.readInt(position)).isEqualTo(expected.getInt(position));
                    assertThat(file.readLong(position)).isEqualTo(expected.getLong(position));
                    byte[] read = new byte[10];
                    file.read(position, read, 1, 8);
                    assertThat(Arrays.copyOfRange(read, 1, 9))
                            .isEqualTo(Arrays.copyOfRange(bytes, position, position + 8));
                }
            }
        }
    }

    @Test
    void readsBeyondTwoGibibytes(@TempDir Path folder) throws IOException {
        Path path = folder.resolve("large");
        long far = (1L << 31) - 3;
        try (FileChannel channel = FileChannel.open(
                path, StandardOpenOption.CREATE_NEW, StandardOpenOption.SPARSE, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}), far);
        }
        try (MappedFile file = MappedFile.open(path)) {
            assertThat(file.size()).isEqualTo(far + 8);
            assertThat(file.readLong(far)).isEqualTo(0x0807060504030201L);
            assertThat(file.readInt(far + 1)).isEqualTo(0x05040302);
        }
    }

    @Test
    void refusesWhatIsNoFile(@TempDir Path folder) {
        assertThatThrownBy(() -> MappedFile.open(folder))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage(folder + " must be a file, was a folder");
        Path absent = folder.resolve("absent");
        assertThatThrownBy(() -> MappedFile.open(absent))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage(absent + " must be a file, was absent");
    }

    @Test
    void refusesBytesOutsideTheFile() {
        MappedFile file = MappedFile.of(Path.of("four"), new byte[4]);
        assertThatThrownBy(() -> file.readLong(0))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessage("four: bytes 0 to 8 must be inside the file of 4 bytes");
        assertThatThrownBy(() -> file.readUnsignedByte(-1))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessage("four: bytes -1 to 0 must be inside the file of 4 bytes");
    }

    @Test
    void nothingIsReadAfterClosing() {
        MappedFile file = MappedFile.of(Path.of("closed"), new byte[4]);
        file.close();
        assertThatThrownBy(() -> file.readInt(0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("closed must be open to be read, was closed");
    }

    @Test
    void takesEveryByteOfAFileBehindWhatCameBefore(@TempDir Path folder) throws Exception {
        byte[] bytes = new byte[3_000_000];
        new Random(2).nextBytes(bytes);
        byte[] before = {1, 2, 3};
        MessageDigest expected = MessageDigest.getInstance("SHA-256");
        expected.update(before);
        expected.update(bytes);
        try (MappedFile file = MappedFile.open(Files.write(folder.resolve("bytes"), bytes), 20)) {
            assertThat(Sha256.of(out -> {
                        out.write(before);
                        file.writeTo(out);
                    }))
                    .isEqualTo(HexFormat.of().formatHex(expected.digest()));
        }
    }
}
