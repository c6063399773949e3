package resonance.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import resonance.model.EncodingChoice;
import resonance.model.ModelPositions;
import resonance.model.OwnEncoding;
import resonance.model.Placement;
import resonance.model.PositionSettings;
import resonance.model.reading.ModelReader;
import resonance.rope.EncodingName;
import resonance.rope.Refusal;
import resonance.rope.RopeEncodings;
import resonance.rope.ScalingMethod;
import resonance.serving.export.CarriedFiles;
import resonance.serving.export.Export;
import resonance.serving.export.ExportOutput;
import resonance.serving.export.ServedEncoding;
import resonance.study.RecordJson;

/** {@code resonance export}: an encoding written into a model, for stock engines to serve. */
@Command(
        name = "export",
        description = {
            "Writes a model with another position encoding, which stock llama.cpp (from a GGUF file), or transformers and"
                    + " vLLM (from a Hugging Face folder) then serve. Weights and tokenizer stay as they are.",
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

    @Option(
            names = "--factor",
            paramLabel = "S",
            description = "scaling factor (default: --length / trained length, at least 1)")
    private @Nullable Double factor;

    @Mixin
    private RoundingOptions wavelengths = new RoundingOptions();

    @Option(
            names = "--on-top",
            description = "put it over the model's own scaling (default where the model was trained with that)")
    private boolean onTop;

    @Option(names = "--replace", description = "put it in the place of the model's own scaling")
    private boolean replace;

    @Option(
            names = "--trained-length",
            paramLabel = "L",
            description = "tokens that the model was trained on before its own scaling (default: what its files say)")
    private @Nullable Integer trainedLength;

    @Option(
            names = "--length",
            paramLabel = "N",
            description = "tokens that the model shall read (default: trained length times factor; the model's own with"
                    + " --scaling none or model)")
    private @Nullable Integer length;

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
        OptionRefusals refusals = ScalingOptions.describe(new OptionRefusals(spec.commandLine()))
                .called("--length", "contextLength", "sequenceLength")
                .cure("--length", "leave it out for trained length times factor");
        if (onTop && replace) {
            throw new ParameterException(spec.commandLine(), "--on-top must go without --replace, was given with it");
        }
        ExportOutput output = refusals.check(() -> new ExportOutput(carriedFiles(), force));
        EncodingChoice asked = refusals.check(() -> encoding(factor != null ? factor : 1));
        ScalingOptions.ofModels().requireRead(spec, List.of(asked.encoding().method()), "--scaling");
        PrintWriter err = spec.commandLine().getErr();
        try (ModelPositions opened =
                refusals.check(() -> ModelReader.positions(LanguageModelOptions.existing(model)))) {
            opened.warnings().forEach(warning -> err.println("Note: " + warning));
            ServedEncoding encoding = refusals.check(() -> encoding(opened.positions(), asked));
            Export export = refusals.check(
                    () -> Export.of(opened, encoding, SoftwareVersion.version() + " " + SoftwareVersion.commit()));
            ExportLine line = new ExportLine(err);
            try (StopSignal stop = new StopSignal(() -> {})) {
                refusals.check(() -> {
                    export.write(out, output, line, stop);
                    return true;
                });
            } catch (CancellationException stopped) {
                err.println("Stopped; " + out + " is as it was before.");
                return StopSignal.INTERRUPTED;
            }
            print(ExportDocument.of(opened.positions(), model, out, encoding, export));
        }
        return ExitCode.OK;
    }

    private CarriedFiles carriedFiles() {
        return KnownName.find(
                "files",
                files,
                List.of(CarriedFiles.values()),
                way -> way.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    private EncodingChoice encoding(double scalingFactor) {
        ScalingMethod method =
                ScalingOptions.scaling(scaling, RopeEncodings.installed().forModels());
        EncodingChoice choice = EncodingChoice.of(
                new EncodingName(method, wavelengths.rounding()), ScalingOptions.settings(spec, scalingFactor));
        if (trainedLength != null) {
            if (trainedLength < 1) {
                throw Refusal.was("trainedLength", "must be at least 1", trainedLength);
            }
            choice = choice.trainedOn(trainedLength);
        }
        return onTop ? choice.placed(Placement.ON_TOP) : replace ? choice.placed(Placement.REPLACE) : choice;
    }

    private ServedEncoding encoding(PositionSettings positions, EncodingChoice asked) {
        OwnEncoding own = new OwnEncoding(positions.rope());
        boolean models = scaling.equals(EncodingChoice.MODEL);
        boolean unscaled = models || scaling.equals(EncodingChoice.NONE);
        requirePlace(positions, asked, own);
        int trained = asked.trainedLength(positions);
        if (factor != null && unscaled) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--factor must go with a scaling that reads it, was given with " + scaling + "; leave it out");
        }
        if (length == null && factor == null && !unscaled) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--factor or --length must be given with --scaling " + scaling
                            + ", was left out; --factor 4 stretches " + trained + " tokens to " + 4L * trained);
        }
        // A model's own settings reach as far as they say, plain RoPE as far as the training did.
        int contextLength = length != null ? length : models ? own.reach() : unscaled ? trained : stretched(trained);
        EncodingChoice choice = factor != null ? asked : encoding(asked.factorFor(positions, contextLength));
        return ServedEncoding.of(positions, choice, contextLength);
    }

    /** Refuses to guess whether the model was trained with its scaling, or on what before it. */
    private void requirePlace(PositionSettings positions, EncodingChoice asked, OwnEncoding own) {
        if (own.isPlain() || scaling.equals(EncodingChoice.MODEL)) {
            return;
        }
        String has = ShownEncoding.text(own.rope());
        boolean plain = scaling.equals(EncodingChoice.NONE);
        if (own.mayBeAnExtension() && !plain && !onTop && !replace) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--scaling " + scaling + " must be told where to go, since the model comes with " + has
                            + "; --on-top puts it over that, --replace in its place");
        }
        boolean unknown = asked.placement(positions) == Placement.REPLACE
                && own.trainedLength().isEmpty();
        if (unknown && trainedLength == null && (length == null || !plain)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--trained-length must be given, since the model comes with " + has
                            + " and its files don't say what it was trained on before, was left out; "
                            + (plain ? "or give --length" : "or leave --replace out to stretch what it has"));
        }
    }

    private int stretched(int trainedLength) {
        double tokens = trainedLength * (factor == null ? 1 : factor);
        if (tokens > Integer.MAX_VALUE) {
            throw Refusal.of("factor", "must keep the length below 2^31 tokens", "was " + factor);
        }
        return (int) tokens;
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
