package resonance.parquet;

import io.airlift.compress.Decompressor;
import io.airlift.compress.lz4.Lz4Decompressor;
import io.airlift.compress.snappy.SnappyDecompressor;
import io.airlift.compress.zstd.ZstdDecompressor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/**
 * Pages compressed by the JDK's gzip, which every reader knows, and read whatever common codec they have, in Java alone. The
 * library's own codecs stand on Hadoop, and those without it on native code.
 */
final class Pages implements CompressionCodecFactory {
    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
        if (codec != CompressionCodecName.GZIP) {
            throw new IllegalArgumentException("pages must be written by gzip, not by " + codec);
        }
        return new Gzip();
    }

    /** @throws UnreadCodecException if pages of this codec are not read */
    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
        return switch (codec) {
            case GZIP -> (Plain) (page, size) -> new GZIPInputStream(new ByteArrayInputStream(page)).readNBytes(size);
            case UNCOMPRESSED -> (Plain) (page, size) -> page;
            case SNAPPY -> by(new SnappyDecompressor());
            case ZSTD -> by(new ZstdDecompressor());
            case LZ4_RAW -> by(new Lz4Decompressor());
            default -> throw new UnreadCodecException(codec);
        };
    }

    private static Plain by(Decompressor decompressor) {
        return (page, size) -> {
            byte[] plain = new byte[size];
            int filled = decompressor.decompress(page, 0, page.length, plain, 0, size);
            if (filled != size) {
                throw new IOException("a page must have " + size + " bytes, had " + filled);
            }
            return plain;
        };
    }

    @Override
    public void release() {
        // Nothing is held between two pages.
    }

    /** A codec that is not read. */
    static final class UnreadCodecException extends RuntimeException {
        private static final long serialVersionUID = 1;

        private UnreadCodecException(CompressionCodecName codec) {
            super("must be compressed by snappy, gzip, zstd, lz4_raw or nothing, was by " + codec);
        }
    }

    private static final class Gzip implements BytesInputCompressor {
        @Override
        public BytesInput compress(BytesInput page) throws IOException {
            ByteArrayOutputStream compressed = new ByteArrayOutputStream();
            try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
                page.writeAllTo(gzip);
            }
            return BytesInput.from(compressed);
        }

        @Override
        public CompressionCodecName getCodecName() {
            return CompressionCodecName.GZIP;
        }

        @Override
        public void release() {
            // Nothing is held between two pages.
        }
    }

    /** A decompressor, by what it makes of a page's bytes. */
    private interface Plain extends BytesInputDecompressor {
        byte[] of(byte[] page, int size) throws IOException;

        @Override
        default BytesInput decompress(BytesInput page, int size) throws IOException {
            return BytesInput.from(of(page.toInputStream().readAllBytes(), size));
        }

        @Override
        default void decompress(ByteBuffer page, int compressedSize, ByteBuffer plain, int size) throws IOException {
            byte[] bytes = new byte[compressedSize];
            page.get(bytes);
            plain.put(of(bytes, size));
        }

        @Override
        default void release() {
            // Nothing is held between two pages.
        }
    }
}
