package resonance.model.gguf;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import resonance.model.ModelFormatException;
import resonance.model.storage.MappedFile;

/**
 * Reads a header from front to back. Every length and count is checked against the bytes that remain before anything is
 * allocated for it.
 */
final class GgufCursor {
    /** Headers of known models are below 30 MB, nearly all of it vocabulary. */
    static final long LARGEST_HEADER = 1L << 28;

    /** Longest key or tensor name, bytes; the format's own limit for keys. */
    static final int LONGEST_NAME = 65_535;

    /** Longest other string, bytes. */
    static final int LONGEST_STRING = 1 << 24;

    private static final int SHOWN_CHARACTERS = 80;

    private final MappedFile file;
    private final long end;
    private long position;

    GgufCursor(MappedFile file, long position) {
        this.file = file;
        this.end = Math.min(file.size(), LARGEST_HEADER);
        this.position = position;
    }

    long position() {
        return position;
    }

    int uint8(String field) {
        return file.readUnsignedByte(advance(1, field));
    }

    int int32(String field) {
        return file.readInt(advance(Integer.BYTES, field));
    }

    long int64(String field) {
        return file.readLong(advance(Long.BYTES, field));
    }

    /** A count of things of at least so many bytes each. */
    long count(String field, int smallestBytes, long most) {
        return count(field, "", smallestBytes, most);
    }

    /** Names are put together for a refusal only: there are hundreds of thousands of strings. */
    private long count(String field, String ofField, int smallestBytes, long most) {
        long count = int64(field);
        long room = Math.min(most, (end - position) / smallestBytes);
        if (count < 0 || count > room) {
            throw refusal(
                    field + ofField,
                    "must be at most " + room + (room == most ? "" : ", what the rest of the file has room for"),
                    Long.toUnsignedString(count));
        }
        return count;
    }

    void skipText(String field, int longest) {
        skip(count(field, " length", 1, longest), field);
    }

    String text(String field, int longest) {
        int length = (int) count(field, " length", 1, longest);
        byte[] bytes = new byte[length];
        file.read(advance(length, field), bytes, 0, length);
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.indexOf('\ufffd') >= 0 && !Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes)) {
            throw refusal(field, "must be UTF-8", shown(text));
        }
        return text;
    }

    GgufValueType valueType(String field) {
        int number = int32(field + " type");
        return GgufValueType.of(number)
                .orElseThrow(() -> refusal(field, "must have a type from 0 to 12", Integer.toUnsignedString(number)));
    }

    GgmlType tensorType(String field) {
        int number = int32(field + " type");
        return GgmlType.of(number)
                .orElseThrow(() -> refusal(
                        field, "must have a type that is read (" + GgmlType.names() + ")", GgmlType.nameOf(number)));
    }

    void skip(long bytes, String field) {
        advance(bytes, field);
    }

    ModelFormatException refusal(String field, String rule, String value) {
        return new ModelFormatException(refusalStart(field) + " " + rule + ", was " + value);
    }

    private String refusalStart(String field) {
        return file.path() + ": " + field;
    }

    private long advance(long bytes, String field) {
        if (bytes > end - position) {
            String rule = end == file.size()
                    ? " must be whole, but the file ends at byte " + end
                    : " must be within the first " + end + " bytes, as in every known header";
            throw new ModelFormatException(refusalStart(field) + rule);
        }
        long from = position;
        position += bytes;
        return from;
    }

    /** A string of the file as it can stand in a message: short, without control characters. */
    static String shown(String text) {
        StringBuilder shown = new StringBuilder("'");
        for (int i = 0; i < Math.min(text.length(), SHOWN_CHARACTERS); i++) {
            char character = text.charAt(i);
            if (Character.isISOControl(character) || Character.getType(character) == Character.FORMAT) {
                shown.append(String.format("\\u%04x", (int) character));
            } else {
                shown.append(character);
            }
        }
        return shown.append(text.length() > SHOWN_CHARACTERS ? "…'" : "'").toString();
    }
}
