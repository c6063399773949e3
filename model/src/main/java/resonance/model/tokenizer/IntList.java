package resonance.model.tokenizer;

import java.util.Arrays;

/** Integers that grow in number. */
final class IntList {
    private int[] values = {};
    private int size;

    void addAll(int[] more) {
        if (size == 0) {
            values = more;
        } else {
            if (size + more.length > values.length) {
                values = Arrays.copyOf(values, Math.max(size + more.length, 2 * size));
            }
            System.arraycopy(more, 0, values, size, more.length);
        }
        size += more.length;
    }

    int[] toArray() {
        return values.length == size ? values : Arrays.copyOf(values, size);
    }
}
