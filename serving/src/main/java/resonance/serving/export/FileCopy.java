package resonance.serving.export;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/** Copies files in steps, so that progress is seen and a stop is heard within one of them. */
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
                OutputStream out = Files.newOutputStream(target)) {
            for (int read = in.readNBytes(buffer, 0, STEP_BYTES);
                    read > 0;
                    read = in.readNBytes(buffer, 0, STEP_BYTES)) {
                requireGoingOn(stop);
                out.write(buffer, 0, read);
                done += read;
                progress.written(done, total);
            }
        }
    }

    /** Ends the writing if that was asked for. */
    static void requireGoingOn(BooleanSupplier stop) {
        if (stop.getAsBoolean()) {
            throw new CancellationException("the export was stopped; nothing was left behind");
        }
    }
}
