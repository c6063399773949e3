package resonance.language.finetuning;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;
import resonance.rope.Refusal;

/**
 * Files to fine-tune on.
 *
 * @param files plain text, each a document, or JSONL or Parquet, each row a document
 * @param field of a row that holds its text, or in Parquet its token ids
 */
public record FineTuningData(List<Path> files, String field) {
    public FineTuningData {
        files = List.copyOf(files);
        requireNonNull(field, "field must not be null");
        if (files.isEmpty()) {
            throw Refusal.of("texts", "must be at least one file", "were none");
        }
    }
}
