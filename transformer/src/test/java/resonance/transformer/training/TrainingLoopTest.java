package resonance.transformer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import resonance.decoder.DecoderConfig;
import resonance.transformer.position.NoEncoding;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.Precision;

class TrainingLoopTest {
    private static final int LENGTH = 8;
    private static final DecoderConfig CONFIG = DecoderConfig.t5Style(7, 8, 1, 2, 4, 16, 0.1);
    private static final Duration NEVER = Duration.ofHours(1);

    private final Path checkpoint;

    TrainingLoopTest(@TempDir Path folder) {
        this.checkpoint = folder.resolve("a.ckpt");
    }

    /** What a run left behind. */
    @SuppressWarnings("ArrayRecordComponent") // a bundle that is taken apart, never compared
    private record Run(boolean finished, Recorder client, TrainingLoop loop, float[] parameters) {}

    private Run run(long steps, TrainingCurve.Kind kind, Duration interval, String rate, BooleanSupplier stop)
            throws IOException {
        return run(steps, kind, interval, rate, stop, new Recorder());
    }

    private Run run(
            long steps, TrainingCurve.Kind kind, Duration interval, String rate, BooleanSupplier stop, Recorder client)
            throws IOException {
        TrainerSettings settings = new TrainerSettings(
                AdamW.DEFAULT, new OneCycleSchedule(1e-2, steps, 0.2, true), Precision.FLOAT32, 2, 5);
        try (Decoder decoder = Decoder.initialise(CONFIG, Initialisation.T5, 6, ComputeDevice.CPU);
                Trainer trainer = new Trainer(decoder, new NoEncoding(), LENGTH, settings)) {
            TrainingIdentity identity =
                    new TrainingIdentity("a run with these settings", Map.of("learning-rate", rate));
            TrainingLoop loop = new TrainingLoop(
                    trainer, new TrainingLoop.Settings(steps, kind, identity, checkpoint, interval), client);
            boolean finished = loop.run(stop);
            return new Run(finished, client, loop, decoder.parameters());
        }
    }

    private static BooleanSupplier afterAsking(int times) {
        int[] asked = {0};
        return () -> asked[0]++ >= times;
    }

    @ParameterizedTest
    @EnumSource(TrainingCurve.Kind.class)
    void aStoppedTrainingEndsWithTheBitsTheCurveAndTheClientOfOneThatWasNot(TrainingCurve.Kind kind)
            throws IOException {
        Run whole = run(900, kind, NEVER, "1", () -> false);
        Files.delete(checkpoint);
        int runs = 0;
        Run part;
        do {
            part = run(900, kind, NEVER, "1", afterAsking(251));
            runs++;
        } while (!part.finished());
        assertThat(runs).isEqualTo(4);
        assertThat(part.parameters()).isEqualTo(whole.parameters());
        assertThat(part.loop().curve().points()).isEqualTo(whole.loop().curve().points());
        assertThat(part.client().validated).isEqualTo(whole.client().validated).containsExactly(300L, 600L, 900L);
        assertThat(part.loop().trainedTokens()).isEqualTo(900L * 3 * LENGTH);
        assertThat(part.client().started).containsExactly(753L);
    }

    @Test
    void everyStepIsReportedAndTheSpeedIsThatOfThisRun() throws IOException {
        Run run = run(5, TrainingCurve.Kind.SINGLE_STEPS, NEVER, "1", () -> false);
        assertThat(run.client().progress).extracting(TrainingProgress::step).containsExactly(1L, 2L, 3L, 4L, 5L);
        for (TrainingProgress progress : run.client().progress) {
            assertThat(progress.totalSteps()).isEqualTo(5);
            assertThat(progress.loss()).isPositive();
            assertThat(progress.tokensPerSecond()).isPositive();
        }
        TrainingProgress last = run.client().progress.get(4);
        assertThat(run.loop().trainingSeconds()).isCloseTo(5.0 * 3 * LENGTH / last.tokensPerSecond(), within(1e-6));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
    void aTrainingStoppedBeforeAnyStepEndsWithTheSameBits(int steps) throws IOException {
        Run whole = run(8, TrainingCurve.Kind.SINGLE_STEPS, NEVER, "1", () -> false);
        Files.delete(checkpoint);
        Run stopped = run(8, TrainingCurve.Kind.SINGLE_STEPS, NEVER, "1", afterAsking(steps));
        assertThat(stopped.finished()).isFalse();
        assertThat(stopped.client().progress).hasSize(steps);
        Run rest = run(8, TrainingCurve.Kind.SINGLE_STEPS, NEVER, "1", () -> false);
        assertThat(rest.finished()).isTrue();
        assertThat(rest.client().progress).hasSize(8 - steps);
        assertThat(rest.parameters()).isEqualTo(whole.parameters());
        assertThat(rest.loop().curve().points()).isEqualTo(whole.loop().curve().points());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5, 7})
    void aTrainingThatFailedGoesOnFromItsLastCheckpoint(long failing) throws IOException {
        Run whole = run(8, TrainingCurve.Kind.MEANS, NEVER, "1", () -> false);
        Files.delete(checkpoint);
        Recorder client = new Recorder() {
            @Override
            public TokenBatch batch(long step) {
                if (step == failing) {
                    throw new IllegalStateException("no batch");
                }
                return super.batch(step);
            }
        };
        assertThatThrownBy(() -> run(8, TrainingCurve.Kind.MEANS, Duration.ZERO, "1", () -> false, client))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no batch");
        assertThat(client.saves).isEqualTo((int) failing);
        Run rest = run(8, TrainingCurve.Kind.MEANS, Duration.ZERO, "1", () -> false);
        assertThat(rest.client().started).containsExactly(failing);
        assertThat(rest.parameters()).isEqualTo(whole.parameters());
        assertThat(rest.loop().curve().points()).isEqualTo(whole.loop().curve().points());
        assertThat(rest.loop().trainedTokens()).isEqualTo(8L * 3 * LENGTH);
    }

