package resonance.report.html;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import resonance.report.VisibleText;

/**
 * A piece of HTML in which every text is escaped.
 *
 * @param markup the HTML
 */
record Html(String markup) {

    static final Html NOTHING = new Html("");

    /**
     * A template of trusted markup with its places filled, as by {@link String#format}: HTML and numbers as they are, all
     * else as {@linkplain VisibleText visible text}, escaped for element content and quoted attributes.
     */
    static Html of(String template, Object... values) {
        return new Html(String.format(
                Locale.ROOT, template, Arrays.stream(values).map(Html::safe).toArray()));
    }

    /** One piece for each item, in their order. */
    static <T> Html each(List<T> items, Function<T, Html> piece) {
        return new Html(items.stream().map(item -> piece.apply(item).markup()).collect(Collectors.joining()));
    }

    /** The same, for pieces that depend on an item's index. */
    static <T> Html indexed(List<T> items, BiFunction<Integer, T, Html> piece) {
        return new Html(IntStream.range(0, items.size())
                .mapToObj(i -> piece.apply(i, items.get(i)).markup())
                .collect(Collectors.joining()));
    }

    /** The template filled with a value, or nothing where there is none or an empty one. */
    static Html ifAny(@Nullable Object value, String template) {
        return value == null || value.equals("") ? NOTHING : of(template, value);
    }

    /** A JSON document for a script element: the same JSON, which cannot end the element. */
    static Html script(String json) {
        return new Html(json.replace("<", "\\u003c")
                .replace(">", "\\u003e")
                .replace("&", "\\u0026")
                .replace("\u2028", "\\u2028")
                .replace("\u2029", "\\u2029"));
    }

    @Override
    public String toString() {
        return markup;
    }

    private static Object safe(Object value) {
        return value instanceof Html || value instanceof Number
                ? value
                : VisibleText.of(value.toString())
                        .replace("&", "&amp;")
                        .replace("<", "&lt;")
                        .replace(">", "&gt;")
                        .replace("\"", "&quot;")
                        .replace("'", "&#39;");
    }
}
