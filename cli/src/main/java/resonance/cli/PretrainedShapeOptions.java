package resonance.cli;

import picocli.CommandLine.Option;
import resonance.language.pretraining.PretrainedShape;

/** Options for the sizes of a model to be trained; the defaults are those of the model that ships. */
final class PretrainedShapeOptions {
    private static final PretrainedShape SHIPPED = PretrainedShape.DEFAULT;

    @Option(
            names = "--vocabulary",
            paramLabel = "N",
            description = "most tokens of the tokenizer (default: ${DEFAULT-VALUE})")
    private int vocabularySize = SHIPPED.vocabularySize();

    @Option(names = "--d-model", paramLabel = "N", description = "width of the model (default: ${DEFAULT-VALUE})")
    private int width = SHIPPED.width();

    @Option(names = "--layers", paramLabel = "N", description = "blocks (default: ${DEFAULT-VALUE})")
    private int layers = SHIPPED.layers();

    @Option(names = "--heads", paramLabel = "N", description = "query heads (default: ${DEFAULT-VALUE})")
    private int heads = SHIPPED.heads();

    @Option(
            names = "--key-value-heads",
            paramLabel = "N",
            description = "heads of keys and values (default: ${DEFAULT-VALUE})")
    private int keyValueHeads = SHIPPED.keyValueHeads();

    @Option(
            names = "--head-size",
            paramLabel = "N",
            description = "dimensions of a head, even (default: ${DEFAULT-VALUE})")
    private int headSize = SHIPPED.headSize();

    @Option(
            names = "--feed-forward",
            paramLabel = "N",
            description = "width of the feed-forward layers (default: ${DEFAULT-VALUE})")
    private int feedForwardWidth = SHIPPED.feedForwardWidth();

    @Option(
            names = "--trained-length",
            paramLabel = "L",
            description = "tokens of a training sequence (default: ${DEFAULT-VALUE})")
    private int trainedLength = SHIPPED.trainedLength();

    @Option(names = "--base", paramLabel = "B", description = "rotary base (default: 10000)")
    private double ropeBase = SHIPPED.ropeBase();

    /**
     * The sizes that these options ask for.
     *
     * @throws IllegalArgumentException if a value is out of range, in the library's words
     */
    PretrainedShape shape() {
        return new PretrainedShape(
                vocabularySize,
                width,
                layers,
                heads,
                keyValueHeads,
                headSize,
                feedForwardWidth,
                trainedLength,
                ropeBase);
    }
}
