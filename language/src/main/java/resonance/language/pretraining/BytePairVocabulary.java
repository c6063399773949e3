package resonance.language.pretraining;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * The result of BPE training: tokens by id and the merges that make them, as a {@code tokenizer.json} holds them.
 *
 * @param tokens text of each id in byte-level characters; id 0 is {@value #SEPARATOR}
 * @param merges pairs of tokens to be joined, the most urgent first
 */
public record BytePairVocabulary(List<String> tokens, List<Merge> merges) {
    /** The special token before every text. */
    public static final String SEPARATOR = "<|endoftext|>";

    /** Two tokens that become one. */
    public record Merge(String left, String right) {}

    public BytePairVocabulary {
        tokens = List.copyOf(tokens);
        merges = List.copyOf(merges);
    }

    /**
     * A {@code tokenizer.json} for the Hugging Face tokenizers library: digits alone, then GPT-2's byte-level words.
     *
     * <p>Merges are written as "left right", which every version of the library reads.
     */
    public String toTokenizerJson() {
        ObjectMapper json = new ObjectMapper();
        ObjectNode root = json.createObjectNode();
        root.put("version", "1.0").putNull("truncation").putNull("padding");
        root.putArray("added_tokens")
                .addObject()
                .put("id", 0)
                .put("content", SEPARATOR)
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", true);
        root.putNull("normalizer");
        ArrayNode steps =
                root.putObject("pre_tokenizer").put("type", "Sequence").putArray("pretokenizers");
        steps.addObject().put("type", "Digits").put("individual_digits", true);
        byteLevel(steps.addObject()).put("use_regex", true);
        root.putNull("post_processor");
        byteLevel(root.putObject("decoder")).put("use_regex", true);
        ObjectNode model = root.putObject("model").put("type", "BPE");
        model.putNull("dropout").putNull("unk_token");
        model.putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
        model.put("fuse_unk", false).put("byte_fallback", false).put("ignore_merges", false);
        ObjectNode vocabulary = model.putObject("vocab");
        for (int id = 0; id < tokens.size(); id++) {
            vocabulary.put(tokens.get(id), id);
        }
        ArrayNode pairs = model.putArray("merges");
        merges.forEach(merge -> pairs.add(merge.left() + " " + merge.right()));
        try {
            return json.writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of text and numbers must have a JSON form", e);
        }
    }

    private static ObjectNode byteLevel(ObjectNode node) {
        return node.put("type", "ByteLevel").put("add_prefix_space", false).put("trim_offsets", true);
    }
}
