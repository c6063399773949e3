package resonance.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import resonance.model.EncodingChoice;
import resonance.model.ModelPositions;
import resonance.model.reading.ModelReader;
import resonance.serving.export.CarriedFiles;
import resonance.serving.export.Export;
import resonance.serving.export.ExportOutput;
import resonance.serving.export.ServedEncoding;
import resonance.study.RecordJson;

/** {@code resonance export}: an encoding written into a model, for stock engines to serve. */
@Command(
        name = "export",
        description = {
            "Writes a model with another position encoding, which stock llama.cpp (from a GGUF file), or transformers"
                    + " and vLLM (from a Hugging Face folder) then serve. Weights and tokenizer stay as they are.",
            "Any encoding becomes a frequency for every pair and a factor on cosine and sine: in a GGUF file the tensor"
                    + " rope_freqs.weight and the key rope.scaling.attn_factor, in a folder a longrope block."
        },
        customSynopsis = "resonance export MODEL OUT --scaling=NAME [--factor=S] [--resonance] [options]",
        sortOptions = false)
final class ExportCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description = "a Hugging Face folder, with or without weights, or a GGUF file")
    private Path model = Path.of("");

    @Parameters(index = "1", paramLabel = "OUT", description = "the new folder, or the new GGUF file")
    private Path out = Path.of("");

    @Mixin
    HelpOption help = new HelpOption();

    @Option(
            names = "--scaling",
            required = true,
            paramLabel = "NAME",
            description = "none (plain RoPE), model (the model's own), ${bundle:names.scaledOr}")
    private String scaling = "";

    @Mixin
    private ServedEncodingOptions encoding = new ServedEncodingOptions();

    @Option(
            names = "--files",
            paramLabel = "HOW",
            description = "how a folder's weights and tokenizer get into the new one: copy, hard-link or symbolic-link"
                    + " (default: copy)")
    private String files = "copy";

    @Option(names = "--force", description = "replace an earlier export")
    private boolean force;

    @Option(names = "--json", description = "print what was written as one JSON document")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        OptionRefusals refusals = ServedEncodingOptions.describe(new OptionRefusals(spec.commandLine()));
        ExportOutput output = refusals.check(() -> new ExportOutput(carriedFiles(), force));
        EncodingChoice asked = refusals.check(() -> encoding.choice(spec, scaling));
        ScalingOptions.ofModels().requireRead(spec, List.of(asked.encoding().method()), "--scaling");
        PrintWriter err = spec.commandLine().getErr();
        try (ModelPositions opened =
                refusals.check(() -> ModelReader.positions(LanguageModelOptions.existing(model)))) {
            opened.warnings().forEach(warning -> err.println("Note: " + warning));
            ServedEncoding served =
                    refusals.check(() -> encoding.served(opened.positions(), asked, OptionalInt.empty()));
            Export export = refusals.check(
                    () -> Export.of(opened, served, SoftwareVersion.version() + " " + SoftwareVersion.commit()));
            int code = new ExportRun(export, out, output).write(refusals, err);
            if (code == ExitCode.OK) {
                print(ExportDocument.of(opened.positions(), model, out, served, export));
            }
            return code;
        }
    }

    private CarriedFiles carriedFiles() {
        return KnownName.find(
                "files",
                files,
                List.of(CarriedFiles.values()),
                way -> way.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    private void print(ExportDocument document) {
        PrintWriter stdout = spec.commandLine().getOut();
        if (json) {
            stdout.print(RecordJson.write(document));
        } else {
            document.print(stdout);
        }
    }
}
