package resonance.evaluation.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Text that is safe inside a page, and the page's own resource files. */
final class Html {

    private Html() {}

    /** Escapes text for element content and quoted attributes. */
    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    /** Escapes a JSON document for a script element: the result is the same JSON and cannot end the element. */
    static String scriptJson(String json) {
        return json.replace("<", "\\u003c")
                .replace(">", "\\u003e")
                .replace("&", "\\u0026")
                .replace("\u2028", "\\u2028")
                .replace("\u2029", "\\u2029");
    }

    /** A section's opening: heading and, unless empty, an explaining paragraph. */
    static String heading(String title, String explanation) {
        String heading = "<h2>" + escape(title) + "</h2>\n";
        return explanation.isEmpty() ? heading : heading + "<p class=\"explanation\">" + escape(explanation) + "</p>\n";
    }

    /** A line sample in an encoding's style, the key to the charts. */
    static String swatch(LineStyle style) {
        return "<span class=\"swatch " + classes(style) + "\" aria-hidden=\"true\"></span>";
    }

    /** The style's classes in the page's style sheet. */
    static String classes(LineStyle style) {
        return "c" + style.colour() + " " + style.stroke().cssName();
    }

    static String resource(String name) {
        try (InputStream stream = Html.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("the report's file " + name + " is missing from the class path");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the report's file " + name + " can't be read", e);
        }
    }
}
