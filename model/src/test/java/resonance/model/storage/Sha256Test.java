package resonance.model.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Sha256Test {
    @Test
    void agreesWithTheStandardsExamples() {
        assertThat(new Sha256().hex()).isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assertThat(new Sha256().add("abc".getBytes(StandardCharsets.UTF_8)).hex())
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
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
            assertThat(new Sha256().add(before).add(file).hex())
                    .isEqualTo(HexFormat.of().formatHex(expected.digest()));
        }
    }
}
