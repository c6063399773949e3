package resonance.report;

import com.fasterxml.jackson.annotation.JsonTypeInfo;

/**
 * One part of a {@link Page}, with a heading of its own. In JSON, its {@code kind} is the name of its type.
 *
 * <p>A new kind is a record here and a method of {@link Renderer}, which every renderer must then have.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "kind")
public sealed interface Section permits Findings, HeatMaps, KeyValues, LineCharts, Table {

    /** Hands this section to the renderer's method for its kind. */
    <T> T render(Renderer<T> renderer);

    /**
     * A form that sections take, kind by kind.
     *
     * @param <T> what a section becomes, such as text
     */
    interface Renderer<T> {

        T findings(Findings findings);

        T heatMaps(HeatMaps heatMaps);

        T keyValues(KeyValues keyValues);

        T lineCharts(LineCharts lineCharts);

        T table(Table table);
    }
}
