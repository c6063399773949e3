package resonance.hadoop;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.StreamCapabilities;

/** A file of a store's that is read, or written once from its beginning to its end. */
abstract sealed class HadoopChannel implements SeekableByteChannel {
    final HadoopPath file;
    private boolean closed;

    private HadoopChannel(HadoopPath file) {
        this.file = file;
    }

    /** @param size of the file in bytes */
    static HadoopChannel reading(HadoopPath file, FSDataInputStream in, long size) {
        return new Reading(file, in, size);
    }

    static HadoopChannel writing(HadoopPath file, FSDataOutputStream out) {
        return new Writing(file, out);
    }

    final void requireOpen() throws ClosedChannelException {
        if (closed) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public final boolean isOpen() {
        return !closed;
    }

    @Override
    public final void close() throws IOException {
        if (!closed) {
            closed = true;
            HadoopFailure.of(file, () -> {
                end();
                return file;
            });
        }
    }

    abstract void end() throws IOException;

    private static final class Reading extends HadoopChannel {
        private static final int PART = 1 << 16;

        private final FSDataInputStream in;
        private final long size;
        private long at;

        Reading(HadoopPath file, FSDataInputStream in, long size) {
            super(file);
            this.in = in;
            this.size = size;
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            requireOpen();
            byte[] part = new byte[Math.min(PART, target.remaining())];
            if (part.length == 0) {
                return 0;
            }
            int count = HadoopFailure.of(file, () -> {
                if (in.getPos() != at) {
                    if (at >= size) {
                        return -1;
                    }
                    in.seek(at);
                }
                return in.read(part, 0, part.length);
            });
            if (count > 0) {
                target.put(part, 0, count);
                at += count;
            }
            return count;
        }

        @Override
        public long position() throws IOException {
            requireOpen();
            return at;
        }

        @Override
        public SeekableByteChannel position(long next) throws IOException {
            requireOpen();
            if (next < 0) {
                throw new IllegalArgumentException("position must be at least 0, was " + next);
            }
            at = next;
            return this;
        }

        @Override
        public long size() throws IOException {
            requireOpen();
            return size;
        }

        @Override
        public int write(ByteBuffer source) {
            throw new NonWritableChannelException();
        }

        @Override
        public SeekableByteChannel truncate(long length) {
            throw new NonWritableChannelException();
        }

        @Override
        void end() throws IOException {
            in.close();
        }
    }

    private static final class Writing extends HadoopChannel {
        private final FSDataOutputStream out;

        Writing(HadoopPath file, FSDataOutputStream out) {
            super(file);
            this.out = out;
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            requireOpen();
            byte[] bytes = new byte[source.remaining()];
            source.get(bytes);
            HadoopFailure.of(file, () -> {
                out.write(bytes);
                return file;
            });
            return bytes.length;
        }

        @Override
        public long position() throws IOException {
            requireOpen();
            return out.getPos();
        }

        @Override
        public SeekableByteChannel position(long next) {
            throw new UnsupportedOperationException(
                    "a file of a store's must be written from its beginning to its end");
        }

        @Override
        public long size() throws IOException {
            return position();
        }

        @Override
        public int read(ByteBuffer target) {
            throw new NonReadableChannelException();
        }

        @Override
        public SeekableByteChannel truncate(long length) {
            throw new UnsupportedOperationException(
                    "a file of a store's must be written from its beginning to its end");
        }

        /** Puts it on the disks of those that store it, where the store can tell; elsewhere it is there once it is closed. */
        @Override
        void end() throws IOException {
            try {
                if (out.hasCapability(StreamCapabilities.HSYNC)) {
                    out.hsync();
                }
            } catch (IOException notStored) {
                closeAfter(notStored);
                throw notStored;
            }
            out.close();
        }

        /** HDFS throws one failure again and again, and nothing can be suppressed by itself. */
        private void closeAfter(IOException failure) {
            try {
                out.close();
            } catch (IOException another) {
                if (another != failure) {
                    failure.addSuppressed(another);
                }
            }
        }
    }
}
