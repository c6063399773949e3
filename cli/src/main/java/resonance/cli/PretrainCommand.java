package resonance.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import resonance.language.pretraining.Pretraining;
import resonance.language.pretraining.PretrainingOutput;
import resonance.language.pretraining.PretrainingRecord;
import resonance.language.pretraining.PretrainingSettings;
import resonance.study.RecordJson;
import resonance.transformer.tensor.ComputeDevice;

/** {@code resonance pretrain}: a small language model from nothing but texts. */
@Command(
        name = "pretrain",
        description =
                "Trains a tokenizer and a small LLaMA-style language model on text files and writes both as a Hugging"
                        + " Face folder, with a model card. A stopped run continues from its checkpoint when the same command"
                        + " is given again.",
        customSynopsis = "resonance pretrain TEXT... --out=DIR [options]",
        sortOptions = false)
final class PretrainCommand implements Callable<Integer> {
    private static final double CHECKPOINT_SECONDS = 60;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(
            arity = "1..*",
            paramLabel = "TEXT",
            description = "text files in UTF-8; a folder stands for its .txt files")
    private List<Path> texts = List.of();

    @Mixin
    HelpOption help = new HelpOption();

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "folder to write to")
    private Path out = Path.of("");

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "what the card and reports call the model (default: the folder's)")
    private @Nullable String name;

    @Option(
            names = "--licence",
            paramLabel = "NAME",
            description = "licence of the weights, for the card (default: ${DEFAULT-VALUE})")
    private String licence = "unknown";

    @Option(names = "--data-note", paramLabel = "TEXT", description = "where the texts are from, for the card")
    private String dataNote = "";

    @Option(names = "--replace", description = "allow a model that is in the folder to be replaced")
    private boolean replace;

    @Option(
            names = "--checkpoint-every",
            paramLabel = "SECONDS",
            description = "time between two checkpoints (default: 60)")
    private double checkpointSeconds = CHECKPOINT_SECONDS;

    @Option(names = "--json", description = "print the training record as one JSON document")
    private boolean json;

    @ArgGroup(validate = false, heading = "%nModel:%n")
    private PretrainedShapeOptions shape = new PretrainedShapeOptions();

    @ArgGroup(validate = false, heading = "%nTraining:%n")
    private PretrainingOptions training = new PretrainingOptions();

    @ArgGroup(validate = false, heading = "%nMachine:%n")
    private MachineOptions machine = new MachineOptions();

    @Override
    public Integer call() throws IOException {
        OptionRefusals refusals = new OptionRefusals(spec.commandLine())
                .called("--vocabulary", "vocabularySize")
                .called("--d-model", "width")
                .called("--feed-forward", "feedForwardWidth")
                .called("--d-model, --layers, --heads, --head-size and --feed-forward", "the model's sizes")
                .called("--base", "ropeBase")
                .called("--batch", "batchRows")
                .called("--learning-rate", "peakLearningRate")
                .called("--warm-up", "warmUpFraction")
                .called("--practice", "practiceShare")
                .called("--validate-every", "validationEvery")
                .called("--checkpoint-every", "checkpointInterval")
                .called("--replace", "replace = true")
                .called("TEXT", "FILE", "text", "texts")
                .cure("--head-size", "take an even number such as 32");
        PretrainingSettings provisional = refusals.check(() -> training.settings(shape.shape(), machine));
        List<Path> files = refusals.check(() -> TextFiles.expand(texts));
        refusals.check(() -> OutputFolder.usable(out));
        PretrainingOutput output = refusals.check(this::output);
        PretrainingSettings settings =
                provisional.in(machine.choose(output.begun(), ComputeDevice.CPU, provisional::product));
        machine.tellChoice(spec.commandLine().getErr());
        Pretraining pretraining =
                refusals.check(() -> new Pretraining(settings, files, output, CommandProvenance.of(spec)));
        PretrainingProgress progress =
                new PretrainingProgress(spec.commandLine().getErr(), ProgressLine.terminalColumns(), System::nanoTime);
        Optional<PretrainingRecord> record;
        try (StopSignal stop = new StopSignal(() -> progress.line("Stopping after this step ..."))) {
            record = refusals.check(() -> pretraining.run(progress, stop));
            if (record.isEmpty()) {
                progress.line("Stopped; the checkpoint is in %s. To continue: %s", out, ShellWords.typed(spec));
            }
        }
        record.ifPresent(this::print);
        return record.isPresent() ? ExitCode.OK : StopSignal.INTERRUPTED;
    }

    private PretrainingOutput output() {
        Path folderName = out.toAbsolutePath().normalize().getFileName();
        return new PretrainingOutput(
                out,
                name != null ? name : String.valueOf(folderName),
                licence,
                dataNote,
                replace,
                Seconds.duration("checkpointInterval", checkpointSeconds));
    }

    private void print(PretrainingRecord record) {
        PrintWriter stdout = spec.commandLine().getOut();
        if (json) {
            stdout.print(RecordJson.write(record));
            return;
        }
        stdout.printf(
                Locale.ROOT,
                "%s: %,d parameters, validation loss %.4f (perplexity %.2f), %,.0f tokens/s%n",
                out,
                record.parameters(),
                record.validationLoss(),
                Math.exp(record.validationLoss()),
                record.tokensPerSecond());
    }
}
