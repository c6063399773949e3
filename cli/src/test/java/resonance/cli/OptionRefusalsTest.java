package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import resonance.posgen.PosgenTask;
import resonance.rope.Refusal;

class OptionRefusalsTest {
    private static OptionRefusals refusals() {
        CommandSpec spec = CommandSpec.create()
                .addOption(OptionSpec.builder("--head-size").build())
                .addOption(OptionSpec.builder("--d-model").build())
                .addOption(OptionSpec.builder("--task").build());
        return new OptionRefusals(new CommandLine(spec)).called("--d-model", "width");
    }

    private static void refuses(OptionRefusals refusals, IllegalArgumentException refusal, String message) {
        assertThatThrownBy(() -> refusals.check(() -> {
                    throw refusal;
                }))
                .isInstanceOf(ParameterException.class)
                .hasMessage(message)
                .hasCause(refusal);
    }

    @Test
    void aParameterIsCalledByItsOption() {
        refuses(
                refusals(),
                Refusal.was("headSize", "must be at most {width} (8)", 16).cure("take a smaller {headSize}"),
                "--head-size must be at most --d-model (8), was 16; take a smaller --head-size");
    }

    @Test
    void onlyWhatTheLibraryMarksIsCalledByAnOption() {
        refuses(
                refusals(),
                Refusal.was("headSize", "must be a width", "headSize"),
                "--head-size must be a width, was headSize; leave it out for its default");
        refuses(
                refusals(),
                new IllegalArgumentException("headSize is plain text here; do something"),
                "headSize is plain text here; do something");
    }

    @Test
    void theCureIsThatOfTheRefusedOptionUnlessAWordIsSuggested() {
        OptionRefusals refusals = refusals().cure("--head-size", "take 64").cure("--task", "take cot");
        refuses(
                refusals,
                Refusal.was("headSize", "must be even", 7).cure("pairs rotate"),
                "--head-size must be even, was 7; pairs rotate; take 64");
        refuses(
                refusals,
                Refusal.was("width", "must be above {headSize}", 7),
                "--d-model must be above --head-size, was 7; leave it out for its default");
        refuses(
                refusals,
                Refusal.unknown("task", "cott", List.of("cot")),
                "--task 'cott' is unknown; known: cot; did you mean 'cot'?");
    }

    @Test
    void aRefusalOfTheBenchmarkIsOneToo() {
        assertThatThrownBy(() -> refusals().check(() -> PosgenTask.named("cott")))
                .isInstanceOf(ParameterException.class)
                .hasMessage("--task 'cott' is unknown; known: recursive, cot, semi-recursive");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "semi-recurrent | ; did you mean 'semi-recursive'?",
                "CoT            | ; did you mean 'cot'?",
                "addition       | ''",
                "''             | ''",
            })
    void aNameIsSuggestedIfItIsNearAndBeginsAlike(String typed, String suggestion) {
        assertThatThrownBy(() -> PosgenDataOptions.task(typed))
                .isInstanceOf(Refusal.class)
                .hasMessage("task '" + typed + "' is unknown; known: recursive, cot, semi-recursive, mqar, flip-flop"
                        + suggestion);
    }

    @Test
    void everyOptionOfAScalingIsReadAndExplainedOnce() {
        String help = CommandRun.of("rope --help").out();
        for (String option : List.of("--beta-fast", "--no-truncate", "--low-freq-factor", "--rotary-share")) {
            assertThat(help.split(option + "\\b", -1)).as(option).hasSize(2);
        }
        assertThat(CommandRun.of("rope --scaling yarn --no-truncate --json").out())
                .isNotEqualTo(CommandRun.of("rope --scaling yarn --json").out());
        assertThat(CommandRun.of("rope --scaling abf --new-base 500000 --json").out())
                .isNotEqualTo(CommandRun.of("rope --scaling abf --json").out());
    }
}
