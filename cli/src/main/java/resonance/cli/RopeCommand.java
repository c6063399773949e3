package resonance.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import resonance.model.ModelPositions;
import resonance.model.reading.ModelReader;
import resonance.rope.analysis.Aliases;
import resonance.study.RecordJson;

/** {@code resonance rope}: what an encoding's frequencies say, feature by feature. */
@Command(
        name = "rope",
        description =
                "Shows every rotary feature: its wavelength unscaled, scaled and rounded, whether training covers its"
                        + " circle, and how far it gets from what training covered. With a model: of the encoding that"
                        + " its files say, or of another in its place.",
        footer =
                "%nA file with the frequencies of an encoding with Resonance holds rounded numbers. Where they can stand for"
                        + " nothing but whole wavelengths or short periods of several turns, the table says so and shows"
                        + " those.%n%nAliases are distances from the trained length on at"
                        + " which the fast features nearly return, so that a far token looks like a near"
                        + " one. Those up to the target length are searched, but at most " + Aliases.HORIZON + ".",
        customSynopsis = "resonance rope [MODEL] [options]",
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
        Optional<Path> path = refusals.check(options::model);
        if (path.isEmpty()) {
            FeatureTable table = refusals.check(options::table);
            options.requireRead();
            print(table, table::print);
            return ExitCode.OK;
        }
        refusals.cure("--target-length", "leave it out for its default");
        refusals.check(() -> options.choice(1));
        options.requireRead();
        try (ModelPositions model = ModelReader.positions(path.get())) {
            model.warnings().forEach(warning -> spec.commandLine().getErr().println("Note: " + warning));
            ModelFeatures features = refusals.check(() -> options.features(model));
            print(features, features::print);
        }
        return ExitCode.OK;
    }

    private void print(Object document, Consumer<PrintWriter> table) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.print(RecordJson.write(document));
        } else {
            table.accept(out);
        }
    }
}
