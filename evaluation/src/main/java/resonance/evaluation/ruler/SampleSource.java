package resonance.evaluation.ruler;

import java.util.List;
import java.util.Optional;

/** What makes a task's samples. */
interface SampleSource {

    /** Samples that fit; empty if the length is too short for any. */
    Optional<List<RulerSample>> samples(RulerSettings settings);

    /** Most tokens of an answer in NVIDIA's runs. */
    int answerTokens();

    /** So many do for a right answer, where a short length has no room for more. */
    default int leastAnswerTokens() {
        return answerTokens();
    }

    /** Whether the samples are made of the settings' prose. */
    default boolean needsProse() {
        return false;
    }
}
