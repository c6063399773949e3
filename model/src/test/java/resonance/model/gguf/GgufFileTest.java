package resonance.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resonance.model.ModelFormatException;
import resonance.model.storage.MappedFile;

class GgufFileTest {
    @Test
    void readsEveryTypeOfValueThatTheGgufPackageWrites() throws IOException {
        GgufMetadata metadata = everyType().metadata();
        assertThat(metadata.requireString("general.architecture")).isEqualTo("none-such");
        assertThat(metadata.requireInt("value.uint8")).isEqualTo(200);
        assertThat(metadata.requireInt("value.int8")).isEqualTo(-100);
        assertThat(metadata.requireInt("value.uint16")).isEqualTo(60_000);
        assertThat(metadata.requireInt("value.int16")).isEqualTo(-30_000);
        assertThat(metadata.optionalLong("value.uint32")).hasValue(4_000_000_000L);
        assertThat(metadata.requireInt("value.int32")).isEqualTo(-2_000_000_000);
        assertThat(metadata.optionalLong("value.uint64")).hasValue(9_000_000_000_000_000_000L);
        assertThat(metadata.optionalLong("value.int64")).hasValue(-9_000_000_000_000_000_000L);
        assertThat(metadata.requireNumber("value.float32")).isEqualTo(1.5);
        assertThat(metadata.requireNumber("value.float64")).isEqualTo(0.1);
        assertThat(metadata.optionalTruth("value.bool")).hasValue(true);
        assertThat(metadata.requireString("value.string")).isEqualTo("grüße 🙂");
        assertThat(metadata.ints("array.uint8").orElseThrow()).containsExactly(0, 255);
        assertThat(metadata.ints("array.int8").orElseThrow()).containsExactly(-128, 127);
        assertThat(metadata.ints("array.uint16").orElseThrow()).containsExactly(65_535);
        assertThat(metadata.ints("array.int16").orElseThrow()).containsExactly(-32_768);
        assertThat(metadata.ints("array.uint32").orElseThrow()).containsExactly(7);
        assertThat(metadata.ints("array.int32").orElseThrow()).containsExactly(-7, 8, 9);
        assertThat(metadata.ints("array.uint64").orElseThrow()).containsExactly(Integer.MAX_VALUE);
        assertThat(metadata.ints("array.int64").orElseThrow()).containsExactly(Integer.MIN_VALUE);
        assertThat(metadata.floats("array.float32").orElseThrow()).containsExactly(1, -2.5f);
        assertThat(metadata.truths("array.bool").orElseThrow()).containsExactly(true, false, true);
        assertThat(metadata.strings("array.string").orElseThrow()).containsExactly("", "a", "ß");
        assertThat(metadata.type("array.float64")).hasValue(GgufValueType.ARRAY);
        assertThat(metadata.count("array.nested")).hasValue(2);
        assertThat(metadata.keys()).hasSize(27);
    }

    @Test
    void readsTheTensorsThatTheGgufPackageWrites() throws IOException {
        GgufFile file = everyType();
        assertThat(file.version()).isEqualTo(3);
        assertThat(file.alignment()).isEqualTo(64);
        assertThat(file.tensors().keySet()).containsExactly("vector", "matrix", "blocks");
        assertThat(read(file, "vector", 0, 5)).containsExactly(0, 1, 2, 3, 4);
        assertThat(file.tensor("matrix").orElseThrow().sizes()).containsExactly(4L, 3L);
        assertThat(read(file, "matrix", 4, 8)).containsExactly(4, 5, 6, 7, 8, 9, 10, 11);
        assertThat(read(file, "blocks", 0, 32)).startsWith(0, 0.5f, 1, 1.5f).endsWith(15, 15.5f);
    }

    @Test
    void aTensorMayLieBeyondTwoGibibytesAndAcrossWindows(@TempDir Path folder) throws IOException {
        long rows = 600_000_000L;
        byte[] header = new TestHeader(1, 0)
                .tensor("far", List.of(1L, rows), GgmlType.F32, 0)
                .padded(32);
        Path path = folder.resolve("large.gguf");
        try (FileChannel channel = FileChannel.open(
                path, StandardOpenOption.CREATE_NEW, StandardOpenOption.SPARSE, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(header));
            for (long border = 1L << 30; border <= 1L << 31; border += 1L << 30) {
                ByteBuffer values = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
                values.putFloat(1.25f).putFloat(-2.5f).flip();
                channel.write(values, border - 4);
            }
            channel.write(ByteBuffer.wrap(new byte[1]), header.length + 4 * rows - 1);
        }
        try (GgufFile file = GgufFile.open(path)) {
            for (long border = 1L << 30; border <= 1L << 31; border += 1L << 30) {
                long element = (border - 4 - header.length) / 4;
                assertThat(read(file, "far", element - 1, 4)).containsExactly(0, 1.25f, -2.5f, 0);
            }
            assertThat(read(file, "far", rows - 1, 1)).containsExactly(0);
        }
    }

