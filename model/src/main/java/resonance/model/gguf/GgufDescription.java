package resonance.model.gguf;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import resonance.decoder.AttentionKind;
import resonance.decoder.AttentionShape;
import resonance.decoder.DecoderConfig;
import resonance.decoder.EmbeddingSettings;
import resonance.decoder.FeedForwardShape;
import resonance.decoder.NormSettings;
import resonance.model.ModelDescription;
import resonance.model.ModelFormatException;
import resonance.model.PositionSettings;
import resonance.rope.gguf.GgufPositions;
import resonance.rope.huggingface.ModelRope;

/** Reads a {@link ModelDescription} from a file's keys, as llama.cpp reads them. */
final class GgufDescription {
    private static final int MOST_LAYERS = 512;

    /** Above any width, length of a feed-forward or number of heads that exists, and whose squares fit into a long. */
    private static final int LARGEST_SIZE = 1 << 24;

    private static final int GEMMA3_WINDOW_PERIOD = 6;

    /** Gemma 3 27B alone scales by its width: llama.cpp tells it by its layers. */
    private static final int GEMMA3_27B_LAYERS = 62;

    private final GgufFile file;
    private final GgufMetadata metadata;
    private final GgufArchitecture architecture;
    private final String prefix;

    private GgufDescription(GgufFile file, GgufArchitecture architecture) {
        this.file = file;
        this.metadata = file.metadata();
        this.architecture = architecture;
        this.prefix = architecture.prefix();
    }

    /**
     * Reads the description of a file whose architecture is known.
     *
     * @param consumed receives the names of tensors that were read
     */
    static ModelDescription read(GgufFile file, GgufArchitecture architecture, Set<String> consumed) {
        return new GgufDescription(file, architecture).read(consumed);
    }

    private ModelDescription read(Set<String> consumed) {
        refuseParts();
        refuseExtras();
        int width = size("embedding_length");
        int layers = layers();
        int heads = perLayer("attention.head_count", layers)
                .orElseThrow(() -> metadata.absent(prefix + "attention.head_count"));
        int keyValueHeads = perLayer("attention.head_count_kv", layers).orElse(heads);
        if (heads % keyValueHeads != 0) {
            throw metadata.refusal(
                    prefix + "attention.head_count_kv",
                    "must divide head_count (" + heads + ")",
                    Integer.toString(keyValueHeads));
        }
        int headSize = headSize(width, heads);
        GgufPositions positions = GgufRope.read(file, architecture, headSize, consumed);
        DecoderConfig decoder = new DecoderConfig(
                vocabularySize(),
                width,
                AttentionKind.ofWindows(slidingWindows(layers)),
                new AttentionShape(
                        heads,
                        keyValueHeads,
                        headSize,
                        file.tensor("blk.0.attn_q.bias").isPresent(),
                        attentionLogitScale(width, layers, heads, headSize)),
                new FeedForwardShape(
                        architecture.feedForward(),
                        perLayer("feed_forward_length", layers)
                                .orElseThrow(() -> metadata.absent(prefix + "feed_forward_length"))),
                new NormSettings(normEpsilon(), architecture.queryKeyNorm(), architecture.postNorms()),
                new EmbeddingSettings(
                        file.tensor("output.weight").isEmpty(),
                        architecture.scalesEmbedding() ? (float) Math.sqrt(width) : 1,
                        1),
                0);
        PositionSettings settings = new PositionSettings(
                architecture.architecture().label(),
                rope(positions.full()),
                rope(positions.sliding()),
                decoder.windows(),
                0);
        return new ModelDescription(architecture.architecture(), name(), decoder, settings);
    }

    /** All of a head rotates. */
    private static ModelRope rope(GgufPositions.Encoding encoding) {
        return new ModelRope(
                encoding.shape(), encoding.scaling(), encoding.shape().headSize(), encoding.contextLength());
    }

    private String name() {
        String name = ModelDescription.printable(
                metadata.optionalString("general.name").orElse(""));
        return name.isEmpty() ? String.valueOf(file.path().getFileName()) : name;
    }

    private void refuseParts() {
        int parts = metadata.optionalInt("split.count").orElse(1);
        if (parts > 1) {
            throw metadata.refusal(
                    "split.count",
                    "must be 1",
                    parts + ": this is one part of a model; join the parts with llama-gguf-split --merge");
        }
        String kind = metadata.optionalString("general.type").orElse("model");
        if (!kind.equals("model")) {
            throw metadata.refusal("general.type", "must be 'model'", GgufCursor.shown(kind));
        }
    }

    /** Parts of a computation that no architecture here has, although llama.cpp has them. */
    private void refuseExtras() {
        int experts = metadata.optionalInt(prefix + "expert_count").orElse(0);
        if (experts != 0) {
            throw metadata.refusal(
                    prefix + "expert_count", "must be 0: mixtures of experts are not read", Integer.toString(experts));
        }
        double cap = metadata.optionalNumber(prefix + "final_logit_softcapping").orElse(0.0);
        if (architecture.hasWindows() && cap != 0) {
            throw metadata.refusal(
                    prefix + "final_logit_softcapping", "must be 0: capped logits are not read", Double.toString(cap));
        }
    }

    private int layers() {
        String key = prefix + "block_count";
        int layers = metadata.requireInt(key);
        if (layers < 1 || layers > MOST_LAYERS) {
            throw metadata.refusal(key, "must be from 1 to " + MOST_LAYERS, Integer.toString(layers));
        }
        return layers;
    }

