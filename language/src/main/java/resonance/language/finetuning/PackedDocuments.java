package resonance.language.finetuning;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import resonance.language.corpus.WindowOrder;
import resonance.rope.Refusal;
import resonance.transformer.inference.TokenWindow;
import resonance.transformer.training.TokenBatch;

/**
 * Documents as tokens, packed into windows of one length to train on, and held-out ones to validate on.
 *
 * <p>Of a document whose share to be held out fills a window, its last part is held out. The others are held out whole, the
 * longest first, until their share is reached; where each is more than that, the end of the longest. What is left is one row of
 * tokens, a document after the other, cut anew in every epoch ({@link WindowOrder}); the rows of all steps are taken from the
 * epochs one after the other, so that a step's batch depends on seed and step alone. Documents that meet in a window do not see
 * each other, and none predicts the first token of the next, unless they are joined.
 */
final class PackedDocuments {
    private final FineTuningSettings settings;
    private final OptionalInt beginning;
    private final int[] tokens;
    private final int[] documentStarts; // of each token, where its document begins
    private final List<int[]> heldOut;
    private final WindowOrder order;

    /**
     * @param documents tokens of each, at least one
     * @param beginning the token that the model expects before a text
     * @throws Refusal if they don't suffice for a window, or to validate
     */
    PackedDocuments(List<int[]> documents, OptionalInt beginning, FineTuningSettings settings) {
        this.settings = settings;
        this.beginning = beginning;
        List<int[]> trained = new ArrayList<>();
        List<int[]> held = new ArrayList<>();
        split(documents, trained, held);
        tokens = joined(trained);
        documentStarts = new int[tokens.length];
        int start = 0;
        for (int[] document : trained) {
            Arrays.fill(documentStarts, start, start + document.length, settings.joined() ? 0 : start);
            start += document.length;
        }
        heldOut = settings.joined() ? List.of(joined(held)) : held;
        order = new WindowOrder(tokens.length, settings.window(), settings.seed());
        requireEnough(trained);
    }

    private void split(List<int[]> documents, List<int[]> trained, List<int[]> held) {
        double share = settings.validationShare();
        List<int[]> shortOnes = new ArrayList<>();
        long ofShort = 0;
        for (int[] document : documents) {
            int part = (int) (document.length * share);
            if (part >= settings.trainedLength()) {
                trained.add(Arrays.copyOf(document, document.length - part));
                held.add(Arrays.copyOfRange(document, document.length - part, document.length));
            } else {
                shortOnes.add(document);
                ofShort += document.length;
            }
        }
        List<int[]> longestFirst = new ArrayList<>(shortOnes);
        longestFirst.sort(
                Comparator.comparingInt((int[] document) -> document.length).reversed());
        double wanted = ofShort * share;
        Set<int[]> heldWhole = Collections.newSetFromMap(new IdentityHashMap<>()); // there may be millions
        for (int[] document : longestFirst) {
            if (wanted >= document.length / 2.0) {
                held.add(document);
                heldWhole.add(document);
                wanted -= document.length;
            }
        }
        if (held.isEmpty()) { // all are too long for it: the end of one will have to do
            int[] document = longestFirst.get(0);
            int part = (int) (document.length * share);
            heldWhole.add(document);
            trained.add(Arrays.copyOf(document, document.length - part));
            held.add(Arrays.copyOfRange(document, document.length - part, document.length));
        }
        shortOnes.stream().filter(document -> !heldWhole.contains(document)).forEach(trained::add);
    }

    private static int[] joined(List<int[]> parts) {
        int[] all = new int[parts.stream().mapToInt(part -> part.length).reduce(0, Math::addExact)];
        int filled = 0;
        for (int[] part : parts) {
            System.arraycopy(part, 0, all, filled, part.length);
            filled += part.length;
        }
        return all;
    }

