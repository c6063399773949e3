package resonance.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import resonance.experiment.PosgenData;
import resonance.posgen.AssociativeRecall;
import resonance.posgen.BenchmarkTask;
import resonance.posgen.FlipFlop;
import resonance.posgen.PosgenSpec;
import resonance.posgen.PosgenTask;
import resonance.posgen.RecallInspection;
import resonance.posgen.RecallTask;
import resonance.posgen.RuleInspection;
import resonance.posgen.RuleInspection.NearWindow;
import resonance.posgen.RuleInspection.Source;
import resonance.posgen.StandardFunction;
import resonance.rope.Refusal;
import resonance.study.RecordJson;

/** {@code resonance posgen inspect}: what really determines the next token of a rule. */
@Command(
        name = "inspect",
        description =
                "Says which earlier tokens really determine the next one of a rule, by trying every seed: a rule that can be"
                        + " followed without its far tokens does not measure whether a model finds them. Of mqar and flip-flop, how"
                        + " far back the answers stand, within the trained length and beyond.",
        customSynopsis = "resonance posgen inspect [options]",
        sortOptions = false)
final class PosgenInspectCommand implements Callable<Integer> {
    private static final List<String> OF_RULES =
            List.of("--modulus", "--far", "--near", "--function", "--window", "--first-position", "--positions");
    private static final List<String> OF_ANSWERS = List.of("--train-length", "--test-length", "--rows", "--seed");

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    HelpOption help = new HelpOption();

    @Option(
            names = "--task",
            paramLabel = "NAME",
            description = "recursive, cot, semi-recursive, mqar or flip-flop (default: cot)")
    private String task = PosgenTask.CHAIN_OF_THOUGHT.commandName();

    @Option(names = "--modulus", paramLabel = "M", description = "size of the vocabulary (default: 17)")
    private int modulus = PosgenSpec.PAPER_MODULUS;

    @Option(names = "--far", paramLabel = "J", description = "far tokens that a token depends on (default: 1)")
    private int far = PosgenSpec.PAPER_FAR;

    @Option(names = "--near", paramLabel = "K", description = "near tokens that a token depends on (default: 3)")
    private int near = PosgenSpec.PAPER_NEAR;

    @Option(
            names = "--function",
            paramLabel = "H",
            description = "modular-addition, squared-sine, absolute-sine, far-product or far-selection (default:"
                    + " modular-addition)")
    private String function = StandardFunction.MODULAR_ADDITION.commandName();

    @Option(
            names = "--window",
            paramLabel = "W",
            description = "tokens just before the next one that are tried (default: near + 1)")
    private @Nullable Integer window;

    @Option(names = "--first-position", paramLabel = "N", description = "first position tried (default: 64)")
    private int firstPosition = 64;

    @Option(
            names = "--positions",
            paramLabel = "N",
            description =
                    "positions tried, so that what holds at one of them alone is not taken for a rule (default: 8)")
    private int positions = 8;

    @Mixin
    private RecallOptions recall = new RecallOptions();

    @Option(names = "--train-length", paramLabel = "L", description = "mqar, flip-flop: trained length (default: 64)")
    private int trainLength = PosgenData.PAPER.trainLength();

    @Option(names = "--test-length", paramLabel = "L'", description = "mqar, flip-flop: tested length (default: 256)")
    private int testLength = PosgenData.PAPER.testLength();

    @Option(
            names = "--rows",
            paramLabel = "N",
            description = "mqar, flip-flop: sequences drawn of each length (default: 1000)")
    private int rows = 1000;

    @Option(names = "--seed", paramLabel = "N", description = "mqar, flip-flop: determines the draw (default: 42)")
    private long seed = 42;

    @Option(names = "--json", description = "print one JSON document")
    private boolean json;

    /**
     * What is printed with {@code --json}.
     *
     * @param nearAccuracy the best that near tokens alone allow, 0 to 1
     * @param shortcut whether near tokens alone determine the next one
     */
    private record Document(
            String task,
            int modulus,
            int far,
            int near,
            String function,
            int firstPosition,
            int positions,
            List<NearWindow> windows,
            List<List<Source>> determiningSets,
            double nearAccuracy,
            boolean shortcut) {}

