package resonance.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import resonance.evaluation.extension.Candidate;
import resonance.evaluation.extension.ExtensionCell;
import resonance.evaluation.extension.ExtensionCell.GivenUp;
import resonance.evaluation.extension.ExtensionCell.OfText;
import resonance.evaluation.extension.ExtensionKey;
import resonance.evaluation.extension.ExtensionPlan;
import resonance.evaluation.extension.ExtensionPlan.Piece;
import resonance.evaluation.extension.ExtensionReport;
import resonance.evaluation.extension.ExtensionSelection;
import resonance.evaluation.extension.Measure.Kind;
import resonance.evaluation.perplexity.PerplexityCell;
import resonance.evaluation.perplexity.PerplexityProtocol;
import resonance.model.EncodingChoice;
import resonance.model.PlacementChoice;
import resonance.rope.EncodingName;
import resonance.rope.ScalingSettings;

class ExtensionStudyTest {
    private static final String VERSION = "1.2.3";
    private static final int LENGTH = 600;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    /** Letters at random, a token each. */
    private Path text(String name, int characters) throws IOException {
        Random random = new Random(characters);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < characters; i++) {
            text.append((char) ('a' + random.nextInt(26)));
        }
        return Files.writeString(folder.resolve(name), text);
    }

    private static ExtensionStudy study(LanguageModel model, List<Path> texts, long budgetSeconds, LongSupplier clock)
            throws IOException {
        ExtensionSettings settings =
                new ExtensionSettings(LENGTH, texts, PlacementChoice.USUAL, Duration.ofSeconds(budgetSeconds));
        return ExtensionStudy.prepare(model, settings, VERSION, clock);
    }

    /** A second passes whenever it is read. */
    private static LongSupplier ticking() {
        long[] now = {0};
        return () -> now[0] += 1_000_000_000L;
    }

    @Test
    void candidatesAreEveryScalingAtTheSmallestFactorAndTwiceThatWithEveryRounding() throws IOException {
        try (LanguageModel model = TinyModel.load(1, true)) {
            ExtensionPlan plan =
                    study(model, List.of(text("a.txt", 5000)), 0, ticking()).plan();
            assertThat(plan.candidates().get(0).label()).isEqualTo("No scaling");
            assertThat(plan.candidates().stream()
                            .filter(candidate -> !candidate.encoding().resonance())
                            .skip(1)
                            .map(Candidate::label))
                    .containsExactly(
                            "YaRN, factor 18.75",
                            "Critical NTK, factor 18.75",
                            "NTK-aware, factor 18.75",
                            "YaRN, factor 37.5",
                            "Critical NTK, factor 37.5",
                            "NTK-aware, factor 37.5");
            assertThat(plan.candidates())
                    .extracting(Candidate::encoding)
                    .contains(EncodingName.valueOf("resonance-yarn"), EncodingName.valueOf("resonance-searched-yarn"));
        }
    }

    @Test
    void aScalingThatIsAnotherOneOnceWrittenIsSaidToBe() throws IOException {
        try (LanguageModel model = TinyModel.load(1, true)) {
            assertThat(study(model, List.of(text("a.txt", 5000)), 0, ticking()).settings())
                    .containsEntry("dynamic-ntk with factor 18.75", "the same as NTK-aware, factor 18.75 at 600 tokens")
                    .containsEntry("mrrope with factor 18.75", "the same as YaRN, factor 18.75 at 600 tokens");
        }
    }

    @Test
    void whatNoEngineCanBeToldIsForReference() throws IOException {
        try (LanguageModel model = TinyModel.load(1, true)) {
            assertThat(study(model, List.of(text("a.txt", 5000)), 0, ticking())
                            .plan()
                            .candidates())
                    .extracting(Candidate::obstacle)
                    .containsOnly("model must be a GGUF file or a Hugging Face folder, was tiny");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void choosingAndReportingTakeTurnsInEveryDocument(boolean bos) throws IOException {
        try (LanguageModel model = TinyModel.load(1, bos)) {
            ExtensionPlan plan = study(
                            model, List.of(text("a.txt", 3 * LENGTH), text("b.txt", 2 * LENGTH)), 0, ticking())
                    .plan();
            int one = bos ? 0 : 1;
            assertThat(plan.choosing())
                    .containsExactly(
                            new Piece("a.txt", 0, 599 + one),
                            new Piece("b.txt", 599, 1198 + one),
                            new Piece("a.txt", 1198, 1797 + one));
            assertThat(plan.reporting())
                    .containsExactly(new Piece("b.txt", 0, 599 + one), new Piece("a.txt", 599, 1198 + one));
        }
    }

    @Test
    void lossesAreThoseOfTheSameWindowsUnderTheEncodingAsItIsWritten() throws IOException {
        try (LanguageModel model = TinyModel.load(3, true)) {
            Path text = text("a.txt", 2000);
            StudiedFolder<ExtensionKey, ExtensionCell> run =
                    new StudiedFolder<>(study(model, List.of(text), 0, System::nanoTime), folder.resolve("study"));
            run.run();
            PerplexityCell first = run.finished.stream()
                    .filter(cell -> cell.key().measure().kind() == Kind.CHOOSING
                            && cell.key().measure().number() == 0
                            && cell.key().encoding().equals(EncodingName.valueOf("yarn")))
                    .map(cell -> ((OfText) cell.measured()).cell())
                    .findFirst()
                    .orElseThrow();
            PerplexitySettings settings = new PerplexitySettings(
                    List.of(text),
                    List.of(LENGTH),
                    List.of(EncodingChoice.of("yarn", ScalingSettings.DEFAULTS).encoding()),
                    PerplexityProtocol.named("token"),
                    OptionalDouble.of(LENGTH / 32.0),
                    PlacementChoice.USUAL,
                    ScalingSettings.DEFAULTS,
                    LENGTH - 1);
            StudiedFolder<?, PerplexityCell> alone =
                    new StudiedFolder<>(PerplexityStudy.prepare(model, settings, VERSION), folder.resolve("alone"));
            alone.run();
            assertThat(first.tokens().mean())
                    .isCloseTo(alone.finished.get(0).tokens().mean(), within(1e-6));
        }
    }

    /** Every result as text, losses to the bit. */
    private static List<String> lines(Path study) throws IOException {
        return ExtensionReport.read(study).records().results().stream()
                .map(ExtensionCell.class::cast)
                .map(cell -> cell.key() + " "
                        + (cell.measured() instanceof OfText text
                                ? String.valueOf(text.cell().tokens().sum())
                                : ""))
                .toList();
    }

    @Test
    void aStoppedRunGoesOnToTheSameResult() throws IOException {
        try (LanguageModel model = TinyModel.load(5, true)) {
            Path text = text("a.txt", 5000);
            StudiedFolder<ExtensionKey, ExtensionCell> whole =
                    new StudiedFolder<>(study(model, List.of(text), 200, ticking()), folder.resolve("whole"));
            assertThat(whole.run()).isTrue();

            Path stopped = folder.resolve("stopped");
            StudiedFolder<ExtensionKey, ExtensionCell> begun =
                    new StudiedFolder<>(study(model, List.of(text), 200, ticking()), stopped);
            assertThat(begun.run(() -> begun.finished.size() == 7)).isFalse();
            StudiedFolder<ExtensionKey, ExtensionCell> goneOn =
                    new StudiedFolder<>(study(model, List.of(text), 200, ticking()), stopped);
            assertThat(goneOn.run()).isTrue();
            assertThat(begun.finished).hasSize(7);
            assertThat(goneOn.finished).hasSize(whole.finished.size() - 7);
            assertThat(lines(stopped)).isEqualTo(lines(folder.resolve("whole")));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {30, 100, 150})
    void theClockEndsItWithinTheBudget(long budget) throws IOException {
        try (LanguageModel model = TinyModel.load(5, true)) {
            ExtensionStudy study = study(model, List.of(text("a.txt", 5000)), budget, ticking());
            StudiedFolder<ExtensionKey, ExtensionCell> run = new StudiedFolder<>(study, folder.resolve("study"));
            assertThat(run.run()).isTrue();
            ExtensionSelection selection = new ExtensionSelection(study.plan(), run.finished);
            assertThat(selection.spent()).isLessThanOrEqualTo(budget + 1.0).isPositive();
            assertThat(selection.isOutOfTime()).isTrue();
            assertThat(selection.next()).isEmpty();
        }
    }

    @Test
    void aMeasurementThatTheBudgetDoesNotSufficeForIsGivenUpAndMadeOnceThereIsMoreTime() throws IOException {
        try (LanguageModel model = TinyModel.load(5, true)) {
            Path text = text("a.txt", 5000);
            Path kept = folder.resolve("study");
            StudiedFolder<ExtensionKey, ExtensionCell> hasty =
                    new StudiedFolder<>(study(model, List.of(text), 1, ticking()), kept);
            assertThat(hasty.run()).isTrue();
            assertThat(hasty.finished)
                    .singleElement()
                    .isEqualTo(new ExtensionCell(hasty.started.get(0), new GivenUp(2, 1)));
            assertThat(hasty.missing()).isEmpty();

            StudiedFolder<ExtensionKey, ExtensionCell> patient =
                    new StudiedFolder<>(study(model, List.of(text), 0, ticking()), kept);
            assertThat(patient.run()).isTrue();
            assertThat(patient.finished.get(0).key()).isEqualTo(hasty.started.get(0));
            assertThat(patient.finished)
                    .extracting(ExtensionCell::measured)
                    .doesNotHaveAnyElementsOfTypes(GivenUp.class);
        }
    }

    @Test
    void aLengthThatTheModelReadsAndTooLittleTextAreRefused() throws IOException {
        try (LanguageModel model = TinyModel.load(1, true)) {
            Path text = text("a.txt", 1000);
            assertThatThrownBy(() -> study(model, List.of(text), 0, ticking()))
                    .hasMessage(
                            "texts must hold at least two windows of length 600 tokens, one to choose by and one to report"
                                    + " on, held 1000 tokens; give more text, or a smaller length");
            ExtensionSettings reads = new ExtensionSettings(32, List.of(text), PlacementChoice.USUAL, Duration.ZERO);
            assertThatThrownBy(() -> ExtensionStudy.prepare(model, reads, VERSION))
                    .hasMessage(
                            "length must be more than the 32 tokens that the model reads, was 32; it needs no extension");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 30, 60, 90, 1800})
    void aBudgetStandsInThePlanAsItWasGiven(int seconds) {
        ExtensionSettings settings = new ExtensionSettings(
                600, List.of(Path.of("a.txt")), PlacementChoice.USUAL, Duration.ofSeconds(seconds));
        assertThat(settings.budgetSeconds()).isEqualTo(seconds);
    }

    @Test
    void aBudgetBelowNothingIsRefused() {
        assertThatThrownBy(() -> new ExtensionSettings(
                        600, List.of(Path.of("a.txt")), PlacementChoice.USUAL, Duration.ofSeconds(-1)))
                .hasMessage("budget must be more than 0 seconds, was -1; 5m will do");
    }
}
