package resonance.model.tokenizer;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import resonance.model.ModelFormatException;

/**
 * One tokenizer of the native library. Thread safe; its memory goes with the object.
 *
 * <p>The library ends the whole process where it meets a state that it did not expect, so nothing reaches it that
 * {@link TokenizerParts} and {@link BytePairModel} have not checked.
 */
final class NativeTokenizer {
    private static final Cleaner CLEANER = Cleaner.create();

    private final TokenizersLibrary library;
    private final long handle;

    /**
     * @param json a checked {@code tokenizer.json}
     * @param where the file, for messages
     */
    NativeTokenizer(String json, String where) {
        TokenizersLibrary functions = NativeLibrary.load();
        long made;
        try {
            made = functions.createTokenizerFromString(json);
        } catch (RuntimeException e) {
            throw new ModelFormatException(
                    where + ": must be a tokenizer that the tokenizers library reads, was refused: " + e.getMessage(),
                    e);
        }
        library = functions;
        handle = made;
        CLEANER.register(this, () -> functions.deleteTokenizer(made));
    }

    /** Ids of a text without lone surrogates, special tokens not added. */
    int[] encode(String text) {
        try {
            long encoding = library.encode(handle, text, false);
            try {
                return narrow(library.getTokenIds(encoding));
            } finally {
                library.deleteEncoding(encoding);
            }
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** Text of ids from 0; those without a token leave nothing. */
    String decode(int[] ids, boolean withoutSpecial) {
        long[] wide = new long[ids.length];
        for (int i = 0; i < ids.length; i++) {
            wide[i] = ids[i];
        }
        try {
            return library.decode(handle, wide, withoutSpecial);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    private static int[] narrow(long[] ids) {
        int[] narrow = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            narrow[i] = Math.toIntExact(ids[i]);
        }
        return narrow;
    }
}
