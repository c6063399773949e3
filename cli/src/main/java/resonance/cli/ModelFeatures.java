package resonance.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import resonance.model.EncodedLayers;
import resonance.model.EncodingChoice;
import resonance.model.ModelPositions;
import resonance.model.PositionSettings;
import resonance.rope.Rounding;

/**
 * The features of a model's layers as {@code resonance rope MODEL} prints them; the components are the keys of its JSON
 * document.
 *
 * @param model name of the model
 * @param path its folder or file
 * @param architecture what its files call the kind of model
 * @param layers one entry a kind of layers; a single one where all have the same encoding
 * @param memory what it takes, at the trained length and the target length
 */
record ModelFeatures(String model, String path, String architecture, List<Layers> layers, MemoryNeed memory) {

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
        private static Layers of(EncodedLayers layers, Rounding said) {
            return new Layers(
                    layers.kind().name().toLowerCase(Locale.ROOT),
                    layers.count(),
                    layers.window(),
                    layers.encoding().name(),
                    FeatureTable.of(
                            ShownEncoding.of(layers),
                            layers.encoding().encoding().rounding(),
                            EncodingChoice.isModels(layers.encoding().encoding()) ? said : Rounding.NONE,
                            layers.shape(),
                            layers.targetLength()));
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
    static ModelFeatures of(ModelPositions model, EncodingChoice choice, long targetLength, long sequenceLength) {
        PositionSettings read = model.positions();
        List<Layers> layers = choice.layers(read, targetLength, sequenceLength).stream()
                .map(one -> Layers.of(one, model.saidRounding()))
                .toList();
        MemoryNeed memory = MemoryNeed.of(model, List.of((long) choice.trainedLength(read), targetLength));
        return new ModelFeatures(model.name(), model.path().toString(), read.modelType(), layers, memory);
    }

    /** Prints the tables for people. */
    void print(PrintWriter out) {
        out.printf(Locale.ROOT, "%s (%s), %s%n", model, architecture, path);
        for (Layers kind : layers) {
            out.printf(Locale.ROOT, "%n%s%n", kind.title());
            kind.table().print(out);
        }
        memory.print(out);
    }
}
