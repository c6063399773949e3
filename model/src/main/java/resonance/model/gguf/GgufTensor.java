package resonance.model.gguf;

import java.util.List;

/**
 * Where a tensor lies in its file.
 *
 * @param name as in the file, such as {@code blk.0.attn_q.weight}
 * @param sizes row length first, so a matrix of R rows and C columns is [C, R]; one to four
 * @param type how its elements are stored
 * @param elements product of the sizes
 * @param position byte of the file where it begins
 */
public record GgufTensor(String name, List<Long> sizes, GgmlType type, long elements, long position) {
    /** Most sizes that a tensor has. */
    static final int MOST_SIZES = 4;

    public GgufTensor {
        sizes = List.copyOf(sizes);
    }

    /** Elements of a row. */
    public long rowLength() {
        return sizes.get(0);
    }

    /** Bytes in the file. */
    public long bytes() {
        return elements / type.blockElements() * type.blockBytes();
    }
}
