package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Every number that every command takes, with numbers that nobody means. New options are in it by themselves. */
class NumbersOfEveryOptionTest {
    private static final List<String> VALUES =
            List.of("-1", "0", "1e400", "NaN", "2147483647", "9999999999", "", "x", "-1e400", "1e-400");
    private static final Set<Class<?>> NUMBERS = Set.of(
            int.class, Integer.class, long.class, Long.class, double.class, Double.class, float.class, Float.class);

    /** What has to be given with a command; what its values pass goes on to an output or a model that can't be. */
    private static final Map<String, String> REST = Map.ofEntries(
            Map.entry("perplexity", "MISSING TEXT --out FILE/out"),
            Map.entry("passkey", "MISSING --out FILE/out"),
            Map.entry("evaluate", "MISSING --out FILE/out"),
            Map.entry("generate", "MISSING --prompt grass"),
            Map.entry("extend", "MISSING --text TEXT --length 600 --study FILE/out"),
            Map.entry("search", "MISSING --text TEXT --length 600 --study FILE/out"),
            Map.entry("export", "MISSING FILE/out --scaling yarn"),
            Map.entry("pretrain", "TEXT --out FILE/out"),
            Map.entry("finetune", "MISSING TEXT --out FILE/out"),
            Map.entry("rope", ""),
            Map.entry("lint", "MISSING"),
            Map.entry("posgen generate", "--out FILE/out"),
            Map.entry("posgen inspect", "--modulus 3"),
            Map.entry("posgen compare", "--out FILE/out"));

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private static boolean isNumber(OptionSpec option) {
        Class<?>[] parts = option.typeInfo().getAuxiliaryTypes();
        return NUMBERS.contains(option.typeInfo().getType())
                || (option.typeInfo().isMultiValue() && parts.length > 0 && NUMBERS.contains(parts[0]));
    }

    private List<String> words(String command) throws IOException {
        Path text = Files.writeString(folder.resolve("text.txt"), TinyModel.text(100));
        String all = (command + " " + REST.get(command))
                .strip()
                .replace("FILE", text.toString())
                .replace("TEXT", text.toString())
                .replace("MISSING", folder.resolve("missing").toString());
        return List.of(all.split(" ", -1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "perplexity",
                "passkey",
                "evaluate",
                "generate",
                "extend",
                "search",
                "export",
                "finetune",
                "pretrain",
                "rope",
                "lint",
                "posgen generate",
                "posgen compare"
            })
    void aNumberIsTakenOrRefusedInALineThatNamesItsOption(String command) throws IOException {
        SoftAssertions softly = new SoftAssertions();
        for (OptionSpec option : ResonanceCli.command(command).getCommandSpec().options()) {
            if (!isNumber(option)) {
                continue;
            }
            for (String value : VALUES) {
                List<String> words = new ArrayList<>(words(command));
                words.add(option.longestName() + "=" + value);
                long started = System.nanoTime();
                CommandRun run = CommandRun.of(words.toArray(String[]::new));
                long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - started);
                String what = String.join(" ", words);
                softly.assertThat(seconds).as(what).isLessThan(10);
                if (run.exitCode() == 0) {
                    softly.assertThat(command).as(what).isEqualTo("rope");
                    continue;
                }
                softly.assertThat(run.exitCode()).as(what + ": " + run.err()).isEqualTo(2);
                softly.assertThat(run.err().lines().toList()).as(what).hasSize(1);
                softly.assertThat(run.err())
                        .as(what)
                        .matches(
                                "(?s)(--[a-z-]+(\\[0\\])?(,? .*)? must|MODEL must|model must|OUT must|TEXT must|tokens of"
                                        + " text).*, (was|were|made|found|is|has|had|held|holds|needs|would|gives) .*")
                        .doesNotContain("Exception", "java.", "overflow", "null", "Character ");
            }
        }
        softly.assertAll();
    }

    @Test
    void everyCommandThatTakesNumbersIsAmongThem() {
        List<String> found = new ArrayList<>();
        collect(ResonanceCli.command(""), "", found);
        assertThat(found).containsExactlyInAnyOrderElementsOf(REST.keySet());
    }

    private static void collect(CommandLine command, String name, List<String> found) {
        if (command.getCommandSpec().options().stream().anyMatch(NumbersOfEveryOptionTest::isNumber)) {
            found.add(name.strip());
        }
        command.getSubcommands().forEach((sub, line) -> collect(line, name + " " + sub, found));
    }
}
