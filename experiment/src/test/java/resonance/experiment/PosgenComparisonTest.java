package resonance.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import resonance.evaluation.CellKey;
import resonance.evaluation.ComparisonCell;
import resonance.evaluation.ReferenceTable;
import resonance.experiment.EncodingSettings.ScalingPhase;
import resonance.posgen.AssociativeRecall;
import resonance.posgen.FlipFlop;
import resonance.posgen.PosgenSplits;
import resonance.posgen.SequenceSet;
import resonance.posgen.StandardFunction;
import resonance.rope.EncodingName;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.Precision;

class PosgenComparisonTest {
    private final Path folder;

    PosgenComparisonTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void aStoppedAndContinuedRunEndsWithTheSameCells() throws IOException {
        ComparisonSettings settings = settings(encodings("rope", "resonance-yarn", "t5"), ScalingPhase.TRAINING);
        StudiedFolder<CellKey, ComparisonCell> whole = open(settings, folder.resolve("whole"));
        assertThat(whole.run()).isTrue();

        int stops = 0;
        boolean finished = false;
        while (!finished) {
            AtomicInteger asked = new AtomicInteger();
            finished = open(settings, folder.resolve("stopped")).run(() -> asked.incrementAndGet() > 5);
            stops++;
        }
        assertThat(stops).isGreaterThan(3);
        List<ComparisonCell> expected = whole.results();
        List<ComparisonCell> actual = open(settings, folder.resolve("stopped")).results();
        assertThat(actual).hasSize(3);
        for (int i = 0; i < 3; i++) {
            assertSameResult(actual.get(i), expected.get(i));
        }
    }

