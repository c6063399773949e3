package resonance.rope.huggingface;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import resonance.rope.NoScaling;
import resonance.rope.RopeFrequencies;
import resonance.rope.RopeShape;
import resonance.rope.huggingface.ModelClass.Head;
import resonance.rope.huggingface.ModelClass.Reading;

/**
 * Any frequencies in the place of a model's own, as the keys that its class reads: the block of
 * {@link ModelRopeWriter#portable}, and what the class reads beside it. Which pairs turn by which of several positions
 * ({@code mrope_section}), which part of a head rotates, and factors on attention logits stay as they are.
 *
 * @param place key of the object that holds the text model's settings, with dots if it lies deeper; empty for the top
 * @param keys to be put there
 */
public record PortableModel(String place, Map<String, Object> keys) {
    private static final String HEAD_DIM = "head_dim";
    private static final String SCALING = "rope_scaling";
    private static final String PARAMETERS = "rope_parameters";

    /** Attention in chunks with positions of its own: vLLM then leaves the scaling unread. */
    public static final String DUAL_CHUNKS = "dual_chunk_attention_config";

    /** Keys of a configuration that say how positions are encoded, in any version. */
    private static final List<String> POSITION_KEYS = List.of(
            SCALING,
            PARAMETERS,
            "rope_theta",
            "rope_local_base_freq",
            "partial_rotary_factor",
            RopeType.TRAINED_LENGTH,
            "max_position_embeddings",
            DUAL_CHUNKS);

    /** A class whose rotary code was read, and leaves the factor on cosine and sine out. */
    private static final String WITHOUT_MAGNITUDE = "llama4_text";

    /**
     * Writes an encoding for a model.
     *
     * @param config the whole configuration of the model
     * @param full frequencies of the layers that see the whole text, one per pair that rotates
     * @param maximumLength tokens the model shall read
     * @throws IllegalArgumentException if its class can't be told these frequencies, with the reason
     */
    public static PortableModel of(Map<String, ?> config, RopeFrequencies full, int maximumLength) {
        TextConfig text = TextConfig.of(config);
        ModelClass model = text.modelClass();
        requireReads(model, full);
        RopeReading reading = ModelRopeReader.read(config);
        ModelRope own = reading.full();
        Map<String, Object> keys = new LinkedHashMap<>();
        if (model.head() == Head.HEAD_DIM) {
            // Written even where it follows from other keys: Mistral's class in 4.57 and Mixtral's in 5.18 fail without
            // it.
            keys.put(HEAD_DIM, own.headDimension());
        }
        keys.putAll(ModelRopeWriter.portable(full, own.shape(), own.headDimension(), maximumLength));
        ConfigValues.nested(keys, SCALING).putAll(kept(text, own));
        switch (model.reading()) {
            case GLOBAL_LOCAL -> putLayers(keys, model, own, reading.sliding(), full, maximumLength);
            case NEOX -> putInNeoxsWords(keys, model);
            // Its class has a default of its own at the top level.
            case PHI3 -> keys.put(RopeType.TRAINED_LENGTH, own.shape().trainedLength());
            default -> {}
        }
        return new PortableModel(text.values().place(), keys);
    }

    private static void requireReads(ModelClass model, RopeFrequencies full) {
        String type = "model_type '" + model.modelType() + "'";
        if (model.ownCode()) {
            throw new IllegalArgumentException(
                    type + " must have a class of transformers to be given other frequencies,"
                            + " has code of its own, which reads no longrope");
        }
        if (model.reading() == Reading.TYPES) {
            throw new IllegalArgumentException(type + " must have one size of heads to be given other frequencies, has"
                    + " larger ones in layers that see the whole text, where vLLM reads none but proportional");
        }
        if (model.modelType().equals(WITHOUT_MAGNITUDE) && full.attentionScale() != 1) {
            throw new IllegalArgumentException("the factor on cosine and sine must be 1 for " + type
                    + ", whose class leaves it out, was " + full.attentionScale()
                    + "; take a scaling without one, or attention-factor 1");
        }
    }

    /** What the class reads from the same dictionary, other than the encoding. */
    private static Map<String, Object> kept(TextConfig text, ModelRope own) {
        ConfigValues scaling = text.values().object(SCALING);
        ConfigValues dictionary = scaling.isEmpty() ? text.values().object(PARAMETERS) : scaling;
        Map<String, Object> kept = new LinkedHashMap<>();
        for (String key : List.of("mrope_section", "mrope_interleaved", "llama_4_scaling_beta")) {
            Object value = dictionary.values().get(key);
            if (value != null && text.modelClass().extraKeys().contains(key)) {
                kept.put(key, value);
            }
        }
        boolean scaledLogits = text.modelClass().head().latent() && dictionary.has("mscale_all_dim");
        if (scaledLogits) {
            // These classes multiply attention logits by a factor of both keys, whatever the type.
            kept.put("mscale_all_dim", dictionary.requiredNumber("mscale_all_dim"));
            kept.put("factor", own.scaling().factor());
        }
        return kept;
    }

    /** Version 5 wants a dictionary a layer type; version 4 reads the flat block. */
    private static void putLayers(
            Map<String, Object> keys,
            ModelClass model,
            ModelRope own,
            ModelRope local,
            RopeFrequencies full,
            int maximumLength) {
        Map<String, Object> global =
                ModelRopeWriter.portableLayer(full, own.shape(), own.headDimension(), maximumLength);
        Map<String, Object> layers = new LinkedHashMap<>();
        layers.put("full_attention", global);
        layers.put("sliding_attention", unscaled(local));
        keys.put(PARAMETERS, layers);
        if (model.localBase().isPresent() && model.localBase().getAsDouble() != model.base()) {
            keys.put("rope_local_base_freq", local.shape().base());
        }
        Map<String, Object> flat = new LinkedHashMap<>(global);
        flat.remove("rope_theta");
        keys.put(SCALING, flat);
    }

    /** As the model has it: version 4 knows no other than an unscaled one, and no model has another. */
    private static Map<String, Object> unscaled(ModelRope rope) {
        RopeShape shape = rope.shape();
        if (rope.scaling().dependsOnSequenceLength()
                || !rope.frequencies(1).equals(new NoScaling().frequencies(shape))) {
            throw new IllegalArgumentException("sliding_attention must be unscaled, was " + rope.scaling()
                    + "; no engine was found that serves another");
        }
        Map<String, Object> layer = new LinkedHashMap<>();
        layer.put("rope_type", "default");
        layer.put("rope_theta", shape.base());
        return layer;
    }

    private static void putInNeoxsWords(Map<String, Object> keys, ModelClass model) {
        Object base = keys.remove("rope_theta");
        Object part = keys.remove("partial_rotary_factor");
        keys.put("rotary_emb_base", base);
        keys.put(model.partKey(), part == null ? (Object) 1.0 : part);
    }

    /**
     * A configuration with these keys in the place of all that it says of positions.
     *
     * @param config the whole configuration that this was made for
     */
    public Map<String, Object> in(Map<String, ?> config) {
        Map<String, Object> whole = new LinkedHashMap<>(config);
        Map<String, Object> target = whole;
        if (!place.isEmpty()) {
            for (String key : place.split("\\.", -1)) {
                // A class whose text part stands inside reads none of them here; some have no such attribute and fail.
                POSITION_KEYS.forEach(target::remove);
                Map<String, Object> copy = new LinkedHashMap<>(
                        new ConfigValues("", target).object(key).values());
                target.put(key, copy);
                target = copy;
            }
        }
        POSITION_KEYS.forEach(target::remove);
        target.putAll(keys);
        return whole;
    }
}
