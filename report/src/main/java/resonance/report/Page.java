package resonance.report;

import com.fasterxml.jackson.annotation.JsonRawValue;
import java.util.List;

/**
 * A report as data: what it says, in the order to show it, and the record it was made from. It knows nothing of how it
 * is shown.
 *
 * @param title heading of the page, best the question it answers
 * @param lead a sentence or two on what was done
 * @param sections from top to bottom
 * @param data the record behind the page
 */
public record Page(String title, String lead, List<Section> sections, Data data) {

    /**
     * A record for readers to take away.
     *
     * @param name of the file it is offered as
     * @param document a JSON document; kept without white space
     */
    public record Data(String name, @JsonRawValue String document) {
        public Data {
            document = PageJson.compact(document);
        }
    }

    public Page {
        sections = List.copyOf(sections);
    }

    /**
     * The page as one JSON document on one line: {@code title}, {@code lead}, {@code sections} and {@code data}, whose
     * {@code document} is the record itself. Records are objects with a key for each component; each section has a
     * {@code kind} besides, the name of its type. Numbers of charts and cells have six significant digits; null stands for
     * those that are not finite, and for what a component calls none.
     */
    public String toJson() {
        return PageJson.write(this);
    }
}
