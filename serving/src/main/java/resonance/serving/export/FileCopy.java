package resonance.serving.export;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/** Copies files onto the disk in steps, so that progress is seen and a stop is heard within one of them. */
final class FileCopy {
    private static final int STEP_BYTES = 1 << 22;

    private final long total;
    private final ExportProgress progress;
    private final BooleanSupplier stop;
    private long done;

    /** @param total bytes of all files to come */
    FileCopy(long total, ExportProgress progress, BooleanSupplier stop) {
        this.total = total;
        this.progress = progress;
        this.stop = stop;
    }

    void copy(Path source, Path target) throws IOException {
        byte[] buffer = new byte[STEP_BYTES];
        try (InputStream in = Files.newInputStream(source);
                FileChannel channel =
                        FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                OutputStream out = Channels.newOutputStream(channel)) {
            for (int read = in.readNBytes(buffer, 0, STEP_BYTES);
                    read > 0;
                    read = in.readNBytes(buffer, 0, STEP_BYTES)) {
                requireGoingOn(stop);
                out.write(buffer, 0, read);
                done += read;
                progress.written(done, total);
            }
            channel.force(true);
        }
    }

    /** Ends the writing if that was asked for. */
    static void requireGoingOn(BooleanSupplier stop) {
        if (stop.getAsBoolean()) {
            throw new CancellationException("the export was stopped; nothing was left behind");
        }
    }
}
