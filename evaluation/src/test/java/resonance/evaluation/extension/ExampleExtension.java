package resonance.evaluation.extension;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import resonance.evaluation.MeasuredModel;
import resonance.evaluation.extension.ExtensionCell.OfNeedle;
import resonance.evaluation.extension.ExtensionCell.OfText;
import resonance.evaluation.extension.ExtensionPlan.Piece;
import resonance.evaluation.extension.ExtensionPlan.Work;
import resonance.evaluation.extension.Measure.Kind;
import resonance.evaluation.passkey.PasskeyTask;
import resonance.evaluation.passkey.PasskeyTrial;
import resonance.evaluation.perplexity.MeasuredDocument;
import resonance.evaluation.perplexity.PerplexityCell;
import resonance.evaluation.perplexity.PerplexityMeter;
import resonance.evaluation.perplexity.TextWindow;
import resonance.rope.EncodingName;

/**
 * An extension from 256 to 1,024 tokens whose losses are made up: a candidate's own, what the text adds, and noise of a
 * thousandth. Every measurement takes as many seconds as its kind has.
 */
final class ExampleExtension {
    static final int LENGTH = 1024;
    static final Map<Kind, Double> SECONDS =
            Map.of(Kind.CHOOSING, 10.0, Kind.REPORTING, 10.0, Kind.WITHIN, 4.0, Kind.NEEDLE, 5.0);

    private ExampleExtension() {}

    static Candidate candidate(String encoding, double factor) {
        return new Candidate(EncodingName.valueOf(encoding), factor, "");
    }

    /** {@code none}, scalings at factors 4 and 8, then each with whole and with searched wavelengths. */
    static List<Candidate> candidates(String... scalings) {
        List<Candidate> candidates = new ArrayList<>(List.of(candidate("none", 1)));
        for (String rounding : List.of("", "resonance-", "resonance-searched-")) {
            for (double factor : List.of(4.0, 8.0)) {
                Stream.of(scalings).forEach(scaling -> candidates.add(candidate(rounding + scaling, factor)));
            }
        }
        return candidates;
    }

    static ExtensionPlan plan(List<Candidate> candidates, int pieces, double budget) {
        List<Piece> choosing = IntStream.range(0, pieces)
                .mapToObj(i -> new Piece("novel.txt", 2 * i * LENGTH, (2 * i + 1) * LENGTH))
                .toList();
        List<Piece> reporting = choosing.stream()
                .map(piece -> new Piece("novel.txt", piece.begin() + LENGTH, piece.end() + LENGTH))
                .toList();
        return new ExtensionPlan(
                new MeasuredModel("A model", "ab12", 256),
                256,
                LENGTH,
                candidates,
                List.of(new MeasuredDocument("novel.txt", "cd34", 2 * pieces * LENGTH)),
                choosing,
                reporting,
                new Work(10, 4, 5),
                budget);
    }

    static ExtensionCell cell(ExtensionKey key, double loss) {
        double seconds = SECONDS.getOrDefault(key.measure().kind(), 0.0);
        if (key.measure().kind() == Kind.NEEDLE) {
            double depth = ExtensionPlan.DEPTHS.get(key.measure().number());
            return new ExtensionCell(
                    key,
                    new OfNeedle(PasskeyTrial.of(
                            key.encoding(),
                            new PasskeyTask(LENGTH, depth, 0, 123),
                            LENGTH,
                            "",
                            loss + depth,
                            seconds)));
        }
        int length = key.measure().kind() == Kind.WITHIN ? 256 : LENGTH;
        PerplexityMeter meter = new PerplexityMeter(length);
        SplittableRandom noise = new SplittableRandom(key.toString().hashCode());
        TextWindow window = new TextWindow(0, LENGTH, TextWindow.Start.TEXT, 1);
        if (length < LENGTH) {
            window = new TextWindow(0, length, TextWindow.Start.TEXT, 1);
        }
        float[] losses = new float[window.scored()];
        for (int i = 0; i < losses.length; i++) {
            double text = Math.sin(i + key.measure().number());
            losses[i] = (float) (loss + text + 0.001 * (noise.nextDouble() - 0.5));
        }
        meter.add(window, losses);
        PerplexityCell cell = meter.cell(key.encoding(), "novel.txt", seconds);
        return new ExtensionCell(key, new OfText(cell));
    }

    /** What a run keeps, in the order it measures, once it is asked for nothing more or has made so many. */
    static List<ExtensionCell> run(
            ExtensionPlan plan, List<ExtensionCell> kept, int most, ToDoubleFunction<ExtensionKey> loss) {
        Map<ExtensionKey, ExtensionCell> cells = new LinkedHashMap<>();
        kept.forEach(cell -> cells.put(cell.key(), cell));
        while (cells.size() < most) {
            List<ExtensionKey> next = new ExtensionSelection(plan, cells.values()).next();
            if (next.isEmpty()) {
                break;
            }
            cells.put(next.get(0), cell(next.get(0), loss.applyAsDouble(next.get(0))));
        }
        return List.copyOf(cells.values());
    }

    static List<ExtensionCell> run(ExtensionPlan plan, ToDoubleFunction<ExtensionKey> loss) {
        return run(plan, List.of(), Integer.MAX_VALUE, loss);
    }
}
