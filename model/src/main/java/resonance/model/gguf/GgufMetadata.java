package resonance.model.gguf;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import resonance.model.ModelFormatException;
import resonance.model.storage.MappedFile;

/**
 * The keys of a GGUF file. Values stay in the file until they are asked for, so a vocabulary costs nothing to those who
 * don't read it.
 *
 * <p>Every getter refuses a value of another type with a {@link ModelFormatException} that names file and key.
 */
public final class GgufMetadata {
    /** Most keys of a file. */
    static final int MOST_KEYS = 1 << 16;

    /** Most elements of an array; the largest vocabularies have 262,144 tokens and half a million merges. */
    static final int LONGEST_ARRAY = 1 << 21;

    /** Arrays inside arrays. */
    private static final int DEEPEST = 8;

    private final MappedFile file;
    private final Map<String, Entry> entries;

    private GgufMetadata(MappedFile file, Map<String, Entry> entries) {
        this.file = file;
        this.entries = entries;
    }

    /** Where a value lies; the position of an array is that of its element type. */
    record Entry(GgufValueType type, long position, long bytes) {}

    /** Walks over every key, without decoding values. */
    static GgufMetadata read(MappedFile file, GgufCursor cursor, long count) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (long i = 0; i < count; i++) {
            String key = cursor.text("key " + i, GgufCursor.LONGEST_NAME);
            String field = field(key);
            if (key.isEmpty()) {
                throw cursor.refusal("key " + i, "must not be empty", "''");
            }
            GgufValueType type = cursor.valueType(field);
            long position = cursor.position();
            skip(cursor, field, type, 0);
            Entry former = entries.put(key, new Entry(type, position, cursor.position() - position));
            if (former != null) {
                throw cursor.refusal(field, "must be there once", "there twice");
            }
        }
        return new GgufMetadata(file, entries);
    }

    private static void skip(GgufCursor cursor, String field, GgufValueType type, int depth) {
        if (type.isFixed()) {
            cursor.skip(type.smallestBytes(), field);
            return;
        }
        if (type == GgufValueType.STRING) {
            cursor.skipText(field, GgufCursor.LONGEST_STRING);
            return;
        }
        if (depth == DEEPEST) {
            throw cursor.refusal(field, "must have arrays in at most " + DEEPEST + " levels", "deeper");
        }
        GgufValueType elementType = cursor.valueType(field + " element");
        long count = cursor.count(field + " count", elementType.smallestBytes(), LONGEST_ARRAY);
        if (elementType.isFixed()) {
            cursor.skip(count * elementType.smallestBytes(), field);
            return;
        }
        for (long i = 0; i < count; i++) {
            skip(cursor, field, elementType, depth + 1);
        }
    }

    /** All keys in the order of the file. */
    public Set<String> keys() {
        return Collections.unmodifiableSet(entries.keySet());
    }

    public boolean has(String key) {
        return entries.containsKey(key);
    }

    /** A key's type. */
    public Optional<GgufValueType> type(String key) {
        return Optional.ofNullable(entries.get(key)).map(Entry::type);
    }

    public String requireString(String key) {
        return optionalString(key).orElseThrow(() -> absent(key));
    }

    public Optional<String> optionalString(String key) {
        return entry(key, "a string", GgufValueType.STRING::equals)
                .map(entry -> cursor(entry).text(field(key), GgufCursor.LONGEST_STRING));
    }

    /** A whole number of any integer type; refused if it is no int. */
    public int requireInt(String key) {
        return optionalInt(key).orElseThrow(() -> absent(key));
    }

    public Optional<Integer> optionalInt(String key) {
        return optionalLong(key).map(number -> {
            if (number != number.intValue()) {
                throw refusal(key, "must fit into 32 bits with a sign", Long.toString(number));
            }
            return number.intValue();
        });
    }

    /** A whole number of any integer type. */
    public Optional<Long> optionalLong(String key) {
        return entry(key, "a whole number", GgufValueType::isInteger)
                .map(entry -> integer(key, entry.type(), entry.position()));
    }

    public double requireNumber(String key) {
        return optionalNumber(key).orElseThrow(() -> absent(key));
    }

    /** A floating-point number; refused if it is not finite. */
    public Optional<Double> optionalNumber(String key) {
        return entry(key, "a floating-point number", GgufValueType::isFloatingPoint)
                .map(entry -> {
                    double value = entry.type() == GgufValueType.FLOAT32
                            ? Float.intBitsToFloat(file.readInt(entry.position()))
                            : Double.longBitsToDouble(file.readLong(entry.position()));
                    if (!Double.isFinite(value)) {
                        throw refusal(key, "must be finite", Double.toString(value));
                    }
                    return value;
                });
    }

    /** True or false; empty if the key is absent. */
    public Optional<Boolean> optionalTruth(String key) {
        return entry(key, "true or false", GgufValueType.BOOL::equals)
                .map(entry -> file.readUnsignedByte(entry.position()) != 0);
    }

    /** An array's number of elements. */
    public Optional<Integer> count(String key) {
        return entry(key, "an array", GgufValueType.ARRAY::equals)
                .map(entry -> array(key, entry).count());
    }

    /** An array of strings; empty if the key is absent. */
    public Optional<String[]> strings(String key) {
        return array(key, "strings", GgufValueType.STRING::equals).map(array -> {
            String[] texts = new String[array.count()];
            String field = field(key);
            for (int i = 0; i < texts.length; i++) {
                texts[i] = array.cursor().text(field, GgufCursor.LONGEST_STRING);
            }
            return texts;
        });
    }

    /** An array of whole numbers of any integer type; empty if the key is absent. */
    public Optional<int[]> ints(String key) {
        return array(key, "whole numbers", GgufValueType::isInteger).map(array -> {
            int[] numbers = new int[array.count()];
            for (int i = 0; i < numbers.length; i++) {
                long number = integer(key, array.type(), array.positionOf(i));
                if (number != (int) number) {
                    throw refusal(key, "must hold numbers of 32 bits with a sign", Long.toString(number));
                }
                numbers[i] = (int) number;
            }
            return numbers;
        });
    }

    /** An array of 32-bit floating-point numbers, finite or not; empty if the key is absent. */
    public Optional<float[]> floats(String key) {
        return array(key, "32-bit floating-point numbers", GgufValueType.FLOAT32::equals)
                .map(array -> {
                    float[] numbers = new float[array.count()];
                    for (int i = 0; i < numbers.length; i++) {
                        numbers[i] = Float.intBitsToFloat(file.readInt(array.positionOf(i)));
                    }
                    return numbers;
                });
    }

    /** An array of truths; empty if the key is absent. */
    public Optional<boolean[]> truths(String key) {
        return array(key, "truths", GgufValueType.BOOL::equals).map(array -> {
            boolean[] truths = new boolean[array.count()];
            for (int i = 0; i < truths.length; i++) {
                truths[i] = file.readUnsignedByte(array.positionOf(i)) != 0;
            }
            return truths;
        });
    }

    /** A value as its bytes in the file, for copying. */
    byte[] raw(String key) {
        Entry entry = entries.get(key);
        if (entry == null) {
            throw absent(key);
        }
        byte[] bytes = new byte[Math.toIntExact(entry.bytes())];
        file.read(entry.position(), bytes, 0, bytes.length);
        return bytes;
    }

    ModelFormatException refusal(String key, String rule, String value) {
        return new ModelFormatException(file.path() + ": " + field(key) + " " + rule + ", was " + value);
    }

    ModelFormatException absent(String key) {
        return refusal(key, "must be given", "absent");
    }

    private static String field(String key) {
        return "key " + GgufCursor.shown(key);
    }

    private Optional<Entry> entry(String key, String wanted, Predicate<GgufValueType> fits) {
        Optional<Entry> entry = Optional.ofNullable(entries.get(key));
        if (entry.isPresent() && !fits.test(entry.get().type())) {
            throw refusal(key, "must be " + wanted, entry.get().type().name());
        }
        return entry;
    }

    private GgufCursor cursor(Entry entry) {
        return new GgufCursor(file, entry.position());
    }

    /** An array whose header has been read; the cursor stands at its first element. */
    private record ArrayValue(GgufValueType type, int count, GgufCursor cursor, long first) {
        long positionOf(int index) {
            return first + (long) index * type.smallestBytes();
        }
    }

    private Optional<ArrayValue> array(String key, String wanted, Predicate<GgufValueType> elementsFit) {
        Optional<ArrayValue> value =
                entry(key, "an array", GgufValueType.ARRAY::equals).map(entry -> array(key, entry));
        if (value.isPresent() && !elementsFit.test(value.get().type())) {
            throw refusal(
                    key,
                    "must be an array of " + wanted,
                    "one of " + value.get().type().name());
        }
        return value;
    }

    private ArrayValue array(String key, Entry entry) {
        GgufCursor cursor = cursor(entry);
        GgufValueType type = cursor.valueType(field(key) + " element");
        int count = (int) cursor.count(field(key) + " count", type.smallestBytes(), LONGEST_ARRAY);
        return new ArrayValue(type, count, cursor, cursor.position());
    }

    private long integer(String key, GgufValueType type, long position) {
        return switch (type) {
            case UINT8 -> file.readUnsignedByte(position);
            case INT8 -> (byte) file.readUnsignedByte(position);
            case UINT16 -> file.readUnsignedByte(position) | (file.readUnsignedByte(position + 1) << 8);
            case INT16 -> (short) (file.readUnsignedByte(position) | (file.readUnsignedByte(position + 1) << 8));
            case UINT32 -> Integer.toUnsignedLong(file.readInt(position));
            case INT32 -> file.readInt(position);
            case INT64 -> file.readLong(position);
            case UINT64 -> {
                long number = file.readLong(position);
                if (number < 0) {
                    throw refusal(key, "must be below 2^63", Long.toUnsignedString(number));
                }
                yield number;
            }
            case FLOAT32, FLOAT64, BOOL, STRING, ARRAY ->
                throw new IllegalArgumentException("type must be an integer type, was " + type);
        };
    }
}
