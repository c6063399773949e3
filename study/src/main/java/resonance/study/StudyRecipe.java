package resonance.study;

import java.io.IOException;
import java.io.Serializable;

/**
 * How another process makes a study again: a value that can be sent there. It names settings and files and holds neither
 * tensors nor texts, so it is a few hundred bytes whatever the study computes.
 *
 * <p>Recipes that are equal make equal studies, so that a process can keep the one it has opened.
 */
public interface StudyRecipe extends Serializable {
    /**
     * Makes the study. Its cells have the specifications that they have where it was planned, or else what it is made from
     * differs here, which {@link StudyShare} refuses.
     *
     * @throws WorkerException if it can't be made in this process
     */
    OpenedStudy<?, ?> open() throws IOException;
}
