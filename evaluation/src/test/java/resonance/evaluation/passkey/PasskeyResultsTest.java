package resonance.evaluation.passkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static resonance.evaluation.Encodings.encoding;
import static resonance.evaluation.Encodings.encodings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resonance.evaluation.ExampleComparison;
import resonance.evaluation.MeasuredModel;
import resonance.study.AtomicFile;
import resonance.study.RecordFormatException;
import resonance.study.RecordJson;

class PasskeyResultsTest {

    private static final MeasuredModel MODEL = new MeasuredModel("tiny", "ab", 256);

    private static final PasskeyPlan PLAN =
            new PasskeyPlan(MODEL, encodings("none", "yarn"), List.of(256, 512), 3, 2, 11);

    @Test
    void depthsAreEvenlySpacedWithBothEnds() {
        assertThat(PLAN.places()).containsExactly(0.0, 0.5, 1.0);
        assertThat(new PasskeyPlan(MODEL, encodings("none"), List.of(256), 10, 1, 0).places())
                .hasSize(10)
                .startsWith(0.0, 1.0 / 9)
                .endsWith(1.0);
        assertThat(new PasskeyPlan(MODEL, encodings("none"), List.of(256), 1, 1, 0).places())
                .containsExactly(0.5);
    }

    @Test
    void aKeyStaysWhenThePlanGrows() {
        PasskeyPlan longer = new PasskeyPlan(MODEL, encodings("linear"), List.of(128, 256, 512), 3, 5, 11);
        assertThat(longer.tasks()).containsAll(PLAN.tasks()).hasSize(45);
        PasskeyPlan otherSeed = new PasskeyPlan(MODEL, encodings("none"), List.of(256, 512), 3, 2, 12);
        assertThat(otherSeed.tasks()).doesNotContainAnyElementsOf(PLAN.tasks());
        // Kept runs are recognised by their keys, so these may not change between versions.
        assertThat(PLAN.tasks().stream().map(PasskeyTask::key).toList().subList(0, 4))
                .containsExactly(23978, 36537, 40648, 38708);
    }

    @Test
    void keysAreSpreadOverTheWholeRange() {
        List<Integer> keys = new PasskeyPlan(MODEL, encodings("none"), List.of(256), 10, 2000, 3)
                .tasks().stream().map(PasskeyTask::key).toList();
        assertThat(keys).allMatch(key -> key >= 1 && key <= 50_000);
        // 20,000 draws: the mean is 25,000 within five standard errors, and a uniform draw leaves e^-0.4 = 67 % unseen.
        assertThat(keys.stream().mapToInt(Integer::intValue).average().orElseThrow())
                .isCloseTo(25_000, within(5 * 14_434 / Math.sqrt(20_000)));
        assertThat(new HashSet<>(keys)).hasSizeBetween(16_300, 16_680);
    }

    @Test
    void mergesTrialsWhateverTheirOrder() {
        List<PasskeyTrial> trials = new ArrayList<>();
        for (PasskeyTask task : PLAN.tasks()) {
            boolean right = task.length() == 256 || (task.depth() == 1 && task.trial() == 0);
            trials.add(PasskeyTrial.of(
                    encoding("yarn"), task, 200, right ? " " + task.key() : " no", right ? 0.5 : 2.5, 1));
        }
        Collections.shuffle(trials, new Random(5));
        PasskeyResults results = results(trials);
        assertThat(results.records().results()).hasSize(12).hasSameElementsAs(trials);
        assertThat(PLAN.cells()).hasSize(24);
        PasskeyRecord half = results.result(encoding("yarn"), 512, 1).orElseThrow();
        assertThat(half.accuracy()).isEqualTo(0.5);
        assertThat(half.keyLoss()).isEqualTo(1.5);
        assertThat(half.trials().stream().map(PasskeyTrial::trial)).containsExactly(0, 1);
        assertThat(results.result(encoding("none"), 512, 1)).isEmpty();
        assertThat(results.trials(encoding("yarn"), 512)).hasSize(6);
    }

    @Test
    void printsATable() {
        assertThat(printed(ExamplePasskey.of(ExamplePasskey.plan(), 350))).isEqualTo("""
                Passkey retrieval of little-prose-3M; trained length 512 tokens
                (correct answers in %; 10 depths, 2 trials at each)
                +----------------+--------+--------+--------+--------+--------------+--------+
                | Encoding       | 128    | 256    | 512    | 1,024  | 2,048        | 4,096  |
                |                | within | within | within | beyond | beyond       | beyond |
                +----------------+--------+--------+--------+--------+--------------+--------+
                | No scaling     | 100    | 100    | 100    | 15     | 0 (8 of 20)  | -      |
                | Dynamic NTK    | 100    | 100    | 100    | 65     | 13 (8 of 20) | -      |
                | YaRN           | 100    | 100    | 100    | 65     | 43 (7 of 20) | -      |
                | Resonance YaRN | 100    | 100    | 100    | 85     | 86 (7 of 20) | -      |
                +----------------+--------+--------+--------+--------+--------------+--------+

                Loss of the key's own tokens after the question, nats a token; lower is better
                +----------------+--------+--------+--------+--------+----------------+--------+
                | Encoding       | 128    | 256    | 512    | 1,024  | 2,048          | 4,096  |
                |                | within | within | within | beyond | beyond         | beyond |
                +----------------+--------+--------+--------+--------+----------------+--------+
                | No scaling     | 0.05   | 0.05   | 0.05   | 2.19   | 4.37 (8 of 20) | -      |
                | Dynamic NTK    | 0.05   | 0.05   | 0.05   | 0.85   | 2.08 (8 of 20) | -      |
                | YaRN           | 0.05   | 0.05   | 0.05   | 0.50   | 1.22 (7 of 20) | -      |
                | Resonance YaRN | 0.05   | 0.05   | 0.05   | 0.36   | 0.87 (7 of 20) | -      |
                +----------------+--------+--------+--------+--------+----------------+--------+
                """);
    }

