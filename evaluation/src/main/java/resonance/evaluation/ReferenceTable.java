package resonance.evaluation;

import java.util.List;
import java.util.Optional;
import resonance.rope.EncodingName;

/**
 * Published OOD accuracies to set beside ours. It is up to the caller to do so only where the settings are the same.
 *
 * @param name short name for a column heading, for example "paper"
 * @param source where the numbers were published and what they are
 * @param entries one for each task and encoding published
 */
public record ReferenceTable(String name, String source, List<Entry> entries) {

    /**
     * One published figure.
     *
     * @param task as in a {@link CellKey}
     * @param encoding as in a {@link CellKey}
     * @param percent mean OOD accuracy in percent
     * @param spread what is printed behind the ±
     */
    public record Entry(String task, EncodingName encoding, double percent, double spread) {}

    public ReferenceTable {
        entries = List.copyOf(entries);
    }

    /** A table without entries: nothing is set beside ours. */
    public static ReferenceTable none() {
        return new ReferenceTable("", "", List.of());
    }

    /**
     * Table 1 of the paper: three subtasks, four encodings, at m = 17, j = 1, k = 3, trained length 64, test length 256, 150
     * epochs, d_model 512.
     */
    public static ReferenceTable paperTable1() {
        EncodingName rope = EncodingName.valueOf("rope");
        EncodingName yarn = EncodingName.valueOf("yarn");
        return new ReferenceTable(
                "paper",
                "table 1 of arXiv:2403.00071, mean OOD accuracy in % over 5 seeds, with the variance as printed",
                List.of(
                        new Entry("recursive", rope, 65.29, 0.43),
                        new Entry("recursive", rope.withResonance(), 62.64, 0.15),
                        new Entry("recursive", yarn, 95.93, 0.04),
                        new Entry("recursive", yarn.withResonance(), 98.30, 0.00),
                        new Entry("cot", rope, 69.56, 0.33),
                        new Entry("cot", rope.withResonance(), 75.25, 0.10),
                        new Entry("cot", yarn, 98.71, 0.00),
                        new Entry("cot", yarn.withResonance(), 99.58, 0.00),
                        new Entry("semi-recursive", rope, 17.96, 0.03),
                        new Entry("semi-recursive", rope.withResonance(), 29.78, 0.07),
                        new Entry("semi-recursive", yarn, 33.70, 0.04),
                        new Entry("semi-recursive", yarn.withResonance(), 48.46, 0.03)));
    }

    /** The published figure for a task and encoding, if there is one. */
    public Optional<Entry> entry(String task, EncodingName encoding) {
        return entries.stream()
                .filter(entry -> entry.task().equals(task) && entry.encoding().equals(encoding))
                .findFirst();
    }
}
