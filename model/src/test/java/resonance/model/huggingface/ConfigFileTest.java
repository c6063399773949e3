package resonance.model.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import resonance.model.ModelFormatException;

class ConfigFileTest {
    private final Path folder;

    ConfigFileTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void valuesOfTheirTypesAreRead() throws IOException {
        ConfigFile config = config("{'n': 8, 'd': 0.5, 't': true, 's': 'x', 'l': ['a', 'b'], 'whole': 16.0}");
        assertThat(config.requiredSize("n")).isEqualTo(8);
        assertThat(config.size("whole")).contains(16);
        assertThat(config.number("d")).contains(0.5);
        assertThat(config.positive("d", 1)).isEqualTo(0.5);
        assertThat(config.truth("t", false)).isTrue();
        assertThat(config.text("s")).contains("x");
        assertThat(config.texts("l")).contains(List.of("a", "b"));
    }

    @Test
    void nullCountsAsAbsentButIsThere() throws IOException {
        ConfigFile config = config("{'x': null}");
        for (String key : List.of("x", "absent")) {
            assertThat(config.has(key)).isFalse();
            assertThat(config.size(key)).isEmpty();
            assertThat(config.number(key)).isEmpty();
            assertThat(config.positive(key, 2.5)).isEqualTo(2.5);
            assertThat(config.truth(key, true)).isTrue();
            assertThat(config.text(key)).isEmpty();
            assertThat(config.texts(key)).isEmpty();
            assertThatThrownBy(() -> config.requiredSize(key))
                    .isInstanceOf(ModelFormatException.class)
                    .hasMessage("config.json: " + key + " must be given, was absent");
        }
        assertThat(config.contains("x")).isTrue();
        assertThat(config.contains("absent")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "size     | 0         | must be a whole number from 1 to 16777216, was 0",
                "size     | 1.5       | must be a whole number from 1 to 16777216, was 1.5",
                "size     | 16777217  | must be a whole number from 1 to 16777216, was 16777217",
                "size     | 1e999     | must be a whole number from 1 to 16777216, was Infinity",
                "size     | '8'       | must be a number, was '8'",
                "number   | true      | must be a number, was true",
                "number   | [1]       | must be a number, was [1]",
                "positive | 0         | must be above 0 and finite, was 0",
                "positive | -1e-9     | must be above 0 and finite, was -1.0E-9",
                "positive | 1e999     | must be above 0 and finite, was Infinity",
                "truth    | 0         | must be true or false, was 0",
                "truth    | 'true'    | must be true or false, was 'true'",
                "text     | 1         | must be a string, was 1",
                "text     | {}        | must be a string, was {}",
                "texts    | 'a'       | must be a list of strings, was 'a'",
                "texts    | ['a', 1]  | must be a list of strings, was [a, 1]"
            },
            quoteCharacter = '"')
    void valuesOfOtherTypesAreRefusedByTheirKey(String getter, String value, String message) throws IOException {
        ConfigFile config = config("{'k': " + value + "}");
        assertThatThrownBy(() -> {
                    switch (getter) {
                        case "size" -> config.size("k");
                        case "number" -> config.number("k");
                        case "positive" -> config.positive("k", 1);
                        case "truth" -> config.truth("k", true);
                        case "text" -> config.text("k");
                        default -> config.texts("k");
                    }
                })
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("config.json: k " + message);
    }

    @Test
    void aLongValueIsCutInTheMessage() throws IOException {
        ConfigFile config = config("{'k': '" + "x".repeat(200) + "'}");
        assertThatThrownBy(() -> config.truth("k", true))
                .hasMessage("config.json: k must be true or false, was '" + "x".repeat(79) + "...");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "null           | must be a JSON object, was null",
                "[1]            | must be a JSON object, was a list",
                "'a'            | must be a JSON object, was a string",
                "7              | must be a JSON object, was 7",
                "{'a': 1} {}    | must end with its JSON object, went on at line 1, column 10",
                "{'a': 1        | must be a JSON object, was damaged at line 1, column 8",
                "{'a': nan}     | must be a JSON object, was damaged at line 1, column 7",
                "\uFEFF{'a': 1} | must begin with its JSON object, began with a byte order mark, which transformers refuses;"
                        + " save it as UTF-8 without one",
            })
    void whatIsNoObjectIsRefused(String text, String message) {
        assertThatThrownBy(() -> config(text))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("config.json: " + message);
    }

    @Test
    void numbersAreReadAsPythonReadsThem() throws IOException {
        ConfigFile config = config("{'n': NaN, 'i': Infinity, 'm': -Infinity, 'l': [NaN], 'big': 1e999, 'whole': 1"
                + "0".repeat(500) + "}");
        assertThat(config.number("n")).contains(Double.NaN);
        assertThat(config.number("i")).contains(Double.POSITIVE_INFINITY);
        assertThat(config.number("m")).contains(Double.NEGATIVE_INFINITY);
        assertThat(config.values().get("l")).isEqualTo(List.of(Double.NaN));
        assertThat(config.number("big")).contains(Double.POSITIVE_INFINITY);
        assertThat(config.number("whole")).contains(Double.POSITIVE_INFINITY);
    }

    @Test
    void ofTwoValuesOfAKeyTheLastCountsAndTheKeyIsSaid() throws IOException {
        ConfigFile config = config("{'a': 1, 'o': {'b': 1, 'b': 2}, 'a': 3, 'l': [{'c': 1, 'c': 4}]}");
        assertThat(config.values()).isEqualTo(Map.of("a", 3, "o", Map.of("b", 2), "l", List.of(Map.of("c", 4))));
        assertThat(config.repeated()).containsExactly("o.b", "a", "l[0].c");
    }

    @Test
    void aFileThatIsTooLongOrAbsentIsRefused() throws IOException {
        Path file = folder.resolve("config.json");
        assertThatThrownBy(() -> ConfigFile.read(file))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage(file + ": must be there, was missing");
        Files.write(file, new byte[(1 << 24) + 1]);
        assertThatThrownBy(() -> ConfigFile.read(file))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("config.json: must be at most 16777216 bytes, was longer");
    }

    private ConfigFile config(String json) throws IOException {
        return ConfigFile.read(Files.writeString(folder.resolve("config.json"), json.replace('\'', '"')));
    }
}
