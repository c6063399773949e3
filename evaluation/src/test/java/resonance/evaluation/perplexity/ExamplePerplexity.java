package resonance.evaluation.perplexity;

import static resonance.evaluation.Encodings.encodings;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import resonance.evaluation.ExampleComparison;
import resonance.evaluation.MeasuredModel;

/** Made-up measurements of a realistic shape, the same at every call. */
public final class ExamplePerplexity {

    public static final MeasuredModel MODEL = new MeasuredModel("little-prose-3M", "5be1".repeat(16), 512);

    private ExamplePerplexity() {}

    /** Six encodings at five lengths on three books. */
    public static PerplexityPlan plan() {
        return new PerplexityPlan(
                MODEL,
                new EveryTokenOnce(),
                encodings("none", "linear", "ntk", "dynamic-ntk", "yarn", "resonance-yarn"),
                List.of(256, 512, 1024, 2048, 4096),
                List.of(
                        new MeasuredDocument("frankenstein.txt", "ab12".repeat(16), 9_001),
                        new MeasuredDocument("moby-dick.txt", "cd34".repeat(16), 12_500),
                        new MeasuredDocument("a-report-with-a-rather-long-name.md", "ef56".repeat(16), 8_192)));
    }

    public static PerplexityResults finished() {
        return of(plan(), plan().cells().size());
    }

    /** The results after so many cells of the plan. */
    public static PerplexityResults of(PerplexityPlan plan, int cells) {
        return new PerplexityResults(ExampleComparison.records(
                plan,
                settings(),
                plan.cells().subList(0, cells).stream()
                        .map(key -> cell(plan, key))
                        .toList()));
    }

    /** One cell: the unscaled model breaks past its trained length, the others rise the less the later they are named. */
    public static PerplexityCell cell(PerplexityPlan plan, PerplexityKey key) {
        Random random = new Random(key.toString().hashCode());
        int place = plan.encodings().indexOf(key.encoding());
        double steepness = place == 0 ? 3.2 : 0.6 - 0.11 * place;
        MeasuredDocument document = plan.documents().stream()
                .filter(candidate -> candidate.name().equals(key.document()))
                .findFirst()
                .orElseThrow();
        PerplexityMeter meter = new PerplexityMeter(key.length());
        for (TextWindow window : plan.protocol().windows(document.tokens(), key.length(), true)) {
            float[] losses = new float[window.scored()];
            for (int i = 0; i < losses.length; i++) {
                int position = window.firstScored() + i;
                double beyond =
                        Math.max(0, Math.log(position / (double) plan.model().trainedLength()));
                double mean = 3.1 + 1.5 / Math.sqrt(position) - 0.04 * Math.log(position) + steepness * beyond;
                losses[i] = (float) Math.max(0.01, Math.min(9, mean) + random.nextGaussian());
            }
            meter.add(window, losses);
        }
        return meter.cell(key.encoding(), key.document(), 0.8 + key.length() / 8000.0);
    }

    public static Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("model", "little-prose-3M");
        settings.put("factor", "8");
        settings.put("precision", "float32");
        settings.put("threads", "2");
        return settings;
    }
}
