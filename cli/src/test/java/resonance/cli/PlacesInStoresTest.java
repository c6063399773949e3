package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which options take places in stores, as far as that shows without the module that opens them. */
class PlacesInStoresTest {
    private static final String UNKNOWN =
            " must be a path, or in a store that is known here, was 'hdfs://host/x', and nothing on the class path knows"
                    + " hdfs; start by ./resonance, which adds the module hadoop, or name a jar that knows it in"
                    + " RESONANCE_CLASSPATH";

    private static void isRefused(String command, String message) {
        assertThat(CommandRun.of(command)).isEqualTo(new CommandRun(2, "", message + System.lineSeparator()));
    }

    @ParameterizedTest
    @CsvSource({
        "posgen compare --out hdfs://host/x, --out",
        "posgen compare --out=hdfs://host/x, --out",
        "perplexity --out hdfs://host/x, --out",
        "passkey --out hdfs://host/x, --out",
        "evaluate --out hdfs://host/x, --out",
        "search --study hdfs://host/x, --study",
        "extend --study hdfs://host/x, --study",
        "study run studies/quick.yaml --out hdfs://host/x, --out",
        "study status hdfs://host/x, FILE",
        "report hdfs://host/x, DIR",
        "report hdfs://host/x a, DIR",
        "report a=hdfs://host/x b=runs/b, DIR",
        "report runs/a runs/b --out hdfs://host/x, --out",
    })
    void resultsOfStudiesMayBeInAStore(String command, String name) {
        isRefused(command, name + UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource({
        "export hdfs://host/x out, MODEL",
        "export model hdfs://host/x, OUT",
        "extend --out hdfs://host/x, --out",
        "search --out hdfs://host/x, --out",
        "finetune --out hdfs://host/x, --out",
        "pretrain texts --out hdfs://host/x, --out",
        "posgen generate --task cot --out hdfs://host/x, --out",
        "perplexity hdfs://host/x, MODEL",
        "report runs/a --parquet hdfs://host/x, --parquet",
    })
    void allElseIsOnThisMachine(String command, String name) {
        isRefused(
                command,
                name
                        + " must be a path of this machine, was 'hdfs://host/x'; only folders of studies' results may be in"
                        + " a store");
    }

    @Test
    void aStudysFileMayNameAStore(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(
                folder.resolve("study.yaml"), "name: far\nout: hdfs://host/x\nparts:\n  a:\n    command: perplexity\n");
        isRefused("study show " + file, file + ":2: 'out'" + UNKNOWN);
    }
}
