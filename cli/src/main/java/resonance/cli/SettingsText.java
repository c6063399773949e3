package resonance.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import resonance.experiment.ComparisonSettings;
import resonance.rope.EncodingName;

/** Settings of a comparison as the options that ask for them. */
final class SettingsText {
    private static final int COLUMNS = 100;

    private SettingsText() {}

    /** Prints every setting as one command line, wrapped. */
    static void print(ComparisonSettings settings, Path folder, PrintWriter out) {
        List<String> words = new ArrayList<>(cells(settings));
        settings.options().forEach((name, value) -> words.add(option(name, value)));
        words.add("--out " + ShellWords.quote(folder.toString()));
        print(words, out);
    }

    /** Prints options as one command line, wrapped. */
    static void print(List<String> words, PrintWriter out) {
        StringBuilder line = new StringBuilder("Settings:");
        for (String word : words) {
            if (line.length() + 1 + word.length() > COLUMNS) {
                out.println(line);
                line = new StringBuilder(" ");
            }
            line.append(' ').append(word);
        }
        out.println(line);
    }

    /** Two settings side by side, one option a line. */
    static String sideBySide(String leftName, ComparisonSettings left, String rightName, ComparisonSettings right) {
        StringBuilder table = new StringBuilder();
        row(table, "", leftName, rightName);
        row(table, "--tasks", tasks(left), tasks(right));
        row(table, "--seeds", seeds(left), seeds(right));
        Map<String, String> rightValues = right.identity();
        left.identity().forEach((name, value) -> {
            if (!List.of("factor", "precision", "threads", "device").contains(name)) {
                row(table, "--" + name, value, String.valueOf(rightValues.get(name)));
            }
        });
        return table.toString();
    }

    private static void row(StringBuilder table, String name, String left, String right) {
        String text = String.format(Locale.ROOT, "  %-18s %-18s %s", name, left, right);
        table.append(text.stripTrailing()).append(System.lineSeparator());
    }

    private static List<String> cells(ComparisonSettings settings) {
        return List.of(
                "--tasks " + tasks(settings),
                "--encodings "
                        + settings.encodings().stream()
                                .map(EncodingName::toString)
                                .collect(Collectors.joining(",")),
                "--seeds " + seeds(settings));
    }

    private static String tasks(ComparisonSettings settings) {
        return String.join(",", settings.tasks());
    }

    private static String seeds(ComparisonSettings settings) {
        return settings.seeds().stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    private static String option(String name, String value) {
        return switch (value) {
            case "true" -> "--" + name;
            case "false" -> "--no-" + name;
            default -> "--" + name + " " + value;
        };
    }
}
