package resonance.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import resonance.rope.Refusal;

/** Options for where the results of an extension go, and the model with the encoding that was taken. */
final class ExtensionOutput {
    /** The option for the folder of the results. */
    static final String STUDY = "--study";

    @Option(
            names = "--out",
            paramLabel = "OUT",
            description =
                    "write the model with the encoding taken: a new folder, or a new GGUF file from one (default: it is"
                            + " told, and nothing is written)")
    private @Nullable Path out;

    @Option(names = "--force", description = "with --out: replace an earlier export")
    private boolean force;

    @Option(
            names = STUDY,
            paramLabel = "DIR",
            converter = ResonanceCli.Place.class,
            description =
                    "folder of the results, here or as hdfs://HOST:PORT/DIR (default: runs/${COMMAND-NAME}-MODEL)")
    private @Nullable Path study;

    @Option(names = "--json", description = "print the results as one JSON document, and what else is told as messages")
    private boolean json;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec command;

    /** Tells how the libraries name these options. */
    static OptionRefusals describe(OptionRefusals refusals) {
        return refusals.called(STUDY, "out").called("--out", "export");
    }

    /** Whether the results are printed as JSON. */
    boolean json() {
        return json;
    }

    /**
     * The folder of a study; refuses what can't be written to in the end, before anything is loaded.
     *
     * @param model that is measured
     * @param kind of study, and the name of the command
     * @param document that the study writes
     * @throws ParameterException naming what is in the way
     */
    Path folder(OptionRefusals refusals, LanguageModelOptions model, String kind, String document) throws IOException {
        refusals.run(this::requireNew);
        Path folder = refusals.check(() -> OutputFolder.usable(study != null ? study : model.folder(kind)));
        StudySession.requireUsable(refusals, folder, kind, document);
        return folder;
    }

    private void requireNew() {
        if (out != null && Files.exists(out) && !force) {
            throw Refusal.of("{export} " + out, "must be new", "exists").cure("--force replaces an earlier export");
        }
        if (out == null && force) {
            throw Refusal.of("force", "must go with {export}", "was given without")
                    .cure("leave it out");
        }
    }

    /**
     * Refuses, before anything is measured, what {@link ExtendedModel#requireWritable} does.
     *
     * @throws ParameterException naming what is in the way
     */
    void requireWritable(OptionRefusals refusals, ExtendedModel model) throws IOException {
        refusals.run(() -> model.requireWritable(out, force));
    }

    /**
     * Writes the model with the encoding that was taken, once the study is complete, or tells how to; gives the exit code.
     *
     * @param code of the study
     * @param taken the model; empty if no encoding was
     * @param why in that case, for a place that nothing is written to
     */
    int end(int code, Optional<ExtendedModel> taken, String why, OptionRefusals refusals) throws IOException {
        PrintWriter err = command.commandLine().getErr();
        PrintWriter stdout = json ? err : command.commandLine().getOut();
        if (taken.isEmpty()) {
            if (out == null) {
                return code;
            }
            err.println("Nothing is written to " + out + ", since " + why + ".");
            return code == ExitCode.OK ? ExitCode.SOFTWARE : code;
        }
        if (code == ExitCode.OK && out != null) {
            return taken.get().write(out, force, refusals, stdout, err);
        }
        taken.get().tell(code == ExitCode.OK ? stdout : err);
        return code;
    }
}
