package resonance.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import resonance.decoder.AttentionKind;
import resonance.experiment.ModelSize;
import resonance.rope.Refusal;

/** Options for the size of the model; what is left out is taken from a preset. */
final class ModelOptions {
    private static final String SOFTMAX = "softmax";
    private static final String LINEAR = "linear";

    @Option(names = "--d-model", paramLabel = "N", description = "width of the model")
    private @Nullable Integer width;

    @Option(names = "--layers", paramLabel = "N", description = "blocks")
    private @Nullable Integer layers;

    @Option(names = "--heads", paramLabel = "N", description = "attention heads")
    private @Nullable Integer heads;

    @Option(names = "--head-size", paramLabel = "N", description = "dimensions of a head, even")
    private @Nullable Integer headSize;

    @Option(names = "--feed-forward", paramLabel = "N", description = "width of the feed-forward layers")
    private @Nullable Integer feedForwardWidth;

    @Option(names = "--dropout", paramLabel = "P", description = "probability of dropping an element in training")
    private @Nullable Double dropout;

    @Option(
            names = "--attention",
            paramLabel = "NAME",
            description =
                    "softmax, or linear: positive features in its place, rotated in the numerator (default: softmax)")
    private String attention = SOFTMAX;

    @Option(
            names = "--sliding-window",
            paramLabel = "N",
            description = "tokens that a query sees in every layer, its own included (default: all before it)")
    private @Nullable Integer slidingWindow;

    /** The preset with these options in place of its values. */
    ModelSize over(ModelSize preset) {
        return new ModelSize(
                width != null ? width : preset.width(),
                layers != null ? layers : preset.layers(),
                heads != null ? heads : preset.heads(),
                headSize != null ? headSize : preset.headSize(),
                feedForwardWidth != null ? feedForwardWidth : preset.feedForwardWidth(),
                dropout != null ? dropout : preset.dropout(),
                attention(preset.attention()));
    }

    private AttentionKind attention(AttentionKind preset) {
        String kind = KnownName.find("attention", attention, List.of(SOFTMAX, LINEAR), name -> name);
        if (kind.equals(SOFTMAX)) {
            return slidingWindow != null ? new AttentionKind.SlidingWindow(slidingWindow) : preset;
        }
        if (slidingWindow != null) {
            throw Refusal.was("slidingWindow", "must go with {attention} softmax", slidingWindow)
                    .cure("leave one of the two out");
        }
        return AttentionKind.LINEAR;
    }
}
