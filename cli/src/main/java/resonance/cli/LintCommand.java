package resonance.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import resonance.model.ModelFormatException;
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
                    "transformers-4.57, transformers-5.18, vllm-0.33 or convert_hf_to_gguf-0.5 for a folder; llama.cpp-0.5"
                            + " for a GGUF file; without a version it is the one there is (default: all that read the"
                            + " model)")
    private List<String> engines = List.of();

    @Option(names = "--json", description = "print one JSON document")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        LintReport report = report();
        if (json) {
            spec.commandLine().getOut().print(RecordJson.write(LintDocument.of(report)));
        } else {
            new LintText(report).print(spec.commandLine().getOut());
        }
        return report.mustBeMended() ? ExitCode.SOFTWARE : ExitCode.OK;
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
        return chosen.isEmpty() ? EnumSet.allOf(Engine.class) : chosen;
    }
}