    @Test
    void aSecondCallRunsOnlyWhatIsMissing() throws IOException {
        open(settings(encodings("rope"), ScalingPhase.TRAINING), folder.resolve("a"))
                .run();
        ComparisonSettings more = settings(encodings("rope", "linear"), ScalingPhase.TRAINING);
        StudiedFolder<CellKey, ComparisonCell> extended = open(more, folder.resolve("a"));
        assertThat(extended.missing()).containsExactly(new CellKey("cot", EncodingName.valueOf("linear"), 3));
        extended.run();
        assertThat(extended.finished).hasSize(1);
        assertThat(extended.missing()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(ScalingPhase.class)
    void theScalingPhaseDecidesWhatIsTrained(ScalingPhase phase) throws IOException {
        StudiedFolder<CellKey, ComparisonCell> run =
                open(settings(encodings("rope", "yarn"), phase), folder.resolve("a"));
        run.run();
        List<ComparisonCell> cells = run.results();
        boolean sameParameters =
                cells.get(0).parametersHash().equals(cells.get(1).parametersHash());
        assertThat(sameParameters).isEqualTo(phase == ScalingPhase.EVALUATION);
        assertThat(cells.get(0).accuracyByPosition()).isNotEqualTo(cells.get(1).accuracyByPosition());
        assertThat(cells.get(0).dataHash()).isEqualTo(cells.get(1).dataHash());
    }

    @Test
    void encodingsThatTrainAlikeShareOneTrainingAndEndAsIfAlone() throws IOException {
        List<EncodingName> encodings = encodings("rope", "resonance-yarn", "yarn", "linear");
        ComparisonSettings settings = settings(encodings, ScalingPhase.EVALUATION);
        StudiedFolder<CellKey, ComparisonCell> together = open(settings, folder.resolve("together"));
        together.run();
        assertThat(together.jobs).isEqualTo(2);
        assertThat(together.started)
                .extracting(CellKey::encoding)
                .containsExactlyElementsOf(encodings("rope", "yarn", "linear", "resonance-yarn"));
        assertThat(together.steps()).isEqualTo(2 * settings.stepsPerCell());
        assertThat(together.finished).hasSize(4);
        List<ComparisonCell> shared = together.results();
        for (int i = 0; i < encodings.size(); i++) {
            StudiedFolder<CellKey, ComparisonCell> alone = open(
                    settings(List.of(encodings.get(i)), ScalingPhase.EVALUATION),
                    folder.resolve(encodings.get(i).toString()));
            alone.run();
            assertSameResult(alone.results().get(0), shared.get(i));
        }
    }

    /** A seed fixes every parameter that encodings have in common, whichever is trained. */
    @Test
    void encodingsThatDoNotRotateAreTrainedOnceEachWhateverThePhase() throws IOException {
        List<EncodingName> encodings = encodings("nope", "sinusoidal", "alibi", "t5", "rope", "yarn");
        StudiedFolder<CellKey, ComparisonCell> authors =
                open(settings(encodings, ScalingPhase.EVALUATION), folder.resolve("authors"));
        authors.run();
        assertThat(authors.jobs).isEqualTo(5);
        StudiedFolder<CellKey, ComparisonCell> paper =
                open(settings(encodings.subList(0, 4), ScalingPhase.TRAINING), folder.resolve("paper"));
        paper.run();
        for (int i = 0; i < 4; i++) {
            assertSameResult(authors.results().get(i), paper.results().get(i));
        }
        assertThat(authors.results().stream().limit(5).map(ComparisonCell::parametersHash))
                .doesNotHaveDuplicates();
        assertThat(authors.results().stream()
                        .limit(5)
                        .map(ComparisonCell::dataHash)
                        .distinct())
                .hasSize(1);
    }

    @Test
    void anEncodingAddedToAStoppedTrainingIsMeasuredWithIt() throws IOException {
        Path out = folder.resolve("a");
        AtomicInteger asked = new AtomicInteger();
        open(settings(encodings("yarn"), ScalingPhase.EVALUATION), out).run(() -> asked.incrementAndGet() > 7);
        StudiedFolder<CellKey, ComparisonCell> more =
                open(settings(encodings("rope", "yarn"), ScalingPhase.EVALUATION), out);
        more.run();
        assertThat(more.steps()).isEqualTo(12 - 7);
        StudiedFolder<CellKey, ComparisonCell> whole =
                open(settings(encodings("rope", "yarn"), ScalingPhase.EVALUATION), folder.resolve("whole"));
        whole.run();
        assertThat(more.results().get(0).accuracyByPosition())
                .isEqualTo(whole.results().get(0).accuracyByPosition());
        assertSameResult(more.results().get(1), whole.results().get(1));
    }

    @Test
    void aCellNamesEveryBuildThatTrainedIt() throws IOException {
        ComparisonSettings settings = settings(encodings("rope", "yarn"), ScalingPhase.TRAINING);
        AtomicInteger asked = new AtomicInteger();
        open(settings, folder, "1.0 (commit a)").run(() -> asked.incrementAndGet() > 5);
        StudiedFolder<CellKey, ComparisonCell> newer = open(settings, folder, "1.1 (commit b)");
        newer.run();
        assertThat(newer.results())
                .extracting(ComparisonCell::software)
                .containsExactly("1.0 (commit a); 1.1 (commit b)", "1.1 (commit b)");
    }

    @Test
    void testSequencesWithoutATokenThatCountsAreRefusedBeforeTheTraining() {
        ComparisonSettings base = settings(encodings("rope"), ScalingPhase.EVALUATION);
        PosgenData rows = base.data();
        PosgenData sparse = new PosgenData(
                7, 1, 2, rows.function(), 32, 64, 90, 1, 1, AssociativeRecall.DEFAULT, new FlipFlop(0.8, 0.999_999));
        ComparisonSettings settings = new ComparisonSettings(
                List.of("flip-flop"),
                base.encodings(),
                base.seeds(),
                sparse,
                base.model(),
                base.encoding(),
                base.training());
        StudiedFolder<CellKey, ComparisonCell> run = open(settings, folder.resolve("a"));
        assertThatThrownBy(run::run)
                .hasMessage(
                        "testRows must be enough for a token of flip-flop that counts within the trained length, was 1;"
                                + " ask for more");
        assertThat(run.steps()).isZero();
    }

    @Test
    void refusesAFolderOfAnotherExperimentAndLeavesItAlone() throws IOException {
        Path out = folder.resolve("a");
        assertThat(open(settings(encodings("rope"), ScalingPhase.TRAINING), out).missing())
                .hasSize(1);
        byte[] before = Files.readAllBytes(out.resolve("study.json"));
        assertThatThrownBy(() -> open(settings(encodings("rope"), ScalingPhase.EVALUATION), out)
                        .run())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("output folder " + out + " must be new or hold this experiment, but holds one with"
                        + " scaling-phase = training where this has evaluation; choose another output folder or the same"
                        + " settings");
        assertThat(Files.readAllBytes(out.resolve("study.json"))).isEqualTo(before);
    }

    @Test
    void refusesAFolderWithForeignFiles() throws IOException {
        Files.writeString(folder.resolve("thesis.tex"), "mine");
        assertThatThrownBy(() -> open(settings(encodings("rope"), ScalingPhase.TRAINING), folder)
                        .run())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "output folder " + folder
                                + " must be new, empty or hold this experiment, but holds thesis.tex; choose another output folder");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void noSequenceIsInTwoSplits() {
        // The authors' code validates and tests on training rows.
        PosgenData data = PosgenData.PAPER;
        PosgenSplits splits = data.draw("cot", 42);
        Set<List<Integer>> seeds = new HashSet<>();
        for (SequenceSet set : splits.sets()) {
            for (int row = 0; row < set.rows(); row++) {
                int[] tokens = set.row(row);
                assertThat(seeds.add(List.of(tokens[0], tokens[1], tokens[2], tokens[3])))
                        .isTrue();
            }
        }
        assertThat(seeds).hasSize(12_000);
    }

    private static void assertSameResult(ComparisonCell actual, ComparisonCell expected) {
        assertThat(actual.parametersHash()).isEqualTo(expected.parametersHash());
        assertThat(actual.accuracyByPosition()).isEqualTo(expected.accuracyByPosition());
        assertThat(actual.trainingCurve()).isEqualTo(expected.trainingCurve());
        assertThat(actual.validationCurve()).isEqualTo(expected.validationCurve());
    }

    private static StudiedFolder<CellKey, ComparisonCell> open(ComparisonSettings settings, Path folder) {
        return open(settings, folder, "1.0 (commit a)");
    }

    private static StudiedFolder<CellKey, ComparisonCell> open(
            ComparisonSettings settings, Path folder, String software) {
        return new StudiedFolder<>(
                new PosgenComparison(
                        settings, ReferenceTable.none(), List.of(), software, PosgenComparison.CHECKPOINT_INTERVAL),
                folder);
    }

    static List<EncodingName> encodings(String... names) {
        return Stream.of(names).map(EncodingName::valueOf).toList();
    }

    static ComparisonSettings settings(List<EncodingName> encodings, ScalingPhase phase) {
        return new ComparisonSettings(
                List.of("cot"),
                encodings,
                List.of(3L),
                new PosgenData(7, 1, 2, StandardFunction.MODULAR_ADDITION, 16, 40, 90, 10, 10),
                new ModelSize(16, 1, 2, 8, 32, 0.1),
                new EncodingSettings(10_000, EncodingSettings.paper(2.5).scaling(), phase),
                new TrainingPlan(4, 32, 1e-2, 1e-2, 0.1, true, 2, Precision.BFLOAT16, 2, ComputeDevice.CPU));
    }
}
