package resonance.cli;

import java.io.IOException;
import java.nio.file.Path;
import resonance.study.OpenedStudy;
import resonance.study.Provenance;

/** A command that runs a study, which another process can make again from the same words. */
interface StudyCommand {
    /**
     * Makes the study, and prints nothing.
     *
     * @param folder that another process holds and has described the study in
     * @param maker with what, where and when this process makes cells
     */
    OpenedStudy<?, ?> open(Path folder, Provenance maker) throws IOException;
}
