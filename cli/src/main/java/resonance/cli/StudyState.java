package resonance.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import resonance.study.FolderLock;
import resonance.study.RecordJson;

/**
 * How far a study is.
 *
 * @param study its name
 * @param out where its results go
 * @param parts in the order in which they run
 * @param owner who runs it; empty if nobody does
 */
record StudyState(String study, Path out, List<PartState> parts, Optional<String> owner) {
    StudyState {
        parts = List.copyOf(parts);
    }

    static StudyState of(StudyPlan plan, Path out) throws IOException {
        return new StudyState(
                plan.study(),
                out,
                PartState.of(plan, out),
                Files.isDirectory(out) ? FolderLock.owner(out) : Optional.empty());
    }

    private PartTimes times() {
        return PartTimes.of(parts);
    }

    /** Prints it, for scripts as one JSON document. */
    void print(PrintWriter stdout, boolean json) {
        if (json) {
            stdout.print(RecordJson.write(document()));
        } else {
            lines().forEach(stdout::println);
        }
    }

    /** For scripts; {@code secondsLeft} is left out where it is not known. */
    private Map<String, Object> document() {
        PartTimes times = times();
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("study", study);
        document.put("out", out.toString());
        document.put("running", owner.isPresent());
        owner.ifPresent(name -> document.put("owner", name));
        document.put("cells", times.cells());
        document.put("finished", times.finished());
        if (times.unknown().isEmpty()) {
            document.put("secondsLeft", times.seconds());
        }
        document.put("parts", parts.stream().map(this::document).toList());
        return document;
    }

    private Map<String, Object> document(PartState part) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("name", part.part().name());
        document.put("command", part.part().command());
        document.put("out", part.folder().toString());
        document.put("cells", part.cells());
        document.put("finished", part.finished());
        document.put("running", part.state().owner().isPresent());
        document.put("damaged", part.state().damaged());
        document.put("setAside", part.state().setAside());
        part.secondsLeft(parts).ifPresent(seconds -> document.put("secondsLeft", seconds));
        return document;
    }

    /** For people. */
    private List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("Study " + study + " in " + out + ": "
                + owner.map(name -> "running" + (name.isEmpty() ? "" : ", " + name))
                        .orElse("not running"));
        for (PartState part : parts) {
            OptionalDouble left = part.finished() == part.cells() ? OptionalDouble.empty() : part.secondsLeft(parts);
            lines.add("  " + part.part().name() + ": " + part.finished() + " of " + part.cells() + " cells"
                    + ProgressLine.text(", about ", left, ProgressLine::time, " left")
                    + (part.state().owner().isPresent() ? ", running" : ""));
            part.state().damaged().forEach(line -> lines.add("    " + line + "; the cell is made again"));
            if (part.state().setAside() > 0) {
                lines.add("    Set aside as damaged: " + part.state().setAside() + " in " + part.folder());
            }
        }
        lines.add("In all: " + times().text());
        return lines;
    }
}
