package resonance.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import resonance.decoder.AttentionKind;
import resonance.evaluation.CellKey;
import resonance.evaluation.ReferenceTable;
import resonance.experiment.EncodingSettings.ScalingPhase;
import resonance.posgen.AssociativeRecall;
import resonance.posgen.FlipFlop;
import resonance.posgen.StandardFunction;
import resonance.rope.EncodingName;
import resonance.rope.Llama3Scaling;
import resonance.rope.ScalingSettings;
import resonance.rope.YarnScaling;
import resonance.study.PlannedCell;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.Precision;

class ComparisonSettingsTest {
    private static final ComparisonSettings PAPER = ComparisonSettings.paper(2, Precision.FLOAT32, ComputeDevice.CPU);

    private static final ComparisonSettings QUICK = ComparisonSettings.quick(3, Precision.BFLOAT16, ComputeDevice.CPU);

    private static final ScalingSettings SCALING = EncodingSettings.paper(4).scaling();

    @Test
    void thePaperPresetIsTheExperimentOfThePaper() {
        assertThat(PAPER.identity())
                .containsExactlyEntriesOf(table(
                        "modulus=17 far=1 near=3 function=modular-addition train-length=64 test-length=256 train=10000"
                                + " validation=1000 test=1000 d-model=512 layers=2 heads=8 head-size=64"
                                + " feed-forward=2048 dropout=0.1 base=10000 factor=4 beta-fast=2 beta-slow=1"
                                + " scaling-phase=evaluation epochs=150 batch=128 learning-rate=0.0002"
                                + " weight-decay=0.01 warm-up=0.1 cycle-momentum=true validate-every=1"
                                + " precision=float32 threads=2 device=cpu"));
        assertThat(PAPER.tasks()).containsExactly("recursive", "cot", "semi-recursive");
        assertThat(PAPER.encodings())
                .extracting(EncodingName::toString)
                .containsExactly("rope", "resonance-rope", "yarn", "resonance-yarn");
        assertThat(PAPER.seeds()).containsExactly(5549L, 4955L, 42L, 3701L, 49L);
        assertThat(PAPER.plan().cells()).hasSize(3 * 4 * 5);
        assertThat(PAPER.stepsPerCell()).isEqualTo(150 * 79); // 10,000 rows make 78 batches of 128 and one of 16
    }

