package resonance.evaluation.perplexity;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import resonance.evaluation.report.ByLength;
import resonance.evaluation.report.Wording;
import resonance.report.Table.Cell;
import resonance.report.text.TextTable;

/**
 * Perplexities as plain text for a terminal: encodings as rows, lengths as columns, then what Resonance changes.
 *
 * <p>The best at a length has a star. A cell without a finished document shows "-"; one with some finished says how many.
 *
 * @param results what to show, finished or not
 */
public record PerplexityTable(PerplexityResults results) {

    /** Prints the tables and a line or two explaining each. */
    public void print(PrintWriter out) {
        PerplexityPlan plan = results.plan();
        ByLength byLength =
                new ByLength(plan.encodings(), plan.lengths(), plan.model().trainedLength());
        out.printf(
                Locale.ROOT,
                "Perplexity of %s; trained length %,d tokens%n",
                plan.model().name(),
                plan.model().trainedLength());
        out.printf(
                "(protocol %s: %s)%n", plan.protocol().text(), plan.protocol().description());
        out.printf(
                Locale.ROOT,
                "(%s; * best at this length)%n",
                plan.documents().size() == 1
                        ? plan.documents().get(0).name()
                        : plan.documents().size() + " documents");
        TextTable.print(byLength.terminalTable("Encoding", plan.encodings(), this::perplexity), out);
        if (!plan.pairedEncodings().isEmpty()) {
            out.printf("%nWhat Resonance changes, in %% of the perplexity; negative is better%n");
            if (plan.documents().size() > 1) {
                out.printf("(in brackets, in how many documents it was better)%n");
            }
            TextTable.print(byLength.terminalTable("Resonance over", plan.pairedEncodings(), this::change), out);
        }
        out.flush();
    }

    private Optional<Cell> perplexity(String encoding, int length) {
        int planned = results.plan().documents().size();
        return results.result(encoding, length)
                .map(result -> Cell.of(
                        PerplexityText.of(result.perplexity()) + (results.isBest(result) ? " *" : ""),
                        Wording.partial(result.documents().size(), planned)));
    }

    private Optional<Cell> change(String encoding, int length) {
        boolean single = results.plan().documents().size() == 1;
        return results.resonanceChange(encoding, length)
                .map(change ->
                        Cell.of(change.inPercent(), single ? "" : change.better() + " of " + change.documents()));
    }
}
