package resonance.evaluation.passkey;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import resonance.evaluation.MeasuredModel;
import resonance.rope.DistinctList;
import resonance.rope.EncodingName;

/**
 * What a passkey measurement consists of: every encoding at every length, depth and trial. A seed fixes all keys, and a
 * key depends on its own length, depth and trial alone, so that more of any leaves the others as they were.
 *
 * @param model what is measured
 * @param encodings position encodings, at least one, none twice
 * @param lengths tokens a prompt may have, at least one, ascending, none twice
 * @param depths places of the key, evenly spaced from 0 to 1 and both included; at least 1, and a single one is 0.5
 * @param trials keys at each length and depth, at least 1
 * @param seed of the keys
 */
public record PasskeyPlan(
        MeasuredModel model, List<EncodingName> encodings, List<Integer> lengths, int depths, int trials, long seed) {

    public PasskeyPlan {
        encodings = DistinctList.of("encodings", encodings);
        lengths = DistinctList.ascending("lengths", lengths);
        if (depths < 1) {
            throw new IllegalArgumentException("depths must be at least 1, was " + depths);
        }
        if (trials < 1) {
            throw new IllegalArgumentException("trials must be at least 1, was " + trials);
        }
    }

    /** The places of the key, from 0 (start of the text) to 1 (end). */
    public List<Double> places() {
        return depths == 1
                ? List.of(0.5)
                : IntStream.range(0, depths)
                        .mapToObj(i -> i / (double) (depths - 1))
                        .toList();
    }

    /** All tasks: length by length, depth by depth, trial by trial. */
    public List<PasskeyTask> tasks() {
        List<PasskeyTask> tasks = new ArrayList<>();
        for (int length : lengths) {
            for (double depth : places()) {
                for (int trial = 0; trial < trials; trial++) {
                    tasks.add(new PasskeyTask(length, depth, trial, key(length, depth, trial)));
                }
            }
        }
        return List.copyOf(tasks);
    }

    /** All trials with their tasks: task by task, encoding by encoding. */
    public Map<PasskeyKey, PasskeyTask> cells() {
        Map<PasskeyKey, PasskeyTask> cells = new LinkedHashMap<>();
        for (PasskeyTask task : tasks()) {
            for (EncodingName encoding : encodings) {
                cells.put(new PasskeyKey(encoding, task.length(), task.depth(), task.trial()), task);
            }
        }
        return Collections.unmodifiableMap(cells);
    }

    private int key(int length, double depth, int trial) {
        long place = 31L * (31L * length + Double.hashCode(depth)) + trial;
        return new SplittableRandom(seed * 0x9E3779B97F4A7C15L + place)
                .nextInt(PasskeyPrompt.LEAST_KEY, PasskeyPrompt.GREATEST_KEY + 1);
    }
}