    @Test
    void theTimeLeftIsKnownOnceASecondHasBeenTrained() throws IOException {
        Recorder client = new Recorder();
        List<TrainingProgress> progress = client.progress;
        run(
                1_000_000,
                TrainingCurve.Kind.MEANS,
                NEVER,
                "1",
                () -> !progress.isEmpty()
                        && progress.get(progress.size() - 1).timeLeft().isPresent(),
                client);
        TrainingProgress known = progress.get(progress.size() - 1);
        double secondsPerStep = 3.0 * LENGTH / known.tokensPerSecond();
        assertThat(known.step() * secondsPerStep).isGreaterThanOrEqualTo(1 - 1e-9);
        assertThat(known.timeLeft().orElseThrow())
                .isCloseTo((1_000_000 - known.step()) * secondsPerStep, withinPercentage(1e-6));
        assertThat((known.step() - 1)
                        * 3.0
                        * LENGTH
                        / progress.get((int) known.step() - 2).tokensPerSecond())
                .isLessThan(1);
    }

    @Test
    void aCurveOfSingleStepsHasTheFirstTheDueAndTheLastStep() throws IOException {
        Run run = run(1001, TrainingCurve.Kind.SINGLE_STEPS, NEVER, "1", () -> false);
        List<TrainingCurve.Point> points = run.loop().curve().points();
        assertThat(points).hasSize(502);
        assertThat(points)
                .extracting(TrainingCurve.Point::step)
                .startsWith(1L, 2L, 4L)
                .endsWith(1000L, 1001L);
        for (TrainingCurve.Point point : points) {
            TrainingProgress step = run.client().progress.get((int) point.step() - 1);
            assertThat(point.loss()).isEqualTo(step.loss());
            assertThat(point.learningRate())
                    .isEqualTo(new OneCycleSchedule(1e-2, 1001, 0.2, true).learningRate(point.step() - 1));
        }
    }

    @Test
    void aCurveOfMeansCoversEveryStepOnce() throws IOException {
        Run run = run(1001, TrainingCurve.Kind.MEANS, NEVER, "1", () -> false);
        List<TrainingCurve.Point> points = run.loop().curve().points();
        assertThat(points)
                .extracting(TrainingCurve.Point::step)
                .startsWith(2L, 4L)
                .endsWith(1000L, 1001L);
        long before = 0;
        for (TrainingCurve.Point point : points) {
            double mean = run.client().progress.subList((int) before, (int) point.step()).stream()
                    .mapToDouble(TrainingProgress::loss)
                    .average()
                    .orElseThrow();
            assertThat(point.loss()).isCloseTo(mean, within(1e-12));
            before = point.step();
        }
    }

    @Test
    void aTrainingLeavesACheckpointAndGoesOnFromItWithoutAStep() throws IOException {
        Run first = run(4, TrainingCurve.Kind.MEANS, NEVER, "1", () -> false);
        assertThat(checkpoint).exists();
        Run again = run(4, TrainingCurve.Kind.MEANS, NEVER, "1", () -> false);
        assertThat(again.client().progress).isEmpty();
        assertThat(again.client().started).containsExactly(4L);
        assertThat(again.parameters()).isEqualTo(first.parameters());
        assertThat(again.loop().trainingSeconds()).isEqualTo(first.loop().trainingSeconds());
    }

    @Test
    void checkpointsAreAsOftenAsTheIntervalSays() throws IOException {
        Recorder often = new Recorder();
        run(6, TrainingCurve.Kind.MEANS, Duration.ZERO, "1", () -> false, often);
        assertThat(often.saves).isEqualTo(6 + 1);
        Files.delete(checkpoint);
        Recorder seldom = new Recorder();
        run(6, TrainingCurve.Kind.MEANS, NEVER, "1", () -> false, seldom);
        assertThat(seldom.saves).isEqualTo(1);
    }

