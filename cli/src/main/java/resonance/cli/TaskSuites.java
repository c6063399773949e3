package resonance.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import resonance.evaluation.leval.LevalSuite;
import resonance.evaluation.longbench.LongBench2Suite;
import resonance.evaluation.longbench.LongBenchSuite;
import resonance.evaluation.ruler.RulerSuite;
import resonance.evaluation.task.TaskSuite;
import resonance.rope.Refusal;

/** The suites that a model can be evaluated on. */
final class TaskSuites {
    private TaskSuites() {}

    private static List<TaskSuite> all() {
        // Only tasks of RULER that are opened read the text, and a report opens none.
        return List.of(new RulerSuite(prose()), new LevalSuite(), new LongBenchSuite(), new LongBench2Suite());
    }

    /** The prose in which RULER hides its needles unless a folder has some; it may be missing. */
    static Path prose() {
        return Optional.ofNullable(System.getProperty(SoftwareVersion.HOME_PROPERTY))
                .map(home -> Path.of(home, "shipped", "text", "cranford.txt"))
                .orElse(Path.of("cranford.txt"));
    }

    /**
     * The suite with this name.
     *
     * @throws Refusal if there is none
     */
    static TaskSuite named(String name) {
        return KnownName.find("suite", name, all(), TaskSuite::name);
    }
}
