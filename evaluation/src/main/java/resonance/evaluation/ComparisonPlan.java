package resonance.evaluation;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import resonance.rope.EncodingName;
import resonance.rope.Refusal;

/**
 * Which cells a comparison consists of, and the lengths its accuracies refer to. Its cells are all combinations of tasks,
 * encodings and seeds, in the order given.
 *
 * @param tasks PosGen subtasks, at least one, none twice
 * @param encodings position encodings, at least one, none twice; {@code resonance-x} is compared with {@code x} where
 *     both are present
 * @param seeds at least one, none twice
 * @param trainedLength tokens in a training sequence; positions from here on (from 0) are out of distribution
 * @param testLength tokens in a test sequence, more than {@code trainedLength}
 * @param seedTokens random tokens at the start of a sequence, which no accuracy counts; at least 0, less than
 *     {@code trainedLength}
 */
public record ComparisonPlan(
        List<String> tasks,
        List<String> encodings,
        List<Long> seeds,
        int trainedLength,
        int testLength,
        int seedTokens) {

    /** What stands before the name of an encoding whose wavelengths are rounded. */
    public static final String RESONANCE_PREFIX = EncodingName.RESONANCE;

    public ComparisonPlan {
        tasks = distinct("tasks", tasks);
        encodings = distinct("encodings", encodings);
        seeds = distinct("seeds", seeds);
        if (seedTokens < 0 || seedTokens >= trainedLength || trainedLength >= testLength) {
            throw new IllegalArgumentException("lengths must be 0 <= seedTokens < trainedLength < testLength, were "
                    + seedTokens + ", " + trainedLength + " and " + testLength);
        }
    }

    /** All cells, task by task, encoding by encoding, seed by seed. */
    public List<CellKey> cells() {
        List<CellKey> cells = new ArrayList<>();
        for (String task : tasks) {
            for (String encoding : encodings) {
                for (long seed : seeds) {
                    cells.add(new CellKey(task, encoding, seed));
                }
            }
        }
        return List.copyOf(cells);
    }

    /** Every encoding x for which {@code resonance-x} is planned too, in the order of the plan. */
    public List<String> pairedEncodings() {
        return encodings.stream()
                .filter(encoding -> encodings.contains(RESONANCE_PREFIX + encoding))
                .toList();
    }

    private static <T> List<T> distinct(String what, List<T> values) {
        if (values.isEmpty()) {
            throw Refusal.of(what, "must name at least one", "was empty");
        }
        if (new LinkedHashSet<>(values).size() != values.size()) {
            throw Refusal.of(what, "must not repeat", "was " + values);
        }
        return List.copyOf(values);
    }
}
