package resonance.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
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
import resonance.language.finetuning.FineTuning;
import resonance.language.finetuning.FineTuningData;
import resonance.language.finetuning.FineTuningOutput;
import resonance.language.finetuning.FineTuningRecord;
import resonance.language.finetuning.FineTuningRecord.ValidationLoss;
import resonance.language.finetuning.FineTuningSettings;
import resonance.language.tracking.MlflowRun;
import resonance.model.EncodingChoice;
import resonance.model.Model;
import resonance.model.reading.ModelReader;
import resonance.rope.Refusal;
import resonance.serving.export.ServedEncoding;
import resonance.study.RecordJson;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.training.Trainer;

/** {@code resonance finetune}: a model adapted to an encoding by a short training, and written with it. */
@Command(
        name = "finetune",
        description = {
            "Adapts a model to a position encoding by a short training on texts, and writes it with that encoding: a"
                    + " Hugging Face folder from a folder, a GGUF file from a GGUF file. Without a model it takes the one"
                    + " that ships, and the text that ships.",
            "Without --factor and --length a scaling stretches the trained length by 4.",
            "A stopped run continues from its checkpoint when the same command is given again."
        },
        customSynopsis = {
            "resonance finetune [options]",
            "resonance finetune MODEL TEXT... --out=DIR --scaling=NAME [--factor=S] [--resonance] [options]"
        },
        sortOptions = false)
final class FineTuneCommand implements Callable<Integer> {
    private static final double CHECKPOINT_SECONDS = 300;

