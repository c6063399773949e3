package resonance.language;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import resonance.rope.LayerFrequencies;
import resonance.rope.RopeFrequencies;
import resonance.study.Sha256;

/** The hash of every bit that an encoding is made of, whatever settings it comes from. */
public final class FrequencyHash {
    private FrequencyHash() {}

    /** SHA-256 in lower-case hexadecimal. */
    public static String of(LayerFrequencies layers) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(bits(layers.full()));
        bytes.writeBytes(bits(layers.sliding()));
        return Sha256.of(bytes.toByteArray());
    }

    private static byte[] bits(RopeFrequencies frequencies) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * (2 * frequencies.pairs() + 2));
        bytes.putLong(frequencies.pairs()).putDouble(frequencies.attentionScale());
        for (int pair = 0; pair < frequencies.pairs(); pair++) {
            bytes.putDouble(frequencies.radiansPerToken(pair)).putLong(frequencies.periodTokens(pair));
        }
        return bytes.array();
    }
}
