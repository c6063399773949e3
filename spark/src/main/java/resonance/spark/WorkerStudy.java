package resonance.spark;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import resonance.study.OpenedStudy;
import resonance.study.StudyRecipe;
import resonance.study.StudyShare;

/**
 * The study that this process works on: opened with the first task, so that a model is read once, and kept for the next. There
 * is one at a time, since a process works for one command.
 */
final class WorkerStudy {
    private static @Nullable Kept kept;

    private record Kept(StudyRecipe recipe, Path folder, StudyShare<?, ?> share) {
        boolean is(StudyRecipe otherRecipe, Path otherFolder) {
            return recipe.equals(otherRecipe) && folder.equals(otherFolder);
        }
    }

    private WorkerStudy() {}

    /** The study of a recipe, opened unless it is the one that is kept. */
    static synchronized StudyShare<?, ?> of(StudyRecipe recipe, Path folder) throws IOException {
        Kept held = kept;
        if (held == null || !held.is(recipe, folder)) {
            forget();
            held = new Kept(recipe, folder, new StudyShare<>(recipe.open(), folder));
            kept = held;
        }
        return held.share;
    }

    /** Takes a study that is open already in this process. */
    static synchronized void keep(StudyRecipe recipe, Path folder, OpenedStudy<?, ?> opened) {
        forget();
        kept = new Kept(recipe, folder, new StudyShare<>(opened, folder));
    }

    /** Closes what is kept. No task may be at work on it. */
    static synchronized void forget() {
        if (kept != null) {
            kept.share.close();
            kept = null;
        }
    }
}
