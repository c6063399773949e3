package resonance.serving.export;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What trainers are to be told to go on training an exported Hugging Face folder. The encoding is in its {@code config.json},
 * which all of them read by {@code from_pretrained}; so they are told the folder and the length, and nothing of scalings, which
 * would overwrite it.
 *
 * <pre>  axolotl         base_model, sequence_len (src/axolotl/utils/schemas/model.py and config.py, commits 04980d4 and 70be546)
 *   LLaMA-Factory   model_name_or_path, cutoff_len (src/llamafactory/hparams/model_args.py and data_args.py, commits 00577a8 and
 *                   072bfe2); its rope_scaling replaces the configuration's (model/model_utils/rope.py, commit 1fbb7c5)
 *   transformers    from_pretrained; a tokenizer's max_length and truncation cut examples </pre>
 *
 * <p>Keys were read there; trainings were not run.
 */
public final class TrainerBlocks {
    private TrainerBlocks() {}

    /**
     * Lines by trainer.
     *
     * @param folder the export
     * @param length tokens of an example
     */
    public static Map<String, List<String>> of(Path folder, int length) {
        Map<String, List<String>> blocks = new LinkedHashMap<>();
        blocks.put(
                "axolotl (leave overrides_of_model_config without rope keys)",
                List.of("base_model: " + folder, "sequence_len: " + length));
        blocks.put(
                "LLaMA-Factory (leave rope_scaling out: it would replace what is written)",
                List.of("model_name_or_path: " + folder, "cutoff_len: " + length));
        blocks.put(
                "Hugging Face Trainer",
                List.of(
                        "model = AutoModelForCausalLM.from_pretrained(\"" + folder + "\")",
                        "tokenizer = AutoTokenizer.from_pretrained(\"" + folder + "\")",
                        "tokens = tokenizer(texts, truncation=True, max_length=" + length + ")"));
        return blocks;
    }
}
