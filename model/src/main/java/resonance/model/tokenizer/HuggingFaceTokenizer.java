package resonance.model.tokenizer;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import resonance.model.ModelFormatException;
import resonance.model.Tokenizer;

/**
 * A tokenizer run by the Hugging Face tokenizers library, without truncation and padding.
 *
 * <p>The library encodes about a million characters a second and needs about 150 bytes for each character of a text; where
 * {@link LineCuts} shows that it changes nothing, texts go through it in parts. Half a surrogate pair is read as U+FFFD.
 */
public final class HuggingFaceTokenizer implements Tokenizer {
    /** The library's matcher ends the process where it goes back over more than ten million characters. */
    static final int LONGEST_PART = 4 << 20;

    /** Characters of a part, or as many more as it takes to a place where the text may be cut. */
    static final int PART = 1 << 18;

    private static final String FILE = "tokenizer.json";

    private final NativeTokenizer library;
    private final int vocabularySize;
    private final OptionalInt beginning;
    private final Set<Integer> ends;
    private final BitSet byteTokens;
    private final BitSet silentIds;
    private final boolean cutsLines;

    HuggingFaceTokenizer(TokenizerPlan plan, OptionalInt beginning, Set<Integer> ends) {
        this.library = plan.build();
        this.vocabularySize = plan.idLimit();
        this.beginning = beginning;
        this.ends = Set.copyOf(ends);
        this.byteTokens = plan.model().byteTokens();
        this.silentIds = plan.silentIds();
        this.cutsLines = LineCuts.allowed(plan);
    }

    /**
     * Reads {@code tokenizer.json} in a folder, and which tokens begin and end texts from {@code tokenizer_config.json},
     * {@code generation_config.json} and {@code config.json} where they are.
     *
     * @throws ModelFormatException if a file can't be read, is damaged, or is of a kind that is not known
     */
    public static HuggingFaceTokenizer open(Path folder) {
        Path file = folder.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            throw new ModelFormatException(file + " must exist; where there is only a tokenizer.model, write it with"
                    + " AutoTokenizer.from_pretrained(folder).save_pretrained(folder) of transformers");
        }
        TokenizerJson json;
        try (InputStream in = Files.newInputStream(file)) {
            json = TokenizerJson.read(in, file.toString());
        } catch (IOException e) {
            throw new ModelFormatException(file + ": must be readable: " + e, e);
        }
        TokenizerPlan plan = json.plan();
        TokenizerSettings settings = new TokenizerSettings(folder, plan);
        return new HuggingFaceTokenizer(plan, settings.beginning(json.postProcessor()), settings.ends());
    }

    /**
     * A tokenizer from the text of a {@code tokenizer.json} alone.
     *
     * @param where what it is, for messages
     */
    public static HuggingFaceTokenizer of(String tokenizerJson, String where) {
        TokenizerJson json =
                TokenizerJson.read(new ByteArrayInputStream(tokenizerJson.getBytes(StandardCharsets.UTF_8)), where);
        TokenizerPlan plan = json.plan();
        return new HuggingFaceTokenizer(
                plan, BeginningTemplate.first(json.postProcessor(), plan), TokenizerSettings.named(plan));
    }

    @Override
    public int vocabularySize() {
        return vocabularySize;
    }

    /**
     * @throws IllegalArgumentException if there are more than four million characters between two places where the text
     *     may be cut
     */
    @Override
    public int[] encode(String text) {
        String whole = SurrogatePairs.replaceLone(text);
        List<int[]> ids = new ArrayList<>();
        int from = 0;
        while (from < whole.length()) {
            int to = cutsLines ? LineCuts.next(whole, from, PART) : whole.length();
            if (to - from > LONGEST_PART) {
                throw new IllegalArgumentException("text must have at most " + LONGEST_PART
                        + " characters without a line between two words, had " + (to - from)
                        + "; encode it in parts");
            }
            ids.add(library.encode(whole.substring(from, to)));
            from = to;
        }
        return ids.size() == 1
                ? ids.get(0)
                : ids.stream().flatMapToInt(Arrays::stream).toArray();
    }

    /** Ids that no token has leave nothing. */
    @Override
    public String decode(int[] ids) {
        for (int id : ids) {
            if (id < 0) {
                throw new IllegalArgumentException("ids must not be negative, was " + id);
            }
        }
        return library.decode(ids, true);
    }

    @Override
    public OptionalInt beginningOfSequence() {
        return beginning;
    }

    @Override
    public Set<Integer> endOfSequence() {
        return ends;
    }

    /** Whether a token is one byte of a character that has no token. */
    boolean isByte(int id) {
        return byteTokens.get(id);
    }

    /** Whether decoding leaves an id out: that of a special token, or of none. */
    boolean isSilent(int id) {
        return id >= vocabularySize || silentIds.get(id);
    }
}
