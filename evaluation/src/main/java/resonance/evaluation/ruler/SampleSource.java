package resonance.evaluation.ruler;

import java.util.List;
import java.util.Optional;

/** What makes a task's samples. */
interface SampleSource {

    /** Samples that fit; empty if the length is too short for any. */
    Optional<List<RulerSample>> samples(RulerSettings settings);

    /** Most tokens of an answer in NVIDIA's runs. */
    int answerTokens();

    /** Whether the samples are made of the settings' prose. */
    default boolean needsProse() {
        return false;
    }
}