    private int size(String name) {
        return inRange(prefix + name, metadata.requireInt(prefix + name));
    }

    private int inRange(String key, int size) {
        if (size < 1 || size > LARGEST_SIZE) {
            throw metadata.refusal(key, "must be from 1 to " + LARGEST_SIZE, Integer.toString(size));
        }
        return size;
    }

    /** A number that may be given for every layer, but must be the same in all. */
    private Optional<Integer> perLayer(String name, int layers) {
        String key = prefix + name;
        if (metadata.type(key).filter(type -> type == GgufValueType.ARRAY).isEmpty()) {
            return metadata.has(key) ? Optional.of(size(name)) : Optional.empty();
        }
        int[] values = metadata.ints(key).orElseThrow(() -> metadata.absent(key));
        if (values.length != layers) {
            throw metadata.refusal(key, "must have one value a layer (" + layers + ")", values.length + " values");
        }
        for (int value : values) {
            if (value != values[0]) {
                throw metadata.refusal(key, "must be the same in every layer", values[0] + " and " + value);
            }
        }
        return Optional.of(inRange(key, values[0]));
    }

    /** Queries, keys and values have heads of one size here, all of which rotates. */
    private int headSize(int width, int heads) {
        if (heads > width) {
            throw metadata.refusal(
                    prefix + "attention.head_count",
                    "must be at most embedding_length (" + width + ")",
                    Integer.toString(heads));
        }
        int common = width / heads;
        int headSize = inRange(
                prefix + "attention.key_length",
                metadata.optionalInt(prefix + "attention.key_length").orElse(common));
        if (headSize % 2 != 0) {
            throw metadata.refusal(prefix + "attention.key_length", "must be even", Integer.toString(headSize));
        }
        requireHeadSize("attention.value_length", common, headSize);
        requireHeadSize("rope.dimension_count", headSize, headSize);
        if (architecture.hasWindows()) {
            requireHeadSize("attention.key_length_swa", headSize, headSize);
            requireHeadSize("attention.value_length_swa", headSize, headSize);
            requireHeadSize("rope.dimension_count_swa", headSize, headSize);
        }
        return headSize;
    }

    private void requireHeadSize(String name, int fallback, int headSize) {
        int size = metadata.optionalInt(prefix + name).orElse(fallback);
        if (size != headSize) {
            throw metadata.refusal(
                    prefix + name, "must be attention.key_length (" + headSize + ")", Integer.toString(size));
        }
    }

    private int vocabularySize() {
        GgufTensor embedding = file.tensor(GgufParameters.EMBEDDING)
                .orElseThrow(() -> new ModelFormatException(
                        file.path() + ": tensor '" + GgufParameters.EMBEDDING + "' must be there, was absent"));
        long rows = embedding.elements() / embedding.rowLength();
        if (rows > LARGEST_SIZE) {
            throw new ModelFormatException(file.path() + ": tensor '" + GgufParameters.EMBEDDING
                    + "' must have at most " + LARGEST_SIZE + " rows, was " + rows);
        }
        int tokens = metadata.count("tokenizer.ggml.tokens").orElse((int) rows);
        if (tokens != rows) {
            throw metadata.refusal(
                    "tokenizer.ggml.tokens",
                    "must have as many tokens as " + GgufParameters.EMBEDDING + " has rows (" + rows + ")",
                    Integer.toString(tokens));
        }
        return tokens;
    }

    /** 0 is let through, as llama.cpp does (its norms assert that it is at least 0): rows of zeros then become no number. */
    private double normEpsilon() {
        String key = prefix + "attention.layer_norm_rms_epsilon";
        double epsilon = metadata.requireNumber(key);
        if (epsilon < 0) {
            throw metadata.refusal(key, "must be at least 0", Double.toString(epsilon));
        }
        return epsilon;
    }

    private double attentionLogitScale(int width, int layers, int heads, int headSize) {
        boolean byWidth = architecture == GgufArchitecture.GEMMA3 && layers == GEMMA3_27B_LAYERS;
        return 1 / Math.sqrt(byWidth ? width / heads : headSize);
    }

    private List<Integer> slidingWindows(int layers) {
        if (!architecture.hasWindows()) {
            return Collections.nCopies(layers, 0);
        }
        int window = size("attention.sliding_window");
        boolean[] windowed = windowed(layers);
        List<Integer> windows = new ArrayList<>();
        for (boolean local : windowed) {
            windows.add(local ? window : 0);
        }
        return windows;
    }

    private boolean[] windowed(int layers) {
        String key = prefix + "attention.sliding_window_pattern";
        if (metadata.type(key).filter(type -> type == GgufValueType.ARRAY).isPresent()) {
            boolean[] windowed = metadata.truths(key).orElseThrow(() -> metadata.absent(key));
            if (windowed.length != layers) {
                throw metadata.refusal(
                        key, "must have one value a layer (" + layers + ")", windowed.length + " values");
            }
            return windowed;
        }
        int period = metadata.optionalInt(key).orElse(GEMMA3_WINDOW_PERIOD);
        if (period < 0) {
            throw metadata.refusal(key, "must be at least 0", Integer.toString(period));
        }
        boolean[] windowed = new boolean[layers];
        for (int layer = 0; layer < layers; layer++) {
            windowed[layer] = period == 0 || layer % period < period - 1;
        }
        return windowed;
    }
}
