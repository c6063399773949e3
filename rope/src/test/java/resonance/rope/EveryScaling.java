package resonance.rope;

import java.util.ArrayList;
import java.util.List;

/** Every scaling of the registry for a head size, plain and with resonance: the product that laws are checked on. */
final class EveryScaling {
    static final int[] HEAD_SIZES = {4, 32, 64, 80, 128};

    private EveryScaling() {}

    static List<RopeScaling> forHeadSize(int headSize) {
        ScalingSettings settings = settings(headSize);
        return RopeEncodings.standard().encodings().stream()
                .map(encoding -> encoding.scaling(settings))
                .toList();
    }

    /** Factor 4 and LongRoPE divisors that fit the head size. */
    static ScalingSettings settings(int headSize) {
        List<Double> shorter = new ArrayList<>();
        List<Double> longer = new ArrayList<>();
        for (int pair = 0; pair < headSize / 2; pair++) {
            shorter.add(1 + pair / 100.0);
            longer.add(1 + pair * 0.37);
        }
        return ScalingSettings.ofFactor(4)
                .with(LongRopeScaling.SHORT_FACTORS, shorter)
                .with(LongRopeScaling.LONG_FACTORS, longer)
                .with(ProportionalScaling.ROTATED_SHARE, 0.5);
    }
}
