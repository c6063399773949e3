package resonance.model.gguf;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import resonance.model.ModelFormatException;
import resonance.rope.LinearScaling;
import resonance.rope.NoScaling;
import resonance.rope.RopeScaling;
import resonance.rope.RopeShape;
import resonance.rope.YarnScaling;
import resonance.rope.huggingface.ModelRope;

/**
 * Reads a model's position encoding from the keys and tensors that llama.cpp reads.
 *
 * <pre>
 *   {a}.context_length                            longest text; also L where no other is given
 *   {a}.rope.freq_base                            base, 10,000 if absent
 *   {a}.rope.scaling.type                         none, linear (if absent), yarn or longrope
 *   {a}.rope.scaling.factor, {a}.rope.scale_linear    s; the second is the former name, read if the first is absent;
 *                                                 0 is 1; not read for none
 *   {a}.rope.scaling.original_context_length      L
 *   {a}.rope.scaling.attn_factor                  factor on cosine and sine, for every type
 *   rope_freqs.weight                             a divisor per pair (llama only, not with longrope)
 *   rope_factors_long.weight, rope_factors_short.weight    the same for texts above L and others (llama with longrope) </pre>
 */
final class GgufRope {
    private static final List<String> TYPES = List.of("none", "linear", "yarn", "longrope");

    private final GgufFile file;
    private final GgufMetadata metadata;
    private final String prefix;
    private final int headSize;

    /** Reads keys that begin with the architecture's name and a dot. */
    GgufRope(GgufFile file, String prefix, int headSize) {
        this.file = file;
        this.metadata = file.metadata();
        this.prefix = prefix;
        this.headSize = headSize;
    }

    /**
     * The encoding of layers that see the whole text.
     *
     * @param consumed receives the names of tensors that were read
     */
    ModelRope global(boolean divisorsAreRead, Set<String> consumed) {
        String type = type();
        double factor = factor(type);
        double magnitude = magnitude();
        List<Double> shortDivisors = List.of();
        List<Double> longDivisors = List.of();
        if (divisorsAreRead && type.equals("longrope")) {
            shortDivisors = divisors(GgufKeys.SHORT_DIVISORS, consumed);
            longDivisors = divisors(GgufKeys.LONG_DIVISORS, consumed);
        } else if (divisorsAreRead) {
            shortDivisors = divisors(GgufKeys.DIVISORS, consumed);
            longDivisors = shortDivisors;
        }
        RopeShape shape = shape(base(GgufKeys.BASE));
        return rope(shape, new EngineScaling(type.equals("yarn"), factor, magnitude, shortDivisors, longDivisors));
    }

    /** The encoding of Gemma 3's layers with a window: another base, and never scaled but in magnitude. */
    ModelRope local() {
        RopeShape shape = shape(base(GgufKeys.SLIDING_BASE));
        return rope(shape, new EngineScaling(false, 1, magnitude(), List.of(), List.of()));
    }

    private ModelRope rope(RopeShape shape, EngineScaling engine) {
        try {
            engine.frequencies(shape);
            engine.frequencies(shape.withSequenceLength(shape.trainedLength() + 1L));
        } catch (IllegalArgumentException refusal) {
            throw new ModelFormatException(
                    file.path() + ": keys " + prefix + "rope.* must give finite frequencies: " + refusal.getMessage(),
                    refusal);
        }
        return new ModelRope(shape, simplest(engine, shape), headSize, contextLength());
    }

    /** A well-known method instead where it gives the very same frequencies for this shape. */
    private static RopeScaling simplest(EngineScaling engine, RopeShape shape) {
        if (engine.dependsOnSequenceLength()) {
            return engine;
        }
        List<RopeScaling> candidates = new ArrayList<>(List.of(new NoScaling()));
        if (engine.factor() > 1) {
            candidates.add(engine.yarn() ? new YarnScaling(engine.factor()) : new LinearScaling(engine.factor()));
        }
        if (engine.factor() > 1 && engine.yarn() && engine.shortDivisors().isEmpty()) {
            double scale = engine.frequencies(shape).attentionScale();
            candidates.add(new YarnScaling(
                    engine.factor(),
                    YarnScaling.DEFAULT_BETA_FAST,
                    YarnScaling.DEFAULT_BETA_SLOW,
                    true,
                    OptionalDouble.of(scale),
                    0,
                    0));
        }
        for (RopeScaling candidate : candidates) {
            if (candidate.frequencies(shape).equals(engine.frequencies(shape))) {
                return candidate;
            }
        }
        return engine;
    }

    private RopeShape shape(double base) {
        String key = prefix + GgufKeys.TRAINED_LENGTH;
        int trainedLength = metadata.optionalInt(key).orElse(0);
        if (trainedLength < 0) {
            throw metadata.refusal(key, "must be at least 0", Integer.toString(trainedLength));
        }
        return RopeShape.of(headSize, base, trainedLength == 0 ? contextLength() : trainedLength);
    }

    private int contextLength() {
        String key = prefix + GgufKeys.CONTEXT_LENGTH;
        int length = metadata.requireInt(key);
        if (length < 1) {
            throw metadata.refusal(key, "must be at least 1", Integer.toString(length));
        }
        return length;
    }

    private double base(String name) {
        String key = prefix + name;
        double base = metadata.optionalNumber(key).orElse(RopeShape.DEFAULT_BASE);
        if (base <= 1) {
            throw metadata.refusal(key, "must be above 1", Double.toString(base));
        }
        return base;
    }

    private String type() {
        String key = prefix + GgufKeys.SCALING_TYPE;
        String type = metadata.optionalString(key).orElse("linear");
        if (!TYPES.contains(type)) {
            throw metadata.refusal(key, "must be one of " + TYPES, GgufCursor.shown(type));
        }
        return type;
    }

    private double factor(String type) {
        String key = prefix + GgufKeys.FACTOR;
        if (!metadata.has(key)) {
            key = prefix + GgufKeys.FORMER_FACTOR;
        }
        double factor = metadata.optionalNumber(key).orElse(0.0);
        return type.equals("none") || factor == 0 ? 1 : positive(key, factor);
    }

    private double magnitude() {
        String key = prefix + GgufKeys.MAGNITUDE;
        return positive(key, metadata.optionalNumber(key).orElse(1.0));
    }

    private double positive(String key, double value) {
        if (value <= 0) {
            throw metadata.refusal(key, "must be above 0", Double.toString(value));
        }
        return value;
    }

    private List<Double> divisors(String name, Set<String> consumed) {
        Optional<GgufTensor> tensor = file.tensor(name);
        if (tensor.isEmpty()) {
            return List.of();
        }
        consumed.add(name);
        int pairs = headSize / 2;
        if (tensor.get().type() != GgmlType.F32 || tensor.get().elements() != pairs) {
            throw refusal(
                    name,
                    "must be " + pairs + " values of F32",
                    tensor.get().sizes() + " of " + tensor.get().type());
        }
        float[] values = new float[pairs];
        file.read(tensor.get(), 0, pairs, values, 0);
        List<Double> divisors = new ArrayList<>();
        for (float value : values) {
            if (!(value > 0) || Float.isInfinite(value)) {
                throw refusal(name, "must hold finite numbers above 0", Float.toString(value));
            }
            divisors.add((double) value);
        }
        return divisors;
    }

    private ModelFormatException refusal(String tensor, String rule, String value) {
        return new ModelFormatException(file.path() + ": tensor '" + tensor + "' " + rule + ", was " + value);
    }
}
