package resonance.model.huggingface;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import resonance.decoder.Parameter;
import resonance.decoder.WeightSource;
import resonance.model.ChangedWeights;
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

    private final int headSize;

    private HuggingFaceWeights(SafetensorsFolder tensors, Map<Parameter, TensorSource> sources, int headSize) {
        this.tensors = tensors;
        this.sources = sources;
        this.headSize = headSize;
    }

    static HuggingFaceWeights open(SafetensorsFolder tensors, ModelDescription model) {
        int headSize = model.decoder().attention().headSize();
        HuggingFaceWeights weights = new HuggingFaceWeights(tensors, TensorSource.of(model), headSize);
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

    /** As they would be read from {@link #entries}. */
    WeightSource rewritten(ChangedWeights changed) {
        return changed.over(this, (parameter, elements) -> {
            TensorSource source = source(parameter);
            SafetensorsType type = tensors.tensor(source.tensor()).type();
            add(-source.added(), elements);
            type.decode(type.encode(elements, 0, elements.length), elements.length, elements, 0);
            add(source.added(), elements);
        });
    }

    /** Every tensor of the files that the model needs, in its type, those that did not change bit for bit as they are. */
    List<SafetensorsWriter.Entry> entries(ChangedWeights changed) {
        Map<String, TensorSource> byTensor = new HashMap<>();
        sources.values().forEach(source -> byTensor.put(source.tensor(), source));
        List<SafetensorsWriter.Entry> entries = new ArrayList<>();
        for (String name : tensors.names()) {
            TensorSource source = byTensor.get(name);
            if (source == null) {
                continue; // a table that follows from the configuration, or a head that is the embedding
            }
            SafetensorsTensor tensor = tensors.tensor(name);
            entries.add(new SafetensorsWriter.Entry(
                    name,
                    tensor.shape().stream().map(Math::toIntExact).toList(),
                    tensor.type(),
                    () -> changed.parameters().contains(source.parameter())
                            ? stored(source, changed.all(source.parameter()))
                            : all(tensor)));
        }
        return entries;
    }

    private float[] all(SafetensorsTensor tensor) {
        float[] values = new float[Math.toIntExact(tensor.elements())];
        tensors.read(tensor.name(), 0, values.length, values, 0);
        return values;
    }

    /** A parameter's values in the order and with the meaning that its tensor has. */
    private float[] stored(TensorSource source, float[] values) {
        add(-source.added(), values);
        if (source.pairedHeads() == 0) {
            return values;
        }
        int[] rows = PairLayout.HALF_SPLIT.sourceRows(PairLayout.INTERLEAVED, source.pairedHeads(), headSize, headSize);
        return PairLayout.reorderRows(values, source.parameter().columns(), rows);
    }

    private static void add(float summand, float[] values) {
        if (summand != 0) {
            for (int i = 0; i < values.length; i++) {
                values[i] += summand;
            }
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
