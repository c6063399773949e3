package resonance.evaluation.sidebyside;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import resonance.evaluation.Encodings;
import resonance.evaluation.ExampleComparison;
import resonance.evaluation.MeasuredModel;
import resonance.evaluation.perplexity.MeasuredDocument;
import resonance.evaluation.perplexity.PerplexityCell;
import resonance.evaluation.perplexity.PerplexityKey;
import resonance.evaluation.perplexity.PerplexityMeter;
import resonance.evaluation.perplexity.PerplexityPlan;
import resonance.evaluation.perplexity.PerplexityProtocol;
import resonance.evaluation.perplexity.PerplexityReport;
import resonance.evaluation.perplexity.PerplexityResults;
import resonance.evaluation.perplexity.TextWindow;
import resonance.evaluation.sidebyside.SideBySide.Source;
import resonance.study.CellSpecification;
import resonance.study.FinishedCell;
import resonance.study.StudyRecords;

/** Made-up studies whose differences can be worked out by hand. */
final class ExampleStudies {
    static final int LENGTH = 64;

    private ExampleStudies() {}

    /** A perplexity of a model under its own encoding: every token of a document has the same loss. */
    static final class Perplexity {
        private String model = "tuned";
        private String precision = "float32";
        private String protocol = "token";
        private String tokenIds = "";
        private int bytes;
        private final List<String> encodings = new ArrayList<>();
        private final Map<String, double[]> losses = new LinkedHashMap<>();

        /** Losses of {@code a.txt}, {@code b.txt}, ... under an encoding. */
        Perplexity losses(String encoding, double... losses) {
            encodings.add(encoding);
            this.losses.put(encoding, losses);
            return this;
        }

        Perplexity model(String name) {
            this.model = name;
            return this;
        }

        Perplexity precision(String label) {
            this.precision = label;
            return this;
        }

        Perplexity protocol(String name) {
            this.protocol = name;
            return this;
        }

        /** Which tokens, and how many bytes of text, each document is. */
        Perplexity tokens(String ids, int ofBytes) {
            this.tokenIds = ids;
            this.bytes = ofBytes;
            return this;
        }

        PerplexityReport report() {
            List<MeasuredDocument> documents = new ArrayList<>();
            for (int i = 0; i < losses.values().iterator().next().length; i++) {
                documents.add(new MeasuredDocument(name(i), "ab12".repeat(16), 256, bytes, tokenIds));
            }
            PerplexityPlan plan = new PerplexityPlan(
                    new MeasuredModel(model, Integer.toHexString(System.identityHashCode(this)), 32),
                    PerplexityProtocol.named(protocol),
                    Encodings.encodings(encodings.toArray(String[]::new)),
                    List.of(LENGTH),
                    documents);
            List<FinishedCell<PerplexityCell>> cells = new ArrayList<>();
            for (PerplexityKey key : plan.cells()) {
                int document = key.document().charAt(0) - 'a';
                double loss = Objects.requireNonNull(losses.get(key.encoding().toString()))[document];
                PerplexityMeter meter = new PerplexityMeter(LENGTH);
                for (TextWindow window : plan.protocol().windows(256, LENGTH, false)) {
                    float[] all = new float[window.scored()];
                    Arrays.fill(all, (float) loss);
                    meter.add(window, all);
                }
                Map<String, String> specification = new LinkedHashMap<>();
                specification.put("model", plan.model().sha256());
                specification.put("encoding", key.encoding().toString());
                specification.put("length", "64");
                specification.put("precision", precision);
                specification.put("document", key.document());
                cells.add(new FinishedCell<>(
                        new CellSpecification("perplexity", specification),
                        ExampleComparison.provenance(),
                        meter.cell(key.encoding(), key.document(), 1)));
            }
            return new PerplexityReport(new PerplexityResults(
                    new StudyRecords<>(plan, Map.of("precision", precision), ExampleComparison.provenance(), cells)));
        }

        Source named(String name, String seed) {
            return new Source(new NamedFolder(name, seed, Path.of("runs", name + seed)), report());
        }

        Source in(String folder) {
            return new Source(new NamedFolder("", "", Path.of("runs", folder)), report());
        }

        private static String name(int document) {
            return (char) ('a' + document) + ".txt";
        }
    }

    /** Losses under the model's own encoding. */
    static Perplexity perplexity(double... losses) {
        return new Perplexity().losses("model", losses);
    }
}
