package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Inputs that would be waited for, or that are far larger than what is asked of them. */
@Timeout(60)
class PipesAndLargeTextsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private TinyModel tiny;

    @BeforeEach
    void train() throws IOException {
        tiny = TinyModel.in(folder);
    }

    private static Path pipe(Path path) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor())
                .isZero();
        return path;
    }

    private static void assertRefused(String command, String line) {
        assertThat(CommandRun.of(command)).isEqualTo(new CommandRun(2, "", line + System.lineSeparator()));
    }

    @Test
    void pipesAndDevicesAreRefused() throws IOException, InterruptedException {
        Path pipe = pipe(folder.resolve("pipe"));
        String model =
                "MODEL must be made of files, " + pipe + " was a pipe or a device; copy what it gives into a file";
        String text = "must be a text file or a folder of .txt files, was ";
        String cure = ", which is a pipe or a device; name a file";
        assertRefused("rope " + pipe, model);
        assertRefused("lint " + pipe, model);
        assertRefused("export " + pipe + " " + folder.resolve("out") + " --scaling yarn --factor 2", model);
        assertRefused("generate " + pipe + " --prompt grass", model);
        assertRefused("passkey " + pipe + " --out " + folder.resolve("out"), model);
        assertRefused("perplexity " + tiny.folder() + " " + pipe, "FILE " + text + pipe + cure);
        assertRefused("pretrain /dev/zero --out " + folder.resolve("out"), "TEXT " + text + "/dev/zero" + cure);
        assertRefused(
                "generate --prompt-file " + pipe,
                "--prompt-file must be a file, was " + pipe
                        + ", a pipe or a device; correct the path, or - for standard input");
        Path weights = pipe(tiny.folder().resolve("pipe.safetensors"));
        assertRefused("lint " + tiny.folder(), model.replace(pipe.toString(), weights.toString()));
    }

    @Test
    void aTextIsReadAsFarAsItsTokensAreUsed() throws IOException {
        Path large = Files.copy(tiny.text(), folder.resolve("large.txt"));
        String some = Files.readString(tiny.text());
        Files.writeString(large, some.repeat(200));
        try (FileChannel file = FileChannel.open(large, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(new byte[] {(byte) 0xff}), 3_000_000_000L);
        }
        JsonNode whole = measured(tiny.text());
        JsonNode beginning = measured(large);
        assertThat(beginning.findValue("perplexity")).isEqualTo(whole.findValue("perplexity"));
    }

    private JsonNode measured(Path text) throws IOException {
        CommandRun run = CommandRun.of("perplexity " + tiny.folder() + " " + text
                + " --tokens 64 --lengths 16 --compare none --precision float32 --json --out "
                + folder.resolve("out-" + text.getFileName()));
        assertThat(run.exitCode()).as(run.err()).isZero();
        return new ObjectMapper().readTree(run.out());
    }
}
