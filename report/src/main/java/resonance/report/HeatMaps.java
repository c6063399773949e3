package resonance.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tables side by side whose cells are coloured by a number and show it: read by eye at a glance, by a screen reader or
 * without colour as the tables they are.
 *
 * @param title heading
 * @param explanation how to read them; may be empty
 * @param scale what the palest and the strongest colour mean
 * @param maps at least one
 */
public record HeatMaps(String title, String explanation, Scale scale, List<HeatMap> maps) implements Section {

    /**
     * The ends of the colour scale.
     *
     * @param palest meaning of heat 0
     * @param strongest meaning of heat 1
     */
    public record Scale(String palest, String strongest) {}

    /**
     * One table.
     *
     * @param title what sets it apart from the others
     * @param style its line in the charts, shown as a key beside the title; null for none
     * @param corner what rows and columns are
     * @param columns headings from left to right
     * @param boundary columns left of a thick line; 0 or all for none
     * @param rows from top to bottom; the fraction of a cell is its heat, its detail is left out
     */
    public record HeatMap(
            String title,
            @Nullable LineStyle style,
            String corner,
            List<String> columns,
            int boundary,
            List<Table.Row> rows) {
        public HeatMap {
            columns = List.copyOf(columns);
            rows = List.copyOf(rows);
            Table.requireCells(rows, columns.size());
        }
    }

    public HeatMaps {
        maps = List.copyOf(maps);
        if (maps.isEmpty()) {
            throw new IllegalArgumentException("maps of section \"" + title + "\" must be at least one, was none");
        }
    }

    @Override
    public <T> T render(Renderer<T> renderer) {
        return renderer.heatMaps(this);
    }
}
