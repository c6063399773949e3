package resonance.language;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import resonance.model.Activation;
import resonance.model.Architecture;
import resonance.model.Model;
import resonance.model.ModelDescription;
import resonance.model.ModelWeights;
import resonance.model.Tokenizer;
import resonance.rope.NoScaling;
import resonance.rope.RopeShape;
import resonance.rope.huggingface.ModelRope;
import resonance.study.Sha256;
import resonance.transformer.Precision;

/** A random two-layer model in memory, whose tokens are bytes. */
final class TinyModel implements Model {
    static final int TRAINED_LENGTH = 32;
    static final int BEGIN = 256;
    static final int END = 257;

    private static final int VOCABULARY = 258;
    private static final int WIDTH = 16;
    private static final int LAYERS = 2;
    private static final int FEED_FORWARD = 24;

    private final boolean beginning;
    private final long seed;
    private final Map<String, float[]> parameters = new HashMap<>();
    private boolean closed;

    /** @param beginning whether the model expects a beginning-of-sequence token */
    TinyModel(long seed, boolean beginning) {
        this.seed = seed;
        this.beginning = beginning;
        Random random = new Random(seed);
        add(random, "embedding", VOCABULARY * WIDTH);
        for (int layer = 0; layer < LAYERS; layer++) {
            String attention = "layer." + layer + ".attention.";
            addNorm(attention + "norm");
            add(random, attention + "query", 2 * 8 * WIDTH);
            add(random, attention + "key", 8 * WIDTH);
            add(random, attention + "value", 8 * WIDTH);
            add(random, attention + "output", WIDTH * 2 * 8);
            String feedForward = "layer." + layer + ".feedForward.";
            addNorm(feedForward + "norm");
            add(random, feedForward + "gate", FEED_FORWARD * WIDTH);
            add(random, feedForward + "up", FEED_FORWARD * WIDTH);
            add(random, feedForward + "down", WIDTH * FEED_FORWARD);
        }
        addNorm("finalNorm");
    }

    static LanguageModel load(long seed, boolean beginning) {
        return LanguageModel.load(new TinyModel(seed, beginning), Precision.FLOAT32, 2);
    }

    private void add(Random random, String name, int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (0.5 * random.nextGaussian());
        }
        parameters.put(name, values);
    }

    private void addNorm(String name) {
        float[] ones = new float[WIDTH];
        Arrays.fill(ones, 1);
        parameters.put(name, ones);
    }

    private float[] parameter(String name) {
        float[] values = parameters.get(name);
        if (values == null) {
            throw new IllegalArgumentException("parameter must be one of " + parameters.keySet() + ", was " + name);
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
        return new ModelDescription(
                Architecture.LLAMA,
                "tiny",
                VOCABULARY,
                WIDTH,
                LAYERS,
                2,
                1,
                8,
                FEED_FORWARD,
                Activation.SILU,
                false,
                false,
                false,
                true,
                1e-5,
                1 / Math.sqrt(8),
                1,
                Collections.nCopies(LAYERS, 0),
                rope,
                rope);
    }

    @Override
    public ModelWeights weights() {
        return new ModelWeights() {
            @Override
            public Set<String> names() {
                return parameters.keySet();
            }

            @Override
            public long size(String name) {
                return parameter(name).length;
            }

            @Override
            public void read(String name, long firstElement, int count, float[] target, int offset) {
                System.arraycopy(parameter(name), (int) firstElement, target, offset, count);
            }
        };
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
