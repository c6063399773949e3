package resonance.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import resonance.model.EncodingChoice;
import resonance.model.Model;
import resonance.model.ModelDescription;
import resonance.rope.RopeShape;

/**
 * The features of a model's layers as {@code resonance rope MODEL} prints them; the components are the keys of its JSON
 * document.
 *
 * @param model name of the model
 * @param path its folder or file
 * @param architecture its family
 * @param layers one entry a kind of layers; a single one where all have the same encoding
 */
record ModelFeatures(String model, String path, String architecture, List<Layers> layers) {

    /**
     * Layers of one encoding.
     *
     * @param kind all, full (layers that see the whole text) or sliding (layers with a window)
     * @param count number of these layers
     * @param window tokens that they see at most; 0 for the whole text
     * @param encoding model, for the model's own, or the name of what is in its place
     * @param table their features; the target length is at most the window, if that is above the trained length
     */
    record Layers(String kind, int count, int window, String encoding, FeatureTable table) {
        private static Layers of(
                String kind,
                int count,
                int window,
                String encoding,
                boolean resonance,
                RopeShape shape,
                long target,
                ShownEncoding shown) {
            long seen = window > 0 ? Math.max(shape.trainedLength(), Math.min(window, target)) : target;
            return new Layers(kind, count, window, encoding, FeatureTable.of(shown, resonance, shape, seen));
        }

        private String title() {
            String which = switch (kind) {
                case "full" -> "Layers that see the whole text";
                case "sliding" -> "Layers with a sliding window of " + window;
                default -> "All layers" + (window > 0 ? ", with a sliding window of " + window : "");
            };
            return which + " (" + count + "): "
                    + (encoding.equals(EncodingChoice.MODEL) ? "the model's own encoding" : encoding);
        }
    }

    /**
     * Analyses a model.
     *
     * @param choice the encoding in the place of the model's own
     * @param targetLength tokens, at least the trained length
     * @param sequenceLength tokens, for encodings that depend on the length
     * @throws IllegalArgumentException if the encoding does not fit the model, or a length is out of range
     */
    static ModelFeatures of(Model model, EncodingChoice choice, long targetLength, long sequenceLength) {
        ModelDescription read = model.description();
        int window = read.decoder().windows().stream().reduce(0, Math::max);
        int sliding =
                (int) read.decoder().windows().stream().filter(size -> size > 0).count();
        int full = read.decoder().layers() - sliding;
        RopeShape shape = read.rope().shape().withSequenceLength(sequenceLength);
        ShownEncoding shown = EncodingChoice.isModels(choice.encoding())
                ? ShownEncoding.own(read.rope().scaling())
                : ShownEncoding.named(choice.encoding().method(), choice.settings());
        boolean resonance = choice.encoding().resonance();
        List<Layers> layers = new ArrayList<>();
        if (read.slidingRope().equals(read.rope())) {
            int common = full == 0 ? window : 0;
            layers.add(Layers.of(
                    "all", read.decoder().layers(), common, choice.name(), resonance, shape, targetLength, shown));
        } else {
            if (full > 0) {
                layers.add(Layers.of("full", full, 0, choice.name(), resonance, shape, targetLength, shown));
            }
            if (sliding > 0) {
                RopeShape own = read.slidingRope().shape().withSequenceLength(sequenceLength);
                ShownEncoding unchanged = ShownEncoding.own(read.slidingRope().scaling());
                layers.add(Layers.of(
                        "sliding", sliding, window, EncodingChoice.MODEL, false, own, targetLength, unchanged));
            }
        }
        return new ModelFeatures(
                read.name(), model.path().toString(), read.architecture().label(), List.copyOf(layers));
    }

    /** Prints the tables for people. */
    void print(PrintWriter out) {
        out.printf(Locale.ROOT, "%s (%s), %s%n", model, architecture, path);
        for (Layers kind : layers) {
            out.printf(Locale.ROOT, "%n%s%n", kind.title());
            kind.table().print(out);
        }
    }
}
