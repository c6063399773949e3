package resonance.evaluation.passkey;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import resonance.evaluation.DisplayNames;
import resonance.evaluation.TextTable;
import resonance.evaluation.TextTable.Column;

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
                plan.depths() == 1 ? "one depth" : plan.depths() + " depths",
                plan.trials() == 1 ? "one trial" : plan.trials() + " trials");
        table(PasskeyTable::accuracy).print(out);
        boolean measured = results.results().stream().anyMatch(result -> !Double.isNaN(result.keyLoss()));
        if (measured) {
            out.printf("%nLoss of the key's own tokens after the question, nats a token; lower is better%n");
            table(PasskeyTable::keyLoss).print(out);
        }
        out.flush();
    }

    private TextTable table(Function<List<PasskeyTrial>, String> cell) {
        PasskeyPlan plan = results.plan();
        List<List<Column>> columns = new ArrayList<>();
        for (int length : plan.lengths()) {
            String beyond = length > plan.model().trainedLength() ? "\nbeyond" : "\nwithin";
            columns.add(List.of(new Column(
                    String.format(Locale.ROOT, "%,d", length) + beyond,
                    plan.encodings().stream()
                            .map(encoding -> results.trials(encoding, length))
                            .map(trials -> cell(trials, cell))
                            .toList())));
        }
        return new TextTable(
                new Column(
                        "Encoding",
                        plan.encodings().stream().map(DisplayNames::ofEncoding).toList()),
                columns);
    }

    private String cell(List<PasskeyTrial> trials, Function<List<PasskeyTrial>, String> value) {
        if (trials.isEmpty()) {
            return "-";
        }
        int planned = results.plan().depths() * results.plan().trials();
        return value.apply(trials) + (trials.size() == planned ? "" : " (" + trials.size() + " of " + planned + ")");
    }

    private static String accuracy(List<PasskeyTrial> trials) {
        long correct = trials.stream().filter(PasskeyTrial::correct).count();
        return String.format(Locale.ROOT, "%.0f", 100.0 * correct / trials.size());
    }

    private static String keyLoss(List<PasskeyTrial> trials) {
        return String.format(
                Locale.ROOT,
                "%.2f",
                trials.stream().mapToDouble(PasskeyTrial::keyLoss).average().orElseThrow());
    }
}
