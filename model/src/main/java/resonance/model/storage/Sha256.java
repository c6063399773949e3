package resonance.model.storage;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 over bytes from one place or several. */
public final class Sha256 {
    private static final int BUFFER_BYTES = 1 << 20;

    private final MessageDigest digest;

    /** Over nothing yet. */
    public Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform must have SHA-256", missing);
        }
    }

    public Sha256 add(byte[] bytes) {
        digest.update(bytes);
        return this;
    }

    /** Adds every byte of a file. */
    public Sha256 add(MappedFile file) {
        byte[] buffer = new byte[(int) Math.min(BUFFER_BYTES, file.size())];
        for (long position = 0; position < file.size(); position += buffer.length) {
            int count = (int) Math.min(buffer.length, file.size() - position);
            file.read(position, buffer, 0, count);
            digest.update(buffer, 0, count);
        }
        return this;
    }

    /** The hash as 64 lower-case hexadecimal digits; what is added after it begins anew. */
    public String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
