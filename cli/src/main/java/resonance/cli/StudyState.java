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

    /** For scripts; {@code secondsLeft}, and what it rests on, is left out where it is not known. */
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
            put(document, times.left());
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
        Optional<TimeLeft> left = part.timeLeft(parts);
        if (left.isPresent()) {
            put(document, left.filter(time -> time.seconds() > 0));
        }
        return document;
    }

    /** Nothing takes no time, whatever it rests on. */
    private static void put(Map<String, Object> document, Optional<TimeLeft> left) {
        document.put("secondsLeft", left.map(TimeLeft::seconds).orElse(0.0));
        left.ifPresent(time -> document.put("secondsLeftBy", time.by().label()));
    }

    /** For people. */
    private List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("Study " + study + " in " + out + ": "
                + owner.map(name -> "running" + (name.isEmpty() ? "" : ", " + name))
                        .orElse("not running"));
        for (PartState part : parts) {
            Optional<TimeLeft> left = part.timeLeft(parts).filter(time -> time.seconds() > 0);
            lines.add("  " + part.part().name() + ": " + part.finished() + " of " + part.cells() + " cells"
                    + left.map(time -> ", " + time.text()).orElse("")
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
