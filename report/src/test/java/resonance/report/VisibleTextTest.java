package resonance.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import resonance.report.html.HtmlPage;
import resonance.report.text.TextTable;

class VisibleTextTest {
    /** Clears the screen, turns the text around, ends the line, and starts one that looks like ours. */
    private static final String HOSTILE = "a\u001b[2J\u009b31m\u202egnp\u2066x\u200f\u007f\b\r\u2028\u0085z";

    private static final String VISIBLE =
            "a\\u001b[2J\\u009b31m\\u202egnp\\u2066x\\u200f\\u007f\\u0008\\u000d\\u2028\\u0085z";

    @Test
    void whatActsIsWrittenAsItsNumber() {
        assertThat(VisibleText.of(HOSTILE)).isEqualTo(VISIBLE);
        assertThat(VisibleText.within(HOSTILE)).isEqualTo(VISIBLE);
    }

    @Test
    void everyControlCharacterIsEscapedAndNothingThatIsSeen() {
        List<Integer> escaped = IntStream.rangeClosed(0, 0xffff)
                .filter(c -> !VisibleText.of(String.valueOf((char) c)).equals(String.valueOf((char) c)))
                .boxed()
                .toList();
        assertThat(escaped).hasSize(30 + 33 + 4 + 7 + 16 + 3);
        assertThat(escaped)
                .contains(0, 7, 8, 0xb, 0xd, 0x1b, 0x7f, 0x80, 0x9b, 0x9f, 0x61c, 0x200e, 0x200f, 0x2028, 0x2029)
                .contains(0x202a, 0x202e, 0x2066, 0x2069, 0xfeff)
                .doesNotContain(9, 10, 0x20, 0xe9, 0x200c, 0x200d, 0x4e00, 0xd83d);
    }

    @Test
    void aTextKeepsItsLinesAndAValueHasNone() {
        assertThat(VisibleText.of("a\n\tb\r\nc\rd")).isEqualTo("a\n\tb\r\nc\\u000dd");
        assertThat(VisibleText.within("a\n\tb\r\nc")).isEqualTo("a\\u000a\\u0009b\\u000d\\u000ac");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "Grüße, 你好 👩‍👩‍👧 עברית"})
    void aTextThatDoesNothingStaysAsItIs(String text) {
        assertThat(VisibleText.of(text)).isSameAs(text);
        assertThat(VisibleText.within(text)).isSameAs(text);
    }

    @Test
    void jsonStaysTheSameDocument() throws JsonProcessingException {
        ObjectMapper json = new ObjectMapper();
        String document = json.writeValueAsString(List.of(HOSTILE, "\n\t"));
        assertThat(json.readTree(VisibleText.of(document))).isEqualTo(json.readTree(document));
    }

    @Test
    void tablesAndPagesShowNamesWithoutActingOnThem() {
        String name = HOSTILE + "\nResults: all fine";
        Table table = new Table(
                name,
                name,
                name,
                List.of(new Table.Group(name, List.of(name))),
                List.of(new Table.Row(name, null, List.of(Table.Cell.of(name)))));
        StringWriter text = new StringWriter();
        TextTable.print(table, new PrintWriter(text));
        String html = HtmlPage.of(new Page(name, name, List.of(table), new Page.Data("a.json", "{}")));
        assertThat(text.toString()).contains(VISIBLE + "\\u000a");
        assertThat(html).contains(VISIBLE);
        assertThat(List.of(text.toString(), html))
                .allSatisfy(shown -> assertThat(VisibleText.of(shown)).isEqualTo(shown));
        assertThat(text.toString().lines()).noneMatch(line -> line.startsWith("Results"));
    }
}
