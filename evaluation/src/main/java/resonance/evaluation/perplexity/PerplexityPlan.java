package resonance.evaluation.perplexity;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import resonance.evaluation.ComparisonPlan;
import resonance.evaluation.MeasuredModel;

/**
 * What a perplexity measurement consists of: every encoding at every length on every document.
 *
 * @param model what is measured
 * @param protocol how documents are cut and losses averaged
 * @param encodings position encodings, at least one, none twice; {@code resonance-x} is compared with {@code x} where
 *     both are present
 * @param lengths positions in a window, BOS included; at least one, ascending
 * @param documents at least one, no name twice
 */
public record PerplexityPlan(
        MeasuredModel model,
        PerplexityProtocol protocol,
        List<String> encodings,
        List<Integer> lengths,
        List<MeasuredDocument> documents) {

    public PerplexityPlan {
        encodings = List.copyOf(encodings);
        lengths = List.copyOf(lengths);
        documents = List.copyOf(documents);
        requireDistinct("encodings", encodings);
        requireDistinct("lengths", lengths);
        requireDistinct(
                "documents", documents.stream().map(MeasuredDocument::name).toList());
        if (!lengths.equals(lengths.stream().sorted().toList())) {
            throw new IllegalArgumentException("lengths must ascend, were " + lengths);
        }
    }

    /** All measurements: length by length, document by document, encoding by encoding. */
    public List<PerplexityKey> cells() {
        List<PerplexityKey> cells = new ArrayList<>();
        for (int length : lengths) {
            for (MeasuredDocument document : documents) {
                for (String encoding : encodings) {
                    cells.add(new PerplexityKey(encoding, length, document.name()));
                }
            }
        }
        return List.copyOf(cells);
    }

    /** Every encoding x for which {@code resonance-x} is planned too, in the order of the plan. */
    public List<String> pairedEncodings() {
        return encodings.stream()
                .filter(encoding -> encodings.contains(ComparisonPlan.RESONANCE_PREFIX + encoding))
                .toList();
    }

    private static void requireDistinct(String what, List<?> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException(what + " must be at least one, was none");
        }
        if (new HashSet<>(values).size() != values.size()) {
            throw new IllegalArgumentException(what + " must not repeat, were " + values);
        }
    }
}
