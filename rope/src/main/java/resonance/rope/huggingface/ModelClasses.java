package resonance.rope.huggingface;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The table of model classes, by {@code model_type}: transformers 5.18.0, executed, and a few models with code of their own, read. */
final class ModelClasses {
    private static final ModelClasses TABLE = read();

    private final Map<String, ModelClass> classes = new LinkedHashMap<>();
    private final Map<String, String> wrappers = new LinkedHashMap<>();
    private final Set<String> unrotated = new LinkedHashSet<>();

    private ModelClasses() {}

    private static ModelClasses read() {
        ModelClasses table = new ModelClasses();
        try (InputStream stream = ModelClasses.class.getResourceAsStream("model-classes.tsv")) {
            if (stream == null) {
                throw new IllegalStateException("model-classes.tsv must be on the class path, was missing");
            }
            new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .forEach(line -> table.add(line.split("\t", -1)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return table;
    }

    private void add(String[] cells) {
        switch (cells[1]) {
            case "remote" -> {
                ModelClass like = classes.get(cells[2]);
                if (like == null) {
                    throw new IllegalStateException(
                            "model-classes.tsv: " + cells[2] + " must stand before " + cells[0]);
                }
                classes.put(
                        cells[0],
                        like.asOwnCode(cells[0], ModelClass.Reading.valueOf(cells[3].toUpperCase(Locale.ROOT))));
            }
            case "wrapper" -> wrappers.put(cells[0], cells[2]);
            case "none" -> unrotated.add(cells[0]);
            default -> classes.put(cells[0], ModelClass.of(cells));
        }
    }

    /** The class of a text model. */
    static Optional<ModelClass> find(String modelType) {
        return Optional.ofNullable(TABLE.classes.get(modelType));
    }

    /** The type of a multimodal model's text part if the part does not say it. */
    static Optional<String> textTypeOf(String modelType) {
        return Optional.ofNullable(TABLE.wrappers.get(modelType));
    }

    /** Whether a model is known to have no rotary positions. */
    static boolean doesNotRotate(String modelType) {
        return TABLE.unrotated.contains(modelType);
    }

    /** Every type of a multimodal model. */
    static Set<String> multimodalTypes() {
        return Collections.unmodifiableSet(TABLE.wrappers.keySet());
    }

    /** Every type of a text model. */
    static Set<String> textTypes() {
        return Collections.unmodifiableSet(TABLE.classes.keySet());
    }
}
