package resonance.evaluation.ruler;

import java.util.function.ToIntFunction;
import resonance.rope.Refusal;

/**
 * What the samples of a task depend on.
 *
 * @param length tokens that a prompt, a chat template around it and its answer may have together, at least 1
 * @param templateTokens tokens of the chat template, from 0; none for a plain prompt
 * @param answerTokens most tokens of an answer, at least 1: {@link RulerTask#answerTokens} for NVIDIA's samples
 * @param samples how many, at least 1; NVIDIA takes 500. More leave the first ones as they were
 * @param seed from 0; NVIDIA takes 42
 * @param tokens how many tokens the model's tokenizer makes of a text, without special tokens
 * @param words what keys and lists are made of
 * @param prose the text in which needles are hidden where a task wants prose; white space counts as one space
 */
record RulerSettings(
        int length,
        int templateTokens,
        int answerTokens,
        int samples,
        int seed,
        ToIntFunction<String> tokens,
        RulerWords words,
        String prose) {

    /** From this length on samples are NVIDIA's. */
    static final int TINY = 1024;

    RulerSettings {
        atLeast("length", length, 1);
        atLeast("templateTokens", templateTokens, 0);
        atLeast("answerTokens", answerTokens, 1);
        atLeast("samples", samples, 1);
        atLeast("seed", seed, 0);
    }

    private static void atLeast(String name, int value, int least) {
        if (value < least) {
            throw Refusal.was(name, "must be at least " + least, value);
        }
    }

    RulerSettings with(int otherLength, int otherAnswerTokens, int otherSamples) {
        return new RulerSettings(
                otherLength, templateTokens, otherAnswerTokens, otherSamples, seed, tokens, words, prose);
    }

    /** Tokens for prompt and answer. */
    int budget() {
        return length - templateTokens;
    }

    /** Whether NVIDIA's code makes the smaller steps and shorter lists that it has for short prompts. */
    boolean isShort() {
        return length < 4096;
    }

    /** Whether the length is one for which NVIDIA's code is not made: it mostly never ends there. */
    boolean isTiny() {
        return length < TINY;
    }
}