    private void requireEnough(List<int[]> trained) {
        int window = settings.window();
        if (order.windows() < 1) {
            throw Refusal.of(
                            "texts",
                            "must have at least two windows of {window} = " + window + " tokens to train on",
                            "had " + tokens.length + " tokens")
                    .cure("give more text or a smaller {window}");
        }
        int longest = trained.stream().mapToInt(part -> part.length).max().orElse(0);
        if (settings.positions() == PositionScheme.LONG && !settings.joined() && longest < window) {
            throw Refusal.of(
                            "texts",
                            "must have a document of {window} = " + window
                                    + " tokens, since nothing else shows how a text of that length goes on",
                            "had none of more than " + longest)
                    .cure("give longer ones, {join} them, or take {positions} skip-wise with a smaller {window}");
        }
        if (heldOut.stream().noneMatch(part -> part.length >= 2)) {
            throw Refusal.of("texts", "must hold out at least 2 tokens for validation", "held out none")
                    .cure("give more text or a larger {validationShare}");
        }
    }

    int trainingTokens() {
        return tokens.length;
    }

    int validationTokens() {
        return heldOut.stream().mapToInt(part -> part.length).sum();
    }

    /** The batch of a step, counted from 0. */
    TokenBatch batch(long step) {
        int rows = settings.batchRows();
        int window = settings.window();
        int[] inputs = new int[rows * window];
        int[] targets = new int[rows * window];
        int[] firstSeen = new int[rows * window];
        int[] positions = new int[settings.positions().skips() ? rows * window : 0];
        boolean packed = false;
        for (int row = 0; row < rows; row++) {
            long number = step * rows + row;
            int start = order.start(number / order.windows(), (int) (number % order.windows()));
            int at = row * window;
            System.arraycopy(tokens, start, inputs, at, window);
            for (int i = 0; i < window; i++) {
                int own = documentStarts[start + i];
                targets[at + i] = documentStarts[start + i + 1] == own ? tokens[start + i + 1] : TokenBatch.IGNORED;
                firstSeen[at + i] = Math.max(0, own - start);
                packed |= firstSeen[at + i] > 0;
            }
            if (positions.length > 0) {
                int[] places = settings.positions().positions(window, settings.length(), settings.seed(), number);
                System.arraycopy(places, 0, positions, at, window);
            }
        }
        return new TokenBatch(rows, window, inputs, targets, positions, packed ? firstSeen : new int[0]);
    }

    /**
     * The held-out tokens in windows of a length, one after the other, each predicted once but the first of each window; the rest
     * of a document is a shorter window.
     *
     * @param length tokens of a window, with the one that begins a text where the model expects one
     */
    List<TokenWindow> validationWindows(int length) {
        int text = length - (beginning.isPresent() ? 1 : 0);
        List<TokenWindow> windows = new ArrayList<>();
        int taken = 0;
        for (int[] part : longestFirst()) {
            for (int from = startOf(part); part.length - from >= 2; from += text) {
                if (taken >= settings.validationTokens()) {
                    return windows;
                }
                int[] cut = Arrays.copyOfRange(part, from, Math.min(part.length, from + text));
                windows.add(new TokenWindow(beginning.isPresent() ? after(beginning.getAsInt(), cut) : cut, 1));
                taken += cut.length;
                if (part.length - from <= text) {
                    break;
                }
            }
        }
        return windows;
    }

    private List<int[]> longestFirst() {
        return heldOut.stream()
                .sorted(Comparator.comparingInt((int[] part) -> part.length).reversed())
                .toList();
    }

    /** Windows get the beginning of a text anyway. */
    private int startOf(int[] part) {
        return beginning.isPresent() && part[0] == beginning.getAsInt() ? 1 : 0;
    }

    private static int[] after(int first, int[] rest) {
        int[] all = new int[rest.length + 1];
        all[0] = first;
        System.arraycopy(rest, 0, all, 1, rest.length);
        return all;
    }
}
