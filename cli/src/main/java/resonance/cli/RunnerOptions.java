package resonance.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import resonance.study.StudyPlace;
import resonance.study.StudyRunner;
import resonance.transformer.tensor.ComputeDevice;

/** Option for where a study's cells are computed. */
final class RunnerOptions {
    @Option(
            names = "--spark",
            paramLabel = "MASTER",
            description =
                    "compute cells on Apache Spark: local[N], spark://HOST:PORT, yarn or k8s://URL; a cell takes"
                            + " --threads of its cores, and the folder of the results must be shared (default: in this process)")
    private @Nullable String spark;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec command;

    /**
     * Where cells go that the CPU computes, if not in this process.
     *
     * @throws IllegalArgumentException if Spark is not there, or has no such master
     */
    Optional<StudyRunner> runner(int threads) {
        return runner(threads, ComputeDevice.CPU);
    }

    /**
     * The same for cells of any device.
     *
     * @throws IllegalArgumentException if Spark is not there, has no such master, or has no GPUs there
     */
    Optional<StudyRunner> runner(int threads, ComputeDevice device) {
        if (spark == null) {
            return Optional.empty();
        }
        StudyRunner.Provider provider = ServiceLoader.load(StudyRunner.Provider.class)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("--spark must have the module spark on the class path,"
                        + " which is not there; start by ./resonance, which adds it"));
        return Optional.of(provider.at(spark, threads, device == ComputeDevice.CUDA));
    }

    /**
     * How another process makes the study of this command.
     *
     * @param folder where its cells are kept
     * @param threads of a cell, since another machine has other cores
     */
    CommandRecipe recipe(Path folder, int threads) {
        List<String> words =
                new ArrayList<>(command.root().commandLine().getParseResult().originalArgs());
        if (!command.commandLine().getParseResult().hasMatchedOption("--threads")) {
            int options = words.indexOf("--"); // which ends them
            words.addAll(options < 0 ? words.size() : options, List.of("--threads", String.valueOf(threads)));
        }
        return new CommandRecipe(
                words,
                Path.of("").toAbsolutePath().toString(),
                StudyPlace.text(folder.toAbsolutePath()),
                System.getProperty(SoftwareVersion.HOME_PROPERTY, ""),
                ShellWords.typed(command));
    }
}
