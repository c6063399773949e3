package resonance.cli;

/**
 * An estimate of a time.
 *
 * @param seconds that work takes in this process
 * @param by what it rests on
 */
record TimeLeft(double seconds, TimeSource by) {
    /** Both, one after the other; the sum is no surer than the less sure of them. */
    TimeLeft plus(TimeLeft other) {
        return new TimeLeft(seconds + other.seconds, by.compareTo(other.by) < 0 ? other.by : by);
    }

    /** In words. */
    String text() {
        return by.left(seconds);
    }
}
