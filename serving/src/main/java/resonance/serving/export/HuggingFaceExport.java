package resonance.serving.export;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import resonance.model.ChangedWeights;
import resonance.model.Placement;
import resonance.model.huggingface.HuggingFaceModel;
import resonance.model.huggingface.HuggingFacePositions;
import resonance.rope.PlainNumber;
import resonance.rope.huggingface.PortableModel;
import resonance.serving.lint.VllmLongRope;
import resonance.study.AtomicFile;

/**
 * A Hugging Face folder for stock transformers (4.57 and 5.18) and vLLM.
 *
 * <p>The configuration gets the {@code longrope} block of {@link PortableModel}, which all three read alike;
 * every other key about positions goes. A model whose layers with a window keep an encoding of their own gets it in both
 * layouts: {@code rope_parameters} by layer type, and version 4's keys. All other files stay as they are; weights need not be
 * there.
 */
final class HuggingFaceExport implements Export {
    /** Written beside the configuration: where the folder is from. */
    static final String ORIGIN = "resonance.json";

    /** What describes or holds weights that are not the written ones. */
    private static final Pattern OF_FORMER_WEIGHTS = Pattern.compile(
            "README\\.md|training\\.json|.*\\.(safetensors|bin|pt|pth|h5|msgpack|onnx|gguf)(\\.index\\.json)?");

