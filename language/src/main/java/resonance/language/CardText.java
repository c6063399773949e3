package resonance.language;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import resonance.language.corpus.SourceText;
import resonance.study.Provenance;

/** The lines of a model card: Markdown behind a block of YAML. Nothing that a value holds can end its line or its cell. */
public final class CardText {
    /** Control characters, separators of lines, and what changes the direction of text. */
    private static final String NOT_SEEN = "[\\p{Cc}\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]";

    /** Plain words that YAML reads as no text. */
    private static final Set<String> YAML_WORDS = Set.of("yes", "no", "on", "off", "true", "false", "null", "y", "n");

    private final StringBuilder card = new StringBuilder();

    /** A line of its own: in a value, whatever would end it or act on a reader's screen becomes a space. */
    public void line(String format, Object... values) {
        Object[] within = Arrays.stream(values)
                .map(value -> value instanceof String text ? text.replaceAll(NOT_SEEN, " ") : value)
                .toArray();
        card.append(String.format(Locale.ROOT, format, within)).append('\n');
    }

    /** A row of a table of two columns. */
    public void row(String name, String value) {
        line("| %s | %s |", name, value.replace("|", "\\|"));
    }

    /**
     * The command that made the model, the software it ran on, and every setting.
     *
     * @param same what has to be the same for the same weights, for example "texts, settings and machine"
     */
    public void made(Provenance provenance, String same, Map<String, ?> settings) {
        line("");
        line("## Command");
        line("");
        line("```sh");
        line("%s", provenance.commandLine());
        line("```");
        line("");
        line(
                "Version %s, commit %s, Java %s, LibTorch %s. The same %s give the same weights bit for bit. `training.json` has the"
                        + " loss over the steps.",
                provenance.softwareVersion(),
                provenance.gitCommit(),
                provenance.javaVersion(),
                provenance.libTorchVersion(),
                same);
        line("");
        line("## Settings");
        line("");
        line("| Setting | Value |");
        line("|---|---|");
        settings.forEach((name, value) -> row(name, String.valueOf(value)));
    }

    /** A table of texts with their hashes. */
    public void texts(List<SourceText> texts) {
        line("| Text | Bytes | SHA-256 |");
        line("|---|---:|---|");
        for (SourceText text : texts) {
            line("| %s | %d | `%s` |", text.name().replace("|", "\\|"), text.bytes(), text.sha256());
        }
    }

    /** A word as YAML's value: as it is, unless YAML takes it for something else. */
    public static String yaml(String word) {
        return word.matches("[A-Za-z][A-Za-z0-9.-]*") && !YAML_WORDS.contains(word.toLowerCase(Locale.ROOT))
                ? word
                : quoted(word);
    }

    /** A text as YAML's value. */
    public static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    /** A loss in both ways of saying it. */
    public static String loss(double loss) {
        return String.format(Locale.ROOT, "%.4f nats a token, perplexity %.1f", loss, Math.exp(loss));
    }

    /** All lines. */
    public String text() {
        return card.toString();
    }
}
