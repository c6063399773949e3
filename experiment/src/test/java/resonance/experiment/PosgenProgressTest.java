package resonance.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static resonance.experiment.PosgenComparisonTest.encodings;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resonance.evaluation.CellKey;
import resonance.evaluation.ComparisonCell;
import resonance.evaluation.ReferenceTable;
import resonance.experiment.EncodingSettings.ScalingPhase;
import resonance.rope.EncodingName;
import resonance.study.Job;
import resonance.study.StudyListener.Progress;
import resonance.transformer.tensor.ForwardWork;

/** What a comparison tells of its work: 4 epochs of 3 steps of 32 x 16 tokens, validated twice on 10 x 40, tested once. */
class PosgenProgressTest {
    private static final ComparisonSettings SETTINGS =
            PosgenComparisonTest.settings(encodings("rope"), ScalingPhase.TRAINING);
    private static final ForwardWork FORWARD = ForwardWork.of(
            SETTINGS.model().decoderConfig(SETTINGS.data().task("cot").vocabulary()));
    private static final double STEP = 3 * 32 * FORWARD.of(16);
    private static final double MEASUREMENT = 10 * FORWARD.of(40);

    private static Map<Integer, Double> planned(List<EncodingName> encodings, ScalingPhase phase) {
        PosgenComparison comparison = comparison(encodings, phase);
        Map<Integer, Double> planned = new HashMap<>();
        for (Job<CellKey, ComparisonCell> job : comparison.jobs(comparison.cells())) {
            job.plan((pace, amount) -> planned.merge(pace, amount, Double::sum));
        }
        return planned;
    }

    private static PosgenComparison comparison(List<EncodingName> encodings, ScalingPhase phase) {
        return new PosgenComparison(
                PosgenComparisonTest.settings(encodings, phase),
                ReferenceTable.none(),
                List.of(),
                "1.0 (commit a)",
                PosgenComparison.CHECKPOINT_INTERVAL);
    }

    @Test
    void countsStepsAndMeasurementsOfAllCells() {
        assertThat(planned(encodings("rope", "yarn"), ScalingPhase.TRAINING))
                .isEqualTo(Map.of(1, 2 * 12 * STEP, 0, 2 * 3 * MEASUREMENT));
    }

    @Test
    void aTrainingThatServesSeveralCellsIsCountedOnceAndMeasuredForEach() {
        assertThat(planned(encodings("rope", "yarn", "linear", "resonance-yarn"), ScalingPhase.EVALUATION))
                .isEqualTo(Map.of(1, 2 * 12 * STEP, 0, 4 * 3 * MEASUREMENT));
        PosgenComparison comparison = comparison(encodings("yarn", "linear"), ScalingPhase.EVALUATION);
        assertThat(comparison.jobs(comparison.cells()))
                .extracting(Job::name)
                .containsExactly("cot / yarn, linear / seed 3");
    }

    @Test
    void allThatIsPlannedIsToldAlsoWhereATrainingGoesOn(@TempDir Path folder) throws IOException {
        AtomicInteger asked = new AtomicInteger();
        new StudiedFolder<>(comparison(encodings("rope"), ScalingPhase.TRAINING), folder)
                .run(() -> asked.incrementAndGet() > 7);
        StudiedFolder<CellKey, ComparisonCell> continued =
                new StudiedFolder<>(comparison(encodings("rope"), ScalingPhase.TRAINING), folder);
        continued.run();
        List<Double> fractions =
                continued.progress.stream().map(Progress::fraction).toList();
        assertThat(fractions).isSorted();
        // Seven steps and the first validation were done before.
        assertThat(fractions)
                .anyMatch(done -> Math.abs(done - (7 * STEP + MEASUREMENT) / (12 * STEP + 3 * MEASUREMENT)) < 1e-12);
        assertThat(fractions.get(fractions.size() - 1)).isCloseTo(1, within(1e-12));
        assertThat(continued.progress)
                .filteredOn(Progress::notable)
                .extracting(Progress::status)
                .singleElement()
                .asString()
                .startsWith("testing after step 12/12, loss ");
    }
}
