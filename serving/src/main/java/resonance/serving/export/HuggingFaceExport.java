package resonance.serving.export;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import resonance.model.PositionSettings;
import resonance.model.huggingface.HuggingFaceModel;
import resonance.model.huggingface.HuggingFacePositions;
import resonance.rope.NoScaling;
import resonance.rope.huggingface.ModelRope;
import resonance.rope.huggingface.ModelRopeWriter;

/**
 * A Hugging Face folder for stock transformers (4.57 and 5.18) and vLLM.
 *
 * <p>The configuration gets the {@code longrope} block of {@link ModelRopeWriter#portable}, which all three read alike;
 * every other key about positions goes. Gemma 3, whose layers with a window keep an encoding of their own, gets it in both
 * layouts: {@code rope_parameters} by layer type, and version 4's keys. All other files stay as they are.
 */
final class HuggingFaceExport implements Export {
    /** Written beside the configuration; a folder that holds it is an export and may be replaced. */
    static final String ORIGIN = "resonance.json";

    /** Written even where it follows from other keys: Mistral's class in transformers 4.57 fails on a longrope without it. */
    private static final String HEAD_SIZE = "head_dim";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Keys of a configuration that say how positions are encoded, in any version. */
    private static final List<String> POSITION_KEYS = List.of(
            "rope_scaling",
            "rope_parameters",
            "rope_theta",
            "rope_local_base_freq",
            "partial_rotary_factor",
            "original_max_position_embeddings",
            "max_position_embeddings");

    private final HuggingFacePositions model;
    private final ServedEncoding encoding;
    private final String softwareVersion;
    private final Map<String, Object> positionKeys;

    /** @throws IllegalArgumentException if layers with a window have a scaled encoding */
    HuggingFaceExport(HuggingFacePositions model, ServedEncoding encoding, String softwareVersion) {
        this.model = model;
        this.encoding = encoding;
        this.softwareVersion = softwareVersion;
        this.positionKeys = positionKeys(model.positions(), encoding);
    }

    @Override
    public Map<String, String> changes() {
        Map<String, String> changes = new LinkedHashMap<>();
        positionKeys.forEach((key, value) -> {
            if (value instanceof Map<?, ?> block) {
                changes.put(key, describe(block));
            } else {
                changes.put(key, String.valueOf(value));
            }
        });
        return changes;
    }

    /** A block by its type; with the lengths of its lists. */
    private static String describe(Map<?, ?> block) {
        if (block.get("short_factor") instanceof List<?> divisors) {
            return "longrope, " + divisors.size() + " divisors, attention_factor " + block.get("attention_factor");
        }
        if (block.containsKey("rope_type")) {
            return block.get("rope_type") + ", base " + block.get("rope_theta");
        }
        List<String> layers = new ArrayList<>();
        block.forEach((layer, dictionary) -> {
            if (dictionary instanceof Map<?, ?> map) {
                layers.add(layer + ": " + describe(map));
            }
        });
        return String.join("; ", layers);
    }

    @Override
    public List<String> notes() {
        List<String> notes = new ArrayList<>(encoding.notes());
        notes.add(
                "transformers says that short_mscale and long_mscale are unrecognised: they are for vLLM, which reads the"
                        + " factor on cosine and sine from them.");
        notes.add("For llama.cpp convert the original model to GGUF and export that: convert_hf_to_gguf loses these"
                + " divisors.");
        return notes;
    }

    @Override
    public Map<String, String> serving() {
        Map<String, String> serving = new LinkedHashMap<>();
        serving.put("vLLM", "vllm serve OUT");
        serving.put("transformers", "AutoModelForCausalLM.from_pretrained(\"OUT\")");
        return serving;
    }

    /** The configuration with this encoding in the place of its own. */
    Map<String, Object> config() {
        Map<String, Object> config = new LinkedHashMap<>(model.config());
        POSITION_KEYS.forEach(config::remove);
        config.putAll(positionKeys);
        return config;
    }

    private static Map<String, Object> positionKeys(PositionSettings positions, ServedEncoding encoding) {
        int headSize = positions.rope().headDimension();
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put(HEAD_SIZE, headSize);
        keys.putAll(ModelRopeWriter.portable(encoding.full(), encoding.own(), headSize, encoding.contextLength()));
        if (positions.modelType().equals("gemma3_text")) {
            Map<String, Object> full =
                    ModelRopeWriter.portableLayer(encoding.full(), encoding.own(), headSize, encoding.contextLength());
            Map<String, Object> layers = new LinkedHashMap<>();
            layers.put("full_attention", full);
            layers.put("sliding_attention", slidingLayers(positions.slidingRope()));
            keys.put("rope_parameters", layers);
            keys.put("rope_local_base_freq", positions.slidingRope().shape().base());
            Map<String, Object> flat = new LinkedHashMap<>(full);
            flat.remove("rope_theta");
            keys.put("rope_scaling", flat);
        }
        return keys;
    }

    /** As the model has it: version 4 knows no other than an unscaled one, and no Gemma 3 has another. */
    private static Map<String, Object> slidingLayers(ModelRope rope) {
        if (rope.scaling().dependsOnSequenceLength()
                || !rope.frequencies(1).equals(new NoScaling().frequencies(rope.shape()))) {
            throw new IllegalArgumentException("sliding_attention must be unscaled, was " + rope.scaling()
                    + "; no engine was found that serves another");
        }
        Map<String, Object> layer = new LinkedHashMap<>();
        layer.put("rope_type", "default");
        layer.put("rope_theta", rope.shape().base());
        return layer;
    }

    @Override
    public void write(Path out, ExportOutput output, ExportProgress progress, BooleanSupplier stop) throws IOException {
        Map<String, Object> config = config();
        Map<String, Path> carried = carriedFiles();
        long total = 0;
        if (output.files() == CarriedFiles.COPY) {
            for (Path file : carried.values()) {
                total += Files.size(file);
            }
        }
        boolean replaceable = Files.exists(out.resolve(ORIGIN));
        Path place = OutputPlace.prepare(out, model.path(), output.replace(), replaceable, total + (1 << 20));
        FileCopy copy = new FileCopy(total, progress, stop);
        try (NewFolder folder = NewFolder.beside(place)) {
            for (Map.Entry<String, Path> file : carried.entrySet()) {
                FileCopy.requireGoingOn(stop);
                output.files().carry(file.getValue(), folder.path().resolve(file.getKey()), copy);
            }
            writeJson(folder.path().resolve(HuggingFaceModel.CONFIG), config);
            writeJson(folder.path().resolve(ORIGIN), origin());
            folder.moveTo(place);
        }
    }

    private Map<String, Object> origin() {
        Map<String, Object> origin = new LinkedHashMap<>();
        origin.put("encoding", encoding.encoding().name());
        origin.put("factor", encoding.encoding().settings().factor());
        origin.put("trainedLength", encoding.own().trainedLength());
        origin.put("contextLength", encoding.contextLength());
        origin.put("version", softwareVersion);
        return origin;
    }

    private static void writeJson(Path file, Map<String, Object> object) throws IOException {
        Files.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(object));
    }

    /** Every file of the folder itself but the configuration and what an export adds, by name. */
    private Map<String, Path> carriedFiles() throws IOException {
        Map<String, Path> files = new TreeMap<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(model.path())) {
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                boolean written = name.equals(HuggingFaceModel.CONFIG) || name.equals(ORIGIN);
                if (!written && !name.startsWith(".") && Files.isRegularFile(entry)) {
                    files.put(name, entry);
                }
            }
        }
        return files;
    }
}
