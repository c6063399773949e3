package resonance.cli;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.Arrays;
import java.util.Locale;
import resonance.report.VisibleText;

/**
 * The one way to standard output and standard error. Whatever passes is {@linkplain VisibleText visible text}: names, metadata
 * and texts of others can neither steer the terminal nor look like a line of ours.
 *
 * <p>{@link #println(String)} prints one line, and the values of {@link #printf} stand within a line; {@link #print(String)}
 * prints a text with lines of its own. JSON stays the same document.
 *
 * <p>Results that can't be written end the command ({@link OutputFailure}). Messages that can't be written are lost, and the run
 * goes on.
 */
final class TerminalWriter extends PrintWriter {
    private final Destination destination;

    private TerminalWriter(Destination destination, boolean flushesLines) {
        super(destination, flushesLines);
        this.destination = destination;
    }

    /** To standard output. */
    static TerminalWriter ofResults(Writer out) {
        return new TerminalWriter(new Destination(out, true), false);
    }

    /** To standard error; every line is flushed. */
    static TerminalWriter ofMessages(Writer err) {
        return new TerminalWriter(new Destination(err, false), true);
    }

    /** The same writer if it is one, else one of messages before it. */
    static TerminalWriter messages(PrintWriter err) {
        return err instanceof TerminalWriter already ? already : ofMessages(err);
    }

    /** Sends what steers the terminal, such as the sequence that erases a line. Never a text of others. */
    void control(String sequence) {
        destination.write(sequence, 0, sequence.length());
    }

    @Override
    public void write(int character) {
        write(String.valueOf((char) character));
    }

    @Override
    public void write(char[] text, int from, int length) {
        write(String.valueOf(text, from, length));
    }

    @Override
    public void write(String text, int from, int length) {
        write(text.substring(from, from + length));
    }

    @Override
    public void write(String text) {
        String visible = VisibleText.of(text);
        super.write(visible, 0, visible.length());
    }

    @Override
    public void println(String line) {
        super.println(VisibleText.within(line));
    }

    @Override
    public void println(Object line) {
        println(String.valueOf(line));
    }

    @Override
    public PrintWriter format(String format, Object... values) {
        return super.format(format, visible(values));
    }

    @Override
    public PrintWriter format(Locale locale, String format, Object... values) {
        return super.format(locale, format, visible(values));
    }

    private static Object[] visible(Object... values) {
        return Arrays.stream(values)
                .map(value -> value == null || value instanceof Number ? value : VisibleText.within(value.toString()))
                .toArray();
    }

    /** Where it goes; for results, a failure is thrown through {@link PrintWriter}, which only notes those it knows. */
    private static final class Destination extends FilterWriter {
        private final boolean required;
        private boolean failed;

        Destination(Writer out, boolean required) {
            super(out);
            this.required = required;
        }

        interface Step {
            void take() throws IOException;
        }

        private void take(Step step) {
            if (failed) {
                return;
            }
            try {
                step.take();
            } catch (IOException failure) {
                failed = true;
                if (required) {
                    throw new OutputFailure(failure);
                }
            }
        }

        @Override
        public void write(int character) {
            take(() -> out.write(character));
        }

        @Override
        public void write(char[] text, int from, int length) {
            take(() -> out.write(text, from, length));
        }

        @Override
        public void write(String text, int from, int length) {
            take(() -> out.write(text, from, length));
        }

        @Override
        public void flush() {
            take(() -> {
                out.flush();
                if (out instanceof PrintWriter printer && printer.checkError()) {
                    throw new IOException("it took no more");
                }
            });
        }

        @Override
        public void close() {
            take(out::close);
        }
    }
}
