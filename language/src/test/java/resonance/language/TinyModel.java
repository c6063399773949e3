package resonance.language;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import resonance.decoder.DecoderConfig;
import resonance.decoder.Parameter;
import resonance.decoder.ParameterRole;
import resonance.decoder.WeightSource;
import resonance.model.Architecture;
import resonance.model.ChangedWeights;
import resonance.model.Model;
import resonance.model.ModelDescription;
import resonance.model.ModelSizes;
import resonance.model.PositionSettings;
import resonance.model.Tokenizer;
import resonance.rope.NoScaling;
import resonance.rope.RopeShape;
import resonance.rope.huggingface.ModelRope;
import resonance.study.Sha256;
import resonance.transformer.tensor.Precision;

/** A random two-layer model in memory, whose tokens are bytes. */
final class TinyModel implements Model {
    static final int TRAINED_LENGTH = 32;
    static final int BEGIN = 256;
    static final int END = 257;

    private static final int VOCABULARY = 258;
    private static final DecoderConfig DECODER = DecoderConfig.llamaStyle(VOCABULARY, 16, 2, 2, 1, 8, 24, 1e-5, true);

    private final boolean beginning;
    private final long seed;
    private final Map<Parameter, float[]> parameters = new HashMap<>();
    private boolean read;
    private boolean closed;

    /** @param beginning whether the model expects a beginning-of-sequence token */
    TinyModel(long seed, boolean beginning) {
        this.seed = seed;
        this.beginning = beginning;
        Random random = new Random(seed);
        for (Parameter parameter : DECODER.parameters()) {
            float[] values = new float[(int) parameter.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] =
                        parameter.role().kind() == ParameterRole.Kind.NORM ? 1 : (float) (0.5 * random.nextGaussian());
            }
            parameters.put(parameter, values);
        }
    }

    static LanguageModel load(long seed, boolean beginning) {
        return LanguageModel.load(new TinyModel(seed, beginning), Precision.FLOAT32, 2);
    }

    private float[] values(Parameter parameter) {
        float[] values = parameters.get(parameter);
        if (values == null) {
            throw new IllegalArgumentException(
                    "parameter must be one of " + parameters.keySet() + ", was " + parameter);
        }
        return values;
    }

    @Override
    public Path path() {
        return Path.of("tiny");
    }

    @Override
    public ModelDescription description() {
        ModelRope rope = new ModelRope(RopeShape.of(8, 10_000, TRAINED_LENGTH), new NoScaling(), 8, TRAINED_LENGTH);
        PositionSettings positions = new PositionSettings("llama", rope, rope, DECODER.windows(), 0);
        return new ModelDescription(Architecture.LLAMA, "tiny", DECODER, positions);
    }

    @Override
    public ModelSizes sizes() {
        return new ModelSizes(
                DECODER,
                DECODER.parameters().stream()
                        .map(parameter -> new ModelSizes.Stored("F32", 1, parameter.size(), 4 * parameter.size()))
                        .toList(),
                true);
    }

    @Override
    public WeightSource weights() {
        return (parameter, firstElement, count, target, offset) -> {
            read = true;
            System.arraycopy(values(parameter), (int) firstElement, target, offset, count);
        };
    }

    @Override
    public WeightSource rewritten(ChangedWeights changed) {
        return changed.over(weights(), (parameter, elements) -> {});
    }

    @Override
    public List<String> warnings() {
        return List.of();
    }

    @Override
    public Tokenizer tokenizer() {
        return new ByteTokenizer(beginning);
    }

    @Override
    public String sha256() {
        return Sha256.of(("tiny " + seed).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        closed = true;
    }

    boolean closed() {
        return closed;
    }

    /** Whether any weight was read. */
    boolean read() {
        return read;
    }

    /** Every byte of the UTF-8 form is a token. */
    private record ByteTokenizer(boolean beginning) implements Tokenizer {
        @Override
        public int vocabularySize() {
            return VOCABULARY;
        }

        @Override
        public int[] encode(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            int[] ids = new int[bytes.length];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = bytes[i] & 0xFF;
            }
            return ids;
        }

        @Override
        public String decode(int[] ids) {
            int[] kept = Arrays.stream(ids).filter(id -> id < BEGIN).toArray();
            byte[] bytes = new byte[kept.length];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) kept[i];
            }
            return new String(bytes, StandardCharsets.UTF_8);
        }

        @Override
        public OptionalInt beginningOfSequence() {
            return beginning ? OptionalInt.of(BEGIN) : OptionalInt.empty();
        }

        @Override
        public Set<Integer> endOfSequence() {
            return Set.of(END);
        }
    }
}
