package resonance.evaluation.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import resonance.study.Provenance;

/**
 * A list of names and values, such as settings.
 *
 * @param title heading
 * @param explanation what they are; may be empty
 * @param values in the order to show them
 */
public record KeyValues(String title, String explanation, Map<String, String> values) implements Section {

    public KeyValues {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** With what, where and when a result was made. */
    public static KeyValues of(Provenance provenance) {
        return of(provenance, Map.of());
    }

    /** The same with more to say. */
    static KeyValues of(Provenance provenance, Map<String, String> more) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("software", provenance.softwareVersion());
        values.put("commit", provenance.gitCommit());
        values.put("Java", provenance.javaVersion());
        values.put("LibTorch", provenance.libTorchVersion());
        values.put("operating system", provenance.operatingSystem());
        values.put("processor", provenance.processor());
        values.put("cores", Integer.toString(provenance.cores()));
        values.put("date", provenance.date());
        values.put("command", provenance.commandLine());
        values.putAll(more);
        return new KeyValues("Provenance", "", values);
    }

    @Override
    public String html() {
        StringBuilder html = new StringBuilder("<section class=\"key-values\">\n")
                .append(Html.heading(title, explanation))
                .append("<dl>\n");
        values.forEach((name, value) -> html.append("<div><dt>")
                .append(Html.escape(name))
                .append("</dt><dd>")
                .append(Html.escape(value))
                .append("</dd></div>\n"));
        return html.append("</dl>\n</section>\n").toString();
    }
}
