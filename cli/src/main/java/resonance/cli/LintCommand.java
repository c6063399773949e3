package resonance.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import resonance.model.ModelFormatException;
import resonance.model.ModelPositions;
import resonance.model.reading.ModelReader;
import resonance.rope.Refusal;
import resonance.serving.lint.Engine;
import resonance.serving.lint.LintReport;
import resonance.serving.lint.Linter;
import resonance.study.RecordJson;

/** {@code resonance lint}: what engines will ignore or misread in a model. */
@Command(
        name = "lint",
        description = {
            "Reads a model's position settings as each engine would and reports what that engine will silently ignore,"
                    + " misread or refuse, and what to do about it. docs/lint.md lists the rules.",
            "Exit code 0: nothing to mend (notes alone count as nothing, and so does an engine that could not be checked); 1:"
                    + " errors or warnings; 2: the model can't be read."
        },
        customSynopsis = "resonance lint MODEL [options]",
        sortOptions = false)
final class LintCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description = "a Hugging Face folder or its config.json, with or without weights, or a GGUF file")
    @SuppressWarnings("NullAway.Init")
    private Path model;

    @Mixin
    HelpOption help = new HelpOption();

    @Option(
            names = "--engine",
            paramLabel = "NAME",
            split = ",",
            description =
                    "transformers-4.57, transformers-5.18, vllm-0.33, convert_hf_to_gguf-0.5 or jlama-0.9 for a folder;"
                            + " llama.cpp-0.5 or gpullama3-1.0 for a GGUF file; without a version it is the one there is"
                            + " (default: all that read the model but jlama and gpullama3)")
    private List<String> engines = List.of();

    @Option(
            names = "--length",
            paramLabel = "N",
            description = "tokens, a text's length to show the memory for, beside the trained length")
    private @Nullable Long length;

    @Option(names = "--json", description = "print one JSON document")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        if (length != null && (length < 1 || length > MemoryNeed.LONGEST)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--length must be from 1 to " + MemoryNeed.LONGEST + ", was " + length
                            + "; leave it out for the trained length alone");
        }
        LintReport report = report();
        MemoryNeed memory = memory();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.print(RecordJson.write(LintDocument.of(report, memory)));
        } else {
            new LintText(report).print(out);
            if (memory.notKnown() == null || length != null) {
                memory.print(out);
            }
        }
        return report.mustBeMended() ? ExitCode.SOFTWARE : ExitCode.OK;
    }

    private MemoryNeed memory() {
        try (ModelPositions opened = ModelReader.positions(model)) {
            long trained = opened.positions().rope().shape().trainedLength();
            return MemoryNeed.of(opened, length == null ? List.of(trained) : List.of(trained, length));
        } catch (ModelFormatException unreadable) {
            return MemoryNeed.notKnown(unreadable);
        }
    }

    private LintReport report() throws IOException {
        try {
            return Linter.lint(LanguageModelOptions.ofPlainFiles(model), chosen());
        } catch (ModelFormatException unreadable) {
            throw new ParameterException(spec.commandLine(), String.valueOf(unreadable.getMessage()), unreadable);
        } catch (Refusal refusal) {
            throw new ParameterException(spec.commandLine(), refusal.message(engine -> "--engine"), refusal);
        } catch (IllegalArgumentException refusal) {
            throw new ParameterException(spec.commandLine(), String.valueOf(refusal.getMessage()), refusal);
        }
    }

    private Set<Engine> chosen() {
        Set<Engine> chosen = EnumSet.noneOf(Engine.class);
        for (String name : engines) {
            List<Engine> named = Engine.named(name);
            chosen.addAll(
                    named.isEmpty()
                            ? List.of(KnownName.find("engine", name, Arrays.asList(Engine.values()), Engine::label))
                            : named);
        }
        return chosen.isEmpty() ? EnumSet.copyOf(Engine.USUAL) : chosen;
    }
}
