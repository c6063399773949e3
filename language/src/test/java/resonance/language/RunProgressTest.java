package resonance.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunProgressTest {
    private final List<String> told = new ArrayList<>();
    private boolean stop;
    private long now;

    @Test
    void aPassUnderWayCountsAtTheSpeedOfItsLength() {
        RunProgress progress = progress();
        progress.plan(64, 4);
        progress.plan(256, 12);
        progress.pass(64, 4, listener -> {
            now += 4_000_000_000L;
            return "";
        });
        progress.pass(256, 12, listener -> {
            now += 6_000_000_000L;
            listener.advanced(0.25);
            return "";
        });
        assertThat(told).containsExactly("0.0", "0.25 12.0", "0.25 12.0", "0.4375 18.0", "1.0 0.0");
    }

    @Test
    void aPassEndsWhereTheRunIsAskedToStop() {
        RunProgress progress = progress();
        progress.plan(64, 4);
        assertThatThrownBy(() -> progress.pass(64, 4, listener -> {
                    stop = true;
                    listener.advanced(0.5);
                    return "";
                }))
                .isInstanceOf(RunProgress.Stopped.class);
        assertThat(told).containsExactly("0.0");
    }

    private RunProgress progress() {
        return new RunProgress(
                (fraction, left) -> told.add(fraction + (left.isPresent() ? " " + left.getAsDouble() : "")),
                () -> stop,
                () -> now);
    }
}
