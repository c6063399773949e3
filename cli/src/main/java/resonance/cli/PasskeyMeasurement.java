package resonance.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import resonance.evaluation.Provenance;
import resonance.evaluation.RecordFormatException;
import resonance.evaluation.passkey.PasskeyKey;
import resonance.evaluation.passkey.PasskeyReport;
import resonance.evaluation.passkey.PasskeyResults;
import resonance.evaluation.passkey.PasskeyTrial;
import resonance.language.PasskeyRun;
import resonance.language.RunListener;

/** A passkey measurement in its folder: {@code report.html}, {@code passkey.json} and the finished trials. */
final class PasskeyMeasurement implements Measurement<PasskeyKey, PasskeyTrial> {
    private final PasskeyRun run;
    private final Path folder;
    private final Provenance provenance;

    /** @param now provenance of what is measured from here on; that of a finished measurement is kept */
    PasskeyMeasurement(PasskeyRun run, Path folder, Provenance now) throws IOException {
        this.run = run;
        this.folder = folder;
        this.provenance = run.missing().isEmpty() ? earlierOr(now) : now;
    }

    private Provenance earlierOr(Provenance now) throws IOException {
        if (!Files.exists(document())) {
            return now;
        }
        try {
            PasskeyResults earlier = PasskeyResults.readJson(document());
            return earlier.plan().equals(run.plan()) ? earlier.provenance() : now;
        } catch (RecordFormatException writtenByAnotherVersion) {
            return now;
        }
    }

    private Path document() {
        return folder.resolve("passkey.json");
    }

    @Override
    public Path folder() {
        return folder;
    }

    @Override
    public int cells() {
        return run.plan().size();
    }

    @Override
    public List<PasskeyKey> missing() {
        return run.missing();
    }

    @Override
    public boolean run(RunListener<PasskeyKey, PasskeyTrial> listener, BooleanSupplier stop) throws IOException {
        return run.run(listener, stop);
    }

    @Override
    public Optional<String> outcome(PasskeyTrial trial) {
        return Optional.empty();
    }

    private PasskeyResults results() throws IOException {
        return run.results(provenance);
    }

    @Override
    public void writeReport() throws IOException {
        PasskeyResults results = results();
        results.writeJson(document());
        new PasskeyReport(results).writeHtml(report());
    }

    @Override
    public void printJson(PrintWriter out) throws IOException {
        out.print(results().toJson());
    }

    @Override
    public void printTable(PrintWriter out) throws IOException {
        new PasskeyReport(results()).print(out);
    }
}
