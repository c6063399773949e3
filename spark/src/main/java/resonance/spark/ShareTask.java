package resonance.spark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.VoidFunction;
import org.apache.spark.resource.ResourceInformation;
import org.apache.spark.util.CollectionAccumulator;
import org.apache.spark.util.DoubleAccumulator;
import org.jspecify.annotations.Nullable;
import resonance.study.StudyListener;
import resonance.study.StudyPlace;
import resonance.study.StudyRecipe;
import resonance.study.StudyRunner;
import resonance.study.StudyShare;
import resonance.study.UnfitFolderException;
import resonance.study.WorkerException;
import scala.Tuple2;

/** What a task does, in whichever process Spark runs it: one job of a study, by the names of its cells. */
final class ShareTask implements VoidFunction<List<String>> {
    private static final long serialVersionUID = 1L;

    private final StudyRecipe recipe;
    private final String folder;
    private final DoubleAccumulator done;
    private final CollectionAccumulator<String> notes;

    /**
     * @param done takes the part of its job that a task has done, 0 to 1
     * @param notes takes what there is to tell of it
     */
    ShareTask(StudyRecipe recipe, Path folder, DoubleAccumulator done, CollectionAccumulator<String> notes) {
        this.recipe = recipe;
        this.folder = StudyPlace.text(folder);
        this.done = done;
        this.notes = notes;
    }

    @Override
    public void call(List<String> cells) throws IOException {
        TaskContext task = TaskContext.get();
        @Nullable ResourceInformation gpu = task.resourcesJMap().get("gpu");
        if (gpu != null && gpu.addresses().length > 0) {
            // A process does one job at a time, on the GPU that it was started with.
            System.setProperty(StudyRunner.GPU, gpu.addresses()[0]);
        }
        takeSettingsOfStores();
        // Of a task that is told to end Spark takes no result, so nothing is to be said of what was not done.
        run(WorkerStudy.of(recipe, place()), cells, task::isInterrupted);
    }

    private Path place() {
        try {
            return StudyPlace.of(folder);
        } catch (UnfitFolderException unknownHere) {
            throw new WorkerException(
                    "every process must be able to open the output folder, one could not: " + unknownHere.getMessage());
        }
    }

    /** What was said of Hadoop's stores where the command was typed holds in every process, as Spark has it. */
    private static void takeSettingsOfStores() {
        for (Tuple2<String, String> setting : SparkEnv.get().conf().getAll()) {
            if (setting._1().startsWith("spark.hadoop.") && System.getProperty(setting._1()) == null) {
                System.setProperty(setting._1(), setting._2());
            }
        }
    }

    private <K, R> void run(StudyShare<K, R> share, List<String> cells, BooleanSupplier stop) throws IOException {
        share.run(cells, new Told<>(), stop);
    }

    /** Takes down what is told, for Spark to bring to the process that plans. */
    private final class Told<K, R> implements StudyListener<K, R> {
        private double told;

        @Override
        public void jobStarted(String name, List<K> cells) {}

        @Override
        public void noted(String text, boolean alsoOnTerminal) {
            if (alsoOnTerminal) {
                notes.add(text);
            }
        }

        @Override
        public void advanced(Progress progress) {
            if (progress.fraction() > told) {
                done.add(progress.fraction() - told);
                told = progress.fraction();
            }
        }

        @Override
        public void cellFinished(K cell, R result) {}
    }
}
