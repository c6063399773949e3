package resonance.posgen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PosgenFilesTest {

    private final Path folder;

    PosgenFilesTest(@TempDir Path folder) {
        this.folder = folder;
    }

    private static PosgenSplits splits(long seed) {
        PosgenSpec spec = new PosgenSpec(PosgenTask.RECURSIVE, 7, 1, 3, StandardFunction.MODULAR_ADDITION);
        return PosgenSplits.draw(spec, 2, 1, 1, 6, 8, seed);
    }

    @Test
    void writesTheThreeFilesAndAManifestWithTheirHashes() throws IOException {
        PosgenManifest manifest = PosgenFiles.write(splits(42), SequenceFormat.TEXT, folder.resolve("new/data"));

        Map<String, String> files = contents(folder.resolve("new/data"));
        assertThat(files.keySet()).containsExactly("manifest.json", "test.txt", "train.txt", "validation.txt");
        assertThat(files.get("train.txt")).isEqualTo("6 4 3 2 1 3\n6 1 5 4 2 5");
        assertThat(files.get("validation.txt")).isEqualTo("6 0 4 5 1 3 6 1");
        assertThat(files.get("test.txt")).isEqualTo("2 2 5 4 6 3 4 3");
        assertThat(files.get("manifest.json")).isEqualTo(manifest.json()).isEqualTo("""
                {
                  "kind": "posgen-data",
                  "version": 1,
                  "task": "recursive",
                  "modulus": 7,
                  "far": 1,
                  "near": 3,
                  "function": "modular-addition",
                  "seeds": "drawn",
                  "seed": 42,
                  "format": "text",
                  "trainRows": 2,
                  "validationRows": 1,
                  "testRows": 1,
                  "trainLength": 6,
                  "testLength": 8,
                  "files": [
                    {"split": "train", "file": "train.txt", "rows": 2, "length": 6, "bytes": 23,
                     "sha256": "f5a5e525f582aed386212ad7a5ab3f27621ebac734eb9593838ccd10bc8b5482",
                     "dataSha256": "f5a5e525f582aed386212ad7a5ab3f27621ebac734eb9593838ccd10bc8b5482"},
                    {"split": "validation", "file": "validation.txt", "rows": 1, "length": 8, "bytes": 15,
                     "sha256": "e1fefa9e71f67e512ac41484bfd6c1a8d1ed9b327bd7be2c1d7672ba0084167a",
                     "dataSha256": "e1fefa9e71f67e512ac41484bfd6c1a8d1ed9b327bd7be2c1d7672ba0084167a"},
                    {"split": "test", "file": "test.txt", "rows": 1, "length": 8, "bytes": 15,
                     "sha256": "942cc36ff3d3f89f5711205bd3c4debb7fe3b94f233133f3c12597c59a6f23e7",
                     "dataSha256": "942cc36ff3d3f89f5711205bd3c4debb7fe3b94f233133f3c12597c59a6f23e7"}
                  ]
                }
                """);
    }

    @Test
    void jsonlHashesBothTheFileAndTheData() throws IOException {
        PosgenManifest manifest = PosgenFiles.write(splits(42), SequenceFormat.JSONL, folder);

        PosgenManifest.DataFile train = manifest.files().get(0);
        assertThat(train.name()).isEqualTo("train.jsonl");
        assertThat(train.dataHash()).isEqualTo(splits(42).train().dataHash());
        Sha256 sha256 = new Sha256();
        sha256.digest().update(Files.readAllBytes(folder.resolve("train.jsonl")));
        assertThat(train.sha256()).isEqualTo(sha256.hexadecimal());
        assertThat(train.bytes()).isEqualTo(Files.size(folder.resolve("train.jsonl")));
    }

    @Test
    void compatibilityModeSaysSoInTheManifest() throws IOException {
        PosgenSplits splits = PosgenSplits.authors(PosgenSpec.paper(PosgenTask.RECURSIVE), 2, 1, 1, 6, 8);

        assertThat(PosgenFiles.write(splits, SequenceFormat.TEXT, folder).json())
                .contains("  \"seeds\": \"authors\",\n  \"seed\": null,\n");
    }

    @Test
    void theManifestHasTheSettingsThatATaskHas() throws IOException {
        PosgenSplits recall = PosgenSplits.draw(AssociativeRecall.DEFAULT, 2, 1, 1, 32, 64, 7);
        assertThat(PosgenFiles.write(recall, SequenceFormat.TEXT, folder.resolve("recall"))
                        .json())
                .contains("\"task\": \"mqar\",", "\"vocabulary\": 64,", "\"pairs\": 8,", "\"gapExponent\": 0.01,");
        PosgenSplits flips = PosgenSplits.draw(new FlipFlop(0.8, 0.98), 2, 1, 1, 32, 64, 7);
        assertThat(PosgenFiles.write(flips, SequenceFormat.TEXT, folder.resolve("flips"))
                        .json())
                .contains("\"task\": \"flip-flop\",", "\"ignored\": 0.8,", "\"testIgnored\": 0.98,");
    }

    @Test
    void theSameExperimentAgainGivesTheSameBytes() throws IOException {
        PosgenFiles.write(splits(42), SequenceFormat.TEXT, folder);
        Map<String, String> before = contents(folder);

        PosgenFiles.write(splits(42), SequenceFormat.TEXT, folder);

        assertThat(contents(folder)).isEqualTo(before);
    }

    @Test
    void theSameCallCompletesAFolderThatWasCutShort() throws IOException {
        PosgenFiles.write(splits(42), SequenceFormat.TEXT, folder);
        Map<String, String> before = contents(folder);
        Files.delete(folder.resolve("test.txt"));
        Files.writeString(folder.resolve(".test.txt.part"), "1 2");

        PosgenFiles.write(splits(42), SequenceFormat.TEXT, folder);

        assertThat(contents(folder)).isEqualTo(before);
    }

    @Test
    void refusesAFolderOfAnotherExperimentAndLeavesItAsItWas() throws IOException {
        PosgenFiles.write(splits(42), SequenceFormat.TEXT, folder);
        Map<String, String> before = contents(folder);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> PosgenFiles.write(splits(43), SequenceFormat.TEXT, folder))
                .withMessage("output folder must be empty or hold this experiment, was " + folder
                        + ", which holds another one (manifest.json has \"seed\": 42, this experiment \"seed\": 43);"
                        + " choose another folder");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PosgenFiles.write(splits(42), SequenceFormat.JSONL, folder))
                .withMessage("output folder must be empty or hold this experiment, was " + folder
                        + ", which holds another one (manifest.json has \"format\": \"text\", this experiment"
                        + " \"format\": \"jsonl\"); choose another folder");
        assertThat(contents(folder)).isEqualTo(before);
    }

    @Test
    void refusesAManifestThatIsNotOurs() throws IOException {
        Files.writeString(folder.resolve("manifest.json"), "");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> PosgenFiles.write(splits(42), SequenceFormat.TEXT, folder))
                .withMessage("output folder must be empty or hold this experiment, was " + folder
                        + ", which holds another one (manifest.json has nothing, this experiment {);"
                        + " choose another folder");
        assertThat(contents(folder)).isEqualTo(Map.of("manifest.json", ""));
    }

    @Test
    void refusesAFunctionOfTheSameNameThatGivesOtherData() throws IOException {
        record Constant(int token) implements TokenFunction {
            @Override
            public String commandName() {
                return "constant";
            }

            @Override
            public int apply(int[] tokens, int far, int modulus) {
                return token;
            }
        }
        PosgenFiles.write(constant(new Constant(1)), SequenceFormat.TEXT, folder);
        Map<String, String> before = contents(folder);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> PosgenFiles.write(constant(new Constant(2)), SequenceFormat.TEXT, folder))
                .withMessageStartingWith("output folder must be empty or hold this experiment, was " + folder
                        + ", which holds another one (manifest.json has \"sha256\": \"")
                .withMessageEndingWith("\"); choose another folder");
        assertThat(contents(folder)).isEqualTo(before);
    }

    private static PosgenSplits constant(TokenFunction function) {
        return PosgenSplits.draw(new PosgenSpec(PosgenTask.RECURSIVE, 7, 1, 3, function), 2, 1, 1, 6, 8, 1);
    }

    @Test
    void refusesToReplaceDataItDidNotWrite() throws IOException {
        Files.writeString(folder.resolve("validation.txt"), "precious");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> PosgenFiles.write(splits(42), SequenceFormat.TEXT, folder))
                .withMessage("output folder must be empty or hold this experiment, was " + folder
                        + ", which holds validation.txt but no manifest.json; choose another folder");
        assertThat(contents(folder)).isEqualTo(Map.of("validation.txt", "precious"));
    }

    @Test
    void refusesAFileInPlaceOfTheFolder() throws IOException {
        Path file = Files.writeString(folder.resolve("data"), "precious");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> PosgenFiles.write(splits(42), SequenceFormat.TEXT, file))
                .withMessage("output folder must be a folder, was the file " + file + "; choose another folder");
    }

    private static Map<String, String> contents(Path folder) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                contents.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return contents;
    }
}
