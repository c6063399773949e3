package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.util.Locale;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class TerminalWriterTest {
    private static final String END = System.lineSeparator();

    /** Takes some characters, then fails as a full disk does. */
    static final class Full extends Writer {
        private int room;

        Full(int room) {
            this.room = room;
        }

        @Override
        public void write(char[] text, int from, int length) throws IOException {
            room -= length;
            if (room < 0) {
                throw new IOException("No space left on device");
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    @Test
    void aLineIsOneLineAndATextKeepsItsOwn() {
        StringWriter shown = new StringWriter();
        TerminalWriter out = TerminalWriter.ofResults(shown);
        out.println("a\nb\u001b[1m");
        out.println((Object) "c\rd");
        out.print("e\n\u009bf\t");
        out.printf("%s: %d %5.1f%n", "g\nh", 7, 1.25);
        out.printf(Locale.ROOT, "%s|%s%n", null, 'i');
        out.append('\u202e');
        out.write("\u2066".toCharArray());
        out.flush();
        assertThat(shown)
                .hasToString("a\\u000ab\\u001b[1m" + END + "c\\u000dd" + END + "e\n\\u009bf\tg\\u000ah: 7   1.3" + END
                        + "null|i" + END + "\\u202e\\u2066");
    }

    @Test
    void progressSteersTheTerminalAndTheNamesInItDoNot() {
        StringWriter shown = new StringWriter();
        ProgressLine line = new ProgressLine(new PrintWriter(shown), OptionalInt.of(20));
        line.state("cell\u001b[2J\u202e of many cells");
        line.line("done\n\u0007");
        assertThat(shown).hasToString("\r\033[K" + "cell\\u001b[2J\\u202e" + "\r\033[K" + "done\\u000a\\u0007" + END);
    }

    @Test
    void resultsThatCannotBeWrittenEndWhatWritesThem() {
        TerminalWriter out = TerminalWriter.ofResults(new Full(3));
        out.print("abc");
        assertThatThrownBy(() -> out.print("d"))
                .isInstanceOf(OutputFailure.class)
                .hasMessage("No space left on device");
        out.println("what is said after that goes nowhere");
        out.flush();
    }

    @Test
    void resultsLostInAnotherPrintWriterAreNoticedWhenFlushed() {
        TerminalWriter out = TerminalWriter.ofResults(new PrintWriter(new Full(3)));
        out.print("abcd");
        assertThatThrownBy(out::flush).isInstanceOf(OutputFailure.class).hasMessage("it took no more");
    }

    @Test
    void messagesThatCannotBeWrittenAreLost() {
        TerminalWriter err = TerminalWriter.ofMessages(new Full(3));
        err.println("abcd");
        err.printf("%s%n", "e");
        err.control("\r");
        err.flush();
        err.close();
        assertThat(TerminalWriter.messages(err)).isSameAs(err);
    }
}