    @Override
    public Integer call() throws IOException {
        OptionRefusals refusals = new OptionRefusals(spec.commandLine()).called("--rows", "trainRows", "testRows");
        BenchmarkTask inspected = refusals.check(this::asked);
        if (inspected instanceof RecallTask answers) {
            return inspect(answers, refusals);
        }
        RuleInspection inspection = refusals.check(() -> RuleInspection.of(
                (PosgenSpec) inspected, firstPosition, positions, window != null ? window : near + 1));
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.print(RecordJson.write(document(inspection)));
        } else {
            print(inspection, out);
        }
        return ExitCode.OK;
    }

    private int inspect(RecallTask answers, OptionRefusals refusals) throws IOException {
        RecallInspection inspection =
                refusals.check(() -> RecallInspection.of(answers, trainLength, testLength, rows, seed));
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.print(RecordJson.write(RecallInspectionText.document(inspection)));
        } else {
            RecallInspectionText.print(inspection, out);
        }
        return ExitCode.OK;
    }

    private BenchmarkTask asked() {
        String name = PosgenDataOptions.task(task);
        boolean rule = PosgenData.SUBTASKS.contains(name);
        recall.requireRead(List.of(name), "--task");
        ParseResult parsed = spec.commandLine().getParseResult();
        for (String option : rule ? OF_ANSWERS : OF_RULES) {
            if (parsed.hasMatchedOption(option)) {
                throw Refusal.was(
                                option,
                                "must go with --task "
                                        + (rule
                                                ? AssociativeRecall.NAME + ", " + FlipFlop.NAME
                                                : String.join(", ", PosgenData.SUBTASKS)),
                                parsed.matchedOption(option)
                                        .originalStringValues()
                                        .get(0))
                        .cure("leave it out");
            }
        }
        return switch (name) {
            case AssociativeRecall.NAME -> recall.recall(AssociativeRecall.DEFAULT);
            case FlipFlop.NAME -> recall.flipFlop(FlipFlop.DEFAULT);
            default ->
                new PosgenSpec(
                        PosgenTask.named(name),
                        modulus,
                        far,
                        near,
                        KnownName.find(
                                "function",
                                function,
                                List.of(StandardFunction.values()),
                                StandardFunction::commandName));
        };
    }

    private static Document document(RuleInspection inspection) {
        PosgenSpec rule = inspection.spec();
        return new Document(
                rule.task().commandName(),
                rule.modulus(),
                rule.far(),
                rule.near(),
                rule.function().commandName(),
                inspection.firstPosition(),
                inspection.positions(),
                inspection.windows(),
                inspection.determiningSets(),
                inspection.nearAccuracy(),
                !inspection.shortcuts().isEmpty());
    }

    private static void print(RuleInspection inspection, PrintWriter out) {
        PosgenSpec rule = inspection.spec();
        out.printf(
                Locale.ROOT,
                "%s, modulus %d, far %d, near %d, %s; every seed, positions %d to %d%n%n",
                rule.task().commandName(),
                rule.modulus(),
                rule.far(),
                rule.near(),
                rule.function().commandName(),
                inspection.firstPosition(),
                inspection.firstPosition() + inspection.positions() - 1);
        out.println("The next token is determined by:");
        inspection.determiningSets().forEach(set -> out.println("  " + set(set)));
        out.printf("%nBest guess from the nearest tokens alone:%n");
        for (NearWindow seen : inspection.windows()) {
            out.printf(
                    Locale.ROOT,
                    "  %2d token%s %5.1f %%%n",
                    seen.tokens(),
                    seen.tokens() == 1 ? ": " : "s:",
                    100 * seen.accuracy());
        }
        out.println();
        List<List<Source>> shortcuts = inspection.shortcuts();
        if (!shortcuts.isEmpty()) {
            out.println("Shortcut: " + set(shortcuts.get(0))
                    + " will do. A model that never finds a far token can score 100 % on this rule.");
        } else {
            out.printf(
                    Locale.ROOT,
                    "No shortcut: without the far tokens at most %.1f %% can be right.%n",
                    100 * inspection.nearAccuracy());
        }
    }

    private static String set(List<Source> set) {
        return set.isEmpty()
                ? "nothing, it never changes"
                : set.stream().map(Source::toString).collect(Collectors.joining(", "));
    }
}
