package resonance.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordJsonTest {
    private final Path file;

    RecordJsonTest(@TempDir Path folder) {
        this.file = folder.resolve("record.json");
    }

    /** A colour as people name it: a value of its own with a name, like an encoding. */
    static final class Colour {
        private final String name;

        private Colour(String name) {
            this.name = name;
        }

        public static Colour valueOf(String name) {
            if (!List.of("red", "green").contains(name)) {
                throw new IllegalArgumentException("colour must be red or green, was " + name);
            }
            return new Colour(name);
        }

        /** An accessor, which must not make it an object. */
        public boolean isRed() {
            return name.equals("red");
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Colour that && name.equals(that.name);
        }

        @Override
        public int hashCode() {
            return name.hashCode();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    enum Size {
        SMALL
    }

    record Painted(Colour first, List<Colour> more, Size size, int count, double share, String text) {}

    private static final Painted PAINTED = new Painted(
            Colour.valueOf("red"), List.of(Colour.valueOf("green")), Size.SMALL, 3, Double.NaN, "a \"b\"\n☃");

    @Test
    void aClassThatIsReadByValueOfIsWrittenAsItsText() throws IOException {
        assertThat(RecordJson.write(PAINTED)).isEqualToNormalizingNewlines("""
                {
                  "first" : "red",
                  "more" : [ "green" ],
                  "size" : "SMALL",
                  "count" : 3,
                  "share" : "NaN",
                  "text" : "a \\"b\\"\\n☃"
                }
                """);
        AtomicFile.write(file, RecordJson.write(PAINTED));
        assertThat(RecordJson.read(file, Painted.class)).isEqualTo(PAINTED);
    }

    @Test
    void aNameThatValueOfRefusesIsRefusedWithItsFile() {
        assertRefused("\"green\"", "\"blue\"", "colour must be red or green, was blue");
    }

    @Test
    void reachesIntoListsToSayWhereAFaultIs() {
        assertRefused("[ \"green\" ]", "[ \"green\", 1 ]", """
                more[1]: Cannot construct instance of `resonance.study.RecordJsonTest$Colour` (although at least one\
                 Creator exists): no int/Int-argument constructor/factory method to deserialize from Number value (1)\
                """);
    }

    @Test
    void refusesAFractionForAWholeNumberAndTextForANumber() {
        assertThatThrownBy(() -> changed("\"count\" : 3", "\"count\" : 3.5"))
                .isInstanceOf(RecordFormatException.class)
                .hasMessageStartingWith(file + ": count: Cannot coerce Floating-point value (3.5) to `int`");
        assertThatThrownBy(() -> changed("\"count\" : 3", "\"count\" : \"3\""))
                .isInstanceOf(RecordFormatException.class)
                .hasMessageStartingWith(file + ": count: Cannot coerce String value (\"3\")");
    }

    @Test
    void refusesWhatIsNotJsonWithItsLine() {
        assertThatThrownBy(() -> changed("\"count\" : 3", "count : 3"))
                .isInstanceOf(RecordFormatException.class)
                .hasMessageStartingWith(file + ": line 5: Unexpected character ('c' (code 99))");
    }

    @Test
    void refusesAnUnknownMissingOrNullField() {
        assertRefused(
                "\"count\" : 3",
                "\"count\" : 3, \"counts\" : 4",
                "counts is unknown; known: [count, first, more, share, size, text]");
        assertRefused("  \"count\" : 3,\n", "", "count: Missing creator property 'count' (index 3)");
        assertThatThrownBy(() -> changed("\"first\" : \"red\"", "\"first\" : null"))
                .isInstanceOf(RecordFormatException.class)
                .hasMessageStartingWith(file + ": first: Null value for creator property 'first' (index 0)");
    }

    @Test
    void keepsTheOrderThatAMapHas() {
        assertThat(RecordJson.write(new TreeMap<>(Map.of("b", 1, "a", Colour.valueOf("red")))))
                .isEqualToNormalizingNewlines("""
                        {
                          "a" : "red",
                          "b" : 1
                        }
                        """);
    }

    private void assertRefused(String from, String to, String message) {
        assertThatThrownBy(() -> changed(from, to))
                .isInstanceOf(RecordFormatException.class)
                .hasMessage(file + ": " + message);
    }

    private void changed(String from, String to) throws IOException {
        String json = RecordJson.write(PAINTED);
        assertThat(json).contains(from);
        Files.writeString(file, json.replace(from, to));
        RecordJson.read(file, Painted.class);
    }
}