    @Test
    void comesBackFromJsonAsItWas(@TempDir Path folder) throws IOException {
        PasskeyResults results = ExamplePasskey.finished();
        Path file = folder.resolve("plan.json");
        AtomicFile.write(file, RecordJson.write(results.plan()));
        assertThat(RecordJson.read(file, PasskeyPlan.class)).isEqualTo(results.plan());
        JsonNode document = new JsonMapper().readTree(new PasskeyReport(results).toJson());
        assertThat(document.get("results")).hasSize(results.results().size());
        Path result = folder.resolve("result.json");
        for (int i = 0; i < results.results().size(); i++) {
            AtomicFile.write(result, document.get("results").get(i).toString());
            assertThat(RecordJson.read(result, PasskeyRecord.class))
                    .isEqualTo(results.results().get(i));
        }
        assertThat(document.fieldNames())
                .toIterable()
                .containsExactly("plan", "settings", "provenance", "otherProvenances", "results");
        assertThat(document.at("/results/0").fieldNames())
                .toIterable()
                .containsExactly("encoding", "length", "depth", "accuracy", "keyLoss", "trials");

        PasskeyTrial unmeasured =
                PasskeyTrial.of(encoding("none"), PLAN.tasks().get(0), 9, "\"\\\n☃", Double.NaN, 0.25);
        Path trial = folder.resolve("trial.json");
        AtomicFile.write(trial, RecordJson.write(unmeasured));
        assertThat(RecordJson.read(trial, PasskeyTrial.class)).isEqualTo(unmeasured);
    }

    @Test
    void refusesRecordsThatCannotBe(@TempDir Path folder) throws IOException {
        PasskeyTask task = new PasskeyTask(256, 0.5, 0, 42);
        Path file = folder.resolve("trial.json");
        AtomicFile.write(file, RecordJson.write(PasskeyTrial.of(encoding("none"), task, 9, " 42", 0.5, 1)));
        Files.writeString(file, Files.readString(file).replace("\"correct\" : true", "\"correct\" : false"));
        assertThatThrownBy(() -> RecordJson.read(file, PasskeyTrial.class))
                .isInstanceOf(RecordFormatException.class)
                .hasMessage(file
                        + ": correct must be true for key 42 and answer \" 42\", was false (none / length 256 / depth"
                        + " 0.5 / trial 0)");
        assertThatThrownBy(() -> PasskeyTrial.of(encoding("none"), task, 9, "", 0.5, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "seconds must be finite and more than 0, was 0.0 (none / length 256 / depth 0.5 / trial 0)");
        PasskeyTrial stranger = PasskeyTrial.of(encoding("linear"), task, 9, "", 0.5, 1);
        assertThatThrownBy(() -> results(List.of(stranger)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("trials must be trials of the plan, found linear / length 256 / depth 0.5 / trial 0");
        assertThatThrownBy(() -> results(List.of(stranger, stranger)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("trials must not repeat, found linear / length 256 / depth 0.5 / trial 0 twice");
        assertThatThrownBy(() -> new PasskeyPlan(MODEL, encodings("none"), List.of(512, 256), 3, 2, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("lengths must ascend, were [512, 256]");
        assertThatThrownBy(() -> new PasskeyPlan(MODEL, encodings("none"), List.of(512), 0, 2, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("depths must be at least 1, was 0");
        assertThatThrownBy(() -> new PasskeyPlan(MODEL, encodings("none"), List.of(512), 1, 0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("trials must be at least 1, was 0");
        assertThatThrownBy(() -> new PasskeyPlan(MODEL, List.of(), List.of(512), 1, 1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("encodings must be at least one, was none");
    }

    private static PasskeyResults results(List<PasskeyTrial> trials) {
        return new PasskeyResults(ExampleComparison.records(PLAN, Map.of(), trials));
    }

    private static String printed(PasskeyResults results) {
        StringWriter text = new StringWriter();
        new PasskeyReport(results).print(new PrintWriter(text));
        return text.toString().replace(System.lineSeparator(), "\n");
    }
}
