package resonance.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code resonance rope}: what an encoding's frequencies say, feature by feature. */
@Command(
        name = "rope",
        description =
                "Shows every rotary feature: its wavelength unscaled, scaled and rounded, whether training covers its"
                        + " circle, and how far it gets from what training covered.",
        customSynopsis = "resonance rope [options]",
        sortOptions = false)
final class RopeCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    HelpOption help = new HelpOption();

    @Mixin
    private RopeOptions options = new RopeOptions();

    @Option(names = "--json", description = "print one JSON document")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        OptionRefusals refusals = RopeOptions.describe(new OptionRefusals(spec.commandLine()));
        FeatureTable table = refusals.check(options::table);
        options.requireRead(spec);
        if (json) {
            spec.commandLine().getOut().print(table.json());
        } else {
            table.print(spec.commandLine().getOut());
        }
        return ExitCode.OK;
    }
}
