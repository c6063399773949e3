package resonance.evaluation;

import static resonance.evaluation.Encodings.encoding;
import static resonance.evaluation.Encodings.encodings;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import resonance.evaluation.ComparisonCell.TrainingPoint;
import resonance.evaluation.ComparisonCell.ValidationPoint;
import resonance.evaluation.comparison.RotationAngles;
import resonance.rope.EncodingName;
import resonance.study.CellSpecification;
import resonance.study.FinishedCell;
import resonance.study.Provenance;
import resonance.study.StudyRecords;

/** Made-up comparisons of a realistic shape, the same at every call. */
public final class ExampleComparison {

    public static final List<EncodingName> ENCODINGS = encodings("rope", "resonance-rope", "yarn", "resonance-yarn");

    private ExampleComparison() {}

    /** A finished comparison of the four encodings of table 1 over three seeds. */
    public static Comparison finished(List<String> tasks) {
        return of(new ComparisonPlan(tasks, ENCODINGS, List.of(5549L, 4955L, 42L), 64, 256, 4));
    }

    public static Comparison of(ComparisonPlan plan) {
        return of(plan, plan.cells().stream().map(key -> cell(plan, key)).toList());
    }

    public static Comparison of(ComparisonPlan plan, List<ComparisonCell> cells) {
        return new Comparison(records(plan, settings(), cells));
    }

    /** What a study's folder holds when one run has made these results. */
    public static <P, R> StudyRecords<P, R> records(P plan, Map<String, String> settings, List<R> results) {
        CellSpecification specification = new CellSpecification("example", Map.of());
        return new StudyRecords<>(
                plan,
                settings,
                provenance(),
                results.stream()
                        .map(result -> new FinishedCell<>(specification, provenance(), result))
                        .toList());
    }

    /** A CoT cell with this accuracy within the trained length, and at every position. */
    public static ComparisonCell learner(int positions, String encoding, long seed, double id) {
        return new ComparisonCell(
                "cot",
                encoding(encoding),
                seed,
                id,
                0.5,
                Collections.nCopies(positions, id),
                1000,
                2,
                "",
                "",
                "",
                List.of(),
                List.of());
    }

    /** A cell with one accuracy at all of 256 positions, made by a build of its seed's own. */
    public static ComparisonCell cell(String task, EncodingName encoding, long seed, double ood) {
        return new ComparisonCell(
                task,
                encoding,
                seed,
                0.98,
                ood,
                Collections.nCopies(256, ood),
                1000,
                2,
                "",
                "",
                "0.1 (commit " + seed + ")",
                List.of(),
                List.of());
    }

    public static ComparisonCell cell(ComparisonPlan plan, CellKey key) {
        Random random = new Random(key.toString().hashCode());
        double[] beyond = {0.42, 0.58, 0.60, 0.66};
        double floor = beyond[Math.max(0, ENCODINGS.indexOf(key.encoding()))] + 0.03 * random.nextGaussian();
        List<Double> byPosition = new ArrayList<>();
        for (int l = 0; l < plan.testLength(); l++) {
            double accuracy = 1.0 / 17;
            if (l >= plan.seedTokens()) {
                double decay = Math.exp(-Math.max(0, l - plan.trainedLength()) / 40.0);
                accuracy = floor + (0.985 - floor) * decay + 0.012 * random.nextGaussian();
            }
            byPosition.add(Math.min(1, Math.max(0, accuracy)));
        }
        List<TrainingPoint> training = new ArrayList<>();
        for (int step = 1; step <= 800; step++) {
            double loss = 0.08 + 2.75 / (1 + Math.exp((step - 180 - 40 * floor) / 45.0)) + 0.02 * random.nextDouble();
            training.add(new TrainingPoint(step, loss, 2e-3 * Math.sin(Math.PI * step / 801)));
        }
        List<ValidationPoint> validation = new ArrayList<>();
        for (int epoch = 1; epoch <= 10; epoch++) {
            double learnt = 1 - Math.exp(-epoch / 2.5);
            validation.add(new ValidationPoint(
                    80L * epoch, epoch, 2.8 - 2.2 * learnt * floor, 0.985 * learnt, floor * learnt));
        }
        return new ComparisonCell(
                key.task(),
                key.encoding(),
                key.seed(),
                mean(byPosition.subList(plan.seedTokens(), plan.trainedLength())),
                mean(byPosition.subList(plan.trainedLength(), plan.testLength())),
                byPosition,
                31234.5 + random.nextInt(2000),
                41.25,
                "3f1c9e5b7a".repeat(6) + "0123",
                "a90d4e77c2".repeat(6) + "4567",
                "0.1.0 (commit 0123abc)",
                training,
                validation);
    }

    public static Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("preset", "quick");
        settings.put("modulus", "17");
        settings.put("far tokens j", "1");
        settings.put("near tokens k", "3");
        settings.put("trained length", "64");
        settings.put("test length", "256");
        settings.put("training sequences", "10000");
        settings.put("model width", "128");
        settings.put("layers", "2");
        settings.put("learning rate", "0.002");
        settings.put("batch", "128");
        settings.put("precision", "bfloat16");
        return settings;
    }

    public static Provenance provenance() {
        return new Provenance(
                "0.1.0",
                "0123456789abcdef0123456789abcdef01234567",
                "17.0.15+6 (Example vendor)",
                "2.10.0",
                "Linux 6.1 amd64",
                "Example CPU @ 2.00GHz",
                2,
                "2026-11-22T10:00:00Z",
                "./resonance posgen compare --tasks cot,recursive --seeds 5549,4955,42 --out runs/a-rather-long-name");
    }

    /** Feature 6 of base 10,000 and head size 64: 35.33 tokens a turn, and 35 after rounding. */
    public static List<RotationAngles> angles(int length) {
        double wavelength = 2 * Math.PI * Math.pow(10000, 12.0 / 64);
        double rounded = Math.rint(wavelength);
        return List.of(
                new RotationAngles(encoding("rope"), 6, wavelength, turns(wavelength, length)),
                new RotationAngles(encoding("resonance-rope"), 6, rounded, turns(rounded, length)));
    }

    private static List<Double> turns(double wavelength, int length) {
        return IntStream.range(0, length)
                .mapToObj(position -> 2 * Math.PI * (position % wavelength) / wavelength)
                .toList();
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }
}
