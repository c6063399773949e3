package resonance.language.finetuning;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import resonance.language.corpus.Document;
import resonance.model.Model;
import resonance.model.Tokenizer;
import resonance.rope.Refusal;

/** Documents as the tokens that a model is trained on. */
final class DocumentTokens {
    /** Of a document that is tokens already. */
    private static final int SHOWN = 12;

    private final Tokenizer tokenizer;
    private final int vocabulary;

    DocumentTokens(Model model) {
        tokenizer = model.tokenizer();
        vocabulary = model.description().decoder().vocabularySize();
    }

    /**
     * The tokens of a document: text is encoded, token ids are taken as they are.
     *
     * @throws Refusal if an id is none of the model's
     */
    int[] of(Document document) {
        if (document instanceof Document.Text text) {
            return encoded(text.text());
        }
        int[] ids = ((Document.Tokens) document).ids();
        for (int id : ids) {
            if (id < 0 || id >= vocabulary) {
                throw Refusal.of(
                                "{texts} " + document.place(),
                                "token ids must be in [0, " + vocabulary + "), the model's vocabulary",
                                "found " + id)
                        .cure("give text, or ids that the model's own tokenizer made");
            }
        }
        return ids;
    }

    /**
     * A text as the model's family has it: behind the token that begins a text, where the model expects one, and before the one
     * that ends it. Where several end a text or a turn, that is the one with the smallest id: those of turns were added later.
     */
    private int[] encoded(String text) {
        int[] ids = tokenizer.encode(text);
        OptionalInt begin = tokenizer.beginningOfSequence();
        OptionalInt end = tokenizer.endOfSequence().stream()
                .mapToInt(Integer::intValue)
                .filter(id -> id < vocabulary)
                .min();
        int before = begin.isPresent() ? 1 : 0;
        int[] all = new int[before + ids.length + (end.isPresent() ? 1 : 0)];
        begin.ifPresent(id -> all[0] = id);
        System.arraycopy(ids, 0, all, before, ids.length);
        end.ifPresent(id -> all[all.length - 1] = id);
        return all;
    }

    /** In a line, how the first of a file's documents begins that are token ids, since they may be another tokenizer's. */
    Optional<String> beginning(List<Document> documents) {
        if (!(documents.get(0) instanceof Document.Tokens first)) {
            return Optional.empty();
        }
        int[] shown = Arrays.copyOf(first.ids(), Math.min(first.ids().length, SHOWN));
        String text = tokenizer.decode(shown).replaceAll("\\p{Cntrl}+", " ").strip();
        return Optional.of(
                first.place() + ": token ids are taken as they are; by this model's tokenizer they begin with \"" + text
                        + "\". If that is not how the text begins, they are another's");
    }
}
