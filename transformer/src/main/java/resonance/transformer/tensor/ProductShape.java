package resonance.transformer.tensor;

/**
 * The product that most of a decoder's work is like: N rows of width D by a feed-forward matrix (F, D).
 *
 * @param rows N, tokens of one pass of one worker
 * @param width D, of the model
 * @param innerWidth F, of the feed-forward
 * @param backward whether the products of the gradients, of x and of the matrix, are made as well
 */
public record ProductShape(int rows, int width, int innerWidth, boolean backward) {
    /** Rates grow no more above these widths, but the time to measure them does. */
    private static final int WIDEST = 1_024;

    private static final int WIDEST_INNER = 4_096;

    /** Rows from which a product runs within a few per cent of its best. */
    private static final int FULL_ROWS = 256;

    /** Of the product that is measured, where it has more than {@link #FULL_ROWS} rows: 2 ms at 250 GFLOP/s. */
    private static final long MOST_OPERATIONS = 500_000_000;

    public ProductShape {
        if (rows < 1 || width < 1 || innerWidth < 1) {
            throw new IllegalArgumentException("rows, width and innerWidth must be at least 1, were " + rows + ", "
                    + width + " and " + innerWidth);
        }
    }

    /** The shape that is measured in place of this one: its class of size, of about the same rates and quick to measure. */
    ProductShape measured() {
        int d = Math.min(width, WIDEST);
        int f = Math.min(innerWidth, WIDEST_INNER);
        long fitting = Math.max(FULL_ROWS, MOST_OPERATIONS / (2L * d * f));
        return new ProductShape((int) Math.min(rows, fitting), d, f, backward);
    }

    /** The same for fewer rows, if it has more. */
    public ProductShape withRows(int most) {
        return new ProductShape(Math.min(rows, most), width, innerWidth, backward);
    }

    /** Floating-point operations, additions and multiplications, of one round of its products: 2 N D F each. */
    double operations() {
        return (backward ? 3 : 1) * 2.0 * rows * width * innerWidth;
    }

    /** As text, for keys. */
    String text() {
        return rows + " x " + width + " x " + innerWidth + (backward ? ", with gradients" : "");
    }
}
