package resonance.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import resonance.experiment.PosgenData;
import resonance.posgen.BenchmarkTask;
import resonance.posgen.PosgenFiles;
import resonance.posgen.PosgenManifest;
import resonance.posgen.PosgenSpec;
import resonance.posgen.PosgenSplits;
import resonance.posgen.PosgenTask;
import resonance.posgen.SequenceFormat;
import resonance.rope.Refusal;
import resonance.study.FolderLock;
import resonance.study.WrittenFiles;

/** {@code resonance posgen generate}: the benchmark's data as files. */
@Command(
        name = "generate",
        description =
                "Writes training, validation and test sequences and a manifest to a folder. What is left out is as in"
                        + " the paper: modulus 17, far 1, near 3, 10000 sequences of 64 tokens, 1000 and 1000 of 256.",
        customSynopsis = "resonance posgen generate --out=DIR [options]",
        sortOptions = false)
final class PosgenGenerateCommand implements Callable<Integer> {
    private static final long DEFAULT_SEED = 42;
    private static final PosgenData PAPER = PosgenData.PAPER;

    /** From about here on it takes seconds. */
    private static final long MANY_TOKENS = 200_000_000;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    HelpOption help = new HelpOption();

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "folder to write to")
    private Path out = Path.of("");

    @Option(
            names = "--task",
            paramLabel = "NAME",
            description = "recursive, cot, semi-recursive, mqar or flip-flop (default: cot)")
    private String task = PosgenTask.CHAIN_OF_THOUGHT.commandName();

    @Mixin
    private PosgenDataOptions data = new PosgenDataOptions();

    @Option(names = "--seed", paramLabel = "N", description = "determines the draw (default: 42)")
    private @Nullable Long seed;

    @Option(
            names = "--compat",
            paramLabel = "authors",
            description = "the data of the authors' generator, byte for byte, defects included: nothing is drawn, and"
                    + " validation and test rows are training rows")
    private @Nullable String compat;

    @Option(names = "--format", paramLabel = "NAME", description = "text or jsonl (default: text)")
    private String format = SequenceFormat.TEXT.commandName();

    @Option(names = "--json", description = "print the manifest as one JSON document")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        OptionRefusals refusals = PosgenDataOptions.describe(new OptionRefusals(spec.commandLine()));
        PosgenManifest manifest = refusals.check(this::write);
        PrintWriter stdout = spec.commandLine().getOut();
        if (json) {
            stdout.print(manifest.json());
        } else {
            for (PosgenManifest.DataFile file : manifest.files()) {
                stdout.printf(
                        Locale.ROOT,
                        "%s: %d sequences of %d tokens, %d bytes%n",
                        out.resolve(file.name()),
                        file.rows(),
                        file.length(),
                        file.bytes());
            }
            stdout.println(out.resolve(PosgenManifest.FILE_NAME) + ": parameters, seed and hashes");
        }
        return ExitCode.OK;
    }

    private PosgenManifest write() throws IOException {
        SequenceFormat fileFormat =
                KnownName.find("format", format, List.of(SequenceFormat.values()), SequenceFormat::commandName);
        OutputFolder.usable(out);
        PosgenSplits splits = splits();
        WrittenFiles.in(out, "posgen generate", SoftwareVersion.version()).makeFolder();
        FolderLock lock = FolderLock.take(out);
        try (lock) {
            return PosgenFiles.write(splits, fileFormat, out);
        }
    }

    private PosgenSplits splits() {
        data.requireRead(List.of(PosgenDataOptions.task(task)), "--task");
        BenchmarkTask asked = data.task(task, PAPER);
        int train = data.trainRows(PAPER);
        int validation = data.validationRows(PAPER);
        int test = data.testRows(PAPER);
        int trainLength = data.trainLength(PAPER);
        int testLength = data.testLength(PAPER);
        long tokens = (long) train * trainLength + ((long) validation + test) * testLength;
        if (tokens >= MANY_TOKENS) {
            spec.commandLine().getErr().printf(Locale.ROOT, "generating %,d tokens in memory, then writing%n", tokens);
        }
        if (compat == null) {
            long number = seed != null ? seed : DEFAULT_SEED;
            return PosgenSplits.draw(asked, train, validation, test, trainLength, testLength, number);
        }
        KnownName.find("compat", compat, List.of("authors"), name -> name);
        if (seed != null) {
            throw Refusal.was("seed", "must not be given with {compat} authors, which draws nothing", seed)
                    .cure("leave one of them out");
        }
        if (!(asked instanceof PosgenSpec rule)) {
            throw Refusal.was(
                            "task",
                            "must be one of " + String.join(", ", PosgenData.SUBTASKS) + " with {compat} authors",
                            "'" + task + "'")
                    .cure("leave one of them out");
        }
        return PosgenSplits.authors(rule, train, validation, test, trainLength, testLength);
    }
}
