package resonance.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import resonance.language.Generation;
import resonance.language.GenerationListener;
import resonance.language.LanguageModel;
import resonance.language.SamplingSettings;
import resonance.language.TextGenerator;
import resonance.model.EncodingChoice;
import resonance.model.PositionSettings;
import resonance.study.RecordJson;
import resonance.transformer.inference.FrozenDecoder;

/** {@code resonance generate}: a language model continues a text under an encoding. */
@Command(
        name = "generate",
        description =
                "Continues a text with a language model under an encoding and prints the continuation as it is written."
                        + " Without a model it is the one that ships.",
        customSynopsis = "resonance generate [MODEL] --prompt=TEXT [options]",
        sortOptions = false)
final class GenerateCommand implements Callable<Integer> {
    private static final int DEFAULT_TOKENS = 200;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private LanguageModelOptions model = new LanguageModelOptions();

    @Mixin
    HelpOption help = new HelpOption();

    @Mixin
    private PromptOptions prompt = new PromptOptions();

    @Option(names = "--max-tokens", paramLabel = "N", description = "most tokens to write (default: ${DEFAULT-VALUE})")
    private int maximumTokens = DEFAULT_TOKENS;

    @Option(
            names = "--encoding",
            paramLabel = "NAME",
            description =
                    "model (the model's own), none (plain RoPE), ${bundle:names.scaled}, or ${bundle:names.resonance} before any of them"
                            + " (default: model)")
    private String encoding = EncodingChoice.MODEL;

    @Option(
            names = "--factor",
            paramLabel = "S",
            description = "scaling factor (default: tokens of prompt and text / trained length, at least 1)")
    private @Nullable Double factor;

    @Mixin
    private PlacementOptions placement = new PlacementOptions();

    @Option(
            names = "--json",
            description =
                    "print one JSON document in place of the text as it is written, in which control characters other"
                            + " than line feeds and tabs are shown as \\u and their number")
    private boolean json;

    @ArgGroup(validate = false, heading = "%nSampling:%n")
    private SamplingOptions sampling = new SamplingOptions();

    @Override
    public Integer call() throws IOException {
        OptionRefusals refusals = ScalingOptions.describe(new OptionRefusals(spec.commandLine()))
                .called("--max-tokens", "maximumTokens")
                .cure("--factor", "leave it out for what the text asks for");
        EncodingChoice asked = refusals.check(() -> encoding(factor != null ? factor : 1));
        ScalingOptions.ofModels().requireRead(spec, List.of(asked.encoding().method()), "--encoding");
        sampling.requireMeaning(spec);
        refusals.check(model::threads);
        refusals.check(() -> TextGenerator.requireTokens(maximumTokens));
        SamplingSettings settings = refusals.check(sampling::settings);
        String text = refusals.check(() -> prompt.text(System.in));
        PrintWriter err = spec.commandLine().getErr();
        try (LanguageModel opened = model.open(refusals, err, Map.of(), FrozenDecoder::writingProduct)) {
            PositionSettings positions = opened.description().positions();
            refusals.run(() -> asked.requirePlaced(positions));
            EncodingChoice choice = factor != null ? asked : asked.withFactor(neededFactor(opened, text));
            PlacementText.print(
                    positions,
                    placement.choice(),
                    List.of(choice.encoding()),
                    choice.settings().factor(),
                    err);
            TextGenerator generator = new TextGenerator(opened, choice);
            LanguageModelOptions.requireRoom(refusals, generator.memory(text, maximumTokens), err);
            Generation generation;
            try (StopSignal stop = new StopSignal(() -> {})) {
                generation =
                        refusals.check(() -> generator.generate(text, maximumTokens, settings, new Streaming(), stop));
            }
            print(GenerationDocument.of(opened, choice, text, generation));
            return generation.end() == Generation.End.STOPPED ? StopSignal.INTERRUPTED : ExitCode.OK;
        }
    }

    private EncodingChoice encoding(double scalingFactor) {
        return EncodingChoice.of(encoding, ScalingOptions.settings(spec, scalingFactor))
                .placed(placement.choice());
    }

    private double neededFactor(LanguageModel opened, String text) {
        return placement
                .choice()
                .factorFor(
                        opened.description().positions(),
                        (long) TextGenerator.promptTokens(opened, text) + maximumTokens);
    }

    private void print(GenerationDocument document) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.print(RecordJson.write(document));
        } else {
            out.println();
        }
        out.flush();
        spec.commandLine().getErr().println(document.summary());
    }

    /** Shows how far the prompt is read, then the text as it is written. */
    private final class Streaming implements GenerationListener {
        private final ProgressLine line = new ProgressLine(spec.commandLine().getErr(), ProgressLine.terminalColumns());
        private boolean shown;

        Streaming() {
            line.restartInterval(System.nanoTime());
        }

        @Override
        public void promptRead(double fraction) {
            if (line.isDue(System.nanoTime())) {
                line.restartInterval(System.nanoTime());
                line.state(Math.round(100 * fraction) + " % of the prompt read");
                shown = true;
            }
        }

        @Override
        public void textContinued(String characters) {
            if (shown && line.isTerminal()) {
                line.state("");
            }
            shown = false;
            if (!json) {
                PrintWriter out = spec.commandLine().getOut();
                out.print(characters);
                out.flush();
            }
        }
    }
}
