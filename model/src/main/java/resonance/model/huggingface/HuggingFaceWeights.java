package resonance.model.huggingface;

import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import resonance.decoder.Parameter;
import resonance.decoder.WeightSource;
import resonance.model.ModelDescription;
import resonance.model.ModelFormatException;
import resonance.rope.PairLayout;

/** The parameters of a Hugging Face model, checked when opened to be all there, of the right shape, and no others. */
final class HuggingFaceWeights implements WeightSource {
    /** Tables that old versions of transformers stored with the weights, though they follow from the configuration. */
    private static final Pattern STORED_TABLE = Pattern.compile(".*rotary_emb\\.inv_freq");

    private static final String HEAD = "lm_head.weight";
    private static final String EMBEDDING = "model.embed_tokens.weight";
    private static final int COMPARED_AT_ONCE = 1 << 16;

    private final SafetensorsFolder tensors;
    private final Map<Parameter, TensorSource> sources;
    private final Map<Integer, int[]> sourceRows = new LinkedHashMap<>();

    private HuggingFaceWeights(SafetensorsFolder tensors, Map<Parameter, TensorSource> sources) {
        this.tensors = tensors;
        this.sources = sources;
    }

    static HuggingFaceWeights open(SafetensorsFolder tensors, ModelDescription model) {
        HuggingFaceWeights weights = new HuggingFaceWeights(tensors, TensorSource.of(model));
        Set<String> unused = new HashSet<>(tensors.names());
        for (TensorSource source : weights.sources.values()) {
            weights.requireShape(source);
            unused.remove(source.tensor());
        }
        unused.removeIf(name -> STORED_TABLE.matcher(name).matches());
        if (model.decoder().embedding().tied() && unused.remove(HEAD)) {
            weights.requireSameAsEmbedding();
        }
        if (!unused.isEmpty()) {
            String first = unused.stream().sorted().findFirst().orElseThrow();
            throw new ModelFormatException(
                    tensors.fileName(first) + ": tensor '" + first + "' is unknown for a model of " + "architecture "
                            + model.architecture().label() + " with this configuration");
        }
        int headSize = model.decoder().attention().headSize();
        for (TensorSource source : weights.sources.values()) {
            if (source.pairedHeads() > 0) {
                weights.sourceRows.computeIfAbsent(
                        source.pairedHeads(),
                        heads -> PairLayout.INTERLEAVED.sourceRows(PairLayout.HALF_SPLIT, heads, headSize, headSize));
            }
        }
        return weights;
    }

    private void requireShape(TensorSource source) {
        if (!tensors.names().contains(source.tensor())) {
            throw new ModelFormatException(
                    tensors.fileName() + ": tensor '" + source.tensor() + "' must be given, was absent");
        }
        SafetensorsTensor tensor = tensors.tensor(source.tensor());
        if (!tensor.shape().equals(source.parameter().shape())) {
            throw new ModelFormatException(
                    tensors.fileName(source.tensor()) + ": tensor '" + source.tensor() + "' must have shape "
                            + source.parameter().shape() + " as the configuration says, had " + tensor.shape());
        }
    }

    /** A head beside a tied embedding: versions of transformers differ on which counts, unless they are the same. */
    private void requireSameAsEmbedding() {
        SafetensorsTensor embedding = tensors.tensor(EMBEDDING);
        boolean same = tensors.tensor(HEAD).shape().equals(embedding.shape());
        float[] head = new float[COMPARED_AT_ONCE];
        float[] row = new float[COMPARED_AT_ONCE];
        for (long from = 0; same && from < embedding.elements(); from += COMPARED_AT_ONCE) {
            int count = (int) Math.min(COMPARED_AT_ONCE, embedding.elements() - from);
            tensors.read(HEAD, from, count, head, 0);
            tensors.read(EMBEDDING, from, count, row, 0);
            same = Arrays.equals(head, 0, count, row, 0, count);
        }
        if (!same) {
            throw new ModelFormatException(tensors.fileName(HEAD) + ": tensor '" + HEAD + "' must equal '" + EMBEDDING
                    + "' where tie_word_embeddings is true, differed; set tie_word_embeddings to false in config.json"
                    + " if the model has a head of its own");
        }
    }

    @Override
    public void read(Parameter parameter, long firstElement, int count, float[] target, int offset) {
        TensorSource source = source(parameter);
        if (source.pairedHeads() == 0) {
            tensors.read(source.tensor(), firstElement, count, target, offset);
        } else {
            readPaired(source, firstElement, count, target, offset);
        }
        if (source.added() != 0) {
            for (int i = offset; i < offset + count; i++) {
                target[i] += source.added();
            }
        }
    }

    private void readPaired(TensorSource source, long firstElement, int count, float[] target, int offset) {
        int columns = source.parameter().columns();
        if (firstElement % columns != 0 || count % columns != 0) {
            throw new IllegalArgumentException(
                    "elements must be whole rows of " + columns + ", were " + count + " from " + firstElement);
        }
        int[] order = Objects.requireNonNull(sourceRows.get(source.pairedHeads()));
        int firstRow = (int) (firstElement / columns);
        for (int row = 0; row < count / columns; row++) {
            tensors.read(
                    source.tensor(), (long) order[firstRow + row] * columns, columns, target, offset + row * columns);
        }
    }

    private TensorSource source(Parameter parameter) {
        TensorSource source = sources.get(parameter);
        if (source == null) {
            throw new IllegalArgumentException("parameter must be one of the model's, was " + parameter);
        }
        return source;
    }
}
