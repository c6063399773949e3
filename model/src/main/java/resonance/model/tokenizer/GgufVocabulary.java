package resonance.model.tokenizer;

import java.util.OptionalInt;

/**
 * The vocabulary as a GGUF file's {@code tokenizer.ggml.*} keys give it, not yet checked.
 *
 * <p>Arrays are not copied: a vocabulary has hundreds of thousands of entries and lives only until the tokenizer is
 * built.
 *
 * @param model {@code model}: {@code gpt2} for byte-level BPE, {@code llama} for SentencePiece
 * @param pre {@code pre}: name of the rule that splits text before merging; empty if absent
 * @param tokens {@code tokens}, by id
 * @param scores {@code scores}, by id; empty if absent
 * @param types {@code token_type}, by id (1 normal, 2 unknown, 3 control, 4 user-defined, 5 unused, 6 byte); empty if
 *     absent
 * @param merges {@code merges}, each two pieces with a space between, first merges first; empty if absent
 * @param beginning {@code bos_token_id}
 * @param end {@code eos_token_id}
 * @param endOfTurn {@code eot_token_id}
 * @param unknown {@code unknown_token_id}
 * @param addBeginning {@code add_bos_token}; as {@link #addsBeginningByDefault} says where the key is absent
 * @param addSpacePrefix {@code add_space_prefix}; {@code true} where the key is absent
 * @param where the file, for messages
 */
@SuppressWarnings("ArrayRecordComponent")
public record GgufVocabulary(
        String model,
        String pre,
        String[] tokens,
        float[] scores,
        int[] types,
        String[] merges,
        OptionalInt beginning,
        OptionalInt end,
        OptionalInt endOfTurn,
        OptionalInt unknown,
        boolean addBeginning,
        boolean addSpacePrefix,
        String where) {

    /**
     * Whether a beginning-of-sequence token is expected by a file that does not say so, as llama.cpp decides it: for
     * SentencePiece, and for the byte-level vocabularies of Llama 3 and Tekken.
     */
    public static boolean addsBeginningByDefault(String model, String pre) {
        return switch (model) {
            case "llama" -> true;
            case "gpt2" -> SplitPatterns.addsBeginning(pre);
            default -> false;
        };
    }
}