    @Test
    void readsVersionTwo() {
        byte[] bytes =
                new TestHeader(0, 1).string("key").int32(8).string("value").bytes();
        bytes[4] = 2;
        GgufFile file = open(bytes);
        assertThat(file.version()).isEqualTo(2);
        assertThat(file.metadata().requireString("key")).isEqualTo("value");
    }

    @Test
    void refusesReadsOfElementsThatAreNotThere() throws IOException {
        GgufFile file = everyType();
        assertThatThrownBy(() -> read(file, "vector", 3, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("elements of vector must be from 0 to 5, was 3 from 3 on");
        assertThatThrownBy(() -> read(file, "blocks", 0, 16))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("elements of blocks must be whole blocks of 32, was 16 from 0 on");
    }

    @Test
    void refusesOtherFormatsVersionsAndByteOrders() {
        assertRefused(
                "GGUX....".getBytes(StandardCharsets.US_ASCII), "magic must be 'GGUF', was different from byte 3 on");
        assertRefused("GG".getBytes(StandardCharsets.US_ASCII), "magic must be whole, but the file ends at byte 2");
        assertRefused(versioned(1), "version must be 2 or 3, was 1");
        assertRefused(versioned(4), "version must be 2 or 3, was 4");
        assertRefused(
                versioned(0x0300_0000),
                "byte order must be little-endian, was big-endian; convert it with gguf-convert-endian");
    }

    @Test
    void refusesCountsThatTheFileHasNoRoomFor() {
        assertRefused(
                new TestHeader(1, 0).bytes(),
                "tensor count must be at most 0, what the rest of the file has room for, was 1");
        assertRefused(
                new TestHeader(0, -1).bytes(),
                "key count must be at most 0, what the rest of the file has room for, was 18446744073709551615");
        assertRefused(
                new TestHeader(0, 1).string("k").int32(4).raw(0).bytes(),
                "key 'k' must be whole, but the file ends at byte 38");
        assertRefused(
                new TestHeader(0, 1).string("key").int32(8).int64(1L << 40).bytes(),
                "key 'key' length must be at most 0, what the rest of the file has room for, was 1099511627776");
        assertRefused(
                new TestHeader(0, 1)
                        .string("key")
                        .int32(9)
                        .int32(4)
                        .int64(3)
                        .int64(0)
                        .bytes(),
                "key 'key' count must be at most 2, what the rest of the file has room for, was 3");
        assertRefused(
                new TestHeader(0, 1)
                        .string("key")
                        .int32(9)
                        .int32(13)
                        .int64(3)
                        .int64(0)
                        .bytes(),
                "key 'key' element must have a type from 0 to 12, was 13");
    }

    @Test
    void refusesArraysInTooManyLevels() {
        TestHeader header = new TestHeader(0, 1).string("deep").int32(9);
        for (int level = 0; level < 9; level++) {
            header.int32(9).int64(1);
        }
        assertRefused(header.int32(0).int64(0).bytes(), "key 'deep' must have arrays in at most 8 levels, was deeper");
    }

    @Test
    void refusesKeysAndTensorsThatAreThereTwice() {
        assertRefused(
                new TestHeader(0, 2)
                        .string("key")
                        .int32(4)
                        .int32(1)
                        .string("key")
                        .int32(4)
                        .int32(1)
                        .bytes(),
                "key 'key' must be there once, was there twice");
        assertRefused(
                new TestHeader(2, 0)
                        .tensor("twin", List.of(8L), GgmlType.F32, 0)
                        .tensor("twin", List.of(8L), GgmlType.F32, 32)
                        .padded(256),
                "tensor 'twin' must be there once, was there twice");
    }

    @Test
    void refusesStringsThatAreNoUtf8AndHidesControlCharactersInMessages() {
        assertRefused(
                new TestHeader(0, 1)
                        .int64(3)
                        .raw(0xff, 'a', 'b')
                        .int32(7)
                        .raw(1)
                        .bytes(),
                "key 0 must be UTF-8, was '\ufffdab'");
        assertRefused(
                new TestHeader(0, 1).string("a\u001b[2Jb").int32(99).int64(0).bytes(),
                "key 'a\\u001b[2Jb' must have a type from 0 to 12, was 99");
    }

    @Test
    void refusesAlignmentsThatAreNoPowerOfTwo() {
        assertRefused(
                new TestHeader(0, 1)
                        .string("general.alignment")
                        .int32(4)
                        .int32(48)
                        .bytes(),
                "key 'general.alignment' must be a power of 2, was 48");
        assertRefused(
                new TestHeader(0, 1)
                        .string("general.alignment")
                        .int32(4)
                        .int32(0)
                        .bytes(),
                "key 'general.alignment' must be a power of 2, was 0");
    }

    @Test
    void refusesTensorsThatCanNotBe() {
        assertRefused(
                oneTensor(List.of(8L, 0L), GgmlType.F32, 0),
                "tensor 't' size 1 must be at least 1, and the product below 2^63, was 0");
        assertRefused(
                oneTensor(List.of(1L << 32, 1L << 31), GgmlType.F32, 0),
                "tensor 't' size 1 must be at least 1, and the product below 2^63, was 2147483648");
        assertRefused(
                oneTensor(List.of(1L << 31, 1L << 31), GgmlType.F32, 0),
                "tensor 't' must lie inside the file, which has 416 bytes from its offset on,"
                        + " was [2147483648, 2147483648] of F32; is the file complete?");
        assertRefused(
                oneTensor(List.of(100L), GgmlType.Q4_K, 0),
                "tensor 't' row length must be a multiple of 256 for Q4_K, was 100");
        assertRefused(oneTensor(List.of(8L), GgmlType.F32, 16), "tensor 't' offset must be a multiple of 32, was 16");
        assertRefused(
                oneTensor(List.of(8L), GgmlType.F32, 1L << 62),
                "tensor 't' must lie inside the file, which has 0 bytes from its offset on,"
                        + " was [8] of F32; is the file complete?");
        assertRefused(
                oneTensor(List.of(8L), GgmlType.F32, -32),
                "tensor 't' offset must be a multiple of 32, was 18446744073709551584");
        assertRefused(
                new TestHeader(1, 0)
                        .string("t")
                        .int32(5)
                        .int64(0)
                        .int64(0)
                        .int64(0)
                        .bytes(),
                "tensor 't' number of sizes must be from 1 to 4, was 5");
        assertRefused(
                new TestHeader(2, 0)
                        .tensor("a", List.of(8L, 3L), GgmlType.F32, 0)
                        .tensor("b", List.of(8L), GgmlType.F32, 64)
                        .padded(512),
                "tensor 'b' must share no bytes with tensor 'a', was at byte 192, before the other's end at 224");
    }

    @Test
    void namesTensorTypesThatAreNotRead() {
        String known = "tensor 't' must have a type that is read (F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q2_K,"
                + " Q3_K, Q4_K, Q5_K, Q6_K), was ";
        assertRefused(typed(19), known + "IQ1_S");
        assertRefused(typed(39), known + "MXFP4");
        assertRefused(typed(4), known + "the unknown number 4");
        assertRefused(typed(-1), known + "the unknown number 4294967295");
    }

    @Test
    void gettersNameTheKeyAndTheType() throws IOException {
        GgufMetadata metadata = everyType().metadata();
        String start = "every_type.gguf: key '";
        assertThatThrownBy(() -> metadata.requireInt("absent"))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage(start + "absent' must be given, was absent");
        assertThatThrownBy(() -> metadata.requireInt("value.float32"))
                .hasMessage(start + "value.float32' must be a whole number, was FLOAT32");
        assertThatThrownBy(() -> metadata.requireInt("value.uint32"))
                .hasMessage(start + "value.uint32' must fit into 32 bits with a sign, was 4000000000");
        assertThatThrownBy(() -> metadata.requireNumber("value.int32"))
                .hasMessage(start + "value.int32' must be a floating-point number, was INT32");
        assertThatThrownBy(() -> metadata.requireString("value.bool"))
                .hasMessage(start + "value.bool' must be a string, was BOOL");
        assertThatThrownBy(() -> metadata.strings("array.int8"))
                .hasMessage(start + "array.int8' must be an array of strings, was one of INT8");
        assertThatThrownBy(() -> metadata.floats("value.string"))
                .hasMessage(start + "value.string' must be an array, was STRING");
        assertThat(metadata.optionalInt("absent")).isEmpty();
        assertThat(metadata.strings("absent")).isEmpty();
    }

    private static GgufFile everyType() throws IOException {
        try (InputStream in = Objects.requireNonNull(GgufFileTest.class.getResourceAsStream("/gguf/every_type.gguf"))) {
            return GgufFile.open(MappedFile.of(Path.of("every_type.gguf"), in.readAllBytes()));
        }
    }

    private static float[] read(GgufFile file, String name, long first, int count) {
        float[] values = new float[count];
        file.read(file.tensor(name).orElseThrow(), first, count, values, 0);
        return values;
    }

    private static byte[] versioned(int version) {
        return ByteBuffer.wrap(new TestHeader(0, 0).bytes())
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(4, version)
                .array();
    }

    private static byte[] oneTensor(List<Long> sizes, GgmlType type, long offset) {
        return new TestHeader(1, 0).tensor("t", sizes, type, offset).padded(512);
    }

    private static byte[] typed(int type) {
        return new TestHeader(1, 0)
                .string("t")
                .int32(1)
                .int64(32)
                .int32(type)
                .int64(0)
                .bytes();
    }

    private static GgufFile open(byte[] bytes) {
        return GgufFile.open(MappedFile.of(Path.of("m.gguf"), bytes));
    }

    private static void assertRefused(byte[] bytes, String message) {
        assertThatThrownBy(() -> open(bytes))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("m.gguf: " + message);
    }
}
