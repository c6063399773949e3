package resonance.evaluation.extension;

import com.fasterxml.jackson.annotation.JsonIgnore;
import resonance.rope.EncodingName;
import resonance.rope.PlainNumber;

/**
 * An encoding with a factor that may take a model to a length.
 *
 * @param encoding which, for example {@code resonance-yarn}
 * @param factor s, at least 1; 1 for an encoding that reads none
 * @param obstacle why no engine can be told it in the model's format; empty if one can. Such a candidate is measured for
 *     reference and never taken
 */
public record Candidate(EncodingName encoding, double factor, String obstacle) {
    /** Whether it can be written into a model of this format. */
    @JsonIgnore
    public boolean isWritable() {
        return obstacle.isEmpty();
    }

    /** For tables and sentences: "Resonance YaRN, factor 4". */
    public String label() {
        return factor == 1 ? encoding.label() : encoding.label() + ", factor " + PlainNumber.text(factor);
    }

    /** Where a measurement of it belongs. */
    ExtensionKey key(Measure.Kind kind, int number) {
        return new ExtensionKey(encoding, factor, new Measure(kind, number));
    }
}