    @Test
    void aStopBeforeTheFirstStepDoesNone() throws IOException {
        Run run = run(6, TrainingCurve.Kind.MEANS, NEVER, "1", () -> true);
        assertThat(run.finished()).isFalse();
        assertThat(run.client().progress).isEmpty();
        assertThat(Checkpoint.read(checkpoint).state().step()).isZero();
    }

    @Test
    void refusesTheCheckpointOfAnotherTraining() throws IOException {
        run(6, TrainingCurve.Kind.MEANS, NEVER, "1e-3", afterAsking(2));
        Recorder client = new Recorder();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run(6, TrainingCurve.Kind.MEANS, NEVER, "2e-3", () -> false, client))
                .withMessage(checkpoint + ": the checkpoint must belong to a run with these settings, but learning-rate"
                        + " was 1e-3 there and is 2e-3 now; use them again, or delete the file to start anew");
        assertThat(client.started).isEmpty();
        assertThat(Checkpoint.read(checkpoint).state().step()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cut", "flipped", "empty", "earlier version", "folder"})
    void aCheckpointThatCannotBeReadIsSaidSetAsideAndTrainedAnew(String damage) throws IOException {
        Run whole = run(6, TrainingCurve.Kind.MEANS, NEVER, "1", () -> false);
        byte[] bytes = Files.readAllBytes(checkpoint);
        Files.delete(checkpoint);
        switch (damage) {
            case "cut" -> Files.write(checkpoint, Arrays.copyOf(bytes, bytes.length - 5));
            case "flipped" -> {
                bytes[bytes.length / 2] ^= 1;
                Files.write(checkpoint, bytes);
            }
            case "empty" -> Files.createFile(checkpoint);
            case "folder" -> Files.createDirectories(checkpoint.resolve("inside"));
            default -> Files.write(checkpoint, "RSNCKPT1 and more".getBytes(StandardCharsets.US_ASCII));
        }
        List<String> said = new ArrayList<>();
        Recorder client = new Recorder() {
            @Override
            public void checkpointSetAside(String line) {
                said.add(line);
            }
        };
        Run again = run(6, TrainingCurve.Kind.MEANS, NEVER, "1", () -> false, client);
        assertThat(again.parameters()).isEqualTo(whole.parameters());
        assertThat(client.started).containsExactly(0L);
        assertThat(said)
                .singleElement()
                .asString()
                .startsWith(checkpoint + ": ")
                .endsWith("; it is kept as a.ckpt.damaged and training begins anew");
        assertThat(checkpoint.resolveSibling("a.ckpt.damaged")).exists();
    }

    @Test
    void theFirstDifferenceIsNamedAlsoWhereASettingIsMissing() {
        TrainingIdentity identity = new TrainingIdentity("this", Map.of("steps", "3"));
        assertThat(identity.difference(Map.of("steps", "3", "more", "x"))).isEmpty();
        assertThat(identity.difference(Map.of("steps", "4"))).isEqualTo("steps was 4 there and is 3 now");
        assertThat(identity.difference(Map.of())).isEqualTo("steps was missing there and is 3 now");
    }

    @Test
    void refusesSettingsOutOfRange() {
        TrainingIdentity identity = new TrainingIdentity("this", Map.of());
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new TrainingLoop.Settings(0, TrainingCurve.Kind.MEANS, identity, checkpoint, Duration.ZERO))
                .withMessage("steps must be at least 1, was 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TrainingLoop.Settings(
                        1, TrainingCurve.Kind.MEANS, identity, checkpoint, Duration.ofMillis(-1500)))
                .withMessage("checkpointInterval must not be negative, was -1.5 s");
    }

    /** Random batches by step; remembers what it was told, the validations across runs. */
    private static class Recorder implements TrainingClient {
        final List<Long> started = new ArrayList<>();
        final List<TrainingProgress> progress = new ArrayList<>();
        final List<Long> validated = new ArrayList<>();
        int saves;

        @Override
        public TokenBatch batch(long step) {
            int[] tokens = new Random(step).ints(3 * LENGTH, 0, 7).toArray();
            return new TokenBatch(3, LENGTH, tokens, tokens);
        }

        @Override
        public void started(long step) {
            started.add(step);
        }

        @Override
        public void stepped(TrainingProgress step) {
            progress.add(step);
        }

        @Override
        public boolean validatesAfter(long stepsDone) {
            return stepsDone % 300 == 0;
        }

        @Override
        public void validate(long stepsDone) {
            validated.add(stepsDone);
        }

        @Override
        public void save(ObjectNode state) {
            saves++;
            validated.forEach(state.putArray("validated")::add);
        }

        @Override
        public void restore(JsonNode state) {
            state.get("validated").forEach(step -> validated.add(step.asLong()));
        }
    }
}
