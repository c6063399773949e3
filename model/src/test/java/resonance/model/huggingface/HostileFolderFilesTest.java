package resonance.model.huggingface;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resonance.model.HostileJson;
import resonance.model.ModelDescription;
import resonance.model.ModelFormatException;
import resonance.model.PositionSettings;
import resonance.model.storage.MappedFile;

/** Damaged and malicious configurations and headers end in a {@link ModelFormatException} that names the file. */
class HostileFolderFilesTest {
    private static final long SEED = 20_261_122;

    @Test
    void everyInputOfTheFuzzTestsIsReadOrRefused(@TempDir Path folder) throws Exception {
        for (Path input : inputs("safetensors")) {
            readHeader(Files.readAllBytes(input), input.toString());
        }
        for (Path input : inputs("config")) {
            readConfig(folder, Files.readAllBytes(input), input.toString());
        }
    }

    @Test
    void everyChangedValueOfAConfigurationIsReadOrRefused(@TempDir Path folder) throws Exception {
        int read = 0;
        for (Path input : inputs("config")) {
            if (input.getFileName().toString().startsWith("found")) {
                continue;
            }
            assertThat(readConfig(folder, Files.readAllBytes(input), input.toString()))
                    .as("%s as it is", input)
                    .isTrue();
            for (String variant : HostileJson.variants(Files.readAllBytes(input))) {
                read += readConfig(folder, variant.getBytes(StandardCharsets.UTF_8), variant) ? 1 : 0;
            }
        }
        assertThat(read).isPositive();
    }

    @Test
    void damagedHeadersAreReadOrRefused() throws Exception {
        byte[] whole = Files.readAllBytes(inputs("safetensors").stream()
                .filter(path -> path.endsWith("whole.safetensors"))
                .findFirst()
                .orElseThrow());
        assertThat(readHeader(whole, "whole")).isTrue();
        for (int length = 0; length < whole.length; length++) {
            assertThat(readHeader(Arrays.copyOf(whole, length), "cut at " + length))
                    .as("cut at %d", length)
                    .isFalse();
        }
        Random random = new Random(SEED);
        for (int round = 0; round < 20_000; round++) {
            byte[] damaged = whole.clone();
            for (int change = random.nextInt(3); change >= 0; change--) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            }
            readHeader(damaged, "seed " + SEED + " round " + round);
        }
    }

    private static boolean readHeader(byte[] bytes, String place) {
        try {
            SafetensorsHeader.read(MappedFile.of(Path.of("hostile.safetensors"), bytes));
            return true;
        } catch (ModelFormatException refusal) {
            assertThat(refusal.getMessage()).as(place).contains("hostile.safetensors");
            return false;
        } catch (RuntimeException | Error failure) {
            throw new AssertionError(place + " must end in a ModelFormatException, ended in " + failure, failure);
        }
    }

    private static boolean readConfig(Path folder, byte[] bytes, String place) throws IOException {
        Path file = Files.write(folder.resolve("config.json"), bytes);
        try {
            ConfigFile config = ConfigFile.read(file);
            PositionSettings positions = HuggingFacePositions.of(folder, config).positions();
            ModelDescription description = DescriptionReader.read(config, "hostile", positions, SafetensorsType.F32);
            description.rope().frequencies(1 << 20);
            description.slidingRope().frequencies(1);
            return true;
        } catch (ModelFormatException refusal) {
            assertThat(refusal.getMessage()).as(place).contains("config.json");
            return false;
        } catch (RuntimeException | Error failure) {
            throw new AssertionError(place + " must end in a ModelFormatException, ended in " + failure, failure);
        }
    }

    private static List<Path> inputs(String method) throws IOException, URISyntaxException {
        Path folder = Path.of(
                Objects.requireNonNull(HostileFolderFilesTest.class.getResource("HuggingFaceFuzzTestInputs/" + method))
                        .toURI());
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }
}
