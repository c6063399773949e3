package resonance.model.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import resonance.model.ModelFormatException;

class SafetensorsFileTest {
    private static final String ONE_TENSOR = "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}";

    @ParameterizedTest
    @EnumSource(SafetensorsType.class)
    void everyRangeOfATensorIsReadAsItWasWritten(SafetensorsType type, @TempDir Path folder) throws IOException {
        Random random = new Random(3);
        float[] large = new float[40_000];
        for (int i = 0; i < large.length; i++) {
            large[i] = type.rounded((float) random.nextGaussian());
        }
        float[] odd = {1, -2, 0.5f};
        Path file = folder.resolve("m.safetensors");
        SafetensorsWriter.write(
                file,
                Map.of("format", "pt"),
                List.of(
                        new SafetensorsWriter.Entry("odd", List.of(3), type, () -> odd),
                        new SafetensorsWriter.Entry("none", List.of(0, 7), type, () -> new float[0]),
                        new SafetensorsWriter.Entry("large", List.of(400, 100), type, () -> large),
                        new SafetensorsWriter.Entry("one", List.of(), type, () -> new float[] {-4})));
        SafetensorsFile tensors = SafetensorsFile.open(file);
        assertThat(tensors.names()).containsExactly("odd", "none", "large", "one");
        assertThat(tensors.tensor("large").shape()).containsExactly(400L, 100L);
        assertThat(read(tensors, "odd", 0, 3)).containsExactly(odd);
        assertThat(read(tensors, "none", 0, 0)).isEmpty();
        assertThat(read(tensors, "one", 0, 1)).containsExactly(-4);
        for (int trial = 0; trial < 100; trial++) {
            int from = random.nextInt(large.length);
            int to = from + random.nextInt(large.length - from);
            assertThat(read(tensors, "large", from, to - from)).isEqualTo(Arrays.copyOfRange(large, from, to));
        }
    }

    @Test
    void theLayoutIsTheFormatsOwn(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("m.safetensors");
        SafetensorsWriter.write(
                file,
                Map.of("format", "pt"),
                List.of(
                        new SafetensorsWriter.Entry("a", List.of(1), SafetensorsType.F32, () -> new float[] {1}),
                        new SafetensorsWriter.Entry(
                                "b", List.of(2, 1), SafetensorsType.BF16, () -> new float[] {1, -2})));
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int length = (int) bytes.getLong();
        assertThat(length % 8).isZero();
        byte[] header = new byte[length];
        bytes.get(header);
        assertThat(new String(header, StandardCharsets.UTF_8).strip())
                .isEqualTo(("{'__metadata__':{'format':'pt'},'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},"
                                + "'b':{'dtype':'BF16','shape':[2,1],'data_offsets':[4,8]}}")
                        .replace('\'', '"'));
        assertThat(bytes.getInt()).isEqualTo(0x3f800000);
        assertThat(bytes.getInt()).isEqualTo(0xc0003f80);
        assertThat(bytes.hasRemaining()).isFalse();
        assertThat(folder).isDirectoryContaining(path -> path.equals(file));
        assertThat(folder).isDirectoryNotContaining(path -> path.toString().endsWith(".partial"));
    }

    @ParameterizedTest
    @MethodSource
    void damagedHeadersAreRefused(String header, int dataBytes, String message, @TempDir Path folder)
            throws IOException {
        Path file = folder.resolve("m.safetensors");
        Files.write(file, bytes(header.replace('\'', '"'), dataBytes));
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("m.safetensors: " + message);
    }

