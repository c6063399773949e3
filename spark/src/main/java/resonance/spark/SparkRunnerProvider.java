package resonance.spark;

import resonance.study.StudyRunner;

/** Makes {@link SparkRunner}s of a master as Spark writes it, such as {@code local[2]} or {@code spark://host:7077}. */
public final class SparkRunnerProvider implements StudyRunner.Provider {
    @Override
    public StudyRunner at(String master, int threads) {
        return new SparkRunner(SparkMaster.of(master, threads), threads);
    }
}
