package resonance.benchmarks;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import resonance.model.gguf.GgmlType;
import resonance.model.gguf.GgufFile;
import resonance.model.gguf.GgufTensor;
import resonance.model.gguf.GgufWriter;

/**
 * Writes a GGUF file's weights as float32 into another: {@code FROM TO}.
 *
 * <p>For quantised weights llama.cpp rounds the other factor of each product to 8 bits; for float32 weights it doesn't. The
 * decoded file shows how much of a difference in perplexity that makes.
 */
public final class DecodedGguf {
    private static final int ELEMENTS_AT_ONCE = 1 << 18;

    private DecodedGguf() {}

    /** Copies every key and decodes every tensor. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            throw new IllegalArgumentException("arguments must be FROM and TO, were " + arguments.length);
        }
        try (GgufFile source = GgufFile.open(Path.of(arguments[0]))) {
            GgufWriter writer = new GgufWriter();
            source.metadata().keys().forEach(key -> writer.copyKey(source, key));
            for (GgufTensor tensor : source.tensors().values()) {
                writer.addTensor(tensor.name(), tensor.sizes(), GgmlType.F32, out -> decode(source, tensor, out));
            }
            writer.write(Path.of(arguments[1]));
        }
    }

    private static void decode(GgufFile source, GgufTensor tensor, OutputStream out) throws IOException {
        long row = tensor.rowLength();
        int step = (int) (row * Math.max(1, ELEMENTS_AT_ONCE / row));
        float[] values = new float[step];
        ByteBuffer bytes = ByteBuffer.allocate(step * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (long done = 0; done < tensor.elements(); done += step) {
            int now = (int) Math.min(step, tensor.elements() - done);
            source.read(tensor, done, now, values, 0);
            bytes.asFloatBuffer().put(values, 0, now);
            out.write(bytes.array(), 0, now * Float.BYTES);
        }
    }
}
