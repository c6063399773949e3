package resonance.language.finetuning;

import resonance.language.CardText;
import resonance.language.corpus.SourceText;
import resonance.language.finetuning.FineTuningRecord.ValidationLoss;
import resonance.model.Model;

/** The {@code README.md} of a fine-tuned model: of what, how and on what it was made, and what that changed. */
record FineTuningCard(Model model, FineTuningSettings settings, FineTuningRecord record) {
    String text() {
        CardText card = new CardText();
        String name = model.name() + ", " + settings.length() + " tokens";
        card.line("---");
        card.line("library_name: transformers");
        card.line("model_name: %s", CardText.quoted(name));
        card.line("tags:");
        card.line("- long-context");
        card.line("---");
        card.line("# %s", name);
        card.line("");
        card.line(
                "%s with the position encoding %s, adapted to it by %,d steps of fine-tuning. %s Licence: that of the"
                        + " model it was made of.",
                model.name(),
                settings.encoding().encoding().name(),
                settings.recipe().steps(),
                settings.apart()
                        ? "A low-rank adapter; `config.json` here is the model's with the encoding in it."
                        : "The encoding is written into the model's own files, as stock engines read it.");
        if (settings.apart()) {
            card.line("");
            card.line("```python");
            card.line("base = AutoModelForCausalLM.from_pretrained(BASE, config=AutoConfig.from_pretrained(HERE))");
            card.line("model = PeftModel.from_pretrained(base, HERE)");
            card.line("```");
        }
        card.line("");
        card.line("| Loss on held-out text, nats a token | before | after |");
        card.line("|---|---:|---:|");
        for (int i = 0; i < record.before().size(); i++) {
            ValidationLoss before = record.before().get(i);
            card.line(
                    "| in windows of %,d tokens | %.4f | %.4f |",
                    before.longestWindow(), before.loss(), record.after().get(i).loss());
        }
        card.line("");
        card.line(
                "Both under the new encoding; \"after\" is of the written weights. %,d tokens trained on in %.0f"
                        + " minutes, %s, %d thread(s).",
                record.trainedTokens(),
                record.seconds() / 60,
                record.provenance().processor(),
                settings.threads());
        card.made(record.provenance(), "model, texts, settings and machine", record.settings());
        card.line("");
        card.line("## Texts");
        card.line("");
        card.line(
                "%,d documents in %d files, %,d bytes, %,d tokens; %,d of these were held out.",
                record.documents(),
                record.texts().size(),
                record.texts().stream().mapToLong(SourceText::bytes).sum(),
                record.trainingTokens() + record.validationTokens(),
                record.validationTokens());
        card.line("");
        card.texts(record.texts());
        return card.text();
    }
}
