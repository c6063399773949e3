package resonance.decoder;

import java.util.Collections;
import java.util.List;

/** Which positions a query of a layer sees. */
public sealed interface AttentionKind {
    /** Every position up to its own. */
    AttentionKind FULL = new Full();

    /** Every position up to the query's own. */
    record Full() implements AttentionKind {
        @Override
        public int window() {
            return 0;
        }
    }

    /**
     * The query's own position and those right before it.
     *
     * @param window how many positions together, at least 1
     */
    record SlidingWindow(int window) implements AttentionKind {
        public SlidingWindow {
            SizeRules.requireAtLeast("window", window, 1);
        }
    }

    /** How many positions a query sees, its own included; 0 for all. */
    int window();

    /** The kind with this {@link #window}. */
    static AttentionKind ofWindow(int window) {
        return window == 0 ? FULL : new SlidingWindow(window);
    }

    /** Layers with these windows, first to last. */
    static List<AttentionKind> ofWindows(List<Integer> windows) {
        return windows.stream().map(AttentionKind::ofWindow).toList();
    }

    /** So many layers that see everything. */
    static List<AttentionKind> full(int layers) {
        int most = 10_000;
        SizeRules.requireAtLeast("layers", layers, 1);
        SizeRules.require(layers <= most, "layers", "at most " + most, layers);
        return Collections.nCopies(layers, FULL);
    }
}
