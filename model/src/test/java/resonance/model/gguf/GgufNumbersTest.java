package resonance.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import resonance.model.ModelFormatException;
import resonance.model.storage.MappedFile;

/** Numbers of every type, alone and in arrays, at the edges of their types and cut at every byte. */
class GgufNumbersTest {
    private static final long SEED = 12;

    @ParameterizedTest
    @CsvSource({
        "UINT8, 00, 0",
        "UINT8, ff, 255",
        "INT8, 80, -128",
        "INT8, 7f, 127",
        "UINT16, ffff, 65535",
        "UINT16, 0100, 1",
        "INT16, 0080, -32768",
        "INT16, feff, -2",
        "UINT32, ffffffff, 4294967295",
        "UINT32, 00000080, 2147483648",
        "INT32, 00000080, -2147483648",
        "INT32, ffffff7f, 2147483647",
        "UINT64, ffffffffffffff7f, 9223372036854775807",
        "INT64, 0000000000000080, -9223372036854775808",
        "INT64, ffffffffffffffff, -1"
    })
    void wholeNumbersOfEveryTypeAreReadToTheirEdges(GgufValueType type, String bytes, long expected) {
        GgufMetadata metadata = metadata(type, parsed(bytes));
        assertThat(metadata.optionalLong("n")).contains(expected);
        if (expected == (int) expected) {
            assertThat(metadata.requireInt("n")).isEqualTo((int) expected);
        } else {
            assertThatThrownBy(() -> metadata.requireInt("n"))
                    .isInstanceOf(ModelFormatException.class)
                    .hasMessage("numbers.gguf: key 'n' must fit into 32 bits with a sign, was " + expected);
        }
        assertThatThrownBy(() -> metadata.requireNumber("n"))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("numbers.gguf: key 'n' must be a floating-point number, was " + type);
    }

    @Test
    void aWholeNumberBeyondALongIsRefused() {
        GgufMetadata metadata = metadata(GgufValueType.UINT64, parsed("0000000000000080"));
        assertThatThrownBy(() -> metadata.optionalLong("n"))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("numbers.gguf: key 'n' must be below 2^63, was 9223372036854775808");
    }

    @ParameterizedTest
    @CsvSource({
        "FLOAT32, 0000803f, 1",
        "FLOAT32, 01000000, 1.401298464324817E-45",
        "FLOAT32, 00000080, -0.0",
        "FLOAT64, 000000000000f03f, 1",
        "FLOAT64, ffffffffffffef7f, 1.7976931348623157E308"
    })
    void floatingPointNumbersAreReadExactly(GgufValueType type, String bytes, double expected) {
        assertThat(metadata(type, parsed(bytes)).requireNumber("n")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"FLOAT32, 0000807f, Infinity", "FLOAT32, 0000c07f, NaN", "FLOAT64, 000000000000f0ff, -Infinity"})
    void numbersThatAreNotFiniteAreRefused(GgufValueType type, String bytes, String shown) {
        GgufMetadata metadata = metadata(type, parsed(bytes));
        assertThatThrownBy(() -> metadata.requireNumber("n"))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("numbers.gguf: key 'n' must be finite, was " + shown);
    }

