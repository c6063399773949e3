package resonance.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import resonance.study.RecordJson;

/** {@code resonance study show}: the parts of a study as commands. */
@Command(
        name = "show",
        description =
                "Shows the parts of a study as commands that could be typed, how many cells each has, and where they"
                        + " go. Nothing is run or written.",
        customSynopsis = "resonance study show FILE|DIR [options]",
        sortOptions = false)
final class StudyShowCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private StudyOptions options = new StudyOptions();

    @Mixin
    HelpOption help = new HelpOption();

    @Option(names = "--json", description = "print the parts as one JSON document")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        StudyFile study = options.read();
        StudyCheck check = new StudyCheck(study, Path.of(""));
        List<Map<String, Object>> parts = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        for (StudyPart part : study.parts()) {
            Map<String, Object> shown = new LinkedHashMap<>();
            shown.put("name", part.name());
            shown.put("command", part.typed(study.out()));
            shown.put("out", part.folder(study.out()).toString());
            String cells;
            try {
                int count = check.plan(part).cells().size();
                shown.put("cells", count);
                cells = count + (count == 1 ? " cell" : " cells");
            } catch (IllegalArgumentException refused) {
                shown.put("problem", String.valueOf(refused.getMessage()));
                cells = "can't run as it is: " + refused.getMessage();
            }
            parts.add(shown);
            lines.add(part.name() + ": " + cells);
            lines.add("    " + part.typed(study.out()));
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("study", study.name());
            document.put("about", study.about());
            document.put("out", study.out().toString());
            document.put("parts", parts);
            out.print(RecordJson.write(document));
        } else {
            out.println("Study " + study.name() + (study.about().isEmpty() ? "" : ": " + study.about()));
            out.println("Results: " + study.out());
            lines.forEach(out::println);
        }
        return ExitCode.OK;
    }
}
