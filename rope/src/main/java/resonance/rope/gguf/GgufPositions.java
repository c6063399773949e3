package resonance.rope.gguf;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Pattern;
import resonance.rope.LinearScaling;
import resonance.rope.NoScaling;
import resonance.rope.RopeFrequencies;
import resonance.rope.RopeScaling;
import resonance.rope.RopeShape;
import resonance.rope.YarnScaling;

/**
 * A model's position encoding by the keys and tensors of its GGUF file, as llama.cpp reads them.
 *
 * <pre>
 *   general.architecture                          {a}
 *   {a}.context_length                            longest text; also L where no other is given
 *   {a}.rope.dimension_count                      dimensions of a head that rotate; if absent {a}.attention.key_length, else
 *                                                 {a}.embedding_length / {a}.attention.head_count
 *   {a}.rope.freq_base                            base, 10,000 if absent
 *   {a}.rope.freq_base_swa                        the same of layers with a window (gemma3)
 *   {a}.rope.scaling.type                         none, linear (if absent), yarn or longrope
 *   {a}.rope.scaling.factor, {a}.rope.scale_linear    s; the second is the former name, read if the first is absent;
 *                                                 0 is 1; not read for none
 *   {a}.rope.scaling.original_context_length      L
 *   {a}.rope.scaling.attn_factor                  factor on cosine and sine, for every type
 *   rope_freqs.weight                             a divisor per pair (llama only, not with longrope)
 *   rope_factors_long.weight, rope_factors_short.weight    the same for texts above L and others (llama with longrope) </pre>
 *
 * <p>YaRN's own keys ({@code yarn_beta_fast}, {@code yarn_attn_factor}, {@code yarn_ext_factor}, ...) are not read, as in
 * llama.cpp for these architectures: the ramp is from 32 to 1 turns, the extrapolation factor 1 with type yarn and else 0, and yarn
 * multiplies the magnitude by 1 + 0.1 ln s. For longrope llama.cpp chooses the list by the context that is asked for and not by the
 * text: take {@link Encoding#frequencies frequencies} of that.
 *
 * @param architecture how pairs lie in a head, and what else the name means
 * @param full encoding of layers that see the whole text
 * @param sliding encoding of layers with a window; equal to {@code full} where there are none
 * @param tensors names of those that were read
 */
public record GgufPositions(EngineArchitecture architecture, Encoding full, Encoding sliding, List<String> tensors) {
    /**
     * The encoding of one kind of layers.
     *
     * @param shape rotary size (as {@code headSize}), base and trained length; its sequence length is the trained length
     * @param scaling a well-known method where it gives the very same frequencies, else an {@link EngineScaling}
     * @param contextLength {@code context_length}, tokens
     */
    public record Encoding(RopeShape shape, RopeScaling scaling, int contextLength) {
        /** Frequencies, and the magnitude, of a context of so many tokens. */
        public RopeFrequencies frequencies(long contextTokens) {
            return scaling.frequencies(shape.withSequenceLength(contextTokens));
        }
    }

    private static final int LONGEST_SHOWN = 80;

    private static final Pattern INVISIBLE = Pattern.compile("[\\p{Cc}\\p{Cf}]");

    private static final List<String> TYPES = List.of("none", "linear", "yarn", "longrope");

    public GgufPositions {
        tensors = List.copyOf(tensors);
    }

    /**
     * Reads an encoding.
     *
     * @param metadata keys and values of the file: numbers of any type, strings; keys that are not looked at may be anything
     * @param tensors values of the file's tensors with divisors by name, one per pair; empty if it has none
     * @throws IllegalArgumentException naming the key or tensor, if one is missing or has a value that can't be, or a tensor is one
     *     that llama.cpp does not read for this architecture and type
     */
    public static GgufPositions read(Map<String, ?> metadata, Map<String, float[]> tensors) {
        return new Reader(metadata, tensors).read();
    }

    private static final class Reader {
        private final Map<String, ?> metadata;
        private final Map<String, float[]> tensors;
        private final Set<String> unread;
        private final EngineArchitecture architecture;
        private final String prefix;

        Reader(Map<String, ?> metadata, Map<String, float[]> tensors) {
            this.metadata = metadata;
            this.tensors = tensors;
            unread = new HashSet<>(tensors.keySet());
            architecture = EngineArchitecture.named(text(GgufKeys.ARCHITECTURE, ""));
            prefix = architecture.label() + ".";
        }

        GgufPositions read() {
            int rotating = rotating();
            String type = type();
            double factor = factor(type);
            double magnitude = positive(prefix + GgufKeys.MAGNITUDE, 1);
            List<Double> shortDivisors = List.of();
            List<Double> longDivisors = List.of();
            if (architecture.readsDivisors() && type.equals("longrope")) {
                shortDivisors = divisors(GgufKeys.SHORT_DIVISORS, rotating / 2);
                longDivisors = divisors(GgufKeys.LONG_DIVISORS, rotating / 2);
            } else if (architecture.readsDivisors()) {
                shortDivisors = divisors(GgufKeys.DIVISORS, rotating / 2);
                longDivisors = shortDivisors;
            }
            for (String tensor : unread) {
                throw new IllegalArgumentException("tensor '" + tensor + "' must be one that architecture '"
                        + architecture.label() + "' has, was one that nothing reads");
            }
            Encoding full = rope(
                    shape(rotating, base(GgufKeys.BASE)),
                    new EngineScaling(type.equals("yarn"), factor, magnitude, shortDivisors, longDivisors));
            Encoding sliding = architecture.hasWindows()
                    ? rope(
                            shape(rotating, base(GgufKeys.SLIDING_BASE)),
                            new EngineScaling(false, 1, magnitude, List.of(), List.of()))
                    : full;
            return new GgufPositions(
                    architecture,
                    full,
                    sliding,
                    tensors.keySet().stream().sorted().toList());
        }

