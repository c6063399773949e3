package resonance.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;
import resonance.serving.export.Export;
import resonance.serving.export.ExportOutput;

/**
 * The writing of an export, with its progress, until it is done or stopped.
 *
 * @param export what is written
 * @param out where to
 * @param output how
 */
record ExportRun(Export export, Path out, ExportOutput output) {
    /**
     * Writes it; gives the exit code, which is that of a stop if it was stopped, and then nothing has changed.
     *
     * @throws ParameterException if it can't be written there
     */
    int write(OptionRefusals refusals, PrintWriter err) throws IOException {
        ExportLine line = new ExportLine(err);
        try (StopSignal stop = new StopSignal(() -> {})) {
            refusals.run(() -> export.write(out, output, line, stop));
            return ExitCode.OK;
        } catch (CancellationException stopped) {
            err.println("Stopped; " + out + " is as it was before.");
            return StopSignal.INTERRUPTED;
        }
    }
}
