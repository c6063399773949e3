package resonance.report.html;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import resonance.report.Page;

/**
 * A page as one HTML file that needs nothing beside it: styles, scripts and data are inside, and its content security
 * policy forbids it to load anything.
 */
public final class HtmlPage {

    private static final Pattern PLACE = Pattern.compile("\\{\\{([a-z-]+)}}");

    private HtmlPage() {}

    /** The whole document. */
    public static String of(Page page) {
        Map<String, Object> parts = Map.of(
                "title", Html.of("%s", page.title()),
                "lead", Html.of("%s", page.lead()),
                "sections", Html.each(page.sections(), section -> section.render(new HtmlSections())),
                "data-name", Html.of("%s", page.data().name()),
                "data", Html.script(page.data().document()),
                "chart-licence", resource("uPlot.LICENSE").replace("*/", ""),
                "chart-style", resource("uPlot.min.css"),
                "chart-script", resource("uPlot.iife.min.js"),
                "style", resource("page.css"),
                "script", resource("page.js"));
        Matcher places = PLACE.matcher(resource("page.html"));
        return places.replaceAll(place -> Matcher.quoteReplacement(part(parts, place.group(1))));
    }

    private static String part(Map<String, Object> parts, String name) {
        Object part = parts.get(name);
        if (part == null) {
            throw new IllegalStateException("page.html has a place for \"" + name + "\", which no part fills");
        }
        return part.toString();
    }

    static String resource(String name) {
        try (InputStream stream = HtmlPage.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("the report's file " + name + " is missing from the class path");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the report's file " + name + " can't be read", e);
        }
    }
}
