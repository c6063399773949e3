package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stops real processes that measure or train a language model, and continues them. */
class StoppedMeasurementTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void aStoppedPerplexityKeepsItsCellsAndContinues() throws IOException, InterruptedException {
        TinyModel tiny = TinyModel.in(folder);
        Path out = folder.resolve("out");
        String command = "perplexity " + tiny.folder() + " " + tiny.text() + " --tokens 1000 --protocol yarn --stride 8"
                + " --lengths 32,64,96,128,160,192,224,256 --compare none,linear --precision float32 --threads 1 --out "
                + out;
        Path err = folder.resolve("err.txt");
        Process process = CliProcess.start(command, err);
        CliProcess.await(process, () -> Files.readString(err).contains("cell 1/16, "));
        process.destroy();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(err)).isEqualTo(CliProcess.TERMINATED);
        assertThat(err)
                .content()
                .contains("Stopping ...")
                .endsWith("Stopped; everything done is kept in " + out + ". To continue: ./resonance " + command
                        + System.lineSeparator());
        assertThat(out.resolve("report.html")).exists();
        int finished = new ObjectMapper()
                .readTree(Files.readString(out.resolve("perplexity.json")))
                .get("results")
                .size();
        assertThat(finished).isBetween(1, 15);

        CommandRun continued = CommandRun.of(command);
        assertThat(continued.exitCode()).as(continued.err()).isZero();
        assertThat(continued.err())
                .contains(finished + " of 16 cells are finished in " + out + "; running " + (16 - finished) + ".")
                .doesNotContain("cell " + finished + "/16, ")
                .contains("cell " + (finished + 1) + "/16, ", "cell 16/16, ");
    }

    @Test
    void aStoppedPretrainingContinuesFromItsCheckpoint() throws IOException, InterruptedException {
        Path text = Files.writeString(folder.resolve("meadow.txt"), TinyModel.text(4000));
        Path out = folder.resolve("model");
        String command = TinyModel.PRETRAIN.replace("--steps 4", "--steps 1000000") + " --out " + out + " " + text;
        Path err = folder.resolve("err.txt");
        Process process = CliProcess.start(command, err);
        CliProcess.await(process, () -> Files.readString(err).contains("step 2: validation loss "));
        process.destroy();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(err)).isEqualTo(CliProcess.TERMINATED);
        assertThat(err)
                .content()
                .contains("Stopping after this step ...")
                .endsWith("Stopped; the checkpoint is in " + out + ". To continue: ./resonance " + command
                        + System.lineSeparator());

        Process continued = CliProcess.start(command, err);
        CliProcess.await(continued, () -> Files.readString(err).contains("parameters, continues after step "));
        continued.destroy();
        assertThat(continued.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }
}
