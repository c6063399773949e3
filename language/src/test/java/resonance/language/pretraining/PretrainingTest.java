package resonance.language.pretraining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resonance.study.RecordJson;
import resonance.study.Sha256;
import resonance.study.UnfitFolderException;
import resonance.transformer.training.TrainingProgress;

class PretrainingTest {
    private static final PretrainingListener SILENT = new PretrainingListener() {};

    @Test
    void makesAModelThatHasLearnt(@TempDir Path folder) throws IOException {
        Path out = folder.resolve("model");
        List<Path> texts = SmallPretraining.texts(folder);
        List<Long> steps = new ArrayList<>();
        PretrainingListener listener = new PretrainingListener() {
            @Override
            public void stepped(TrainingProgress progress) {
                steps.add(progress.step());
            }
        };

        PretrainingRecord record = SmallPretraining.pretraining(out, texts)
                .run(listener, () -> false)
                .orElseThrow();

        assertThat(out)
                .isDirectoryContaining("glob:**/config.json")
                .isDirectoryContaining("glob:**/model.safetensors")
                .isDirectoryContaining("glob:**/tokenizer.json")
                .isDirectoryContaining("glob:**/tokenizer_config.json")
                .isDirectoryContaining("glob:**/generation_config.json")
                .isDirectoryContaining("glob:**/training.json")
                .isDirectoryContaining("glob:**/README.md")
                .isDirectoryNotContaining("glob:**/*.checkpoint");
        assertThat(steps).hasSize(60).endsWith(60L);
        assertThat(record.vocabularySize()).isLessThanOrEqualTo(300);
        assertThat(record.trainingCurve()).hasSize(60);
        assertThat(record.trainingCurve().get(0).loss()).isGreaterThan(Math.log(record.vocabularySize()) - 0.2);
        // Ten words follow each other at random: more than ln 10 a word can't be learnt, and a word is a few tokens.
        assertThat(record.validationLoss()).isBetween(1.0, 3.0);
        assertThat(record.validationCurve())
                .extracting(PretrainingRecord.ValidationPoint::step)
                .containsExactly(25L, 50L, 60L);
        assertThat(record.trainedTokens()).isEqualTo(60L * 4 * 16);
        assertThat(record.weightsSha256()).isEqualTo(Sha256.of(Files.readAllBytes(out.resolve("model.safetensors"))));
        assertThat(record.tokenizerSha256()).isEqualTo(Sha256.of(Files.readAllBytes(out.resolve("tokenizer.json"))));
    }

    @Test
    void aStoppedRunGoesOnToTheSameModel(@TempDir Path folder) throws IOException {
        List<Path> texts = SmallPretraining.texts(folder);
        Path whole = folder.resolve("whole");
        Path parts = folder.resolve("parts");
        PretrainingRecord atOnce = SmallPretraining.pretraining(whole, texts)
                .run(SILENT, () -> false)
                .orElseThrow();

        AtomicLong steps = new AtomicLong();
        PretrainingListener counting = new PretrainingListener() {
            @Override
            public void stepped(TrainingProgress progress) {
                steps.set(progress.step());
            }
        };
        Optional<PretrainingRecord> stopped =
                SmallPretraining.pretraining(parts, texts).run(counting, () -> steps.get() == 33);
        assertThat(stopped).isEmpty();
        assertThat(parts).isDirectoryNotContaining("glob:**/config.json");
        List<Long> started = new ArrayList<>();
        PretrainingListener listener = new PretrainingListener() {
            @Override
            public void trainingStarted(long step, long parameters) {
                started.add(step);
            }
        };
        PretrainingRecord resumed = SmallPretraining.pretraining(parts, texts)
                .run(listener, () -> false)
                .orElseThrow();

        assertThat(started).containsExactly(33L);
        assertThat(parts.resolve("model.safetensors")).hasSameBinaryContentAs(whole.resolve("model.safetensors"));
        assertThat(parts.resolve("tokenizer.json")).hasSameBinaryContentAs(whole.resolve("tokenizer.json"));
        assertThat(resumed.trainingCurve()).isEqualTo(atOnce.trainingCurve());
        assertThat(resumed.validationCurve()).isEqualTo(atOnce.validationCurve());
    }

    @Test
    void aRunThatIsStoppedBeforeItTrainsLeavesNothing(@TempDir Path folder) throws IOException {
        Path out = folder.resolve("model");

        assertThat(SmallPretraining.pretraining(out, SmallPretraining.texts(folder))
                        .run(SILENT, () -> true))
                .isEmpty();

        assertThat(out).isEmptyDirectory();
    }

