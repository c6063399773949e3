package resonance.serving.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import resonance.model.Architecture;
import resonance.model.ChangedWeights;
import resonance.model.ModelDescription;
import resonance.model.gguf.GgufFile;
import resonance.model.gguf.GgufModel;
import resonance.model.gguf.GgufTensor;
import resonance.model.gguf.GgufWriter;
import resonance.rope.PairLayout;
import resonance.rope.Refusal;
import resonance.rope.RopeFrequencies;
import resonance.rope.gguf.GgufKeys;
import resonance.rope.huggingface.ModelRopeWriter;
import resonance.study.AtomicFile;

/**
 * A GGUF file for stock llama.cpp.
 *
 * <p>llama: the tensor {@code rope_freqs.weight} holds {@code base^(-2j/d) / theta'_j} for every pair j,
 * {@code rope.scaling.attn_factor} the factor on cosine and sine, and the scaling type is none, so that llama.cpp computes
 * these frequencies and nothing else. The divisors are the whole ones: those that the file had are replaced.
 *
 * <p>qwen2, qwen3 and gemma3 read no divisors. Where base, factor and YaRN's switch say all of an encoding they are
 * written. Otherwise qwen2 is rewritten as llama, which computes the same but for the order of its rows; qwen3 and gemma3
 * are refused, since llama lacks their norms.
 */
final class GgufExport implements Export {
    /** The file of {@link #files}. */
    static final String FILE = "model.gguf";

    private static final String ORIGIN = "resonance.";

    /** How most tensors are stored, for people: engines look at each. */
    private static final String FILE_TYPE = "general.file_type";

    /** llama.cpp's number for "mostly float16". */
    private static final int MOSTLY_F16 = 1;

    private final GgufModel model;
    private final ServedEncoding encoding;
    private final String softwareVersion;
    private final Optional<EngineScalars> scalars;

    private GgufExport(
            GgufModel model, ServedEncoding encoding, String softwareVersion, Optional<EngineScalars> scalars) {
        this.model = model;
        this.encoding = encoding;
        this.softwareVersion = softwareVersion;
        this.scalars = scalars;
    }

    static GgufExport of(GgufModel model, ServedEncoding encoding, String softwareVersion) {
        Architecture architecture = model.description().architecture();
        if (architecture == Architecture.LLAMA) {
            return new GgufExport(model, encoding, softwareVersion, Optional.empty());
        }
        Optional<EngineScalars> scalars = EngineScalars.of(encoding.full(), encoding.own());
        if (scalars.isEmpty() && architecture != Architecture.QWEN2) {
            throw Refusal.was(
                            architecture.label(),
                            "must have an encoding that a base, a factor and YaRN with its usual bounds can say, since"
                                    + " llama.cpp reads no divisors for it",
                            encoding.encoding())
                    .cure(instead(architecture));
        }
        if (architecture == Architecture.GEMMA3) {
            requireSameLocalMagnitude(encoding, scalars.orElseThrow());
        }
        return new GgufExport(model, encoding, softwareVersion, scalars);
    }

    /** {@code attn_factor} is a factor of layers with a window too, which an encoding leaves alone. */
    private static void requireSameLocalMagnitude(ServedEncoding encoding, EngineScalars scalars) {
        double local = encoding.frequencies().sliding().attentionScale();
        if (scalars.magnitude() != (float) local) {
            throw Refusal.of(
                            "gemma3",
                            "must keep the factor " + local
                                    + " on cosine and sine, since llama.cpp's attn_factor reaches"
                                    + " the layers with a window too",
                            encoding.encoding() + " needs " + scalars.magnitude())
                    .cure(instead(Architecture.GEMMA3));
        }
    }

    private static String instead(Architecture architecture) {
        return "export with --scaling yarn, linear or ntk and without --resonance, which " + architecture.label()
                + " has keys for, or export the Hugging Face folder for transformers and vLLM";
    }

    private boolean rewritten() {
        return scalars.isEmpty() && model.description().architecture() != Architecture.LLAMA;
    }

    private String prefix() {
        return (rewritten() ? Architecture.LLAMA : model.description().architecture()).label() + ".";
    }

