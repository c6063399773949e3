package resonance.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import resonance.model.EncodingChoice;
import resonance.model.OwnEncoding;
import resonance.model.Placement;
import resonance.model.PlacementChoice;
import resonance.model.PositionSettings;
import resonance.rope.EncodingName;
import resonance.rope.NoScaling;
import resonance.rope.RopeEncodings;

/** What a model came with and what it has now, in one line for people. */
final class PlacementText {
    private PlacementText() {}

    /** The model's own: {@code had llama3 with factor 8 (8,192 -> 131,072 tokens)}. */
    static String had(String name, double factor, int trainedLength, int reach) {
        return String.format(
                Locale.ROOT, "had %s (%,d -> %,d tokens)", OwnEncoding.text(name, factor), trainedLength, reach);
    }

    /** What it has now: {@code has yarn with factor 4 on top of that (131,072 -> 524,288 tokens)}. */
    static String has(String encoding, double factor, Placement placement, int trainedLength, long length) {
        return String.format(
                Locale.ROOT,
                "has %s%s (%,d -> %,d tokens)",
                encoding.equals(EncodingChoice.MODEL) ? "the same" : OwnEncoding.text(encoding, factor),
                placement == Placement.ON_TOP ? " on top of that" : "",
                trainedLength,
                length);
    }

    /** Says where scalings go in a model that has one of its own; nothing where there is nothing to tell. */
    static void print(
            PositionSettings model,
            PlacementChoice placement,
            List<EncodingName> encodings,
            double factor,
            PrintWriter out) {
        OwnEncoding own = new OwnEncoding(model.rope());
        String names = encodings.stream()
                .filter(name -> name.remapMethod().isEmpty()
                        && !name.method().equals(NoScaling.METHOD)
                        && !name.method().equals(RopeEncodings.MODEL))
                .map(EncodingName::toString)
                .collect(Collectors.joining(", "));
        if (own.isPlain() || names.isEmpty()) {
            return;
        }
        int trained = placement.trainedLength(model);
        out.println("Model "
                + had(
                        own.rope().scaling().label(),
                        own.rope().scaling().factor(),
                        own.trainedLength(Placement.REPLACE),
                        own.reach())
                + ", " + has(names, factor, placement.placement(model), trained, (long) (trained * factor)));
    }
}
