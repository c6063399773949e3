package resonance.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import resonance.cli.StudyPart.Argument;
import resonance.study.AtomicFile;
import resonance.study.FolderLock;
import resonance.study.RecordJson;
import resonance.study.SetAside;
import resonance.study.StudyFolder;

/** {@code resonance study run}: the commands of a study, one after the other. */
@Command(
        name = "run",
        description =
                "Runs the parts of a study in order, each as its command does that is typed by hand: the same records. The"
                        + " whole file is checked first, with models, texts and folders, and copied into the output folder."
                        + " Finished cells are kept: the same command again runs only what is missing.",
        customSynopsis = "resonance study run FILE|DIR [options]",
        sortOptions = false)
final class StudyRunCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private StudyOptions options = new StudyOptions();

    @Mixin
    HelpOption help = new HelpOption();

    @Option(
            names = "--dry-run",
            description =
                    "check the study and tell how many cells it has, how many of them are finished, and how long the"
                            + " rest takes; run and write nothing")
    private boolean dryRun;

    @Option(names = "--threads", paramLabel = "N", description = "of every part (default: as the file says)")
    private @Nullable String threads;

    @Option(names = "--precision", paramLabel = "NAME", description = "of every part (default: as the file says)")
    private @Nullable String precision;

    @Option(
            names = "--spark",
            paramLabel = "MASTER",
            description =
                    "compute the cells of every part on Apache Spark, as the commands do (default: in this process)")
    private @Nullable String spark;

    @Option(names = "--json", description = "print the results of all parts as one JSON document")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        OptionRefusals refusals = new OptionRefusals(spec.commandLine());
        StudyFile study = options.read().with(machine());
        refusals.run(() -> requireFolder(study));
        StudyPlan plan = refusals.check(() -> new StudyCheck(study, Path.of("")).plan());
        if (dryRun) {
            StudyState.of(plan, study.out()).print(spec.commandLine().getOut(), json);
            return ExitCode.OK;
        }
        Files.createDirectories(study.out());
        FolderLock lock = FolderLock.take(study.out(), spec.commandLine().getErr()::println);
        try (lock;
                StopSignal stop = new StopSignal(() -> {})) {
            keep(study, plan);
            return run(study, plan, stop);
        }
    }

    /** What is said of the machine on the command line, for every part. */
    private List<Argument> machine() {
        return Stream.of(argument("threads", threads), argument("precision", precision), argument("spark", spark))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<Argument> argument(String key, @Nullable String value) {
        return Optional.ofNullable(value).map(given -> new Argument(key, 0, true, Argument.option("--" + key, given)));
    }

    private void requireFolder(StudyFile study) throws IOException {
        Path out = OutputFolder.usable(study.out());
        Path copy = out.resolve(StudyFile.COPY);
        if (StudyFolder.isBegun(out)) {
            throw new IllegalArgumentException(
                    "--out " + out
                            + " must be new or hold a study of several parts, but holds that of one command; choose another --out");
        }
        if (Files.exists(copy)) {
            Optional<String> there = StudyFileReader.name(copy);
            if (!there.equals(Optional.of(study.name()))) {
                throw new IllegalArgumentException("--out " + out + " must be new or hold study '" + study.name()
                        + "', but holds "
                        + there.map(name -> "'" + name + "'").orElse("a " + StudyFile.COPY + " of none")
                        + "; choose another --out");
            }
        }
    }

    /** Puts the study into its folder; cells say themselves what they are of, so that a study may change. */
    private void keep(StudyFile study, StudyPlan plan) throws IOException {
        Path copy = study.out().resolve(StudyFile.COPY);
        AtomicFile.removeLeftovers(
                study.out(), name -> List.of(StudyFile.COPY, StudyPlan.FILE).contains(name));
        if (Files.exists(copy) && !Files.readString(copy).equals(study.text())) {
            spec.commandLine()
                    .getErr()
                    .println("Note: the study has changed since it was run in " + study.out()
                            + "; the former is kept as "
                            + SetAside.renameChanged(copy).getFileName() + ", and so are its cells");
        }
        if (!Files.exists(copy)) {
            AtomicFile.write(copy, study.text());
        }
        AtomicFile.write(study.out().resolve(StudyPlan.FILE), RecordJson.write(plan));
    }

    private int run(StudyFile study, StudyPlan plan, StopSignal stop) throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        List<String> failed = new ArrayList<>();
        List<Map<String, Object>> results = new ArrayList<>();
        int number = 0;
        for (StudyPart part : study.parts()) {
            List<PartState> states = PartState.of(plan, study.out());
            PartOfStudy place = PartOfStudy.of(states, number, ShellWords.typed(spec));
            number++;
            err.println("Part " + number + " of " + plan.parts().size() + ", " + part.name() + ": "
                    + part.typed(study.out()));
            int exitCode = stop.getAsBoolean() ? StopSignal.INTERRUPTED : run(part, study.out(), place, results);
            if (exitCode == StopSignal.INTERRUPTED || exitCode == ExitCode.USAGE) {
                return exitCode;
            }
            if (exitCode != ExitCode.OK) {
                failed.add(part.name());
            }
        }
        if (json) {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("study", study.name());
            document.put("out", study.out().toString());
            document.put("parts", results);
            spec.commandLine().getOut().print(RecordJson.write(document));
        }
        err.println(
                failed.isEmpty()
                        ? "Every part is finished in " + study.out() + "."
                        : "Failed: " + String.join(", ", failed) + ", as told above; everything finished is kept in "
                                + study.out() + ". To try again: " + ShellWords.typed(spec));
        return failed.isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    /** Runs a command as if it had been typed; gives its exit code. */
    private int run(StudyPart part, Path out, PartOfStudy place, List<Map<String, Object>> results) throws IOException {
        CommandLine program = ResonanceCli.program(Path.of(""));
        ((ResonanceCli) program.getCommand()).runAs(place);
        StringWriter document = new StringWriter();
        PrintWriter print = spec.commandLine().getOut();
        if (!json) {
            print.println(part.name());
        }
        program.setOut(json ? TerminalWriter.ofResults(document) : print)
                .setErr(spec.commandLine().getErr());
        List<String> words = Stream.concat(part.words(out).stream(), json ? Stream.of("--json") : Stream.of())
                .toList();
        int exitCode = program.execute(words.toArray(String[]::new));
        print.flush();
        if (json) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("name", part.name());
            result.put("out", part.folder(out).toString());
            result.put("exitCode", exitCode);
            if (exitCode == ExitCode.OK) {
                result.put("results", RecordJson.parse(document.toString()));
            }
            results.add(result);
        }
        return exitCode;
    }
}
