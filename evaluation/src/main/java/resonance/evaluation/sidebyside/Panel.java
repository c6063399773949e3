package resonance.evaluation.sidebyside;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import resonance.evaluation.MeasuredModel;
import resonance.rope.Refusal;

/**
 * A table whose rows may stand side by side: one suite, or one protocol on the same texts.
 *
 * <p>The value of a row is the mean over its seeds.
 */
final class Panel {
    private final Key key;
    private final List<String> tasks = new ArrayList<>();
    private final Map<Row, Map<String, Map<Column, Measured>>> rows = new LinkedHashMap<>();
    private final Set<MeasuredModel> models = new LinkedHashSet<>();

    /**
     * What makes a table one.
     *
     * @param title for people; tables of one title differ in what is the same
     * @param explanation how to read it
     * @param quantity that it shows
     * @param unit what its intervals take for independent: "document", "question", "trial"
     * @param same what all its rows have in common, as text by name
     */
    record Key(String title, String explanation, Quantity quantity, String unit, Map<String, String> same) {}

    Panel(Key key) {
        this.key = key;
    }

    Key key() {
        return key;
    }

    Quantity quantity() {
        return key.quantity();
    }

    /** Adds what a training of a row came to; tasks come in the order in which they are first added. */
    void add(Row row, String seed, Column column, Measured measured, MeasuredModel model) {
        if (!tasks.contains(column.task())) {
            tasks.add(column.task());
        }
        models.add(model);
        @Nullable
        Measured before = rows.computeIfAbsent(row, first -> new LinkedHashMap<>())
                .computeIfAbsent(seed, first -> new LinkedHashMap<>())
                .put(column, measured);
        if (before != null) {
            String what = row.label() + (seed.isEmpty() ? "" : ", seed " + seed);
            throw Refusal.of(
                            "folders",
                            "must hold each result once",
                            "two hold " + key.title() + " of " + what + " at " + column.length() + " tokens")
                    .cure(
                            "give other models names of their own, NAME=DIR, and trainings that differ in their seed one name and a"
                                    + " seed each, NAME:SEED=DIR");
        }
    }

    List<Row> rows() {
        return List.copyOf(rows.keySet());
    }

    /** Trainings of a row, in whatever columns. */
    int seeds(Row row) {
        return rows.getOrDefault(row, Map.of()).size();
    }

    /** The trained length that all rows share; empty if they have several. */
    Optional<Integer> trainedLength() {
        List<Integer> lengths =
                models.stream().map(MeasuredModel::trainedLength).distinct().toList();
        return lengths.size() == 1 ? Optional.of(lengths.get(0)) : Optional.empty();
    }

    /** How many models were measured. */
    int models() {
        return models.size();
    }

    List<Integer> lengths() {
        return columns().stream().map(Column::length).distinct().toList();
    }

    List<String> tasks() {
        return List.copyOf(tasks);
    }

    /** Length by length, task by task. */
    List<Column> columns() {
        return rows.values().stream()
                .flatMap(seeds -> seeds.values().stream())
                .flatMap(columns -> columns.keySet().stream())
                .distinct()
                .sorted(Comparator.comparingInt(Column::length)
                        .thenComparingInt(column -> tasks.indexOf(column.task())))
                .toList();
    }

    /** What each training of a row came to in a column, by seed. */
    Map<String, Measured> measured(Row row, Column column) {
        Map<String, Measured> bySeed = new LinkedHashMap<>();
        rows.getOrDefault(row, Map.of()).forEach((seed, columns) -> {
            @Nullable Measured measured = columns.get(column);
            if (measured != null) {
                bySeed.put(seed, measured);
            }
        });
        return bySeed;
    }

    /** The mean over a row's seeds; empty if there is none. */
    OptionalDouble mean(Row row, Column column) {
        return measured(row, column).values().stream()
                .mapToDouble(Measured::value)
                .average();
    }
}