    static List<Arguments> damagedHeadersAreRefused() {
        return List.of(
                Arguments.of("[]", 0, "header must be an object"),
                Arguments.of("{'a':1}", 0, "'a' must be an object"),
                Arguments.of("{} {}", 0, "header must end after its object"),
                Arguments.of(
                        "{'a':{'dtype':'I64','shape':[1],'data_offsets':[0,8]}}",
                        8,
                        "'a'.dtype must be F32, F16 or BF16, was 'I64'; save the model in one of these"),
                Arguments.of("{'a':{'dtype':4}}", 0, "'a'.dtype must be a string"),
                Arguments.of("{'a':{'shape':[1],'data_offsets':[0,8]}}", 8, "'a'.dtype must be given, was absent"),
                Arguments.of("{'a':{'dtype':'F32','data_offsets':[0,4]}}", 4, "'a'.shape must be given, was absent"),
                Arguments.of("{'a':{'dtype':'F32','shape':[]}}", 4, "'a'.data_offsets must be two numbers, were []"),
                Arguments.of(
                        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0]}}",
                        4,
                        "'a'.data_offsets must be two numbers, were [0]"),
                Arguments.of(
                        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4,8]}}",
                        8,
                        "'a'.data_offsets must hold at most 2 numbers"),
                Arguments.of("{'a':{'dtype':'F32','shape':[1.5]}}", 4, "'a'.shape must hold whole numbers only"),
                Arguments.of("{'a':{'dtype':'F32','shape':[[1]]}}", 4, "'a'.shape must hold whole numbers only"),
                Arguments.of("{'a':{'dtype':'F32','shape':[-1]}}", 4, "'a'.shape must not be negative, was -1"),
                Arguments.of("{'a':{'dtype':'F32','shape':3}}", 4, "'a'.shape must be a list"),
                Arguments.of(
                        "{'a':{'dtype':'F32','shape':[1,1,1,1,1,1,1,1,1]}}",
                        4,
                        "'a'.shape must hold at most 8 numbers"),
                Arguments.of(
                        "{'a':{'dtype':'F32','shape':[4611686018427387904,4],'data_offsets':[0,0]}}",
                        0,
                        "'a'.shape must be of less than 2^63 bytes, was [4611686018427387904, 4]"),
                Arguments.of(
                        "{'a':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}}",
                        8,
                        "'a'.data_offsets must be 12 bytes apart for F32 [3], were [0, 8]"),
                Arguments.of(
                        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}}",
                        8,
                        "'a'.data_offsets must rise and end within the data's 8 bytes, were [8, 0]"),
                Arguments.of(
                        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}",
                        7,
                        "'a'.data_offsets must rise and end within the data's 7 bytes, were [0, 8]"),
                Arguments.of(ONE_TENSOR, 9, "data must end with its last tensor, at byte 70 of the file, ended at 71"),
                Arguments.of(
                        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}",
                        8,
                        "'a'.data_offsets must begin at 0, where the tensor before it ends, was 4"),
                Arguments.of(
                        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},"
                                + "'b':{'dtype':'F32','shape':[2],'data_offsets':[4,12]}}",
                        12,
                        "'b'.data_offsets must begin at 8, where the tensor before it ends, was 4"),
                Arguments.of(
                        "{'a':{'dtype':'F32','kind':1}}", 0, "'a'.kind is unknown; known: dtype, shape, data_offsets"),
                Arguments.of(
                        "{'a':{'dtype':'F32','dtype':'F16'}}",
                        0,
                        "header must be JSON, was damaged at line 1, column 28"),
                Arguments.of(
                        ONE_TENSOR.replace("}}", "},'a':{'dtype':'F32','shape':[0],'data_offsets':[8,8]}}"),
                        8,
                        "header must be JSON, was damaged at line 1, column 58"),
                Arguments.of("{'__metadata__':{'a':{'b':{'c':{}}}}}", 0, "header must be JSON, was damaged"),
                Arguments.of(
                        "{'a':{'shape':[99999999999999999999]}}",
                        0,
                        "header must be JSON, was damaged at line 1, column 36"));
    }

    @Test
    void lengthsThatDoNotFitTheFileAreRefused(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("m.safetensors");
        Files.write(file, new byte[7]);
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("m.safetensors: size must be at least 8 bytes, was 7");
        Files.write(file, ByteBuffer.allocate(10).putLong(0, -1).array());
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("m.safetensors: length of the header must be from 2 to 2 bytes, was 18446744073709551615");
    }

    @Test
    void everyTruncationIsRefused(@TempDir Path folder) throws IOException {
        byte[] whole = bytes(ONE_TENSOR.replace('\'', '"'), 8);
        Path file = folder.resolve("m.safetensors");
        Files.write(file, whole);
        assertThat(SafetensorsFile.open(file).names()).containsExactly("a");
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> SafetensorsFile.open(file)).isInstanceOf(ModelFormatException.class);
        }
    }

    @Test
    void seededDamageEndsInARefusalOrAReadableFile(@TempDir Path folder) throws IOException {
        byte[] whole = bytes(
                ("{'__metadata__':{'format':'pt'},'a':{'dtype':'F32','shape':[2,3],'data_offsets':[0,24]},"
                                + "'b':{'dtype':'BF16','shape':[4],'data_offsets':[24,32]},"
                                + "'c':{'dtype':'F16','shape':[],'data_offsets':[32,34]}}")
                        .replace('\'', '"'),
                34);
        Path file = folder.resolve("m.safetensors");
        Random random = new Random(20261122);
        int opened = 0;
        for (int trial = 0; trial < 1_000; trial++) {
            Files.write(file, damaged(whole, random));
            try {
                SafetensorsFile tensors = SafetensorsFile.open(file);
                for (String name : tensors.names()) {
                    read(tensors, name, 0, (int) tensors.tensor(name).elements());
                }
                opened++;
            } catch (ModelFormatException refused) {
                assertThat(refused.getMessage()).startsWith("m.safetensors: ");
            }
        }
        assertThat(opened).isBetween(10, 900);
    }

    @Test
    void rangesOutsideATensorAreRefused(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("m.safetensors");
        Files.write(file, bytes(ONE_TENSOR.replace('\'', '"'), 8));
        SafetensorsFile tensors = SafetensorsFile.open(file);
        assertThatThrownBy(() -> tensors.read("a", 1, 2, new float[2], 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("elements must lie within the 2 of 'a', were 2 from 1");
        assertThatThrownBy(() -> tensors.tensor("b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("name must be one of [a], was 'b'");
    }

    private static byte[] damaged(byte[] whole, Random random) {
        byte[] bytes = random.nextInt(4) == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length + 8)) : whole.clone();
        String alphabet = "0123456789-.{}[]\",:eFB16 \u0000";
        for (int change = random.nextInt(4); change >= 0 && bytes.length > 0; change--) {
            int at = random.nextInt(bytes.length);
            bytes[at] = random.nextInt(4) == 0
                    ? (byte) random.nextInt(256)
                    : (byte) alphabet.charAt(random.nextInt(alphabet.length()));
        }
        return bytes;
    }

    private static byte[] bytes(String header, int dataBytes) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + text.length + dataBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .put(text)
                .array();
    }

    private static float[] read(SafetensorsFile tensors, String name, long from, int count) {
        float[] values = new float[count + 2];
        tensors.read(name, from, count, values, 1);
        assertThat(values[0]).isZero();
        assertThat(values[count + 1]).isZero();
        return Arrays.copyOfRange(values, 1, count + 1);
    }
}
