package resonance.posgen;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A SHA-256 under way. */
record Sha256(MessageDigest digest) {

    Sha256() {
        this(create());
    }

    private static MessageDigest create() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform must have SHA-256", impossible);
        }
    }

    /** The hash of what was digested, 64 lower-case hexadecimal digits; starts over. */
    String hexadecimal() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
