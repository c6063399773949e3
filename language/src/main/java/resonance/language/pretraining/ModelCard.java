package resonance.language.pretraining;

import java.util.List;
import java.util.Locale;
import resonance.language.CardText;
import resonance.language.corpus.SourceText;

/** The {@code README.md} of a pretrained model: what it is, of what and how it was made, how good it is. */
record ModelCard(PretrainingOutput output, PretrainingSettings settings, PretrainingRecord record) {
    String text() {
        CardText card = new CardText();
        PretrainedShape shape = settings.shape();
        card.line("---");
        card.line("license: %s", CardText.yaml(output.licence()));
        card.line("library_name: transformers");
        card.line("model_name: %s", CardText.quoted(output.name()));
        card.line("---");
        card.line("# %s", output.name());
        card.line("");
        card.line(
                "A LLaMA-style language model of %,d parameters, trained on sequences of %d tokens only. It is no"
                        + " writer: it shows in seconds what becomes of such a model beyond its trained length.",
                record.parameters(), shape.trainedLength());
        card.line("");
        if (settings.practiceShare() > 0) {
            card.line(
                    "%.0f %% of its sequences were made by seed to practise looking back: passages of the prose that come again,"
                            + " random tokens again and again, the passkey prompt, and numbers hidden in prose as RULER hides"
                            + " them. What it retrieves it was trained to retrieve, within %d tokens.",
                    100 * settings.practiceShare(), shape.trainedLength());
            card.line("");
        }
        card.line("| | |");
        card.line("|---|---|");
        card.row("Loss on held-out text", CardText.loss(record.validationLoss()) + " (the written weights)");
        card.row("Loss in training", CardText.loss(record.trainingLoss()) + " (mean of the last steps)");
        card.row("Tokens trained on", String.format(Locale.ROOT, "%,d", record.trainedTokens()));
        card.row("Time", String.format(Locale.ROOT, "%.0f minutes", record.seconds() / 60));
        card.row("Machine", record.provenance().processor() + ", " + settings.threads() + " thread(s)");
        card.row("Licence", output.licence());
        card.made(record.provenance(), "texts, settings and machine", record.settings());
        texts(card);
        return card.text();
    }

    private void texts(CardText card) {
        List<SourceText> texts = record.texts();
        long bytes = texts.stream().mapToLong(SourceText::bytes).sum();
        card.line("");
        card.line("## Texts");
        card.line("");
        if (!output.dataNote().isBlank()) {
            output.dataNote().lines().forEach(paragraph -> card.line("%s", paragraph));
            card.line("");
        }
        card.line(
                "%d texts, %,d bytes, %,d tokens; %,d of these, the last part of each text, were held out.",
                texts.size(), bytes, record.trainingTokens() + record.validationTokens(), record.validationTokens());
        card.line("");
        card.texts(texts);
    }
}