    @Test
    void orderAndNamesOfTheTextsDecideNothing(@TempDir Path folder) throws IOException {
        List<Path> texts = SmallPretraining.texts(folder);
        Path renamed = Files.copy(texts.get(0), folder.resolve("zzz.txt"));
        PretrainingRecord first = SmallPretraining.pretraining(folder.resolve("a"), texts)
                .run(SILENT, () -> false)
                .orElseThrow();

        PretrainingRecord second = SmallPretraining.pretraining(folder.resolve("b"), List.of(texts.get(1), renamed))
                .run(SILENT, () -> false)
                .orElseThrow();

        assertThat(second.weightsSha256()).isEqualTo(first.weightsSha256());
    }

    @Test
    void theRecordIsInTheFolder(@TempDir Path folder) throws IOException {
        Path out = folder.resolve("model");
        SmallPretraining.pretraining(out, SmallPretraining.texts(folder)).run(SILENT, () -> false);

        JsonNode record =
                new ObjectMapper().readTree(out.resolve("training.json").toFile());
        assertThat(record.at("/provenance/commandLine").asText()).isEqualTo("pretrain a b");
        assertThat(record.at("/settings/learningRate").asDouble()).isEqualTo(0.01);
        assertThat(record.at("/texts/0/name").asText()).isEqualTo("one.txt");
        assertThat(record.at("/texts/1/sha256").asText())
                .isEqualTo(Sha256.of(Files.readAllBytes(folder.resolve("two.txt"))));
        String card = Files.readString(out.resolve("README.md"));
        assertThat(card)
                .startsWith(
                        "---\nlicense: apache-2.0\nlibrary_name: transformers\nmodel_name: \"Small\"\n---\n# Small\n")
                .contains("```sh\npretrain a b\n```")
                .contains("Made-up texts.")
                .contains("| two.txt | ")
                .contains(record.at("/texts/1/sha256").asText());
    }

    /** A run's last step is followed by the writing of seven files, and the checkpoint goes last. */
    @Test
    void aRunKilledBetweenAnyTwoOfItsLastWritesGoesOnToTheSameModel(@TempDir Path folder) throws IOException {
        List<Path> texts = SmallPretraining.texts(folder);
        Path whole = folder.resolve("whole");
        Path checkpoint = folder.resolve("checkpoint");
        PretrainingListener saving = new PretrainingListener() {
            @Override
            public void validated(long step, double loss) {
                if (step == 60) {
                    copy(whole.resolve("pretraining.checkpoint"), checkpoint);
                }
            }
        };
        PretrainingRecord record = SmallPretraining.pretraining(whole, texts)
                .run(saving, () -> false)
                .orElseThrow();
        for (int moved = 0; moved <= PretrainedFolder.FILES.size(); moved++) {
            Path killed = Files.createDirectories(folder.resolve("killed" + moved));
            copy(checkpoint, killed.resolve("pretraining.checkpoint"));
            copy(whole.resolve(".resonance-files.json"), killed.resolve(".resonance-files.json"));
            for (String file : PretrainedFolder.FILES.subList(0, moved)) {
                copy(whole.resolve(file), killed.resolve(file));
            }
            for (String file : PretrainedFolder.FILES.subList(moved, PretrainedFolder.FILES.size())) {
                copy(whole.resolve(file), killed.resolve("." + file + ".0123456789abcdef.tmp"));
            }
            PretrainingRecord again = SmallPretraining.pretraining(killed, texts)
                    .run(SILENT, () -> false)
                    .orElseThrow();
            assertThat(again.weightsSha256()).as("%d moved", moved).isEqualTo(record.weightsSha256());
            assertThat(again.validationCurve()).isEqualTo(record.validationCurve());
            try (Stream<Path> files = Files.list(killed)) {
                assertThat(files.map(file -> file.getFileName().toString()))
                        .containsExactlyInAnyOrderElementsOf(
                                Stream.concat(PretrainedFolder.FILES.stream(), Stream.of(".resonance-files.json"))
                                        .toList());
            }
        }
    }

