package resonance.language;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import resonance.rope.LayerFrequencies;
import resonance.rope.RopeFrequencies;

/** SHA-256 in lower-case hexadecimal. */
final class Sha256 {
    private Sha256() {}

    static String of(byte[] bytes) {
        return HexFormat.of().formatHex(digest().digest(bytes));
    }

    /** The hash of every bit that an encoding is made of. */
    static String of(LayerFrequencies frequencies) {
        MessageDigest digest = digest();
        update(digest, frequencies.full());
        update(digest, frequencies.sliding());
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void update(MessageDigest digest, RopeFrequencies frequencies) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * (2 * frequencies.pairs() + 2));
        bytes.putLong(frequencies.pairs()).putDouble(frequencies.attentionScale());
        for (int pair = 0; pair < frequencies.pairs(); pair++) {
            bytes.putDouble(frequencies.radiansPerToken(pair)).putLong(frequencies.periodTokens(pair));
        }
        digest.update(bytes.array());
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform must have SHA-256", e);
        }
    }
}
