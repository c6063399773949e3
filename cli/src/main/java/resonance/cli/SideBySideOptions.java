package resonance.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import resonance.cli.StudyPart.Argument;
import resonance.evaluation.sidebyside.TestedRows;
import resonance.evaluation.sidebyside.Texts;

/** Options for what is shown of several folders side by side. */
final class SideBySideOptions {
    @Option(
            names = "--baseline",
            paramLabel = "ROW",
            description =
                    "side by side: what the other rows are held against, as NAME, NAME/ENCODING or an encoding that one row"
                            + " has (default: the first folder's first encoding)")
    private String baseline = "";

    @Option(
            names = "--texts",
            paramLabel = "NAME=PATTERN,...",
            description =
                    "side by side: documents of perplexities that make a table of their own, by patterns for their names;"
                            + " may be repeated (default: one table of all)")
    private List<String> texts = List.of();

    @Option(
            names = "--pairs",
            description =
                    "side by side: test every row against every other one, or with --baseline against that one, paired and"
                            + " corrected for the number of comparisons of each table")
    private boolean pairs;

    /** Whether any is given, which asks for rows side by side, if only those of one folder. */
    boolean given() {
        return !baseline.isEmpty() || !texts.isEmpty() || pairs;
    }

    /** The row that others are held against; empty for the first. */
    String baseline() {
        return baseline;
    }

    /**
     * Documents that make tables of their own.
     *
     * @throws IllegalArgumentException if one is not named with patterns
     */
    List<Texts> texts() {
        return texts.stream().map(Texts::of).toList();
    }

    /** Which rows are tested against each other. */
    TestedRows tested() {
        if (!pairs) {
            return TestedRows.NONE;
        }
        return baseline.isEmpty() ? TestedRows.ALL_PAIRS : TestedRows.AGAINST_BASELINE;
    }

    /** The options as they are typed. */
    List<String> words() {
        List<String> words = new ArrayList<>();
        if (!baseline.isEmpty()) {
            words.addAll(Argument.option("--baseline", baseline));
        }
        texts.forEach(group -> words.addAll(Argument.option("--texts", group)));
        if (pairs) {
            words.add("--pairs");
        }
        return words;
    }
}
