package resonance.spark;

import resonance.study.StudyRunner;

/** Makes {@link SparkRunner}s of a master as Spark writes it, such as {@code local[2]} or {@code spark://host:7077}. */
public final class SparkRunnerProvider implements StudyRunner.Provider {
    @Override
    public StudyRunner at(String master, int threads, boolean gpu) {
        SparkMaster named = SparkMaster.of(master, threads);
        if (gpu && named.local()) {
            throw new IllegalArgumentException(
                    "--spark must be a cluster with --device cuda, since Spark gives out GPUs of a"
                            + " cluster's workers only, was " + master + "; leave --spark out");
        }
        return new SparkRunner(named, threads, gpu);
    }
}
