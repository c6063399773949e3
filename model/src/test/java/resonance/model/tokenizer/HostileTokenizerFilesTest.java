package resonance.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import resonance.model.HostileJson;
import resonance.model.ModelFormatException;

/** Damaged and malicious tokenizers end in a {@link ModelFormatException} that names the file. */
class HostileTokenizerFilesTest {
    @Test
    void everyInputOfTheFuzzTestIsReadOrRefused() throws Exception {
        for (Path input : inputs()) {
            read(Files.readAllBytes(input), input.toString());
        }
    }

    @Test
    void everyChangedValueOfATokenizerIsReadOrRefused() throws Exception {
        int read = 0;
        for (Path input : inputs()) {
            if (input.getFileName().toString().startsWith("found")) {
                continue;
            }
            assertThat(read(Files.readAllBytes(input), input.toString()))
                    .as("%s as it is", input)
                    .isTrue();
            for (String variant : HostileJson.variants(Files.readAllBytes(input))) {
                read += read(variant.getBytes(StandardCharsets.UTF_8), variant) ? 1 : 0;
            }
        }
        assertThat(read).isPositive();
    }

    private static boolean read(byte[] bytes, String place) {
        try {
            TokenizerJson json = TokenizerJson.read(new ByteArrayInputStream(bytes), "hostile.json");
            TokenizerPlan plan = json.plan();
            HuggingFaceTokenizer tokenizer = new HuggingFaceTokenizer(
                    plan, BeginningTemplate.first(json.postProcessor(), plan), TokenizerSettings.named(plan));
            tokenizer.decode(tokenizer.encode("a b\nab ß"));
            return true;
        } catch (ModelFormatException refusal) {
            assertThat(refusal.getMessage()).as(place).contains("hostile.json");
            return false;
        } catch (RuntimeException | Error failure) {
            throw new AssertionError(place + " must end in a ModelFormatException, ended in " + failure, failure);
        }
    }

    private static List<Path> inputs() throws IOException, URISyntaxException {
        Path folder = Path.of(Objects.requireNonNull(
                        HostileTokenizerFilesTest.class.getResource("TokenizerFuzzTestInputs/tokenizerJson"))
                .toURI());
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }
}
