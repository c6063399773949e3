package resonance.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
import resonance.experiment.EncodingSettings.ScalingPhase;
import resonance.posgen.PosgenSplits;
import resonance.posgen.PosgenTask;
import resonance.posgen.SequenceSet;
import resonance.posgen.StandardFunction;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.Precision;

class PosgenComparisonTest {
    private final Path folder;

    PosgenComparisonTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void aStoppedAndContinuedRunEndsWithTheSameCells() throws IOException {
        ComparisonSettings settings = settings(List.of("rope", "resonance-yarn"), ScalingPhase.TRAINING);
        PosgenComparison whole = open(settings, folder.resolve("whole"));
        assertThat(whole.run(new Silent(), () -> false)).isTrue();

        int stops = 0;
        boolean finished = false;
        while (!finished) {
            AtomicInteger asked = new AtomicInteger();
            finished = open(settings, folder.resolve("stopped")).run(new Silent(), () -> asked.incrementAndGet() > 5);
            stops++;
        }
        assertThat(stops).isGreaterThan(3);
        List<ComparisonCell> expected = whole.finished();
        List<ComparisonCell> actual = open(settings, folder.resolve("stopped")).finished();
        assertThat(actual).hasSize(2);
        for (int i = 0; i < 2; i++) {
            assertSameResult(actual.get(i), expected.get(i));
        }
    }

