package resonance.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import resonance.evaluation.perplexity.PerplexityCell;
import resonance.evaluation.perplexity.PerplexityKey;
import resonance.evaluation.perplexity.PerplexityProtocol;
import resonance.evaluation.perplexity.PerplexityReport;
import resonance.evaluation.perplexity.PerplexityResults;
import resonance.model.EncodingChoice;
import resonance.model.PlacementChoice;
import resonance.rope.EncodingName;
import resonance.rope.LayerFrequencies;
import resonance.rope.ScalingSettings;
import resonance.rope.YarnScaling;
import resonance.study.StudyListener.Progress;
import resonance.transformer.position.RotaryEncoding;
import resonance.transformer.tensor.Precision;
import resonance.transformer.tensor.PrecisionChoice;

class PerplexityStudyTest {
    private static final String VERSION = "1.2.3";

    private static Path text(Path folder, String name, int characters) throws IOException {
        Random random = new Random(characters);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < characters; i++) {
            text.append((char) ('a' + random.nextInt(26)));
        }
        return Files.writeString(folder.resolve(name), text);
    }

    private static PerplexitySettings settings(List<Path> texts, String protocol, String... encodings) {
        return new PerplexitySettings(
                texts,
                List.of(64, 24),
                Stream.of(encodings).map(EncodingName::valueOf).toList(),
                PerplexityProtocol.named(protocol),
                OptionalDouble.empty(),
                PlacementChoice.USUAL,
                ScalingSettings.DEFAULTS,
                0);
    }

    private static StudiedFolder<PerplexityKey, PerplexityCell> prepare(
            LanguageModel model, PerplexitySettings settings, Path folder) throws IOException {
        return new StudiedFolder<>(PerplexityStudy.prepare(model, settings, VERSION), folder);
    }

    /** −ln p of a window's token at a position, from the logits of the whole window. */
    private static double loss(LanguageModel model, LayerFrequencies frequencies, int[] window, int position) {
        int vocabulary = model.description().decoder().vocabularySize();
        float[] logits = model.decoder().logits(new RotaryEncoding(frequencies), window);
        double sum = 0;
        for (int v = 0; v < vocabulary; v++) {
            sum += Math.exp(logits[(position - 1) * vocabulary + v]);
        }
        return Math.log(sum) - logits[(position - 1) * vocabulary + window[position]];
    }

    /** A window of a document, BOS first if the model expects one. */
    private static int[] window(int[] document, int from, int to, boolean bos) {
        int[] window = new int[to - from + (bos ? 1 : 0)];
        if (bos) {
            window[0] = TinyModel.BEGIN;
        }
        System.arraycopy(document, from, window, bos ? 1 : 0, to - from);
        return window;
    }

    @Test
    void planningReadsNoWeights(@TempDir Path folder) throws IOException {
        TinyModel files = new TinyModel(1, true);
        try (LanguageModel model = LanguageModel.withoutWeights(files, PrecisionChoice.asked(Precision.BFLOAT16), 2)) {
            PerplexityStudy study = PerplexityStudy.prepare(
                    model, settings(List.of(text(folder, "a.txt", 150)), "token", "yarn"), VERSION);
            assertThat(study.jobs(study.cells())).hasSize(2).allSatisfy(job -> {
                double[] work = {0};
                job.plan((pace, amount) -> work[0] += amount);
                assertThat(work[0]).isPositive();
            });
            assertThat(study.memory().bytes()).isPositive();
            assertThat(study.speed().kind()).isEqualTo("perplexity");
            assertThat(study.speed().precision()).isEqualTo(Precision.BFLOAT16);
            assertThat(study.speed().threads()).isEqualTo(2);
        }
        assertThat(files.read()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void tokenProtocolEqualsANaiveComputationFromFullLogits(boolean bos, @TempDir Path folder) throws IOException {
        try (LanguageModel model = TinyModel.load(1, bos)) {
            StudiedFolder<PerplexityKey, PerplexityCell> run = prepare(
                    model, settings(List.of(text(folder, "a.txt", 150)), "token", "yarn"), folder.resolve("out"));
            assertThat(run.run()).isTrue();

            int[] document = model.tokenizer().encode(Files.readString(folder.resolve("a.txt")));
            LayerFrequencies yarn = EncodingChoice.of("yarn", ScalingSettings.ofFactor(2))
                    .frequencies(model.description().positions(), 64);
            double sum = 0;
            int scored = 0;
            int step = 63;
            for (int token = bos ? 0 : 1; token < 150; token++) {
                int first = bos ? token / step * step : (token - 1) / step * step;
                int[] window = window(document, first, Math.min(150, first + (bos ? step : step + 1)), bos);
                sum += loss(model, yarn, window, token - first + (bos ? 1 : 0));
                scored++;
            }
            PerplexityCell cell = run.results().get(1);
            assertThat(cell.key()).isEqualTo(new PerplexityKey(EncodingName.valueOf("yarn"), 64, "a.txt"));
            assertThat(cell.tokens().count()).isEqualTo(scored);
            assertThat(cell.tokens().mean()).isCloseTo(sum / scored, within(1e-4));
        }
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void llamaCppProtocolEqualsANaiveComputationFromFullLogits(boolean bos, @TempDir Path folder) throws IOException {
        try (LanguageModel model = TinyModel.load(2, bos)) {
            StudiedFolder<PerplexityKey, PerplexityCell> run = prepare(
                    model,
                    settings(List.of(text(folder, "a.txt", 150)), "llama.cpp", "resonance-linear"),
                    folder.resolve("out"));
            assertThat(run.run()).isTrue();

            LayerFrequencies frequencies = EncodingChoice.of("resonance-linear", ScalingSettings.ofFactor(2))
                    .frequencies(model.description().positions(), 64);
            int[] document = model.tokenizer().encode(Files.readString(folder.resolve("a.txt")));
            int[] all = window(document, 0, 150, bos);
            double sum = 0;
            for (int chunk = 0; chunk < 2; chunk++) {
                int[] window = window(all, 64 * chunk, 64 * chunk + 64, false);
                if (bos) {
                    window[0] = TinyModel.BEGIN;
                }
                for (int position = 33; position < 64; position++) {
                    sum += loss(model, frequencies, window, position);
                }
            }
            PerplexityCell cell = run.results().get(1);
            assertThat(cell.tokens().count()).isEqualTo(2 * 31);
            assertThat(cell.tokens().mean()).isCloseTo(sum / 62, within(1e-4));
        }
    }

    @Test
    void yarnProtocolEqualsANaiveComputationFromFullLogits(@TempDir Path folder) throws IOException {
        try (LanguageModel model = TinyModel.load(3, true)) {
            StudiedFolder<PerplexityKey, PerplexityCell> run = prepare(
                    model, settings(List.of(text(folder, "a.txt", 150)), "yarn:20", "none"), folder.resolve("out"));
            assertThat(run.run()).isTrue();

            LayerFrequencies none = EncodingChoice.of("none", ScalingSettings.DEFAULTS)
                    .frequencies(model.description().positions(), 64);
            int[] document = model.tokenizer().encode(Files.readString(folder.resolve("a.txt")));
            double sumOfMeans = 0;
            int windows = 0;
            int previousEnd = 0;
            for (int begin = 0; previousEnd < 150; begin += 20) {
                int end = Math.min(begin + 63, 150);
                int[] window = window(document, begin, end, true);
                double sum = 0;
                for (int token = previousEnd; token < end; token++) {
                    sum += loss(model, none, window, token - begin + 1);
                }
                sumOfMeans += sum / (end - previousEnd);
                windows++;
                previousEnd = end;
            }
            PerplexityCell cell = run.results().get(1);
            assertThat(cell.windows().count()).isEqualTo(windows);
            assertThat(cell.windows().mean()).isCloseTo(sumOfMeans / windows, within(1e-4));
            PerplexityResults results =
                    PerplexityReport.read(folder.resolve("out")).results();
            assertThat(results.results().get(1).perplexity())
                    .isCloseTo(Math.exp(sumOfMeans / windows), within(1e-3 * Math.exp(sumOfMeans / windows)));
        }
    }

    @Test
    void aRunThatWasStoppedGoesOnAndEndsLikeOneThatWasNot(@TempDir Path folder) throws IOException {
        try (LanguageModel model = TinyModel.load(4, true)) {
            PerplexitySettings settings = settings(
                    List.of(text(folder, "a.txt", 200), text(folder, "b.txt", 130)), "token", "none", "dynamic-ntk");
            StudiedFolder<PerplexityKey, PerplexityCell> whole = prepare(model, settings, folder.resolve("whole"));
            assertThat(whole.run()).isTrue();

            Path out = folder.resolve("stopped");
            StudiedFolder<PerplexityKey, PerplexityCell> stopped = prepare(model, settings, out);
            assertThat(stopped.run(() -> stopped.finished.size() == 3 && stopped.started.size() == 4))
                    .isFalse();
            StudiedFolder<PerplexityKey, PerplexityCell> continued = prepare(model, settings, out);
            assertThat(continued.results()).hasSize(3);
            assertThat(continued.missing()).hasSize(5);
            assertThat(PerplexityReport.read(out).records().cells()).hasSize(3);
            assertThat(continued.run()).isTrue();
            assertThat(continued.started).hasSize(5);
            assertThat(losses(continued)).isEqualTo(losses(whole));
            assertThat(continued.missing()).isEmpty();
            assertThat(PerplexityReport.read(out).records().cells()).hasSize(8);
        }
    }

    private static List<Object> losses(StudiedFolder<PerplexityKey, PerplexityCell> run) throws IOException {
        return run.results().stream()
                .<Object>map(cell -> List.of(cell.key(), cell.tokens(), cell.windows(), cell.lossByPosition()))
                .toList();
    }

    @Test
    void aCellIsFoundAgainUnlessSomethingThatChangesItChanged(@TempDir Path folder) throws IOException {
        Path text = text(folder, "a.txt", 150);
        PerplexitySettings settings = settings(List.of(text), "token", "none", "linear", "yarn");
        Path out = folder.resolve("out");
        try (LanguageModel model = TinyModel.load(5, true)) {
            prepare(model, settings, out).run();
            assertThat(prepare(model, settings, out).missing()).isEmpty();

            PerplexitySettings otherFactor = new PerplexitySettings(
                    settings.texts(),
                    settings.lengths(),
                    settings.encodings(),
                    settings.protocol(),
                    OptionalDouble.of(8),
                    PlacementChoice.USUAL,
                    ScalingSettings.DEFAULTS,
                    0);
            assertThat(prepare(model, otherFactor, out).missing())
                    .extracting(key -> key.encoding().toString())
                    .containsExactly("linear", "yarn", "linear", "yarn");
            PerplexitySettings otherAttention = new PerplexitySettings(
                    settings.texts(),
                    settings.lengths(),
                    settings.encodings(),
                    settings.protocol(),
                    OptionalDouble.empty(),
                    PlacementChoice.USUAL,
                    ScalingSettings.DEFAULTS.with(YarnScaling.ATTENTION_FACTOR, 1.5),
                    0);
            assertThat(prepare(model, otherAttention, out).missing())
                    .extracting(key -> key.encoding().toString())
                    .containsExactly("yarn", "yarn");
            assertThat(prepare(model, settings(List.of(text), "llama.cpp", "none"), out)
                            .missing())
                    .hasSize(2);
            assertThat(new StudiedFolder<>(PerplexityStudy.prepare(model, settings, "1.2.4"), out).missing())
                    .hasSize(6);
        }
        try (LanguageModel otherModel = TinyModel.load(6, true)) {
            assertThat(prepare(otherModel, settings, out).missing()).hasSize(6);
        }
        text(folder, "a.txt", 151);
        try (LanguageModel model = TinyModel.load(5, true)) {
            assertThat(prepare(model, settings, out).missing()).hasSize(6);
        }
        try (Stream<Path> cells = Files.list(out.resolve("cells"))) {
            assertThat(cells).hasSize(6);
        }
    }

    @Test
    void progressGrowsFromCellToCellUpToOne(@TempDir Path folder) throws IOException {
        try (LanguageModel model = TinyModel.load(7, false)) {
            PerplexityStudy study = PerplexityStudy.prepare(
                    model, settings(List.of(text(folder, "a.txt", 150)), "token", "model", "rope"), VERSION);
            StudiedFolder<PerplexityKey, PerplexityCell> run = new StudiedFolder<>(study, folder.resolve("out"));
            assertThat(run.run()).isTrue();
            assertThat(run.started).isEqualTo(study.plan().cells());
            assertThat(run.finished).extracting(PerplexityCell::key).isEqualTo(run.started);
            assertThat(run.progress.stream().map(Progress::fraction).toList())
                    .isSorted()
                    .contains(0.0)
                    .endsWith(1.0);
            // Both encodings are the same here, and so are their losses.
            assertThat(run.finished.get(0).tokens())
                    .isEqualTo(run.finished.get(1).tokens());
            assertThat(run.started.get(1).encoding()).hasToString("none");
        }
    }

    @Test
    void theFactorIsWhatTheLongestLengthAsksForUnlessGiven(@TempDir Path folder) throws IOException {
        try (LanguageModel model = TinyModel.load(8, true)) {
            PerplexityStudy study = PerplexityStudy.prepare(
                    model, settings(List.of(text(folder, "a.txt", 150)), "token", "linear"), VERSION);
            assertThat(study.rope().factor()).isEqualTo(2);
            assertThat(study.settings())
                    .containsEntry("factor", "2 (longest length / trained length)")
                    .containsEntry("maximumTokens", "all")
                    .containsEntry("precision", "float32")
                    .containsEntry("threads", "2");
        }
    }

    @Test
    void refusesTextsThatAreTooShortOrNotText(@TempDir Path folder) throws IOException {
        Path shortText = text(folder, "short.txt", 62);
        Path longText = text(folder, "long.txt", 150);
        Path out = folder.resolve("out");
        try (LanguageModel model = TinyModel.load(9, true)) {
            assertThatThrownBy(() -> prepare(model, settings(List.of(longText, shortText), "token", "none"), out))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("tokens of text short.txt must be at least 63 for length 64 in protocol token, were 62;"
                            + " leave out the text or the length");
            assertThatThrownBy(() -> prepare(model, settings(List.of(shortText), "llama.cpp", "none"), out))
                    .hasMessage("tokens of text short.txt must be at least 127 for length 64 in protocol llama.cpp,"
                            + " were 62; leave out the text or the length");
            PerplexitySettings cut = new PerplexitySettings(
                    List.of(longText),
                    List.of(64),
                    List.of(EncodingName.valueOf("none")),
                    PerplexityProtocol.named("token"),
                    OptionalDouble.empty(),
                    PlacementChoice.USUAL,
                    ScalingSettings.DEFAULTS,
                    40);
            assertThatThrownBy(() -> prepare(model, cut, out))
                    .hasMessage("maximumTokens must be at least 63 for length 64 in protocol token, was 40; use more of"
                            + " the texts or leave out the length");
            Path latin = Files.write(folder.resolve("latin.txt"), new byte[] {'c', (byte) 0xE9});
            assertThatThrownBy(() -> prepare(model, settings(List.of(latin), "token", "none"), out))
                    .hasMessage("text " + latin + " must be UTF-8, is not; convert it, for example with iconv -f latin1"
                            + " -t utf-8");
            Path missing = folder.resolve("missing.txt");
            assertThatThrownBy(() -> prepare(model, settings(List.of(missing), "token", "none"), out))
                    .hasMessage("text " + missing + " must exist, was not found");
            assertThatThrownBy(() -> prepare(model, settings(List.of(longText), "token", "none"), longText)
                            .run())
                    .hasMessage("output folder must be a folder, " + longText + " is a file; choose another output"
                            + " folder");
            assertThat(out).doesNotExist();
        }
    }

    @Test
    void refusesSettingsThatMeasureNothingOrTheSameTwice() {
        Path text = Path.of("a.txt");
        assertThatThrownBy(() -> settings(List.of(text), "token", "none", "yarn", "rope"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("encodings must not repeat, were [none, yarn, none]");
        assertThatThrownBy(() -> settings(List.of(), "token", "none"))
                .hasMessage("texts must be at least one, was none");
        assertThatThrownBy(() -> new PerplexitySettings(
                        List.of(text),
                        List.of(64, 1),
                        List.of(EncodingName.valueOf("none")),
                        PerplexityProtocol.named("token"),
                        OptionalDouble.empty(),
                        PlacementChoice.USUAL,
                        ScalingSettings.DEFAULTS,
                        0))
                .hasMessage("lengths must be at least 2 tokens, found 1");
        assertThatThrownBy(() -> new PerplexitySettings(
                        List.of(text),
                        List.of(64),
                        List.of(EncodingName.valueOf("none")),
                        PerplexityProtocol.named("token"),
                        OptionalDouble.empty(),
                        PlacementChoice.USUAL,
                        ScalingSettings.DEFAULTS,
                        -1))
                .hasMessage("maximumTokens must be at least 0, was -1; 0 uses all tokens");
    }

    @Test
    void twoTextsOfOneNameAreCalledByTheirPaths(@TempDir Path folder) throws IOException {
        Path first = text(Files.createDirectory(folder.resolve("x")), "a.txt", 100);
        Path second = text(Files.createDirectory(folder.resolve("y")), "a.txt", 120);
        try (LanguageModel model = TinyModel.load(10, true)) {
            PerplexityStudy study =
                    PerplexityStudy.prepare(model, settings(List.of(first, second), "token", "none"), VERSION);
            assertThat(study.plan().cells())
                    .extracting(PerplexityKey::document)
                    .containsExactly(first.toString(), second.toString(), first.toString(), second.toString());
            assertThat(new StudiedFolder<>(study, folder.resolve("out")).run()).isTrue();
        }
    }
}
