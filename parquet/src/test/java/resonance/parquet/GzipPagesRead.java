package resonance.parquet;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/** The other way round of {@link GzipPages}. */
final class GzipPagesRead implements CompressionCodecFactory, CompressionCodecFactory.BytesInputDecompressor {
    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
        throw new UnsupportedOperationException("pages are only read");
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
        if (codec != CompressionCodecName.GZIP) {
            throw new IllegalArgumentException("codec must be gzip, was " + codec);
        }
        return this;
    }

    @Override
    public BytesInput decompress(BytesInput page, int size) throws IOException {
        return BytesInput.from(new GZIPInputStream(page.toInputStream()).readNBytes(size));
    }

    @Override
    public void decompress(ByteBuffer page, int compressedSize, ByteBuffer plain, int size) throws IOException {
        byte[] bytes = new byte[compressedSize];
        page.get(bytes);
        plain.put(new GZIPInputStream(new ByteArrayInputStream(bytes)).readNBytes(size));
    }

    @Override
    public void release() {
        // Nothing is held between two pages.
    }
}
