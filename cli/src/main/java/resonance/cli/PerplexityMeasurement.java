package resonance.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import resonance.evaluation.Provenance;
import resonance.evaluation.RecordFormatException;
import resonance.evaluation.perplexity.PerplexityCell;
import resonance.evaluation.perplexity.PerplexityKey;
import resonance.evaluation.perplexity.PerplexityRecord;
import resonance.evaluation.perplexity.PerplexityReport;
import resonance.evaluation.perplexity.PerplexityResults;
import resonance.language.PerplexityRun;
import resonance.language.RunListener;

/** A perplexity measurement in its folder: {@code report.html}, {@code perplexity.json} and the finished cells. */
final class PerplexityMeasurement implements Measurement<PerplexityKey, PerplexityCell> {
    private final PerplexityRun run;
    private final Path folder;
    private final Provenance provenance;

    /** @param now provenance of what is measured from here on; that of a finished measurement is kept */
    PerplexityMeasurement(PerplexityRun run, Path folder, Provenance now) throws IOException {
        this.run = run;
        this.folder = folder;
        this.provenance = run.missing().isEmpty() ? earlierOr(now) : now;
    }

    private Provenance earlierOr(Provenance now) throws IOException {
        if (!Files.exists(document())) {
            return now;
        }
        try {
            PerplexityResults earlier = PerplexityResults.readJson(document());
            return earlier.plan().equals(run.plan()) ? earlier.provenance() : now;
        } catch (RecordFormatException writtenByAnotherVersion) {
            return now;
        }
    }

    private Path document() {
        return folder.resolve("perplexity.json");
    }

    @Override
    public Path folder() {
        return folder;
    }

    @Override
    public int cells() {
        return run.plan().cells().size();
    }

    @Override
    public List<PerplexityKey> missing() {
        return run.missing();
    }

    @Override
    public boolean run(RunListener<PerplexityKey, PerplexityCell> listener, BooleanSupplier stop) throws IOException {
        return run.run(listener, stop);
    }

    @Override
    public Optional<String> outcome(PerplexityCell cell) {
        PerplexityRecord record = PerplexityRecord.of(run.plan().protocol(), List.of(cell));
        return Optional.of(String.format(
                Locale.ROOT,
                "%s: perplexity %.2f, %,.0f tokens/s",
                cell.key(),
                record.perplexity(),
                record.tokensPerSecond()));
    }

    private PerplexityResults results() throws IOException {
        return run.results(provenance);
    }

    @Override
    public void writeReport() throws IOException {
        PerplexityResults results = results();
        results.writeJson(document());
        new PerplexityReport(results).writeHtml(report());
    }

    @Override
    public void printJson(PrintWriter out) throws IOException {
        out.print(results().toJson());
    }

    @Override
    public void printTable(PrintWriter out) throws IOException {
        new PerplexityReport(results()).print(out);
    }
}