    @Override
    public Map<String, String> changes() {
        Map<String, String> changes = new LinkedHashMap<>();
        if (rewritten()) {
            changes.put(
                    GgufKeys.ARCHITECTURE,
                    Architecture.LLAMA.label() + ", was qwen2; rows of queries and keys reordered");
        }
        changes.put(prefix() + GgufKeys.CONTEXT_LENGTH, Integer.toString(encoding.contextLength()));
        keys().forEach((key, value) -> changes.put(prefix() + key, String.valueOf(value)));
        if (scalars.isEmpty()) {
            changes.put(
                    GgufKeys.DIVISORS,
                    encoding.full().pairs() + " divisors of the frequencies of base "
                            + plain(encoding.own().base()));
        }
        return changes;
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }

    /** Keys that say the encoding, but for the context length: strings, and floats and ints as GGUF has them. */
    private Map<String, Object> keys() {
        Map<String, Object> keys = new LinkedHashMap<>();
        int trainedLength = encoding.own().trainedLength();
        if (scalars.isEmpty()) {
            keys.put(GgufKeys.SCALING_TYPE, "none");
            keys.put(GgufKeys.TRAINED_LENGTH, trainedLength);
            keys.put(GgufKeys.MAGNITUDE, (float) encoding.full().attentionScale());
            return keys;
        }
        EngineScalars said = scalars.get();
        keys.put(GgufKeys.BASE, (float) said.base());
        keys.put(GgufKeys.SCALING_TYPE, said.yarn() ? "yarn" : said.factor() == 1 ? "none" : "linear");
        if (said.factor() != 1) {
            keys.put(GgufKeys.FACTOR, (float) said.factor());
        }
        keys.put(GgufKeys.TRAINED_LENGTH, trainedLength);
        if (said.magnitude() != 1) {
            keys.put(GgufKeys.MAGNITUDE, (float) said.magnitude());
        }
        return keys;
    }

    @Override
    public List<String> notes() {
        List<String> notes = new ArrayList<>(encoding.notes());
        if (rewritten()) {
            notes.add("The architecture qwen2, for which llama.cpp reads no divisors, became llama, which computes the"
                    + " same. Weights were not quantised anew.");
        }
        if (encoding.full().attentionScale() != 1) {
            notes.add("Leave context shift and self-extend off: llama.cpp would put the factor on cosine and sine onto"
                    + " the cached keys again at every shift.");
        }
        notes.add("Give llama.cpp no --rope-* or --yarn-* option: it would come on top of what the file says.");
        return notes;
    }

    @Override
    public Map<String, String> serving() {
        return Map.of("llama.cpp", "llama-server -m OUT -c " + encoding.contextLength());
    }

    @Override
    public void requirePlace(Path out, boolean replace) throws IOException {
        place(out, replace).close();
    }

    private OutputPlace place(Path out, boolean replace) throws IOException {
        return OutputPlace.file(out, model.path(), replace, softwareVersion, Files.size(model.path()) + (1 << 16));
    }

    @Override
    public void write(Path out, ExportOutput output, ExportProgress progress, BooleanSupplier stop) throws IOException {
        GgufWriter writer = writer();
        long total = writer.tensorBytes();
        try (OutputPlace place = place(out, output.replace())) {
            place.write(file -> writer.write(file, done -> {
                FileCopy.requireGoingOn(stop);
                progress.written(done, total);
            }));
        }
    }

    @Override
    public Map<String, AtomicFile.Content> files(ChangedWeights changed) {
        GgufWriter writer = writer(changed);
        boolean unquantises = model.file().tensors().values().stream()
                .anyMatch(tensor -> tensor.type() != tensor.type().unquantised() && isChanged(tensor, changed));
        if (unquantises) {
            writer.putUint32(FILE_TYPE, MOSTLY_F16);
        }
        return Map.of(FILE, writer.content());
    }

    private boolean isChanged(GgufTensor tensor, ChangedWeights changed) {
        return model.parameter(tensor).filter(changed.parameters()::contains).isPresent();
    }

