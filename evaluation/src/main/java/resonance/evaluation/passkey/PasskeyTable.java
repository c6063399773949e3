package resonance.evaluation.passkey;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;
import resonance.evaluation.report.ByLength;
import resonance.evaluation.report.Wording;
import resonance.report.Table.Cell;
import resonance.report.text.TextTable;

/**
 * Passkey retrieval as plain text for a terminal: encodings as rows, lengths as columns, all depths together.
 *
 * <p>A cell without a finished trial shows "-"; one with some finished says how many.
 *
 * @param results what to show, finished or not
 */
public record PasskeyTable(PasskeyResults results) {

    /** Prints the tables and a line or two explaining each. */
    public void print(PrintWriter out) {
        PasskeyPlan plan = results.plan();
        out.printf(
                Locale.ROOT,
                "Passkey retrieval of %s; trained length %,d tokens%n",
                plan.model().name(),
                plan.model().trainedLength());
        out.printf(
                "(correct answers in %%; %s, %s at each)%n",
                Wording.plural(plan.depths(), "depth"), Wording.plural(plan.trials(), "trial"));
        print(out, (encoding, length) -> cell(encoding, length, trial -> trial.correct() ? 100 : 0, "%.0f"));
        if (results.results().stream().anyMatch(result -> !Double.isNaN(result.keyLoss()))) {
            out.printf("%nLoss of the key's own tokens after the question, nats a token; lower is better%n");
            print(out, (encoding, length) -> cell(encoding, length, PasskeyTrial::keyLoss, "%.2f"));
        }
        out.flush();
    }

    private void print(PrintWriter out, BiFunction<String, Integer, Optional<Cell>> cell) {
        PasskeyPlan plan = results.plan();
        ByLength byLength =
                new ByLength(plan.encodings(), plan.lengths(), plan.model().trainedLength());
        TextTable.print(byLength.terminalTable("Encoding", plan.encodings(), cell), out);
    }

    private Optional<Cell> cell(String encoding, int length, ToDoubleFunction<PasskeyTrial> value, String format) {
        List<PasskeyTrial> trials = results.trials(encoding, length);
        int planned = results.plan().depths() * results.plan().trials();
        OptionalDouble mean = trials.stream().mapToDouble(value).average();
        return mean.isEmpty()
                ? Optional.empty()
                : Optional.of(Cell.of(
                        String.format(Locale.ROOT, format, mean.getAsDouble()),
                        Wording.partial(trials.size(), planned)));
    }
}
