package resonance.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import resonance.model.ModelFormatException;
import resonance.model.storage.MappedFile;

/** Damaged and malicious files end in a {@link ModelFormatException}, soon and without large allocations. */
class GgufHostileFilesTest {
    private static final long SEED = 20_261_122;

    /** A file of some kilobytes may take so much; a claimed count or length taken at its word takes far more. */
    private static final long MOST_BYTES = 4L << 20;

    private static final long MOST_NANOSECONDS = 2_000_000_000L;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void everyFileOfTheCorpusIsReadOrRefused() throws IOException, URISyntaxException {
        Path corpus =
                Path.of(Objects.requireNonNull(GgufHostileFilesTest.class.getResource("GgufFuzzTestInputs/openModel"))
                        .toURI());
        try (Stream<Path> files = Files.list(corpus)) {
            List<Path> sorted = files.sorted().toList();
            assertThat(sorted).hasSizeGreaterThan(10);
            for (Path file : sorted) {
                read(Files.readAllBytes(file), file.getFileName().toString());
            }
        }
    }

    @Test
    void aFileCutAnywhereIsRefused() {
        for (String architecture : List.of("llama", "qwen2", "qwen3", "gemma3")) {
            byte[] whole = TinyGguf.bytes(TinyGguf.writer(architecture, 1));
            assertThat(read(whole, architecture)).as(architecture).isTrue();
            // The last tensor ends before the padding does.
            for (int length = 0; length < whole.length - 32; length++) {
                assertThat(read(Arrays.copyOf(whole, length), architecture + " cut at " + length))
                        .as("%s cut at %d", architecture, length)
                        .isFalse();
            }
        }
    }

    @Test
    void everyFlippedBitOfAHeaderIsReadOrRefused() {
        byte[] whole = TinyGguf.bytes(TinyGguf.writer("llama", 1));
        int header = header(whole);
        for (int bit = 0; bit < 8 * header; bit++) {
            byte[] damaged = whole.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            read(damaged, "bit " + bit);
        }
    }

    @Test
    void everyHugeNumberInAHeaderIsReadOrRefused() {
        byte[] whole = TinyGguf.bytes(TinyGguf.writer("gemma3", 1));
        int header = header(whole);
        long[] values = {-1, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 62, Integer.MAX_VALUE, 1L << 32, 1L << 20, 0};
        for (int at = 0; at < header; at++) {
            for (long value : values) {
                byte[] damaged = whole.clone();
                ByteBuffer buffer = ByteBuffer.wrap(damaged).order(ByteOrder.LITTLE_ENDIAN);
                buffer.putLong(at, value);
                read(damaged, value + " at " + at);
                damaged = whole.clone();
                ByteBuffer.wrap(damaged).order(ByteOrder.LITTLE_ENDIAN).putInt(at, (int) value);
                read(damaged, (int) value + " at " + at);
            }
        }
    }

    @Test
    void randomDamageIsReadOrRefused() {
        Random random = new Random(SEED);
        byte[][] originals = Stream.of("llama", "qwen2", "qwen3", "gemma3")
                .map(architecture -> TinyGguf.bytes(TinyGguf.writer(architecture, 1)))
                .toArray(byte[][]::new);
        for (int round = 0; round < 20_000; round++) {
            byte[] damaged = originals[random.nextInt(originals.length)].clone();
            int header = header(damaged);
            for (int change = random.nextInt(4); change >= 0; change--) {
                int at = random.nextInt(header);
                switch (random.nextInt(3)) {
                    case 0 -> damaged[at] = (byte) random.nextInt();
                    case 1 -> System.arraycopy(damaged, random.nextInt(header), damaged, at, random.nextInt(64));
                    default -> Arrays.fill(damaged, at, at + random.nextInt(16), (byte) random.nextInt(256));
                }
            }
            read(damaged, "seed " + SEED + " round " + round);
        }
    }

    /** True if the file is read to the end, false if it is refused as it should be. */
    private static boolean read(byte[] bytes, String place) {
        MappedFile file = MappedFile.of(Path.of("hostile.gguf"), bytes);
        long allocated = THREADS.getCurrentThreadAllocatedBytes();
        long start = THREADS.getCurrentThreadCpuTime();
        boolean whole = true;
        try {
            TinyGguf.readEverything(GgufModel.open(GgufFile.open(file)));
        } catch (ModelFormatException refusal) {
            whole = false;
            assertThat(refusal.getMessage()).as(place).startsWith("hostile.gguf: ");
        } catch (RuntimeException | Error failure) {
            throw new AssertionError(place + " must end in a ModelFormatException, ended in " + failure, failure);
        }
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - allocated)
                .as("bytes allocated for %s", place)
                .isLessThan(MOST_BYTES);
        assertThat(THREADS.getCurrentThreadCpuTime() - start)
                .as("nanoseconds for %s", place)
                .isLessThan(MOST_NANOSECONDS);
        return whole;
    }

    /** Where the data begins. */
    private static int header(byte[] bytes) {
        GgufFile file = GgufFile.open(MappedFile.of(Path.of("whole.gguf"), bytes));
        return (int) file.tensors().values().iterator().next().position();
    }
}
