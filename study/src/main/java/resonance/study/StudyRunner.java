package resonance.study;

import java.io.IOException;
import java.util.function.BooleanSupplier;

/**
 * Does the work that is missing of a study somewhere else than {@link StudyRun}, which does it in this process one job after
 * the other. What is kept is the same, but for times and machines.
 */
public interface StudyRunner {
    /** System property of a process whose jobs compute on a GPU: the number of that, as CUDA counts; 0 without it. */
    String GPU = "resonance.gpu";

    /**
     * Does what is missing.
     *
     * @param opened the study as this process has it
     * @param recipe how others make it
     * @param folder where the cells are kept, held by this process; other processes reach it by the same path
     * @param listener told on the thread that called, also of jobs that run at one time
     * @param stop asked often; once true, this returns soon, with everything kept that is finished
     * @return whether every cell is finished
     * @throws WorkerException if the work can't be done there
     */
    <K, R> boolean run(
            OpenedStudy<K, R> opened,
            StudyRecipe recipe,
            StudyFolder<R> folder,
            StudyListener<K, R> listener,
            BooleanSupplier stop)
            throws IOException;

    /** Makes runners. A module that has one names it for {@link java.util.ServiceLoader}. */
    interface Provider {
        /**
         * A runner; nothing is started or asked before there is work.
         *
         * @param master where the work goes, in the words of the engine that does it
         * @param threads of every job
         * @param gpu whether every job computes on a GPU, which the engine is to give it; its process finds the number of that in
         *     the system property {@value #GPU}
         * @throws IllegalArgumentException if the engine does not know such a place, or has no room there for a job
         */
        StudyRunner at(String master, int threads, boolean gpu);
    }
}
