package resonance.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;
import resonance.model.EncodingChoice;
import resonance.model.Model;
import resonance.model.PlacementChoice;
import resonance.rope.EncodingName;
import resonance.rope.PlainNumber;
import resonance.serving.export.CarriedFiles;
import resonance.serving.export.Export;
import resonance.serving.export.ExportOutput;
import resonance.serving.export.ServedEncoding;
import resonance.serving.export.TrainerBlocks;

/**
 * A model with the encoding that was taken: written, or told how to write it.
 *
 * @param model as it is
 * @param encoding that was taken
 * @param placement where it goes in a model with a scaling of its own, as it was measured
 */
record ExtendedModel(Model model, ServedEncoding encoding, PlacementChoice placement) {
    private Export export() {
        return Export.of(model, encoding, SoftwareVersion.version() + " " + SoftwareVersion.commit());
    }

    /**
     * Refuses, before anything is measured, a model that no engine can be told the encoding of, and a place that it could not be
     * written to in the end: without permission or room, in use, no earlier export.
     *
     * @param out where to; null if it is only told
     * @throws IllegalArgumentException naming what is in the way, or the place
     */
    void requireWritable(@Nullable Path out, boolean replace) throws IOException {
        Export export = export();
        if (out != null) {
            export.requirePlace(out, replace);
        }
    }

    /** Tells which command writes it, and what it would write. */
    void tell(PrintWriter stdout) {
        Export export = export();
        stdout.println();
        export.changes().forEach((key, value) -> stdout.printf("  %s = %s%n", key, value));
        export.block().ifPresent(block -> stdout.println("In config.json: " + block));
        stdout.println("To write it: " + String.join(" ", command()));
    }

    private List<String> command() {
        EncodingName name = encoding.encoding().encoding();
        List<String> words = new ArrayList<>(List.of(
                "./resonance export",
                ShellWords.quote(model.path().toString()),
                "OUT",
                "--scaling " + name.method().name()));
        if (!encoding.encoding().isPlain() && !EncodingChoice.isModels(name)) {
            words.add("--factor "
                    + PlainNumber.text(encoding.encoding().settings().factor()));
            words.addAll(ScalingOptions.words(
                    encoding.encoding().settings(), name.method().parameters()));
            words.addAll(PlacementOptions.words(placement));
        }
        words.addAll(RoundingOptions.words(name.rounding()));
        words.add("--length " + encoding.contextLength());
        return words;
    }

    /** Writes it, and tells how it is served and trained on; gives the exit code. */
    int write(Path out, boolean replace, OptionRefusals refusals, PrintWriter stdout, PrintWriter err)
            throws IOException {
        Export export = export();
        int code = new ExportRun(export, out, new ExportOutput(CarriedFiles.COPY, replace)).write(refusals, err);
        if (code != ExitCode.OK) {
            return code;
        }
        stdout.println();
        ExportDocument.of(model.positions(), model.path(), out, encoding, export)
                .print(stdout);
        if (Files.isDirectory(out)) {
            TrainerBlocks.of(out, encoding.contextLength()).forEach((trainer, lines) -> {
                stdout.println("Train on with " + trainer + ":");
                lines.forEach(text -> stdout.println("  " + text));
            });
        }
        return ExitCode.OK;
    }
}
