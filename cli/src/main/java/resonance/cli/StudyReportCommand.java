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
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import resonance.study.RecordJson;
import resonance.study.StudyFolder;
import resonance.study.StudyPlace;

/** {@code resonance study report}: the results of all parts of a study, finished or not. */
@Command(
        name = "report",
        description = "Shows the results of every part of a study, finished or not, and writes its page anew; those of"
                + " several parts side by side too, in the study's own folder. It is what 'report' does with the folders of"
                + " the parts: it needs neither models nor texts, and may run while the study does.",
        customSynopsis = "resonance study report FILE|DIR [options]",
        sortOptions = false)
final class StudyReportCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private StudyOptions options = new StudyOptions();

    @Mixin
    HelpOption help = new HelpOption();

    @Mixin
    private SideBySideOptions sideBySide = new SideBySideOptions();

    @Mixin
    private ParquetOption parquet = new ParquetOption();

    @Option(names = "--json", description = "print the results of all parts as one JSON document")
    private boolean json;

    /** What a command printed, and how it ended. */
    private record Printed(int exitCode, String out, String err) {}

    @Override
    public Integer call() throws IOException {
        StudyFile study = options.read();
        List<StudyPart> begun = study.parts().stream()
                .filter(part -> StudyFolder.isBegun(part.folder(study.out())))
                .toList();
        if (begun.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "study '" + study.name() + "' must have results in " + study.out()
                            + ", has none; 'study run' makes them");
        }
        PrintWriter err = spec.commandLine().getErr();
        study.parts().stream()
                .filter(part -> !begun.contains(part))
                .forEach(part -> err.println("Note: part " + part.name() + " was not begun"));
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("study", study.name());
        document.put("out", study.out().toString());
        List<Map<String, Object>> parts = new ArrayList<>();
        int worst = ExitCode.OK;
        for (StudyPart part : begun) {
            Path folder = part.folder(study.out());
            Printed shown = report(List.of(StudyPlace.text(folder)));
            err.print(shown.err());
            worst = Math.max(worst, shown.exitCode());
            if (shown.exitCode() == ExitCode.OK) {
                parts.add(Map.of("name", part.name(), "results", show(part.name(), shown)));
            }
        }
        document.put("parts", parts);
        if (worst == ExitCode.OK && (begun.size() > 1 || sideBySide.given())) {
            Printed together = sideBySide(study, begun);
            err.print(together.err());
            worst = together.exitCode();
            if (worst == ExitCode.OK) {
                document.put("sideBySide", show("Side by side", together));
            }
        }
        Optional<Path> file = parquet.file();
        if (worst == ExitCode.OK && file.isPresent()) {
            Printed written = report(withFile(study, begun, file.get()));
            err.print(written.err());
            worst = written.exitCode();
            if (worst == ExitCode.OK && !json) {
                spec.commandLine().getOut().println("Parquet: " + file.get());
            }
        }
        if (json && worst == ExitCode.OK) {
            spec.commandLine().getOut().print(RecordJson.write(document));
        }
        return worst;
    }

    /** Prints what a command showed, or gives it as a value, of one document with the others. */
    private Object show(String title, Printed shown) {
        if (json) {
            return RecordJson.parse(shown.out());
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(title);
        out.print(shown.out());
        out.flush();
        return "";
    }

    /** Rows are called as the models are, unless two parts then have a result in common. */
    private Printed sideBySide(StudyFile study, List<StudyPart> parts) {
        List<String> common = new ArrayList<>();
        if (Files.isWritable(study.out())) {
            common.addAll(List.of("--out", StudyPlace.text(study.out())));
        }
        common.addAll(sideBySide.words());
        List<String> plain = new ArrayList<>(parts.stream()
                .map(part -> StudyPlace.text(part.folder(study.out())))
                .toList());
        plain.addAll(common);
        Printed together = report(plain);
        if (together.exitCode() != ExitCode.USAGE) {
            return together;
        }
        List<String> named = named(study, parts);
        named.addAll(common);
        return report(named);
    }

    private static List<String> withFile(StudyFile study, List<StudyPart> parts, Path file) {
        List<String> words = parts.size() > 1
                ? named(study, parts)
                : new ArrayList<>(List.of(StudyPlace.text(parts.get(0).folder(study.out()))));
        words.addAll(StudyPart.Argument.option("--parquet", file.toString()));
        return words;
    }

    private static List<String> named(StudyFile study, List<StudyPart> parts) {
        return new ArrayList<>(parts.stream()
                .map(part -> part.name() + "=" + StudyPlace.text(part.folder(study.out())))
                .toList());
    }

    /** Runs the command on folders. */
    private Printed report(List<String> arguments) {
        CommandLine program = ResonanceCli.program(Path.of(""));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        program.setOut(TerminalWriter.ofResults(out)).setErr(TerminalWriter.ofMessages(err));
        List<String> words = new ArrayList<>(List.of("report"));
        words.addAll(arguments);
        if (json) {
            words.add("--json");
        }
        int exitCode = program.execute(words.toArray(String[]::new));
        return new Printed(exitCode, out.toString(), err.toString());
    }
}
