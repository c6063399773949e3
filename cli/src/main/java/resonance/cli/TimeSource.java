package resonance.cli;

/** What an estimate of the time that work takes rests on, the surest first. */
enum TimeSource {
    /** Cells of the same kind in the same study. */
    FINISHED("finished-cells"),
    /** Work of the same kind with a decoder of the same size, earlier on this machine. */
    EARLIER("earlier-runs"),
    /** Products of the decoder's size, measured on this machine; held four of seven times (docs/studies.md). */
    PRODUCTS("products");

    private static final double UNSURE = 2;

    private final String label;

    TimeSource(String label) {
        this.label = label;
    }

    /** The name in JSON. */
    String label() {
        return label;
    }

    /** A time that rests on this, in words. */
    String left(double seconds) {
        return switch (this) {
            case FINISHED -> "about " + ProgressLine.time(seconds) + " left, by the times of finished cells";
            case EARLIER -> "about " + ProgressLine.time(seconds) + " left, by earlier runs on this machine";
            case PRODUCTS ->
                "roughly " + ProgressLine.time(seconds / UNSURE) + " to " + ProgressLine.time(seconds * UNSURE)
                        + " left, by the speed of this machine's products";
        };
    }
}
