package resonance.evaluation.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import resonance.study.AtomicFile;

/**
 * A report as one HTML file that needs nothing beside it: styles, scripts and data are inside, and its content security
 * policy forbids it to load anything.
 *
 * @param title heading of the page, best the question it answers
 * @param lead a sentence or two on what was done
 * @param sections from top to bottom
 * @param dataName file name the download button offers
 * @param dataJson the data behind the page, a JSON document
 */
public record ReportPage(String title, String lead, List<Section> sections, String dataName, String dataJson) {

    private static final Pattern PLACE = Pattern.compile("\\{\\{([a-z-]+)}}");

    public ReportPage {
        sections = List.copyOf(sections);
    }

    /** The whole document. */
    public String html() {
        StringBuilder body = new StringBuilder();
        sections.forEach(section -> body.append(section.html()));
        Map<String, String> parts = Map.of(
                "title", Html.escape(title),
                "lead", Html.escape(lead),
                "sections", body.toString(),
                "data-name", Html.escape(dataName),
                "data", Html.scriptJson(ChartJson.compact(dataJson)),
                "chart-licence", Html.resource("uPlot.LICENSE").replace("*/", ""),
                "chart-style", Html.resource("uPlot.min.css"),
                "chart-script", Html.resource("uPlot.iife.min.js"),
                "style", Html.resource("page.css"),
                "script", Html.resource("page.js"));
        Matcher places = PLACE.matcher(Html.resource("page.html"));
        return places.replaceAll(place -> Matcher.quoteReplacement(part(parts, place.group(1))));
    }

    /** Writes the document; a reader sees the old file or the whole new one, never a part. */
    public void write(Path file) throws IOException {
        AtomicFile.write(file, html());
    }

    private static String part(Map<String, String> parts, String name) {
        String part = parts.get(name);
        if (part == null) {
            throw new IllegalStateException("page.html has a place for \"" + name + "\", which no part fills");
        }
        return part;
    }
}
