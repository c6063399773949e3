package resonance.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import resonance.posgen.RecallInspection;
import resonance.posgen.RecallInspection.Near;
import resonance.posgen.RecallInspection.Stretch;
import resonance.posgen.RecallTask;

/** What {@code posgen inspect} says of a task whose answers were said before. */
final class RecallInspectionText {
    private RecallInspectionText() {}

    /**
     * What is printed with {@code --json}.
     *
     * @param settings the task's own
     * @param chance what guessing among all answers gives, 0 to 1
     */
    private record Document(
            String task,
            Map<String, Object> settings,
            int trainLength,
            int testLength,
            int rows,
            double chance,
            Stretch training,
            List<Stretch> test,
            List<Near> near) {}

    static Object document(RecallInspection inspection) {
        RecallTask task = inspection.task();
        return new Document(
                task.commandName(),
                task.settings(),
                inspection.trainLength(),
                inspection.testLength(),
                inspection.rows(),
                task.chance(),
                inspection.training(),
                inspection.test(),
                inspection.near());
    }

    static void print(RecallInspection inspection, PrintWriter out) {
        RecallTask task = inspection.task();
        out.printf(
                Locale.ROOT,
                "%s, %s; %d sequences of %d tokens to train on, %d of %d to test%n%n",
                task.commandName(),
                task.settings().entrySet().stream()
                        .map(setting -> words(setting.getKey()) + " " + setting.getValue())
                        .collect(Collectors.joining(", ")),
                inspection.rows(),
                inspection.trainLength(),
                inspection.rows(),
                inspection.testLength());
        out.println("A token that counts is the same as an earlier one. How many tokens back:");
        print("training", inspection.training(), inspection.rows(), out);
        for (Stretch stretch : inspection.test()) {
            print("test", stretch, inspection.rows(), out);
        }
        out.printf("%nIn the test it stands among the nearest:%n");
        for (Near near : inspection.near()) {
            out.printf(
                    Locale.ROOT,
                    "  %3d token%s %5.1f %%%n",
                    near.tokens(),
                    near.tokens() == 1 ? ": " : "s:",
                    100 * near.share());
        }
        out.printf(Locale.ROOT, "%nA guess among all answers is right in %.1f %%.%n", 100 * task.chance());
    }

    private static void print(String set, Stretch stretch, int rows, PrintWriter out) {
        String positions = String.format(Locale.ROOT, "%d to %d", stretch.from(), stretch.to() - 1);
        if (stretch.tokens() == 0) {
            out.printf(Locale.ROOT, "  %-8s %-12s none counts%n", set, positions);
            return;
        }
        out.printf(
                Locale.ROOT,
                "  %-8s %-12s %5.1f in the mean, at most %d, %5.1f %% as in no training sequence; %.1f count in a sequence%n",
                set,
                positions,
                stretch.meanDistance(),
                stretch.mostDistance(),
                100 * stretch.newDistances(),
                stretch.tokens() / (double) rows);
    }

    /** {@code gapExponent} is "gap exponent". */
    private static String words(String setting) {
        return setting.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
    }
}