        private int rotating() {
            for (String name : List.of(GgufKeys.DIMENSION_COUNT, "attention.key_length")) {
                if (metadata.get(prefix + name) != null) {
                    return even(prefix + name, length(prefix + name));
                }
            }
            int width = length(prefix + "embedding_length");
            int heads = length(prefix + "attention.head_count");
            return even(prefix + "embedding_length / head_count", width / heads);
        }

        private static int even(String key, int size) {
            if (size % 2 != 0 || size < 2) {
                throw refusal(key, "must be even and at least 2", size);
            }
            return size;
        }

        private Encoding rope(RopeShape shape, EngineScaling engine) {
            try {
                engine.frequencies(shape);
                engine.frequencies(shape.withSequenceLength(shape.trainedLength() + 1L));
            } catch (IllegalArgumentException refusal) {
                throw new IllegalArgumentException(
                        "keys " + prefix + "rope.* must give finite frequencies: " + refusal.getMessage(), refusal);
            }
            return new Encoding(shape, simplest(engine, shape), length(prefix + GgufKeys.CONTEXT_LENGTH));
        }

        private RopeShape shape(int rotating, double base) {
            String key = prefix + GgufKeys.TRAINED_LENGTH;
            double trained = number(key, 0);
            if (trained < 0) {
                throw refusal(key, "must be at least 0", Math.round(trained));
            }
            return RopeShape.of(
                    rotating, base, trained == 0 ? length(prefix + GgufKeys.CONTEXT_LENGTH) : whole(key, trained));
        }

        private double base(String name) {
            double base = number(prefix + name, RopeShape.DEFAULT_BASE);
            if (base <= 1) {
                throw refusal(prefix + name, "must be above 1", base);
            }
            return base;
        }

        private String type() {
            String key = prefix + GgufKeys.SCALING_TYPE;
            String type = text(key, "linear");
            if (!TYPES.contains(type)) {
                throw refusal(key, "must be one of " + TYPES, shown(type));
            }
            return type;
        }

        private double factor(String type) {
            String key = prefix + GgufKeys.FACTOR;
            if (metadata.get(key) == null) {
                key = prefix + GgufKeys.FORMER_FACTOR;
            }
            double factor = number(key, 0);
            return type.equals("none") || factor == 0 ? 1 : positive(key, factor);
        }

        private double positive(String key, double fallback) {
            double value = number(key, fallback);
            if (value <= 0) {
                throw refusal(key, "must be above 0", value);
            }
            return value;
        }

        private List<Double> divisors(String name, int pairs) {
            float[] values = tensors.get(name);
            if (values == null) {
                return List.of();
            }
            unread.remove(name);
            if (values.length != pairs) {
                throw new IllegalArgumentException(
                        "tensor '" + name + "' must be " + pairs + " values, was " + values.length);
            }
            List<Double> divisors = new ArrayList<>();
            for (float value : values) {
                if (!(value > 0) || Float.isInfinite(value)) {
                    throw new IllegalArgumentException(
                            "tensor '" + name + "' must hold finite numbers above 0, was " + value);
                }
                divisors.add((double) value);
            }
            return divisors;
        }

        private int length(String key) {
            if (metadata.get(key) == null) {
                throw new IllegalArgumentException("key '" + key + "' must be there, was absent");
            }
            int length = whole(key, number(key, 0));
            if (length < 1) {
                throw refusal(key, "must be at least 1", length);
            }
            return length;
        }

        private static int whole(String key, double value) {
            if (value != Math.rint(value) || value > Integer.MAX_VALUE) {
                throw refusal(key, "must be a whole number below 2^31", value);
            }
            return (int) value;
        }

        private double number(String key, double fallback) {
            Object value = metadata.get(key);
            if (value == null) {
                return fallback;
            }
            if (!(value instanceof Number number) || !Double.isFinite(number.doubleValue())) {
                throw refusal(key, "must be a finite number", shown(value));
            }
            return number.doubleValue();
        }

        private String text(String key, String fallback) {
            Object value = metadata.get(key);
            if (value != null && !(value instanceof String)) {
                throw refusal(key, "must be a string", shown(value));
            }
            return value == null ? fallback : (String) value;
        }

        private static String shown(Object value) {
            String text = String.valueOf(value);
            String cut = visible(text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) + "..." : text);
            return value instanceof String ? "'" + cut + "'" : cut;
        }

        /** Characters that act instead of being seen by their numbers. */
        private static String visible(String text) {
            return INVISIBLE
                    .matcher(text)
                    .replaceAll(
                            found -> String.format("\\\\u%04x", found.group().codePointAt(0)));
        }

        private static IllegalArgumentException refusal(String key, String rule, Object value) {
            return new IllegalArgumentException("key '" + key + "' " + rule + ", was " + value);
        }
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
}
