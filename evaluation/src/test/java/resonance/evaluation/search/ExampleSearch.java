package resonance.evaluation.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import resonance.evaluation.MeasuredModel;
import resonance.evaluation.extension.ExtensionPlan.Piece;
import resonance.evaluation.perplexity.MeasuredDocument;
import resonance.evaluation.perplexity.PerplexityMeter;
import resonance.evaluation.perplexity.TextWindow;
import resonance.evaluation.search.SearchCell.OfNeedles;
import resonance.evaluation.search.SearchCell.OfTexts;
import resonance.evaluation.search.SearchKey.Stage;
import resonance.rope.EncodingName;
import resonance.rope.NtkAwareScaling;
import resonance.rope.RopeScaling;
import resonance.rope.RopeShape;
import resonance.rope.YarnScaling;

/**
 * A search from 256 to 1,024 tokens whose losses are made up: a contender's own, and what the needle or the text adds. Every
 * measurement takes a second.
 */
final class ExampleSearch {
    static final RopeShape SHAPE = RopeShape.of(16, 10_000, 256);
    static final int LENGTH = 1024;
    static final Contender BASELINE = new Contender(
            0,
            EncodingName.valueOf("none"),
            1,
            new Factors(DoubleStream.generate(() -> 1).limit(8).boxed().toList(), 1));
    static final Contender YARN = byHand("yarn", new YarnScaling(4));
    static final Contender NTK = byHand("ntk", new NtkAwareScaling(4));

    private ExampleSearch() {}

    private static Contender byHand(String name, RopeScaling scaling) {
        return new Contender(
                0, EncodingName.valueOf(name), scaling.factor(), Factors.of(SHAPE, scaling.frequencies(SHAPE)));
    }

    static SearchPlan plan(Space space, Objective objective, int evaluations, double budget, long seed) {
        List<Piece> pieces = IntStream.range(0, 4)
                .mapToObj(i -> new Piece("novel.txt", i * LENGTH, (i + 1) * LENGTH))
                .toList();
        return new SearchPlan(
                new MeasuredModel("A model", "ab12", 256),
                SHAPE,
                LENGTH,
                space,
                objective,
                EncodingName.valueOf("longrope"),
                BASELINE,
                List.of(YARN, NTK),
                List.of(new MeasuredDocument("novel.txt", "cd34", 4 * LENGTH)),
                pieces.subList(0, 2),
                needles(4, 1),
                pieces.subList(2, 4),
                needles(6, 2),
                new SearchPlan.Work(10, 4, 5),
                evaluations,
                budget,
                seed);
    }

    static SearchPlan plan(int evaluations) {
        return plan(Space.DIVISORS, Objective.NEEDLES, evaluations, 0, 7);
    }

    private static List<Needle> needles(int count, long seed) {
        return IntStream.range(0, count)
                .mapToObj(i -> i % 2 == 0
                        ? new Needle(Needle.PASSKEY, 0, 0.25 * i, seed)
                        : new Needle("niah_single_2", i / 2, Double.NaN, seed))
                .toList();
    }

    static SearchCell cell(SearchPlan plan, SearchKey key, double loss) {
        List<Needle> needles = plan.needles(key);
        if (!needles.isEmpty()) {
            return new SearchCell(
                    key,
                    new OfNeedles(
                            needles.stream()
                                    .map(needle -> loss + 0.01 * needle.number() + 0.001 * needle.seed())
                                    .toList(),
                            1));
        }
        int length = key.stage() == Stage.WITHIN ? 256 : LENGTH;
        List<Piece> pieces = plan.pieces(key);
        return new SearchCell(
                key,
                new OfTexts(pieces.stream()
                        .map(piece -> {
                            PerplexityMeter meter = new PerplexityMeter(length);
                            TextWindow window = new TextWindow(0, length, TextWindow.Start.TEXT, 1);
                            SplittableRandom noise =
                                    new SplittableRandom(key.toString().hashCode() + piece.begin());
                            float[] losses = new float[window.scored()];
                            for (int i = 0; i < losses.length; i++) {
                                losses[i] = (float) (loss + Math.sin(i) + 0.001 * (noise.nextDouble() - 0.5));
                            }
                            meter.add(window, losses);
                            return meter.cell(key.contender().encoding(), "novel.txt", 1.0 / pieces.size());
                        })
                        .toList()));
    }

    /** What a run keeps, in the order it measures, once it is asked for nothing more or has made so many. */
    static List<SearchCell> run(SearchPlan plan, List<SearchCell> kept, int most, ToDoubleFunction<SearchKey> loss) {
        Map<SearchKey, SearchCell> cells = new LinkedHashMap<>();
        kept.forEach(cell -> cells.put(cell.key(), cell));
        while (cells.size() < most) {
            var next = new FactorSearch(plan, new ArrayList<>(cells.values())).next();
            if (next.isEmpty()) {
                break;
            }
            cells.put(next.get(), cell(plan, next.get(), loss.applyAsDouble(next.get())));
        }
        return List.copyOf(cells.values());
    }

    static List<SearchCell> run(SearchPlan plan, ToDoubleFunction<SearchKey> loss) {
        return run(plan, List.of(), Integer.MAX_VALUE, loss);
    }

    /** A loss that is 1 for these factors, and grows with the distance from them. */
    static ToDoubleFunction<SearchKey> around(Factors ideal) {
        return key -> 1
                + key.contender().factors().distance(ideal)
                + Math.abs(key.contender().factors().attentionFactor() - ideal.attentionFactor());
    }

    /** Factors that a space has and that are no start. */
    static Factors ideal(Space space) {
        FactorSpace searched = plan(space, Objective.NEEDLES, 1, 0, 7).factorSpace();
        double[] point = new double[searched.dimensions()];
        Arrays.fill(point, 0.4);
        return searched.at(point);
    }
}
