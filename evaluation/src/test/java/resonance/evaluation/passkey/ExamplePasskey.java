package resonance.evaluation.passkey;

import static resonance.evaluation.Encodings.encodings;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import resonance.evaluation.ExampleComparison;
import resonance.evaluation.MeasuredModel;
import resonance.rope.EncodingName;

/** Made-up measurements of a realistic shape, the same at every call. */
public final class ExamplePasskey {

    private ExamplePasskey() {}

    /** Four encodings at six lengths, ten depths, two trials. */
    public static PasskeyPlan plan() {
        return new PasskeyPlan(
                new MeasuredModel("little-prose-3M", "5be1".repeat(16), 512),
                encodings("none", "dynamic-ntk", "yarn", "resonance-yarn"),
                List.of(128, 256, 512, 1024, 2048, 4096),
                10,
                2,
                7);
    }

    public static PasskeyResults finished() {
        return of(plan(), plan().cells().size());
    }

    /** The results after so many trials, task by task. */
    public static PasskeyResults of(PasskeyPlan plan, int trials) {
        List<PasskeyTrial> finished = new ArrayList<>();
        plan.cells().forEach((key, task) -> finished.add(trial(plan, key.encoding(), task)));
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("factor", "8");
        settings.put("precision", "bfloat16");
        return new PasskeyResults(ExampleComparison.records(plan, settings, finished.subList(0, trials)));
    }

    /** One trial: the farther past the trained length and the nearer to the start, the rarer a right answer. */
    static PasskeyTrial trial(PasskeyPlan plan, EncodingName encoding, PasskeyTask task) {
        Random random = new Random((encoding.toString() + task).hashCode());
        double[] steepness = {2.5, 0.9, 0.5, 0.35};
        double beyond =
                Math.max(0, Math.log(task.length() / (double) plan.model().trainedLength()));
        double chance = Math.exp(-steepness[plan.encodings().indexOf(encoding)] * beyond * (1.6 - task.depth()));
        boolean right = random.nextDouble() < chance;
        String answer = right ? " " + task.key() + ". The grass" : " green. The sky is blue.";
        return PasskeyTrial.of(
                encoding, task, task.length() - 20, answer, 0.05 - 1.2 * Math.log(0.02 + 0.98 * chance), 0.5);
    }
}