    @Test
    void theQuickPresetIsThePaperExperimentWithASmallerModelForLaptops() {
        assertThat(QUICK.identity())
                .containsExactlyEntriesOf(table(
                        "modulus=17 far=1 near=3 function=modular-addition train-length=64 test-length=256 train=10000"
                                + " validation=100 test=500 d-model=64 layers=2 heads=8 head-size=64"
                                + " feed-forward=256 dropout=0.1 base=10000 factor=4 beta-fast=2 beta-slow=1"
                                + " scaling-phase=evaluation epochs=2 batch=32 learning-rate=0.003 weight-decay=0.01"
                                + " warm-up=0.1 cycle-momentum=true validate-every=1 precision=bfloat16 threads=3"
                                + " device=cpu"));
        assertThat(QUICK.tasks()).containsExactly("cot");
        assertThat(QUICK.encodings()).isEqualTo(ComparisonSettings.TABLE_1_ENCODINGS);
        assertThat(QUICK.seeds()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
        assertThat(QUICK.stepsPerCell()).isEqualTo(626);
    }

    private static Map<String, String> table(String settings) {
        Map<String, String> table = new LinkedHashMap<>();
        for (String setting : settings.split(" ", -1)) {
            int equals = setting.indexOf('=');
            table.put(setting.substring(0, equals), setting.substring(equals + 1));
        }
        return table;
    }

    /** One change of every setting, with the name and text it has in the identity. */
    static Stream<Arguments> changes() {
        return Stream.of(
                data("modulus=19", data(19, 1, 3, 64, 256, 10_000, 100, 500)),
                data("far=2", data(17, 2, 3, 64, 256, 10_000, 100, 500)),
                data("near=4", data(17, 1, 4, 64, 256, 10_000, 100, 500)),
                data("train-length=65", data(17, 1, 3, 65, 256, 10_000, 100, 500)),
                data("test-length=257", data(17, 1, 3, 64, 257, 10_000, 100, 500)),
                data("train=10001", data(17, 1, 3, 64, 256, 10_001, 100, 500)),
                data("validation=101", data(17, 1, 3, 64, 256, 10_000, 101, 500)),
                data("test=501", data(17, 1, 3, 64, 256, 10_000, 100, 501)),
                data(
                        "function=squared-sine",
                        new PosgenData(17, 1, 3, StandardFunction.SQUARED_SINE, 64, 256, 10_000, 100, 500)),
                model("d-model=62", new ModelSize(62, 2, 8, 64, 256, 0.1)),
                model("layers=3", new ModelSize(64, 3, 8, 64, 256, 0.1)),
                model("heads=1", new ModelSize(64, 2, 1, 64, 256, 0.1)),
                model("head-size=32", new ModelSize(64, 2, 8, 32, 256, 0.1)),
                model("feed-forward=255", new ModelSize(64, 2, 8, 64, 255, 0.1)),
                model("dropout=0.25", new ModelSize(64, 2, 8, 64, 256, 0.25)),
                encoding("base=500000", new EncodingSettings(5e5, SCALING, ScalingPhase.EVALUATION)),
                encoding("factor=8", scaled(SCALING.withFactor(8))),
                encoding("beta-fast=32", scaled(SCALING.with(YarnScaling.BETA_FAST, 32.0))),
                encoding("beta-slow=0.5", scaled(SCALING.with(YarnScaling.BETA_SLOW, 0.5))),
                encoding("scaling-phase=training", new EncodingSettings(1e4, SCALING, ScalingPhase.TRAINING)),
                training("epochs=5", plan(5, 32, 3e-3, 1e-2, 0.1, true, 1)),
                training("batch=33", plan(2, 33, 3e-3, 1e-2, 0.1, true, 1)),
                training("learning-rate=0.00000001", plan(2, 32, 1e-8, 1e-2, 0.1, true, 1)),
                training("weight-decay=0", plan(2, 32, 3e-3, 0, 0.1, true, 1)),
                training("warm-up=0.3", plan(2, 32, 3e-3, 1e-2, 0.3, true, 1)),
                training("cycle-momentum=false", plan(2, 32, 3e-3, 1e-2, 0.1, false, 1)),
                training("validate-every=2", plan(2, 32, 3e-3, 1e-2, 0.1, true, 2)),
                Arguments.of("precision=float32", ComparisonSettings.quick(3, Precision.FLOAT32, ComputeDevice.CPU)),
                Arguments.of("threads=4", ComparisonSettings.quick(4, Precision.BFLOAT16, ComputeDevice.CPU)),
                Arguments.of("device=cuda", ComparisonSettings.quick(3, Precision.BFLOAT16, ComputeDevice.CUDA)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("changes")
    void everySettingChangesItsOwnEntryOfTheIdentityAlone(String change, ComparisonSettings changed) {
        Map<String, String> expected = new LinkedHashMap<>(QUICK.identity());
        table(change)
                .forEach((name, value) ->
                        assertThat(expected.put(name, value)).isNotNull().isNotEqualTo(value));
        assertThat(changed.identity()).containsExactlyEntriesOf(expected);
    }

    @Test
    void aParameterThatIsNotAtItsDefaultIsAnEntryByItsOptionBehindTheBetas() {
        EncodingSettings more = scaled(SCALING.with(Llama3Scaling.HIGH_FREQUENCY_FACTOR, 8.0)
                .with(YarnScaling.TRUNCATE, false)
                .with(YarnScaling.ATTENTION_FACTOR, 0.0001)
                .with(YarnScaling.MSCALE, YarnScaling.MSCALE.standard()));
        Map<String, String> expected = new LinkedHashMap<>();
        QUICK.identity().forEach((name, value) -> {
            if ("scaling-phase".equals(name)) {
                expected.putAll(table("no-truncate=true attention-factor=0.0001 high-freq-factor=8"));
            }
            expected.put(name, value);
        });
        assertThat(with(QUICK.data(), QUICK.model(), more, QUICK.training()).identity())
                .containsExactlyEntriesOf(expected);
    }

    /** At their defaults there are no entries, so that folders from before there were such tasks are gone on with. */
    @Test
    void aTasksOwnSettingsAreEntriesBehindTheRowsAndStandWholeInItsCells() {
        PosgenData paper = QUICK.data();
        PosgenData other = new PosgenData(
                paper.modulus(),
                paper.far(),
                paper.near(),
                paper.function(),
                paper.trainLength(),
                paper.testLength(),
                paper.trainRows(),
                paper.validationRows(),
                paper.testRows(),
                new AssociativeRecall(64, 4, 0.5),
                new FlipFlop(0.8, 0.98));
        Map<String, String> expected = new LinkedHashMap<>();
        QUICK.identity().forEach((name, value) -> {
            expected.put(name, value);
            if ("test".equals(name)) {
                expected.putAll(table("pairs=4 gap-exponent=0.5 test-ignored=0.98"));
            }
        });
        ComparisonSettings settings = new ComparisonSettings(
                List.of("cot", "flip-flop"),
                QUICK.encodings(),
                QUICK.seeds(),
                other,
                QUICK.model(),
                QUICK.encoding(),
                QUICK.training());
        assertThat(settings.identity()).containsExactlyEntriesOf(expected);
        expected.put("ignored", "0.8");
        assertThat(settings.options()).containsExactlyInAnyOrderEntriesOf(expected);
        List<PlannedCell<CellKey>> cells = study(settings).cells();
        assertThat(cells.get(0).specification().values()).doesNotContainKey("ignored");
        assertThat(cells.get(cells.size() - 1).specification().values())
                .containsEntry("ignored", "0.8")
                .containsEntry("test-ignored", "0.98")
                .doesNotContainKey("vocabulary");
    }

    /** Without one there is no entry, so that folders from before there were windows are gone on with. */
    @Test
    void aSlidingWindowIsAnEntryBehindTheDropout() {
        ModelSize windowed = new ModelSize(64, 2, 8, 64, 256, 0.1, new AttentionKind.SlidingWindow(16));
        Map<String, String> expected = new LinkedHashMap<>();
        QUICK.identity().forEach((name, value) -> {
            expected.put(name, value);
            if ("dropout".equals(name)) {
                expected.put("sliding-window", "16");
            }
        });
        assertThat(with(QUICK.data(), windowed, QUICK.encoding(), QUICK.training())
                        .identity())
                .containsExactlyEntriesOf(expected);
    }

    @Test
    void linearAttentionIsAnEntryBehindTheDropoutToo() {
        ModelSize linear = new ModelSize(64, 2, 8, 64, 256, 0.1, AttentionKind.LINEAR);
        ComparisonSettings settings = with(QUICK.data(), linear, QUICK.encoding(), QUICK.training());
        assertThat(settings.identity())
                .containsEntry("attention", "linear")
                .hasSize(QUICK.identity().size() + 1);
    }

    @Test
    void everyEntryOfTheIdentityIsChangedBySomeSetting() {
        List<String> names = changes()
                .map(change -> (String) change.get()[0])
                .map(change -> change.substring(0, change.indexOf('=')))
                .toList();
        assertThat(names).containsExactlyInAnyOrderElementsOf(QUICK.identity().keySet());
    }

    @Test
    void theListsOfCellsAreNoPartOfTheIdentity() {
        ComparisonSettings other = new ComparisonSettings(
                PosgenData.TASKS,
                PosgenComparisonTest.encodings("linear"),
                List.of(7L),
                QUICK.data(),
                QUICK.model(),
                QUICK.encoding(),
                QUICK.training());
        assertThat(other.identity()).isEqualTo(QUICK.identity());
    }

    @Test
    void everyCellHasASpecificationOfItsOwnWithAllSettings() {
        Set<String> files = new HashSet<>();
        List<CellKey> keys = new ArrayList<>();
        for (PlannedCell<CellKey> cell : study(PAPER).cells()) {
            Map<String, String> expected = new LinkedHashMap<>();
            expected.put("task", cell.key().task());
            expected.put("encoding", cell.key().encoding().toString());
            expected.put("seed", "" + cell.key().seed());
            expected.putAll(PAPER.identity());
            assertThat(cell.specification().kind()).isEqualTo("posgen-compare");
            assertThat(cell.specification().values()).containsExactlyEntriesOf(expected);
            assertThat(files.add(cell.fileName())).as("%s", cell.key()).isTrue();
            keys.add(cell.key());
        }
        assertThat(keys).isEqualTo(PAPER.plan().cells());
        assertThat(study(PAPER).cells().get(5).label()).isEqualTo("recursive--resonance-rope--5549");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("changes")
    void aCellOfOtherSettingsHasAnotherFile(String change, ComparisonSettings changed) {
        PlannedCell<CellKey> before = study(QUICK).cells().get(0);
        PlannedCell<CellKey> after = study(changed).cells().get(0);
        assertThat(after.label()).isEqualTo(before.label());
        assertThat(after.fileName()).as(change).isNotEqualTo(before.fileName());
    }

    private static PosgenComparison study(ComparisonSettings settings) {
        return new PosgenComparison(settings, ReferenceTable.none(), List.of(), "1.0", Duration.ZERO);
    }

    @Test
    void aNegativeTimeBetweenCheckpointsIsRefused() {
        assertThatThrownBy(() ->
                        new PosgenComparison(QUICK, ReferenceTable.none(), List.of(), "1.0", Duration.ofMillis(-1500)))
                .hasMessage("checkpointInterval must not be negative, was -1.5 s");
    }

    @Test
    void ratesOutOfRangeAreRefusedBeforeAnythingIsComputed() {
        assertThatThrownBy(() -> with(plan(2, 32, 0, 1e-2, 0.1, true, 1)))
                .hasMessage("peakLearningRate must be above 0 and at most 1000000, was 0.0");
        assertThatThrownBy(() -> with(plan(2, 32, 3e-3, -1, 0.1, true, 1)))
                .hasMessage("weightDecay must be from 0 to 1000000, was -1.0");
        assertThatThrownBy(() -> with(plan(2, 32, 3e-3, 1e-2, 1.5, true, 1)))
                .hasMessage("warmUpFraction must be from 0 to 1, was 1.5");
    }

    private static Arguments data(String change, PosgenData to) {
        return Arguments.of(change, with(to, QUICK.model(), QUICK.encoding(), QUICK.training()));
    }

    private static PosgenData data(
            int modulus, int far, int near, int trainLength, int testLength, int train, int validation, int test) {
        return new PosgenData(
                modulus,
                far,
                near,
                StandardFunction.MODULAR_ADDITION,
                trainLength,
                testLength,
                train,
                validation,
                test);
    }

    private static Arguments model(String change, ModelSize to) {
        return Arguments.of(change, with(QUICK.data(), to, QUICK.encoding(), QUICK.training()));
    }

    private static EncodingSettings scaled(ScalingSettings scaling) {
        return new EncodingSettings(1e4, scaling, ScalingPhase.EVALUATION);
    }

    private static Arguments encoding(String change, EncodingSettings to) {
        return Arguments.of(change, with(QUICK.data(), QUICK.model(), to, QUICK.training()));
    }

    private static Arguments training(String change, TrainingPlan plan) {
        return Arguments.of(change, with(plan));
    }

    private static ComparisonSettings with(TrainingPlan plan) {
        return with(QUICK.data(), QUICK.model(), QUICK.encoding(), plan);
    }

    private static ComparisonSettings with(
            PosgenData data, ModelSize model, EncodingSettings encoding, TrainingPlan training) {
        return new ComparisonSettings(QUICK.tasks(), QUICK.encodings(), QUICK.seeds(), data, model, encoding, training);
    }

    private static TrainingPlan plan(
            int epochs, int batch, double rate, double decay, double warmUp, boolean cycles, int validateEvery) {
        return new TrainingPlan(
                epochs, batch, rate, decay, warmUp, cycles, validateEvery, Precision.BFLOAT16, 3, ComputeDevice.CPU);
    }
}
