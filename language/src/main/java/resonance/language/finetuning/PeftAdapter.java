package resonance.language.finetuning;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import resonance.decoder.AttentionShape;
import resonance.decoder.LowRankAdapters;
import resonance.decoder.Parameter;
import resonance.model.Model;
import resonance.model.huggingface.SafetensorsType;
import resonance.model.huggingface.SafetensorsWriter;
import resonance.model.huggingface.TensorNames;
import resonance.rope.PairLayout;
import resonance.study.AtomicFile;
import resonance.transformer.training.Decoder.Adapter;

/**
 * An adapter in the layout of PEFT: {@value #CONFIG} and {@value #WEIGHTS}, which holds A as {@code lora_A} (r, in) and B as
 * {@code lora_B} (out, r) of every matrix, in float32 ({@code peft/tuners/lora/config.py} and {@code save_pretrained} of 0.18).
 */
final class PeftAdapter {
    static final String CONFIG = "adapter_config.json";
    static final String WEIGHTS = "adapter_model.safetensors";

    private static final String PREFIX = "base_model.model.";
    private static final ObjectMapper JSON = new ObjectMapper();

    private PeftAdapter() {}

    /** Its files by name; the one that makes a folder an adapter comes last. */
    static Map<String, AtomicFile.Content> files(Model base, AdapterSettings settings, List<Adapter> adapters)
            throws IOException {
        List<SafetensorsWriter.Entry> entries = new ArrayList<>();
        AttentionShape attention = base.description().decoder().attention();
        int rank = settings.matrices().rank();
        for (Adapter adapter : adapters) {
            Parameter parameter = adapter.parameter();
            String matrix = PREFIX
                    + TensorNames.of(
                                    parameter,
                                    base.description().decoder().norms().post())
                            .replaceFirst("\\.weight$", "");
            int out = Math.toIntExact(parameter.shape().get(0));
            entries.add(new SafetensorsWriter.Entry(
                    matrix + ".lora_A.weight",
                    List.of(rank, parameter.columns()),
                    SafetensorsType.F32,
                    adapter::first));
            entries.add(new SafetensorsWriter.Entry(
                    matrix + ".lora_B.weight",
                    List.of(out, rank),
                    SafetensorsType.F32,
                    () -> second(adapter, attention, rank)));
        }
        Map<String, AtomicFile.Content> files = new LinkedHashMap<>();
        files.put(WEIGHTS, SafetensorsWriter.content(Map.of("format", "pt"), entries));
        byte[] config = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(config(base, settings));
        files.put(CONFIG, out -> out.write(config));
        return files;
    }

    /** Rows of queries and keys lie in halves there, as in the matrices. */
    private static float[] second(Adapter adapter, AttentionShape attention, int rank) {
        int heads = switch (adapter.parameter().role()) {
            case QUERY -> attention.heads();
            case KEY -> attention.keyValueHeads();
            default -> 0;
        };
        if (heads == 0) {
            return adapter.second();
        }
        int size = attention.headSize();
        return PairLayout.reorderRows(
                adapter.second(), rank, PairLayout.HALF_SPLIT.sourceRows(PairLayout.INTERLEAVED, heads, size, size));
    }

    private static ObjectNode config(Model base, AdapterSettings settings) {
        LowRankAdapters matrices = settings.matrices();
        ObjectNode config = JSON.createObjectNode();
        config.put("peft_type", "LORA").put("task_type", "CAUSAL_LM");
        config.put(
                "base_model_name_or_path",
                base.path().toAbsolutePath().normalize().toString());
        config.put("inference_mode", true)
                .put("r", matrices.rank())
                .put("lora_alpha", matrices.alpha())
                .put("lora_dropout", 0.0)
                .put("bias", "none")
                .put("fan_in_fan_out", false)
                .put("use_rslora", false)
                .put("init_lora_weights", true);
        settings.targetNames().forEach(config.putArray("target_modules")::add);
        return config;
    }
}
