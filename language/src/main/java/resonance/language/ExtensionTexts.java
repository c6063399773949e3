package resonance.language;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import resonance.evaluation.extension.ExtensionPlan;
import resonance.evaluation.extension.ExtensionPlan.Piece;
import resonance.evaluation.perplexity.MeasuredDocument;
import resonance.evaluation.perplexity.TextWindow;
import resonance.rope.Refusal;

/**
 * Texts, and the pieces of them to choose an encoding by and, apart from those, to report on.
 *
 * @param model that reads them
 * @param byName the texts
 * @param windowsInAPiece windows of the target length in each piece, at least 1
 * @param choosing pieces to choose by, at least one
 * @param reporting pieces to report on, at least one
 */
record ExtensionTexts(
        LanguageModel model,
        Map<String, MeasuredText> byName,
        int windowsInAPiece,
        List<Piece> choosing,
        List<Piece> reporting) {
    /** Pieces of text to choose by, and as many to report on. */
    private static final int MOST_PIECES = 4;

    /**
     * Reads, tokenizes and cuts them.
     *
     * @throws Refusal if a text is not UTF-8, or there is too little text
     */
    static ExtensionTexts read(LanguageModel model, List<Path> files, int length) throws IOException {
        int most = 2 * MOST_PIECES * Math.max(length, TextReading.TOKENS_A_CALL) + 1;
        Map<String, MeasuredText> texts = MeasuredText.read(files, model.tokenizer(), most);
        boolean bos = model.tokenizer().beginningOfSequence().isPresent();
        int windows = windowsInAPiece(texts, length, bos);
        List<List<Piece>> pieces = pieces(texts, windows, length, bos);
        return new ExtensionTexts(model, texts, windows, pieces.get(0), pieces.get(1));
    }

    /** As many as keep the decoder busy, and fewer where that leaves too few pieces. */
    private static int windowsInAPiece(Map<String, MeasuredText> texts, int length, boolean bos) {
        int windows = texts.values().stream()
                .mapToInt(text -> scored(text, bos) / (length - 1))
                .sum();
        if (windows < 2) {
            int tokens = texts.values().stream()
                    .mapToInt(text -> text.tokens().length)
                    .sum();
            throw Refusal.of(
                            "texts",
                            "must hold at least two windows of {length} " + length
                                    + " tokens, one to choose by and one to report on",
                            "held " + tokens + " tokens")
                    .cure("give more text, or a smaller {length}");
        }
        return Math.max(1, Math.min(TextReading.TOKENS_A_CALL / length, windows / (2 * MOST_PIECES)));
    }

    private static int scored(MeasuredText text, boolean bos) {
        return text.tokens().length - (bos ? 0 : 1);
    }

    /** Pieces to choose by, and to report on: of each document in turn; documents take turns too. */
    private static List<List<Piece>> pieces(Map<String, MeasuredText> texts, int windows, int length, boolean bos) {
        List<List<Piece>> pieces = List.of(new ArrayList<>(), new ArrayList<>());
        int step = windows * (length - 1);
        int longest = texts.values().stream()
                .mapToInt(text -> scored(text, bos) / step)
                .max()
                .orElse(0);
        for (int number = 0; number < longest; number++) {
            int document = 0;
            for (Map.Entry<String, MeasuredText> text : texts.entrySet()) {
                List<Piece> side = pieces.get((document++ + number) % 2);
                if (number < scored(text.getValue(), bos) / step && side.size() < MOST_PIECES) {
                    side.add(new Piece(text.getKey(), number * step, (number + 1) * step + (bos ? 0 : 1)));
                }
            }
        }
        return pieces;
    }

    /** What is read of a piece within the trained length: its beginning. */
    static Piece within(Piece piece, int trained) {
        int tokens = Math.max(trained, TextReading.TOKENS_A_CALL);
        return new Piece(piece.document(), piece.begin(), Math.min(piece.end(), piece.begin() + tokens));
    }

    /** The texts, as records call them. */
    List<MeasuredDocument> documents() {
        return byName.values().stream().map(MeasuredText::document).toList();
    }

    /** SHA-256 of the text that a piece is of. */
    String sha256(Piece piece) {
        return text(piece).document().sha256();
    }

    private MeasuredText text(Piece piece) {
        return requireNonNull(byName.get(piece.document()), "a piece must be of one of the texts");
    }

    /** How a piece is read in windows of a length. */
    List<TextWindow> windows(Piece piece, int window) {
        boolean bos = model.tokenizer().beginningOfSequence().isPresent();
        return ExtensionPlan.PROTOCOL.windows(piece.end() - piece.begin(), window, bos);
    }

    /**
     * The reading of a piece in windows of a length.
     *
     * @param clock nanoseconds, {@link System#nanoTime}
     * @param whileReading called often; what it throws ends the reading
     */
    TextReading reading(Piece piece, int window, LongSupplier clock, Runnable whileReading) {
        int[] tokens = Arrays.copyOfRange(text(piece).tokens(), piece.begin(), piece.end());
        return new TextReading(model, tokens, windows(piece, window), clock, whileReading);
    }
}
