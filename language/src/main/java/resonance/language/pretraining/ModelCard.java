package resonance.language.pretraining;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import resonance.language.corpus.SourceText;

/** The {@code README.md} of a pretrained model: what it is, of what and how it was made, how good it is. */
record ModelCard(PretrainingOutput output, PretrainingSettings settings, PretrainingRecord record) {
    /** Control characters, separators of lines, and what changes the direction of text. */
    private static final String NOT_SEEN = "[\\p{Cc}\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]";

    /** Plain words that YAML reads as no text. */
    private static final Set<String> YAML_WORDS = Set.of("yes", "no", "on", "off", "true", "false", "null", "y", "n");

    String text() {
        StringBuilder card = new StringBuilder();
        PretrainedShape shape = settings.shape();
        line(card, "---");
        line(card, "license: %s", yaml(output.licence()));
        line(card, "library_name: transformers");
        line(card, "model_name: %s", quoted(output.name()));
        line(card, "---");
        line(card, "# %s", output.name());
        line(card, "");
        line(
                card,
                "A LLaMA-style language model of %,d parameters, trained on sequences of %d tokens only. It is no"
                        + " writer: it shows in seconds what becomes of such a model beyond its trained length.",
                record.parameters(),
                shape.trainedLength());
        line(card, "");
        line(card, "| | |");
        line(card, "|---|---|");
        row(card, "Loss on held-out text", loss(record.validationLoss()) + " (the written weights)");
        row(card, "Loss in training", loss(record.trainingLoss()) + " (mean of the last steps)");
        row(card, "Tokens trained on", String.format(Locale.ROOT, "%,d", record.trainedTokens()));
        row(card, "Time", String.format(Locale.ROOT, "%.0f minutes", record.seconds() / 60));
        row(card, "Machine", record.provenance().processor() + ", " + settings.threads() + " thread(s)");
        row(card, "Licence", output.licence());
        line(card, "");
        line(card, "## Command");
        line(card, "");
        line(card, "```sh");
        line(card, "%s", record.provenance().commandLine());
        line(card, "```");
        line(card, "");
        line(
                card,
                "Version %s, commit %s, Java %s, LibTorch %s. The same texts, settings and machine give the same"
                        + " weights bit for bit. `training.json` has the loss over the steps.",
                record.provenance().softwareVersion(),
                record.provenance().gitCommit(),
                record.provenance().javaVersion(),
                record.provenance().libTorchVersion());
        line(card, "");
        line(card, "## Settings");
        line(card, "");
        line(card, "| Setting | Value |");
        line(card, "|---|---|");
        for (Map.Entry<String, Object> setting : record.settings().entrySet()) {
            row(card, setting.getKey(), String.valueOf(setting.getValue()));
        }
        texts(card);
        return card.toString();
    }

    private void texts(StringBuilder card) {
        List<SourceText> texts = record.texts();
        long bytes = texts.stream().mapToLong(SourceText::bytes).sum();
        line(card, "");
        line(card, "## Texts");
        line(card, "");
        if (!output.dataNote().isBlank()) {
            output.dataNote().lines().forEach(paragraph -> line(card, "%s", paragraph));
            line(card, "");
        }
        line(
                card,
                "%d texts, %,d bytes, %,d tokens; %,d of these, the last part of each text, were held out.",
                texts.size(),
                bytes,
                record.trainingTokens() + record.validationTokens(),
                record.validationTokens());
        line(card, "");
        line(card, "| Text | Bytes | SHA-256 |");
        line(card, "|---|---:|---|");
        for (SourceText text : texts) {
            line(card, "| %s | %d | `%s` |", text.name().replace("|", "\\|"), text.bytes(), text.sha256());
        }
    }

    private static String loss(double loss) {
        return String.format(Locale.ROOT, "%.4f nats a token, perplexity %.1f", loss, Math.exp(loss));
    }

    private static void row(StringBuilder card, String name, String value) {
        line(card, "| %s | %s |", name, value.replace("|", "\\|"));
    }

    /** A word as it is, unless YAML takes it for something else. */
    private static String yaml(String word) {
        return word.matches("[A-Za-z][A-Za-z0-9.-]*") && !YAML_WORDS.contains(word.toLowerCase(Locale.ROOT))
                ? word
                : quoted(word);
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    /** A line of its own: in a value, whatever would end it or act on a reader's screen becomes a space. */
    private static void line(StringBuilder card, String format, Object... values) {
        Object[] within = Arrays.stream(values)
                .map(value -> value instanceof String text ? text.replaceAll(NOT_SEEN, " ") : value)
                .toArray();
        card.append(String.format(Locale.ROOT, format, within)).append('\n');
    }
}
