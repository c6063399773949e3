package resonance.evaluation.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.BiFunction;
import java.util.function.Function;
import resonance.report.LineChart;
import resonance.report.LineChart.Axis;
import resonance.report.LineChart.Boundary;
import resonance.report.LineChart.Series;
import resonance.report.Table;
import resonance.report.Table.Cell;
import resonance.report.Table.Group;
import resonance.report.Table.Row;
import resonance.rope.EncodingName;

/**
 * What was measured of a language model for each encoding and length, against the length it was trained on: encodings are
 * rows or lines, lengths columns or places on the horizontal axis.
 *
 * @param encodings of the plan
 * @param lengths of the plan, ascending, tokens
 * @param trainedLength tokens the model was trained on at a time
 */
public record ByLength(List<EncodingName> encodings, List<Integer> lengths, int trainedLength) {

    public ByLength {
        encodings = List.copyOf(encodings);
        lengths = List.copyOf(lengths);
    }

    /** The mark at a trained length in charts over lengths or positions. */
    public static Boundary boundary(int trainedLength) {
        return new Boundary(trainedLength, String.format(Locale.ROOT, "trained length %,d", trainedLength));
    }

    /** The looks of the encodings. */
    public EncodingStyles styles() {
        return new EncodingStyles(encodings);
    }

    /** The lengths as column headings. */
    public List<String> headings() {
        return lengths.stream().map(ByLength::heading).toList();
    }

    /** How many of the lengths, from the first, are within the trained length. */
    public int within() {
        return (int) lengths.stream().filter(this::within).count();
    }

    /**
     * A chart with a line for each encoding that has a value.
     *
     * @param value of an encoding at a length; empty where nothing is finished
     */
    public LineChart chart(
            String title, String xLabel, Axis y, BiFunction<EncodingName, Integer, OptionalDouble> value, String note) {
        List<Series> series = new ArrayList<>();
        for (EncodingName encoding : encodings) {
            List<Double> xs = new ArrayList<>();
            List<Double> ys = new ArrayList<>();
            for (int length : lengths) {
                value.apply(encoding, length).ifPresent(measured -> {
                    xs.add((double) length);
                    ys.add(measured);
                });
            }
            if (!xs.isEmpty()) {
                series.add(styles().series(encoding, xs, ys));
            }
        }
        return new LineChart(title, Axis.logarithmic(xLabel), y, series, boundary(trainedLength), null, note);
    }

    /**
     * A page's table of some of the encodings, its columns grouped into lengths within and beyond the trained one.
     *
     * @param cell of an encoding at a length; empty where nothing is finished
     */
    public Table table(
            String title,
            String explanation,
            String rowHeading,
            List<EncodingName> rows,
            BiFunction<EncodingName, Integer, Optional<Cell>> cell) {
        return table(title, explanation, rowHeading, rows, EncodingName::label, Function.identity(), cell);
    }

    /**
     * The same of anything that an encoding gives its looks.
     *
     * @param label of a row
     * @param looks the encoding whose looks a row has
     */
    public <S> Table table(
            String title,
            String explanation,
            String rowHeading,
            List<S> rows,
            Function<S, String> label,
            Function<S, EncodingName> looks,
            BiFunction<S, Integer, Optional<Cell>> cell) {
        List<Group> groups = new ArrayList<>();
        if (within() > 0) {
            groups.add(new Group("Within the trained length", headings().subList(0, within())));
        }
        if (within() < lengths.size()) {
            groups.add(new Group("Beyond it", headings().subList(within(), lengths.size())));
        }
        return new Table(
                title,
                explanation,
                rowHeading,
                groups,
                rows.stream()
                        .map(row -> new Row(
                                label.apply(row), styles().of(looks.apply(row)), cells(row, cell, Cell.MISSING)))
                        .toList());
    }

    /** The same as {@link #table} for a terminal: each length is a group, so that those without room follow below. */
    public Table terminalTable(
            String rowHeading, List<EncodingName> rows, BiFunction<EncodingName, Integer, Optional<Cell>> cell) {
        return terminalTable(rowHeading, rows, EncodingName::label, cell);
    }

    /** The same of anything with a label. */
    public <S> Table terminalTable(
            String rowHeading, List<S> rows, Function<S, String> label, BiFunction<S, Integer, Optional<Cell>> cell) {
        return new Table(
                "",
                "",
                rowHeading,
                lengths.stream()
                        .map(length -> new Group(heading(length), List.of(within(length) ? "within" : "beyond")))
                        .toList(),
                rows.stream()
                        .map(row -> new Row(label.apply(row), null, cells(row, cell, Cell.of("-"))))
                        .toList());
    }

    private <S> List<Cell> cells(S row, BiFunction<S, Integer, Optional<Cell>> cell, Cell missing) {
        return lengths.stream()
                .map(length -> cell.apply(row, length).orElse(missing))
                .toList();
    }

    private boolean within(int length) {
        return length <= trainedLength;
    }

    private static String heading(int length) {
        return String.format(Locale.ROOT, "%,d", length);
    }
}
