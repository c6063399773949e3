package resonance.study;

/**
 * A study that is ready to run, with what it needs for that.
 *
 * @param study the study
 * @param maker with what, where and when this process makes cells of it
 * @param release frees what the study holds, such as a model
 */
public record OpenedStudy<K, R>(Study<K, R> study, Provenance maker, Runnable release) implements AutoCloseable {
    /** Frees what the study holds. */
    @Override
    public void close() {
        release.run();
    }
}