    @ParameterizedTest
    @EnumSource(
            value = GgufValueType.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"STRING", "ARRAY"})
    void aValueCutAtAnyByteIsRefusedAndAWholeOneIsNot(GgufValueType type) {
        byte[] value = new byte[type.smallestBytes()];
        byte[] whole = new TestHeader(0, 1).string("n").int32(type.number()).bytes();
        for (int kept = 0; kept <= value.length; kept++) {
            byte[] cut = new byte[whole.length + kept];
            System.arraycopy(whole, 0, cut, 0, whole.length);
            MappedFile file = MappedFile.of(Path.of("numbers.gguf"), cut);
            if (kept == value.length) {
                assertThat(GgufFile.open(file).metadata().type("n")).contains(type);
            } else {
                assertThatThrownBy(() -> GgufFile.open(file))
                        .as("%s, %d bytes", type, kept)
                        .isInstanceOf(ModelFormatException.class)
                        .hasMessageStartingWith("numbers.gguf: key ");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = GgufValueType.class,
            names = {"UINT8", "INT8", "UINT16", "INT16", "UINT32", "INT32", "UINT64", "INT64"})
    void arraysOfWholeNumbersHoldWhatTheirElementsAreAlone(GgufValueType type) {
        Random random = new Random(SEED);
        byte[] values = new byte[20 * type.smallestBytes()];
        random.nextBytes(values);
        if (type.smallestBytes() == 8) {
            // Only numbers of 32 bits with a sign are whole numbers of an array.
            for (int i = 0; i < 20; i++) {
                ByteBuffer.wrap(values).order(ByteOrder.LITTLE_ENDIAN).putLong(8 * i, random.nextInt(1 << 30));
            }
        }
        List<Integer> alone = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            byte[] one = new byte[type.smallestBytes()];
            System.arraycopy(values, i * one.length, one, 0, one.length);
            alone.add((int) (long) metadata(type, one).optionalLong("n").orElseThrow());
        }
        GgufMetadata metadata = array(type, 20, values);
        assertThat(metadata.count("n")).contains(20);
        if (type == GgufValueType.UINT32) {
            assertThatThrownBy(() -> metadata.ints("n"))
                    .isInstanceOf(ModelFormatException.class)
                    .hasMessageStartingWith("numbers.gguf: key 'n' must hold numbers of 32 bits with a sign, was ");
        } else {
            assertThat(metadata.ints("n").orElseThrow())
                    .containsExactly(alone.stream().mapToInt(number -> number).toArray());
        }
        assertThatThrownBy(() -> metadata.floats("n"))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage(
                        "numbers.gguf: key 'n' must be an array of 32-bit floating-point numbers, was one of " + type);
    }

    @Test
    void truthsAreTrueUnlessTheirByteIsZero() {
        assertThat(metadata(GgufValueType.BOOL, new byte[] {0}).optionalTruth("n"))
                .contains(false);
        assertThat(metadata(GgufValueType.BOOL, new byte[] {2}).optionalTruth("n"))
                .contains(true);
        assertThat(array(GgufValueType.BOOL, 3, new byte[] {1, 0, 1})
                        .truths("n")
                        .orElseThrow())
                .containsExactly(true, false, true);
    }

    @Test
    void aKeyThatIsAbsentIsEmptyForEveryGetterThatMayBeAndRefusedByTheOthers() {
        GgufMetadata metadata = metadata(GgufValueType.BOOL, new byte[1]);
        assertThat(metadata.optionalInt("x")).isEmpty();
        assertThat(metadata.optionalLong("x")).isEmpty();
        assertThat(metadata.optionalNumber("x")).isEmpty();
        assertThat(metadata.optionalString("x")).isEmpty();
        assertThat(metadata.optionalTruth("x")).isEmpty();
        assertThat(metadata.count("x")).isEmpty();
        assertThat(metadata.ints("x")).isEmpty();
        assertThat(metadata.type("x")).isEmpty();
        for (Runnable getter : List.<Runnable>of(
                () -> metadata.requireInt("x"),
                () -> metadata.requireNumber("x"),
                () -> metadata.requireString("x"),
                () -> metadata.raw("x"))) {
            assertThatThrownBy(getter::run)
                    .isInstanceOf(ModelFormatException.class)
                    .hasMessage("numbers.gguf: key 'x' must be given, was absent");
        }
    }

    private static GgufMetadata metadata(GgufValueType type, byte[] value) {
        return opened(new TestHeader(0, 1).string("n").int32(type.number()), value);
    }

    private static GgufMetadata array(GgufValueType type, int count, byte[] values) {
        TestHeader header = new TestHeader(0, 1).string("n").int32(GgufValueType.ARRAY.number());
        return opened(header.int32(type.number()).int64(count), values);
    }

    private static GgufMetadata opened(TestHeader header, byte[] value) {
        for (byte part : value) {
            header.raw(part);
        }
        return GgufFile.open(MappedFile.of(Path.of("numbers.gguf"), header.bytes()))
                .metadata();
    }

    private static byte[] parsed(String hexadecimal) {
        return HexFormat.of().parseHex(hexadecimal);
    }
}