    private GgufWriter writer() {
        return writer(ChangedWeights.NONE);
    }

    private GgufWriter writer(ChangedWeights changed) {
        GgufWriter writer = new GgufWriter();
        putKeys(writer);
        addTensors(writer, changed);
        return writer;
    }

    /** Every key in its place; those that said the former encoding go, and the new one's follow the last. */
    private void putKeys(GgufWriter writer) {
        GgufFile file = model.file();
        String former = model.description().architecture().label() + ".";
        for (String key : file.metadata().keys()) {
            boolean own = key.startsWith(former);
            String name = own ? key.substring(former.length()) : key;
            if (own ? saysFormerEncoding(name) : key.startsWith(ORIGIN)) {
                continue;
            }
            writer.copyKey(file, key, own ? prefix() + name : key);
        }
        writer.putString(GgufKeys.ARCHITECTURE, prefix().substring(0, prefix().length() - 1));
        if (rewritten()) {
            writer.putUint32(
                    prefix() + GgufKeys.DIMENSION_COUNT,
                    model.description().decoder().attention().headSize());
        }
        writer.putUint32(prefix() + GgufKeys.CONTEXT_LENGTH, encoding.contextLength());
        keys().forEach((key, value) -> put(writer, prefix() + key, value));
        writer.putString(GgufKeys.EXPORTED_ENCODING, encoding.encoding().name());
        writer.putFloat32(
                ORIGIN + "factor", (float) encoding.encoding().settings().factor());
        writer.putString(ORIGIN + "version", softwareVersion);
    }

    private static boolean saysFormerEncoding(String name) {
        return name.startsWith(GgufKeys.SCALING) || name.equals(GgufKeys.FORMER_FACTOR);
    }

    private static void put(GgufWriter writer, String key, Object value) {
        if (value instanceof String text) {
            writer.putString(key, text);
        } else if (value instanceof Integer number) {
            writer.putUint32(key, number);
        } else {
            writer.putFloat32(key, (Float) value);
        }
    }

    private void addTensors(GgufWriter writer, ChangedWeights changed) {
        boolean added = false;
        for (GgufTensor tensor : model.file().tensors().values()) {
            switch (tensor.name()) {
                case GgufKeys.DIVISORS -> {
                    addDivisors(writer);
                    added = true;
                }
                case GgufKeys.LONG_DIVISORS, GgufKeys.SHORT_DIVISORS -> {
                    // Replaced by divisors for every length.
                }
                default -> {
                    if (isChanged(tensor, changed)) {
                        model.addChanged(writer, tensor, changed, rewritten());
                    } else {
                        addTensor(writer, tensor);
                    }
                }
            }
        }
        if (!added && scalars.isEmpty()) {
            addDivisors(writer);
        }
    }

    private void addDivisors(GgufWriter writer) {
        RopeFrequencies frequencies = encoding.full();
        List<Double> divisors = ModelRopeWriter.divisors(frequencies, encoding.own());
        float[] values = new float[divisors.size()];
        for (int pair = 0; pair < values.length; pair++) {
            values[pair] = divisors.get(pair).floatValue();
        }
        writer.addFloats(GgufKeys.DIVISORS, List.of((long) values.length), values);
    }

    /** llama's pairs are neighbours, qwen2's halves apart: rows of queries and keys move, and their biases. */
    private void addTensor(GgufWriter writer, GgufTensor tensor) {
        ModelDescription description = model.description();
        String kind = tensor.name().replaceFirst("^blk\\.\\d+\\.", "");
        int heads = switch (kind) {
            case "attn_q.weight", "attn_q.bias" ->
                description.decoder().attention().heads();
            case "attn_k.weight", "attn_k.bias" ->
                description.decoder().attention().keyValueHeads();
            default -> 0;
        };
        if (!rewritten() || heads == 0) {
            writer.copyTensor(model.file(), tensor);
            return;
        }
        int size = description.decoder().attention().headSize();
        writer.copyRows(
                model.file(), tensor, PairLayout.INTERLEAVED.sourceRows(PairLayout.HALF_SPLIT, heads, size, size));
    }
}