    /** How far a model is stretched unless somebody says otherwise. */
    private static final int USUAL_FACTOR = 4;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "MODEL",
            description = "a Hugging Face folder or a GGUF file (default: the model that ships with the project)")
    private @Nullable Path model;

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "TEXT",
            description = "text files in UTF-8, each a document, or JSONL or Parquet files, each row of which is one; a"
                    + " folder stands for its .txt and .jsonl files")
    private List<Path> texts = List.of();

    @Mixin
    HelpOption help = new HelpOption();

    @Option(names = "--out", paramLabel = "DIR", description = "folder to write to (default: runs/finetune-MODEL)")
    private @Nullable Path out;

    @Option(
            names = "--scaling",
            paramLabel = "NAME",
            description =
                    "none (plain RoPE), model (the model's own), ${bundle:names.scaledOr} (default: ${DEFAULT-VALUE})")
    private String scaling = "yarn";

    @Mixin
    private ServedEncodingOptions encoding = new ServedEncodingOptions();

    @Option(
            names = "--field",
            paramLabel = "NAME",
            description =
                    "what holds the text in a row of JSONL or Parquet, or there the token ids (default: ${DEFAULT-VALUE})")
    private String field = "text";

    @Option(names = "--force", description = "replace an earlier result")
    private boolean force;

    @Option(
            names = "--checkpoint-every",
            paramLabel = "SECONDS",
            description = "time between two checkpoints (default: 300)")
    private double checkpointSeconds = CHECKPOINT_SECONDS;

    @Option(
            names = "--mlflow",
            paramLabel = "URI",
            description =
                    "an MLflow tracking server to tell how the training goes; TensorBoard's files are written anyway,"
                            + " in DIR/tensorboard")
    private @Nullable String mlflow;

    @Option(names = "--json", description = "print the training record as one JSON document")
    private boolean json;

    @ArgGroup(validate = false, heading = "%nTraining:%n")
    private FineTuningOptions training = new FineTuningOptions();

    @ArgGroup(validate = false, heading = "%nMachine:%n")
    private MachineOptions machine = new MachineOptions();

    @Override
    public Integer call() throws IOException {
        OptionRefusals refusals = FineTuningOptions.describe(
                        ServedEncodingOptions.describe(new OptionRefusals(spec.commandLine())))
                .called("--force", "replace = true")
                .called("--checkpoint-every", "checkpointInterval")
                .called("--out", "folder")
                .called("TEXT", "FILE", "text", "texts");
        EncodingChoice asked = refusals.check(() -> encoding.choice(spec, scaling));
        ScalingOptions.ofModels().requireRead(spec, List.of(asked.encoding().method()), "--scaling");
        Path path = refusals.check(() -> model == null ? ShippedFiles.model() : LanguageModelOptions.existing(model));
        FineTuningData data = refusals.check(() -> new FineTuningData(files(), field));
        FineTuningOutput output = refusals.check(this::output);
        refusals.check(machine::asked);
        refusals.check(machine::threads);
        PrintWriter err = spec.commandLine().getErr();
        try (Model opened = refusals.check(() -> ModelReader.open(path))) {
            opened.warnings().forEach(warning -> err.println("Note: " + warning));
            ServedEncoding served =
                    refusals.check(() -> encoding.served(opened.positions(), asked, usual(opened, asked)));
            FineTuningSettings provisional = refusals.check(() -> training.settings(served, machine));
            FineTuningSettings settings = provisional.in(machine.choose(
                    output.begun(),
                    ComputeDevice.CPU,
                    () -> Trainer.product(
                            opened.description().decoder(),
                            provisional.recipe().batchRows(),
                            provisional.recipe().window(),
                            provisional.threads())));
            tell(opened, settings, err);
            machine.tellChoice(err);
            FineTuning tuning =
                    refusals.check(() -> new FineTuning(opened, settings, data, output, CommandProvenance.of(spec)));
            FineTuningProgress progress = new FineTuningProgress(err, ProgressLine.terminalColumns(), System::nanoTime);
            Optional<FineTuningRecord> record;
            try (StopSignal stop = new StopSignal(() -> progress.line("Stopping after this step ..."))) {
                record = refusals.check(() -> tuning.run(progress, stop));
                if (record.isEmpty()) {
                    progress.line(
                            "Stopped; the checkpoint is in %s. To continue: %s",
                            output.folder(), ShellWords.typed(spec));
                }
            }
            record.ifPresent(finished -> print(finished, output.folder()));
            return record.isPresent() ? ExitCode.OK : StopSignal.INTERRUPTED;
        }
    }

    /** Only a scaling without factor and length needs one. */
    private static OptionalInt usual(Model model, EncodingChoice asked) {
        return asked.isPlain() || EncodingChoice.isModels(asked.encoding())
                ? OptionalInt.empty()
                : OptionalInt.of(USUAL_FACTOR * asked.trainedLength(model.positions()));
    }

    private List<Path> files() throws IOException {
        if (texts.isEmpty() && model != null) {
            throw Refusal.of("texts", "must be given for a model of your own", "were left out")
                    .cure("name text files to train on");
        }
        return TextFiles.documents(texts.isEmpty() ? List.of(ShippedFiles.text()) : texts);
    }

    private FineTuningOutput output() {
        Path folder = OutputFolder.usable(out != null ? out : LanguageModelOptions.folder("finetune", model));
        return new FineTuningOutput(
                folder,
                force,
                Seconds.duration("checkpointInterval", checkpointSeconds),
                Optional.ofNullable(mlflow).map(MlflowRun::server));
    }

    private static void tell(Model model, FineTuningSettings settings, PrintWriter err) {
        err.printf(
                Locale.ROOT,
                "Model: %s (%s), %s%n",
                model.name(),
                model.description().architecture().label(),
                model.path());
        err.printf(
                Locale.ROOT,
                "Encoding: %s, %,d -> %,d tokens; %,d steps of %,d windows of %,d tokens, positions %s%n",
                settings.encoding().encoding().name(),
                settings.trainedLength(),
                settings.length(),
                settings.recipe().steps(),
                settings.recipe().batchRows(),
                settings.recipe().window(),
                settings.recipe().positions().label());
    }

    private void print(FineTuningRecord record, Path folder) {
        PrintWriter stdout = spec.commandLine().getOut();
        if (json) {
            stdout.print(RecordJson.write(record));
            return;
        }
        stdout.printf(
                Locale.ROOT,
                "%s: %,d of %,d parameters trained, %,.0f tokens/s%n",
                folder,
                record.trainedParameters(),
                record.parameters(),
                record.tokensPerSecond());
        for (int i = 0; i < record.before().size(); i++) {
            ValidationLoss before = record.before().get(i);
            ValidationLoss after = record.after().get(i);
            stdout.printf(
                    Locale.ROOT,
                    "perplexity on held-out text in windows of %,d tokens: %.2f before, %.2f now%n",
                    before.longestWindow(),
                    Math.exp(before.loss()),
                    Math.exp(after.loss()));
        }
    }
}