    private static void copy(Path from, Path to) {
        try {
            Files.copy(from, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aDamagedCheckpointIsSaidAndTheModelIsTheSame(@TempDir Path folder) throws IOException {
        List<Path> texts = SmallPretraining.texts(folder);
        PretrainingRecord record = SmallPretraining.pretraining(folder.resolve("whole"), texts)
                .run(SILENT, () -> false)
                .orElseThrow();
        Path out = Files.createDirectories(folder.resolve("model"));
        Files.writeString(out.resolve("pretraining.checkpoint"), "RSNCKPT2");
        List<String> said = new ArrayList<>();
        PretrainingListener listener = new PretrainingListener() {
            @Override
            public void checkpointSetAside(String line) {
                said.add(line);
            }
        };
        PretrainingRecord again = SmallPretraining.pretraining(out, texts)
                .run(listener, () -> false)
                .orElseThrow();
        assertThat(again.weightsSha256()).isEqualTo(record.weightsSha256());
        assertThat(said)
                .containsExactly(
                        out.resolve("pretraining.checkpoint") + ": header length must have 4 bytes, had 0; it is"
                                + " kept as pretraining.checkpoint.damaged and training begins anew");
    }

    @Test
    void refusesAFolderWithAnotherModelUnlessToldOtherwise(@TempDir Path folder) throws IOException {
        List<Path> texts = SmallPretraining.texts(folder);
        Path out = folder.resolve("model");
        PretrainingRecord first = SmallPretraining.pretraining(out, texts)
                .run(SILENT, () -> false)
                .orElseThrow();
        String refusal =
                out + ": folder must hold no other model, holds config.json; name another or give replace = true";

        assertThatThrownBy(() -> new Pretraining(
                        SmallPretraining.settings(0.25),
                        texts,
                        SmallPretraining.output(out),
                        SmallPretraining.provenance()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(refusal);
        assertThatThrownBy(() ->
                        SmallPretraining.pretraining(out, List.of(texts.get(0))).run(SILENT, () -> false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(refusal);
        PretrainingRecord again = SmallPretraining.pretraining(out, texts)
                .run(SILENT, () -> false)
                .orElseThrow();
        assertThat(RecordJson.write(again)).isEqualTo(RecordJson.write(first));

        PretrainingOutput replacing = new PretrainingOutput(
                out,
                "Again",
                "apache-2.0",
                "",
                true,
                SmallPretraining.output(out).checkpointInterval());
        new Pretraining(SmallPretraining.settings(), texts, replacing, SmallPretraining.provenance())
                .run(SILENT, () -> false);
        assertThat(out.resolve("README.md")).content().contains("# Again\n");
        Files.writeString(out.resolve("README.md"), "my own words");
        assertThatThrownBy(() ->
                        new Pretraining(SmallPretraining.settings(), texts, replacing, SmallPretraining.provenance()))
                .isInstanceOf(UnfitFolderException.class)
                .hasMessage(
                        "output folder " + out + ": README.md must be as pretrain wrote it, was changed since; move it"
                                + " away or choose another output folder");
    }

    @Test
    void refusesTheCheckpointOfAnotherRun(@TempDir Path folder) throws IOException {
        List<Path> texts = SmallPretraining.texts(folder);
        Path out = folder.resolve("model");
        AtomicLong asked = new AtomicLong();
        SmallPretraining.pretraining(out, texts).run(SILENT, () -> asked.incrementAndGet() > texts.size());
        Pretraining other = new Pretraining(
                SmallPretraining.settings(0.25), texts, SmallPretraining.output(out), SmallPretraining.provenance());

        assertThatThrownBy(() -> other.run(SILENT, () -> false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(out.resolve("pretraining.checkpoint")
                        + ": the checkpoint must belong to a run with these texts and settings, but validationShare was"
                        + " 0.2 there and is 0.25 now; use them again, or delete the file to start anew");
    }

    @Test
    void refusesTextsThatAreNone(@TempDir Path folder) throws IOException {
        Path out = folder.resolve("model");
        Path latin1 = Files.write(folder.resolve("latin1.txt"), "café".getBytes(StandardCharsets.ISO_8859_1));
        Path empty = Files.createFile(folder.resolve("empty.txt"));

        assertThatThrownBy(() -> SmallPretraining.pretraining(out, List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("texts must be at least one file, were none");
        assertThatThrownBy(
                        () -> SmallPretraining.pretraining(out, List.of(latin1)).run(SILENT, () -> false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(latin1 + ":1: text must be UTF-8, had the byte 0xE9 where no character has one; convert it"
                        + " first, for example with iconv");
        assertThatThrownBy(
                        () -> SmallPretraining.pretraining(out, List.of(empty)).run(SILENT, () -> false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(empty + ": text must not be empty, was of 0 bytes; leave it out");
    }
}
