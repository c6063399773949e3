package resonance.evaluation.perplexity;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import resonance.rope.Refusal;

/**
 * How a document is cut into windows, which of their tokens are scored, and how the losses are averaged. Perplexities are
 * comparable only within one protocol and one tokenizer.
 *
 * <p>A length L counts positions, the beginning-of-sequence token (BOS) included. A token of a window is predicted from
 * the tokens before it in the same window and from nothing else.
 */
public sealed interface PerplexityProtocol permits EveryTokenOnce, SlidingWindow, SecondHalves {

    /** What stands between a name and its stride in {@link #text}. */
    String STRIDE_MARK = ":";

    /** What is averaged before the exponential is taken. */
    enum Weighting {
        /** The losses of all scored tokens. */
        TOKENS,
        /** The mean losses of all windows, however many tokens they score. */
        WINDOWS
    }

    /** The protocol's name: {@code token}, {@code yarn} or {@code llama.cpp}. */
    String name();

    /** What is scored and how it is averaged, in one sentence for tables and pages. */
    String description();

    /** What is averaged before the exponential is taken. */
    Weighting weighting();

    /**
     * Fewest tokens a document must have, without special tokens, to be measured at a length.
     *
     * @param length L, positions in a whole window, at least 2, in protocol {@code llama.cpp} 3
     * @param bos whether the model expects a beginning-of-sequence token
     */
    int fewestTokens(int length, boolean bos);

    /**
     * The windows of a document in the order of the text.
     *
     * @param documentTokens tokens of the document, without special tokens
     * @param length L, positions in a whole window, at least 2, in protocol {@code llama.cpp} 3
     * @param bos whether the model expects a beginning-of-sequence token
     * @return at least one window, each of at most L positions and at least one scored token
     * @throws IllegalArgumentException if the length is below its least or the document too short for it
     */
    List<TextWindow> windows(int documentTokens, int length, boolean bos);

    /** The name, and a stride that is not the usual one behind a colon: {@code yarn:128}. {@link #named} reads it back. */
    @JsonValue
    default String text() {
        return name();
    }

    /** Every name, the default first. */
    static List<String> names() {
        return List.of(EveryTokenOnce.NAME, SlidingWindow.NAME, SecondHalves.NAME);
    }

    /**
     * The protocol of a name, as {@link #text} writes it.
     *
     * @throws IllegalArgumentException if there is none; the message lists the names and suggests the one that begins with
     *     the same letter
     */
    @JsonCreator
    static PerplexityProtocol named(String text) {
        if (text.startsWith(SlidingWindow.NAME + STRIDE_MARK)) {
            return SlidingWindow.ofText(text);
        }
        return switch (text) {
            case EveryTokenOnce.NAME -> new EveryTokenOnce();
            case SlidingWindow.NAME -> new SlidingWindow(SlidingWindow.DEFAULT_STRIDE);
            case SecondHalves.NAME -> new SecondHalves();
            default -> throw unknown(text);
        };
    }

    private static IllegalArgumentException unknown(String text) {
        List<String> meant = names().stream()
                .filter(name -> !text.isEmpty() && name.charAt(0) == text.charAt(0))
                .toList();
        return Refusal.unknown("protocol", text, meant, String.join(", ", names()));
    }
}
