package resonance.report.html;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import resonance.report.VisibleText;

class HtmlTest {

    private static final String ALPHABET = "<>&\"'/ab \\{}$%;#\u2028\u2029é\n";

    @Test
    void textIsEscapedAndHtmlAndNumbersAreNot() {
        assertThat(Html.of("<b title=\"%s\">%s %.1f %s</b>", "a\"'&", new Html("<i>x</i>"), 1.25, 3))
                .hasToString("<b title=\"a&quot;&#39;&amp;\"><i>x</i> 1.3 3</b>");
    }

    @Test
    void anyVisibleTextComesBackWhenItsEscapesAreUndone() {
        for (long seed = 0; seed < 200; seed++) {
            String text = random(seed);
            String escaped = Html.of("%s", text).markup();
            assertThat(escaped).as("seed " + seed).doesNotContain("<", ">", "\"", "'");
            assertThat(escaped.replace("&lt;", "<")
                            .replace("&gt;", ">")
                            .replace("&quot;", "\"")
                            .replace("&#39;", "'")
                            .replace("&amp;", "&"))
                    .as("seed " + seed)
                    .isEqualTo(VisibleText.of(text));
        }
    }

    @Test
    void anyJsonInAScriptIsTheSameJsonAndCannotEndIt() throws IOException {
        JsonMapper json = new JsonMapper();
        for (long seed = 0; seed < 200; seed++) {
            String document = json.writeValueAsString(List.of(random(seed)));
            String script = Html.script(document).markup();
            assertThat(script).as("seed " + seed).doesNotContain("<", ">", "&", "\u2028", "\u2029");
            assertThat(json.readTree(script)).as("seed " + seed).isEqualTo(json.readTree(document));
        }
    }

    @Test
    void piecesFollowEachOtherInOrder() {
        assertThat(Html.each(List.of("a", "<"), text -> Html.of("(%s)", text))).hasToString("(a)(&lt;)");
        assertThat(Html.indexed(List.of("a", "b"), (i, text) -> Html.of("%s%s ", i, text)))
                .hasToString("0a 1b ");
        assertThat(Html.each(List.<String>of(), text -> Html.of("(%s)", text))).isEqualTo(Html.NOTHING);
    }

    @Test
    void whatIsMissingLeavesNothing() {
        assertThat(Html.ifAny(null, "<p>%s</p>")).isEqualTo(Html.NOTHING);
        assertThat(Html.ifAny("", "<p>%s</p>")).isEqualTo(Html.NOTHING);
        assertThat(Html.ifAny(0, "<p>%s</p>")).hasToString("<p>0</p>");
    }

    private static String random(long seed) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(40); i > 0; i--) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }
}
