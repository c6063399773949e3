package resonance.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ParameterException;
import resonance.evaluation.report.Report;
import resonance.study.OpenedStudy;
import resonance.study.StudyFolder;
import resonance.study.StudyPlace;
import resonance.study.UnfitFolderException;

/**
 * Holds every part of a study against its command, before anything runs: each is parsed by the command's own parser and made as the
 * command makes it, with its model and texts, and its folder must take it. Nothing is written.
 */
final class StudyCheck {
    private final StudyFile study;
    private final Path directory;

    /** @param directory that paths in the file start from */
    StudyCheck(StudyFile study, Path directory) {
        this.study = study;
        this.directory = directory;
    }

    /**
     * What all parts consist of.
     *
     * @throws IllegalArgumentException if one would be refused; the message names file, line and key
     */
    StudyPlan plan() throws IOException {
        List<StudyPlan.Part> parts = new ArrayList<>();
        for (StudyPart part : study.parts()) {
            parts.add(plan(part));
        }
        return new StudyPlan(study.name(), parts);
    }

    /**
     * What one part consists of.
     *
     * @throws IllegalArgumentException if it would be refused; the message names file, line and key
     */
    StudyPlan.Part plan(StudyPart part) throws IOException {
        Path out = part.folder(study.out());
        Path folder = StudyPlace.isHere(out) ? directory.resolve(out) : out;
        try {
            OutputFolder.usable(folder);
            try (OpenedStudy<?, ?> opened =
                    StudyCommand.open(directory, part.words(study.out()), folder, part.typed(study.out()))) {
                StudyFolder.requireUsable(folder, opened.study().kind(), List.of(Report.PAGE_NAME));
                StudyFolder.requireRoom(folder, opened.study());
                return StudyPlan.Part.of(part, study.out(), opened.study());
            }
        } catch (ParameterException refusal) {
            throw refusal(part, ErrorLines.line(refusal));
        } catch (UnfitFolderException notOurs) {
            throw refusal(part, notOurs.message("output folder"));
        } catch (IllegalArgumentException refusal) {
            throw refusal(part, String.valueOf(refusal.getMessage()));
        } catch (IOException failure) {
            throw refusal(part, FailureText.of(failure));
        }
    }

    /** In the file's terms: a key has no dashes. */
    private IllegalArgumentException refusal(StudyPart part, String message) {
        String text = message;
        for (StudyPart.Argument argument : part.arguments()) {
            text = argument.named().matcher(text).replaceAll("'" + argument.key() + "'");
        }
        String cure = text.contains("; ") ? "" : "; correct the part";
        return new IllegalArgumentException(
                study.source() + ":" + part.lineOf(message) + ": part '" + part.name() + "': " + text + cure);
    }
}