    @Test
    void aSecondCallRunsOnlyWhatIsMissing() throws IOException {
        open(settings(List.of("rope"), ScalingPhase.TRAINING), folder.resolve("a"))
                .run(new Silent(), () -> false);
        ComparisonSettings more = settings(List.of("rope", "linear"), ScalingPhase.TRAINING);
        PosgenComparison extended = open(more, folder.resolve("a"));
        assertThat(extended.missing()).containsExactly(new CellKey("cot", "linear", 3));
        Silent listener = new Silent();
        extended.run(listener, () -> false);
        assertThat(listener.finished).isEqualTo(1);
        assertThat(extended.missing()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(ScalingPhase.class)
    void theScalingPhaseDecidesWhatIsTrained(ScalingPhase phase) throws IOException {
        PosgenComparison run = open(settings(List.of("rope", "yarn"), phase), folder.resolve("a"));
        run.run(new Silent(), () -> false);
        List<ComparisonCell> cells = run.finished();
        boolean sameParameters =
                cells.get(0).parametersHash().equals(cells.get(1).parametersHash());
        assertThat(sameParameters).isEqualTo(phase == ScalingPhase.EVALUATION);
        assertThat(cells.get(0).accuracyByPosition()).isNotEqualTo(cells.get(1).accuracyByPosition());
        assertThat(cells.get(0).dataHash()).isEqualTo(cells.get(1).dataHash());
    }

    @Test
    void encodingsThatTrainAlikeShareOneTrainingAndEndAsIfAlone() throws IOException {
        List<String> encodings = List.of("rope", "resonance-yarn", "yarn", "linear");
        ComparisonSettings settings = settings(encodings, ScalingPhase.EVALUATION);
        PosgenComparison together = open(settings, folder.resolve("together"));
        assertThat(together.missingTrainings())
                .extracting(keys -> keys.stream().map(CellKey::encoding).toList())
                .containsExactly(List.of("rope", "yarn", "linear"), List.of("resonance-yarn"));
        Silent listener = new Silent();
        together.run(listener, () -> false);
        assertThat(listener.trainings).isEqualTo(2);
        assertThat(listener.steps).isEqualTo(2 * settings.stepsPerCell());
        assertThat(listener.finished).isEqualTo(4);
        List<ComparisonCell> shared = together.finished();
        for (int i = 0; i < encodings.size(); i++) {
            PosgenComparison alone = open(
                    settings(List.of(encodings.get(i)), ScalingPhase.EVALUATION), folder.resolve(encodings.get(i)));
            alone.run(new Silent(), () -> false);
            assertSameResult(alone.finished().get(0), shared.get(i));
        }
    }

    @Test
    void anEncodingAddedToAStoppedTrainingIsMeasuredWithIt() throws IOException {
        Path out = folder.resolve("a");
        AtomicInteger asked = new AtomicInteger();
        open(settings(List.of("yarn"), ScalingPhase.EVALUATION), out)
                .run(new Silent(), () -> asked.incrementAndGet() > 7);
        PosgenComparison more = open(settings(List.of("rope", "yarn"), ScalingPhase.EVALUATION), out);
        Silent listener = new Silent();
        more.run(listener, () -> false);
        assertThat(listener.steps).isEqualTo(12 - 7);
        PosgenComparison whole =
                open(settings(List.of("rope", "yarn"), ScalingPhase.EVALUATION), folder.resolve("whole"));
        whole.run(new Silent(), () -> false);
        assertThat(more.finished().get(0).accuracyByPosition())
                .isEqualTo(whole.finished().get(0).accuracyByPosition());
        assertSameResult(more.finished().get(1), whole.finished().get(1));
    }

    @Test
    void aCellNamesEveryBuildThatTrainedIt() throws IOException {
        ComparisonSettings settings = settings(List.of("rope", "yarn"), ScalingPhase.TRAINING);
        AtomicInteger asked = new AtomicInteger();
        open(settings, folder, "1.0 (commit a)").run(new Silent(), () -> asked.incrementAndGet() > 5);
        PosgenComparison newer = open(settings, folder, "1.1 (commit b)");
        newer.run(new Silent(), () -> false);
        assertThat(newer.finished())
                .extracting(ComparisonCell::software)
                .containsExactly("1.0 (commit a); 1.1 (commit b)", "1.1 (commit b)");
    }

    @Test
    void refusesAFolderOfAnotherExperimentAndLeavesItAlone() throws IOException {
        Path out = folder.resolve("a");
        open(settings(List.of("rope"), ScalingPhase.TRAINING), out);
        byte[] before = Files.readAllBytes(out.resolve("experiment.json"));
        assertThatThrownBy(() -> open(settings(List.of("rope"), ScalingPhase.EVALUATION), out))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("output folder " + out + " must be new or hold this experiment, but holds one with"
                        + " scaling-phase = training where this has evaluation; choose another output folder or the same"
                        + " settings");
        assertThat(Files.readAllBytes(out.resolve("experiment.json"))).isEqualTo(before);
    }

    @Test
    void refusesAFolderWithForeignFiles() throws IOException {
        Files.writeString(folder.resolve("thesis.tex"), "mine");
        assertThatThrownBy(() -> open(settings(List.of("rope"), ScalingPhase.TRAINING), folder))
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
        PosgenSplits splits = data.draw(PosgenTask.CHAIN_OF_THOUGHT, 42);
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

    private static PosgenComparison open(ComparisonSettings settings, Path folder) throws IOException {
        return open(settings, folder, "1.0 (commit a)");
    }

    private static PosgenComparison open(ComparisonSettings settings, Path folder, String software) throws IOException {
        return new PosgenComparison(settings, folder, software, Duration.ofSeconds(30));
    }

    static ComparisonSettings settings(List<String> encodings, ScalingPhase phase) {
        return new ComparisonSettings(
                List.of(PosgenTask.CHAIN_OF_THOUGHT),
                encodings,
                List.of(3L),
                new PosgenData(7, 1, 2, StandardFunction.MODULAR_ADDITION, 16, 40, 90, 10, 10),
                new ModelSize(16, 1, 2, 8, 32, 0.1),
                new EncodingSettings(10_000, 2.5, 2, 1, phase),
                new TrainingPlan(4, 32, 1e-2, 1e-2, 0.1, true, 2, Precision.BFLOAT16, 2, ComputeDevice.CPU));
    }

    private static final class Silent implements ComparisonListener {
        int trainings;
        int steps;
        int finished;

        @Override
        public void trainingStarted(List<CellKey> cells, long step) {
            trainings++;
        }

        @Override
        public void stepped(long step, long totalSteps, double loss) {
            steps++;
        }

        @Override
        public void validated(CellKey cell, ComparisonCell.ValidationPoint point) {}

        @Override
        public void tested(CellKey cell) {}

        @Override
        public void cellFinished(ComparisonCell cell) {
            finished++;
        }
    }
}
