package resonance.evaluation;

import java.util.List;
import java.util.stream.Stream;
import resonance.rope.EncodingName;

/** Encodings by name, as tests write them. */
public final class Encodings {
    private Encodings() {}

    public static EncodingName encoding(String name) {
        return EncodingName.valueOf(name);
    }

    public static List<EncodingName> encodings(String... names) {
        return Stream.of(names).map(EncodingName::valueOf).toList();
    }
}