    private static final ObjectMapper JSON = new ObjectMapper(
            JsonFactory.builder().disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS).build());

    /** Models whose class in transformers 4.57 wants exactly its own few keys in a scaling; executed with 4.57.6. */
    private static final List<String> NOT_IN_4 = List.of("phi3", "phi4_multimodal", "olmo", "olmo2");

    private final HuggingFacePositions model;
    private final ServedEncoding encoding;
    private final String softwareVersion;
    private final PortableModel portable;
    private final VllmLongRope vllm;

    /** The model with its weights; null where only its configuration was opened. */
    private final @Nullable HuggingFaceModel weights;

    /** @throws IllegalArgumentException if the model's class can't be told these frequencies */
    HuggingFaceExport(
            HuggingFacePositions model,
            ServedEncoding encoding,
            String softwareVersion,
            @Nullable HuggingFaceModel weights) {
        this.weights = weights;
        this.model = model;
        this.encoding = encoding;
        this.softwareVersion = softwareVersion;
        this.portable = PortableModel.of(model.config(), encoding.full(), encoding.contextLength());
        this.vllm = VllmLongRope.of(model.config());
    }

    @Override
    public Map<String, String> changes() {
        Map<String, String> changes = new LinkedHashMap<>();
        portable.keys().forEach((key, value) -> {
            if (value instanceof Map<?, ?> block) {
                changes.put(key, describe(block));
            } else {
                changes.put(key, String.valueOf(value));
            }
        });
        return changes;
    }

    @Override
    public Optional<String> block() {
        try {
            return Optional.of(JSON.writeValueAsString(portable.keys()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("keys of numbers, text and lists must have a JSON form", e);
        }
    }

    private String modelType() {
        return model.positions().modelType();
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
        notes.add("transformers says that short_mscale and long_mscale are unrecognised: they are for vLLM, which reads"
                + " the factor on cosine and sine from them.");
        vllm.obstacle()
                .ifPresent(why -> notes.add(
                        "vLLM 0.33 does not serve this: for model_type '" + modelType() + "' it " + why + "."));
        if (NOT_IN_4.contains(modelType())) {
            notes.add("transformers 4.57 refuses this for model_type '" + modelType()
                    + "', whose class wants other keys; version 5 reads it.");
        }
        if (portable.keys().get("rope_scaling") instanceof Map<?, ?> block
                && block.get("mscale_all_dim") instanceof Double magnitude
                && block.get("factor") instanceof Double factor
                && magnitude != 0
                && factor > 1) {
            double onLogits = Math.pow(1 + 0.1 * magnitude * Math.log(factor), 2);
            notes.add(String.format(
                    Locale.ROOT,
                    "the factor on attention logits stays %.6g, as it was with the model's own scaling: its class"
                            + " computes (1 + 0.1 * mscale_all_dim * ln factor)^2 from mscale_all_dim %s and factor %s,"
                            + " which are kept.",
                    onLogits,
                    PlainNumber.text(magnitude),
                    PlainNumber.text(factor)));
        }
        if (model.config().get(PortableModel.DUAL_CHUNKS) instanceof Map<?, ?> chunks) {
            boolean says = chunks.get("original_max_position_embeddings") != null
                    && encoding.encoding().placement(model.positions()) == Placement.REPLACE;
            notes.add(PortableModel.DUAL_CHUNKS + " was left out: with it vLLM reads no scaling."
                    + (says
                            ? String.format(
                                    Locale.ROOT,
                                    " The trained length of %,d tokens is its original_max_position_embeddings.",
                                    model.positions().rope().shape().trainedLength())
                            : ""));
        }
        notes.add("For llama.cpp convert the original model to GGUF and export that: convert_hf_to_gguf loses these"
                + " divisors.");
        return notes;
    }

    @Override
    public Map<String, String> serving() {
        Map<String, String> serving = new LinkedHashMap<>();
        if (vllm.served() && vllm.obstacle().isEmpty()) {
            // For Phi-3 vLLM takes the trained length at the top level for its limit.
            String limit = modelType().startsWith("phi") ? " --max-model-len " + encoding.contextLength() : "";
            serving.put("vLLM", "vllm serve OUT" + limit);
        }
        serving.put("transformers", otherClass().orElse("AutoModelForCausalLM") + ".from_pretrained(\"OUT\")");
        return serving;
    }

    /** The class that the configuration names, if it is none that generates text from text alone. */
    private Optional<String> otherClass() {
        return model.config().get("architectures") instanceof List<?> names
                        && !names.isEmpty()
                        && names.get(0) instanceof String name
                        && !name.isBlank()
                        && !name.endsWith("ForCausalLM")
                ? Optional.of(name)
                : Optional.empty();
    }

    /** The configuration with this encoding in the place of its own. */
    Map<String, Object> config() {
        return portable.in(model.config());
    }

    @Override
    public void requirePlace(Path out, boolean replace) throws IOException {
        Collection<Path> carried = carriedFiles().values();
        place(out, replace, carried, bytes(carried)).close();
    }

    private OutputPlace place(Path out, boolean replace, Collection<Path> carried, long bytes) throws IOException {
        OutputPlace place = OutputPlace.folder(out, model.path(), replace, softwareVersion, bytes + (1 << 20));
        boolean apart = false;
        try {
            place.requireOutside(carried);
            apart = true;
            return place;
        } finally {
            if (!apart) {
                place.close();
            }
        }
    }

    private static long bytes(Collection<Path> files) throws IOException {
        long total = 0;
        for (Path file : files) {
            total += Files.size(file);
        }
        return total;
    }

    @Override
    public void write(Path out, ExportOutput output, ExportProgress progress, BooleanSupplier stop) throws IOException {
        Map<String, Object> config = config();
        Map<String, Path> carried = carriedFiles();
        long total = output.files() == CarriedFiles.COPY ? bytes(carried.values()) : 0;
        FileCopy copy = new FileCopy(total, progress, stop);
        try (OutputPlace place = place(out, output.replace(), carried.values(), total);
                NewFolder folder = NewFolder.beside(place.path(), place.files())) {
            for (Map.Entry<String, Path> file : carried.entrySet()) {
                FileCopy.requireGoingOn(stop);
                output.files().carry(file.getValue(), folder.path().resolve(file.getKey()), copy);
            }
            AtomicFile.write(folder.path().resolve(HuggingFaceModel.CONFIG), json(config));
            AtomicFile.write(folder.path().resolve(ORIGIN), json(origin()));
            FileCopy.requireGoingOn(stop);
            place.put(folder);
        }
    }

    @Override
    public Map<String, AtomicFile.Content> files(ChangedWeights changed) throws IOException {
        if (weights == null) {
            throw new IllegalArgumentException(
                    "model must be opened with its weights, was opened for its positions alone: " + model.path());
        }
        Map<String, AtomicFile.Content> files = new LinkedHashMap<>();
        for (Map.Entry<String, Path> file : carriedFiles().entrySet()) {
            boolean former = weights.weightsFiles().contains(file.getKey())
                    || OF_FORMER_WEIGHTS.matcher(file.getKey()).matches();
            if (!former) {
                files.put(file.getKey(), out -> Files.copy(file.getValue(), out));
            }
        }
        files.put(HuggingFaceModel.WEIGHTS, weights.weightsFile(changed));
        files.put(ORIGIN, out -> out.write(json(origin())));
        files.put(HuggingFaceModel.CONFIG, out -> out.write(json(config())));
        return files;
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

    /** Numbers that are none go back as Python writes them, without quotation marks. */
    private static byte[] json(Map<String, Object> object) throws IOException {
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(object);
    }

    /** Every file of the folder itself but the configuration and what an export adds, by name. */
    private Map<String, Path> carriedFiles() throws IOException {
        Map<String, Path> files = new TreeMap<>();
        if (!Files.isDirectory(model.path())) {
            return files;
        }
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
