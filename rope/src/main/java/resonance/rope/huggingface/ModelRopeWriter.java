package resonance.rope.huggingface;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import resonance.rope.ChangedBase;
import resonance.rope.DynamicNtkScaling;
import resonance.rope.LinearScaling;
import resonance.rope.Llama3Scaling;
import resonance.rope.LongRopeScaling;
import resonance.rope.NoScaling;
import resonance.rope.ProportionalScaling;
import resonance.rope.RopeFrequencies;
import resonance.rope.RopeScaling;
import resonance.rope.RopeShape;
import resonance.rope.YarnScaling;

/**
 * Writes the keys of a configuration that concern positions; put them into a model's configuration, replacing those
 * of the same name.
 *
 * <p>Whatever is written reads back to the same frequencies with {@link ModelRopeReader} and the same version.
 * Numbers that transformers wants as floats are written as {@code Double}.
 */
public final class ModelRopeWriter {
    /** Divisor written for a pair that does not rotate: within float, and far beyond any context. */
    public static final double NO_ROTATION = 1e30;

    private ModelRopeWriter() {}

    /**
     * A model's encoding under its own {@code rope_type}.
     *
     * <p>A {@linkplain ChangedBase change of base} is written as that base, unscaled. Version 4's longrope also gets its
     * trained length at the top level, where alone that version looks, if its two lists differ.
     *
     * @throws IllegalArgumentException if that version has no {@code rope_type} for the scaling: write its
     *     frequencies with {@link #portable}
     */
    public static Map<String, Object> write(ModelRope rope, TransformersVersion version) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("max_position_embeddings", rope.maximumLength());
        Map<String, Object> dictionary = dictionary(rope, version);
        if (version == TransformersVersion.V5) {
            config.put("rope_parameters", dictionary);
            return config;
        }
        putBase(rope, config);
        if (rope.scaling() instanceof LongRopeScaling longRope && longRope.dependsOnSequenceLength()) {
            config.put(RopeType.TRAINED_LENGTH, rope.shape().trainedLength());
        }
        if (typeOf(rope, version) != RopeType.DEFAULT) {
            config.put("rope_scaling", dictionary);
        }
        return config;
    }

    /**
     * Encodings of a model whose layer types differ, as Gemma 3 has them.
     *
     * <p>Version 5: one dictionary per layer type in {@code rope_parameters}. Version 4: {@code full_attention} as
     * {@link #write} gives it, and the base of an unscaled {@code sliding_attention} as {@code rope_local_base_freq}.
     *
     * @throws IllegalArgumentException if the layers' maximum lengths differ, or that version can't express them, or
     *     fails on them (a longrope that was trained shorter than the maximum, in version 5)
     */
    public static Map<String, Object> writeLayers(Map<String, ModelRope> layers, TransformersVersion version) {
        List<Integer> lengths = layers.values().stream()
                .map(ModelRope::maximumLength)
                .distinct()
                .toList();
        if (lengths.size() != 1) {
            throw new IllegalArgumentException("layers must have one maximumLength, had " + lengths);
        }
        if (version == TransformersVersion.V5) {
            Map<String, Object> dictionaries = new LinkedHashMap<>();
            layers.forEach((layerType, rope) -> dictionaries.put(layerType, nestedDictionary(layerType, rope)));
            Map<String, Object> config = new LinkedHashMap<>();
            config.put("max_position_embeddings", lengths.get(0));
            config.put("rope_parameters", dictionaries);
            return config;
        }
        ModelRope global = layers.get("full_attention");
        ModelRope local = layers.get("sliding_attention");
        if (layers.size() != 2 || global == null || local == null || !(local.scaling() instanceof NoScaling)) {
            throw new IllegalArgumentException("layers must be full_attention and an unscaled sliding_attention for"
                    + " transformers 4, were " + layers.keySet() + "; write them for version 5");
        }
        Map<String, Object> config = write(global, version);
        config.put("rope_local_base_freq", local.shape().base());
        return config;
    }

    /**
     * Any frequencies as the {@code longrope} block that transformers 4.57, transformers 5.18 and vLLM read alike.
     *
     * <p>The divisor of pair j is {@code base^(-2j/d)} over its frequency, computed in double, the same in both
     * lists, so that no switch happens with length; a pair that does not rotate gets 10^30. The attention scale
     * stands under the names of transformers and of vLLM. The trained length stands only inside the dictionary: at
     * the top level vLLM would take it for the model's limit. Reading back gives each frequency to within float's
     * rounding in transformers, exactly or within 2 units of double's last place here.
     *
     * @param frequencies one per pair of {@code shape}
     * @param shape base, trained length and rotary size of the model
     * @param headDimension dimensions of a head, rotating or not
     * @param maximumLength tokens the model shall read
     */
    public static Map<String, Object> portable(
            RopeFrequencies frequencies, RopeShape shape, int headDimension, int maximumLength) {
        double factor = Math.max(1, maximumLength / (double) shape.trainedLength());
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("max_position_embeddings", maximumLength);
        putBase(new ModelRope(shape, new NoScaling(), headDimension, maximumLength), config);
        config.put("rope_scaling", longRope(frequencies, shape, factor, shape.trainedLength()));
        return config;
    }

    /**
     * The same for one layer type inside version 5's {@code rope_parameters}, base included.
     *
     * <p>Here the trained length is written as the maximum length and the factor as 1: transformers 5.18 otherwise
     * fails on the second text longer than the trained length.
     */
    public static Map<String, Object> portableLayer(
            RopeFrequencies frequencies, RopeShape shape, int headDimension, int maximumLength) {
        Map<String, Object> dictionary = longRope(frequencies, shape, 1, maximumLength);
        putBase(new ModelRope(shape, new NoScaling(), headDimension, maximumLength), dictionary);
        return dictionary;
    }

    /**
     * What the unscaled frequency of every pair is to be divided by: {@code base^(-2j/d)} over its frequency, computed in
     * double; {@link #NO_ROTATION} for a pair that does not rotate.
     */
    public static List<Double> divisors(RopeFrequencies frequencies, RopeShape shape) {
        if (frequencies.pairs() != shape.pairs()) {
            throw new IllegalArgumentException("frequencies must have one value per pair of shape (" + shape.pairs()
                    + "), had " + frequencies.pairs());
        }
        List<Double> divisors = new ArrayList<>();
        for (int pair = 0; pair < shape.pairs(); pair++) {
            double radians = frequencies.radiansPerToken(pair);
            divisors.add(radians == 0 ? NO_ROTATION : shape.radiansPerToken(pair) / radians);
        }
        return List.copyOf(divisors);
    }

    private static Map<String, Object> longRope(
            RopeFrequencies frequencies, RopeShape shape, double factor, int trainedLength) {
        List<Double> divisors = divisors(frequencies, shape);
        double scale = frequencies.attentionScale();
        Map<String, Object> dictionary = new LinkedHashMap<>();
        dictionary.put("rope_type", RopeType.LONGROPE.label());
        dictionary.put("short_factor", divisors);
        dictionary.put("long_factor", divisors);
        dictionary.put("factor", factor);
        dictionary.put(RopeType.TRAINED_LENGTH, trainedLength);
        dictionary.put("attention_factor", scale);
        dictionary.put("short_mscale", scale);
        dictionary.put("long_mscale", scale);
        return dictionary;
    }

    private static Map<String, Object> nestedDictionary(String layerType, ModelRope rope) {
        if (rope.scaling() instanceof YarnScaling yarn && !yarn.truncate()) {
            throw new IllegalArgumentException("truncate must be true for " + layerType + ", was false; transformers 5"
                    + " does not read it there, write its frequencies with portableLayer");
        }
        int trainedLength = rope.shape().trainedLength();
        if (rope.scaling() instanceof LongRopeScaling && trainedLength < rope.maximumLength()) {
            throw new IllegalArgumentException("trainedLength must be maximumLength (" + rope.maximumLength()
                    + ") for longrope in " + layerType + ", was " + trainedLength
                    + "; transformers 5 fails there on the"
                    + " second longer text, write its frequencies with portableLayer");
        }
        return dictionary(rope, TransformersVersion.V5);
    }

    /** The dictionary of one encoding, with base and partial factor where the version keeps them inside. */
    private static Map<String, Object> dictionary(ModelRope rope, TransformersVersion version) {
        Map<String, Object> dictionary = new LinkedHashMap<>();
        RopeShape shape = rope.shape();
        RopeScaling scaling = rope.scaling();
        dictionary.put("rope_type", typeOf(rope, version).label());
        if (version == TransformersVersion.V5) {
            putBase(rope, dictionary);
        }
        if (scaling instanceof LinearScaling linear) {
            dictionary.put("factor", linear.factor());
        } else if (scaling instanceof DynamicNtkScaling dynamic) {
            dictionary.put("factor", dynamic.factor());
        } else if (scaling instanceof YarnScaling yarn) {
            putYarn(yarn, shape, dictionary);
        } else if (scaling instanceof LongRopeScaling longRope) {
            dictionary.put("short_factor", longRope.shortFactors());
            dictionary.put("long_factor", longRope.longFactors());
            dictionary.put("factor", longRope.factor());
            dictionary.put(RopeType.TRAINED_LENGTH, shape.trainedLength());
            dictionary.put("attention_factor", longRope.frequencies(shape).attentionScale());
        } else if (scaling instanceof Llama3Scaling llama3) {
            dictionary.put("factor", llama3.factor());
            dictionary.put("low_freq_factor", llama3.lowFrequencyFactor());
            dictionary.put("high_freq_factor", llama3.highFrequencyFactor());
            dictionary.put(RopeType.TRAINED_LENGTH, shape.trainedLength());
        } else if (scaling instanceof ProportionalScaling proportional) {
            dictionary.put("partial_rotary_factor", proportional.rotatedShare());
            dictionary.put("factor", proportional.factor());
        }
        return dictionary;
    }

    private static void putYarn(YarnScaling yarn, RopeShape shape, Map<String, Object> dictionary) {
        dictionary.put("factor", yarn.factor());
        dictionary.put(RopeType.TRAINED_LENGTH, shape.trainedLength());
        dictionary.put("beta_fast", yarn.betaFast());
        dictionary.put("beta_slow", yarn.betaSlow());
        dictionary.put("truncate", yarn.truncate());
        yarn.attentionFactor().ifPresent(value -> dictionary.put("attention_factor", value));
        if (yarn.mscale() != 0) {
            dictionary.put("mscale", yarn.mscale());
        }
        if (yarn.mscaleAllDim() != 0) {
            dictionary.put("mscale_all_dim", yarn.mscaleAllDim());
        }
    }

    private static RopeType typeOf(ModelRope rope, TransformersVersion version) {
        RopeType type = RopeType.of(rope.scaling(), version)
                .orElseThrow(() -> new IllegalArgumentException("scaling must be one that transformers "
                        + version.major() + " has a rope_type for, was " + rope.scaling()
                        + "; write its frequencies with portable"));
        int trainedLength = rope.shape().trainedLength();
        if (type == RopeType.DYNAMIC && trainedLength != rope.maximumLength()) {
            throw new IllegalArgumentException("trainedLength must be maximumLength (" + rope.maximumLength()
                    + ") for rope_type 'dynamic', which knows no other length, was " + trainedLength);
        }
        return type;
    }

    /** Puts the base (changed where that is the whole scaling) and the partial factor. */
    private static void putBase(ModelRope rope, Map<String, Object> target) {
        RopeShape shape = rope.shape();
        double base = shape.base();
        if (rope.scaling() instanceof ChangedBase changed) {
            base = changed.scaledBase(shape);
        }
        target.put("rope_theta", base);
        if (shape.headSize() < rope.headDimension()) {
            target.put("partial_rotary_factor", partialRotaryFactor(shape.headSize(), rope.headDimension()));
        }
    }

    /** A factor whose product with the head dimension rounds down to the rotary size. */
    private static double partialRotaryFactor(int rotarySize, int headDimension) {
        double partial = rotarySize / (double) headDimension;
        return RopeShape.rotarySize(headDimension, partial) == rotarySize ? partial : Math.nextUp(partial);
    }
}
