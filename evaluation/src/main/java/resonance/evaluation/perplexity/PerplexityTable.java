package resonance.evaluation.perplexity;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import resonance.evaluation.DisplayNames;
import resonance.evaluation.TextTable;
import resonance.evaluation.TextTable.Column;

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
        table("Encoding", plan.encodings(), this::perplexity).print(out);
        if (!plan.pairedEncodings().isEmpty()) {
            out.printf("%nWhat Resonance changes, in %% of the perplexity; negative is better%n");
            if (plan.documents().size() > 1) {
                out.printf("(in brackets, in how many documents it was better)%n");
            }
            table("Resonance over", plan.pairedEncodings(), this::change).print(out);
        }
        out.flush();
    }

    private TextTable table(String rowHeading, List<String> encodings, BiFunction<String, Integer, String> cell) {
        PerplexityPlan plan = results.plan();
        List<List<Column>> columns = new ArrayList<>();
        for (int length : plan.lengths()) {
            String beyond = length > plan.model().trainedLength() ? "\nbeyond" : "\nwithin";
            columns.add(List.of(new Column(
                    String.format(Locale.ROOT, "%,d", length) + beyond,
                    encodings.stream()
                            .map(encoding -> cell.apply(encoding, length))
                            .toList())));
        }
        return new TextTable(
                new Column(
                        rowHeading,
                        encodings.stream().map(DisplayNames::ofEncoding).toList()),
                columns);
    }

    private String perplexity(String encoding, int length) {
        Optional<PerplexityRecord> result = results.result(encoding, length);
        if (result.isEmpty()) {
            return "-";
        }
        int finished = result.get().documents().size();
        int planned = results.plan().documents().size();
        return PerplexityText.of(result.get().perplexity())
                + (results.isBest(result.get()) ? " *" : "")
                + (finished == planned ? "" : " (" + finished + " of " + planned + ")");
    }

    private String change(String encoding, int length) {
        return results.resonanceChange(encoding, length)
                .map(change -> change.inPercent()
                        + (results.plan().documents().size() == 1
                                ? ""
                                : " (" + change.better() + " of " + change.documents() + ")"))
                .orElse("-");
    }
}
