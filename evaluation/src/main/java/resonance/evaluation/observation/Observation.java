package resonance.evaluation.observation;

import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One row of the table: values by column, none where there is no such thing. Immutable. */
public final class Observation {
    /** A row without any value. */
    static final Observation NOTHING = new Observation(new EnumMap<>(Column.class));

    private final Map<Column, Object> values;

    private Observation(Map<Column, Object> values) {
        this.values = values;
    }

    /** A column's value, of the class that its type says; null if there is none. */
    public @Nullable Object get(Column column) {
        return values.get(column);
    }

    /** Every value there is. */
    public Map<Column, Object> values() {
        return Collections.unmodifiableMap(values);
    }

    Observation with(Column column, long value) {
        return put(column, value);
    }

    Observation with(Column column, double value) {
        return put(column, value);
    }

    Observation with(Column column, boolean value) {
        return put(column, value);
    }

    Observation with(Column column, Instant value) {
        return put(column, value);
    }

    /** Empty text is no value. */
    Observation with(Column column, String value) {
        return value.isEmpty() ? this : put(column, value);
    }

    private Observation put(Column column, Object value) {
        if (!column.type().valueClass().isInstance(value)) {
            throw new IllegalArgumentException(column.word() + " must be " + column.type() + ", was "
                    + value.getClass().getSimpleName());
        }
        Map<Column, Object> more = new EnumMap<>(values);
        more.put(column, value);
        return new Observation(more);
    }
}
