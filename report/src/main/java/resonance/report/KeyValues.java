package resonance.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A list of names and values, such as settings.
 *
 * @param title heading
 * @param explanation what they are; may be empty
 * @param values in the order to show them
 */
public record KeyValues(String title, String explanation, Map<String, String> values) implements Section {

    public KeyValues {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    @Override
    public <T> T render(Renderer<T> renderer) {
        return renderer.keyValues(this);
    }
}
