package resonance.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import resonance.evaluation.report.Report;
import resonance.study.OpenedStudy;
import resonance.study.Provenance;
import resonance.study.StudyFolder;
import resonance.study.UnfitFolderException;
import resonance.transformer.tensor.LibTorch;

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
        CommandLine program = ResonanceCli.program(directory);
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        program.setOut(nowhere).setErr(nowhere);
        Path folder = directory.resolve(part.folder(study.out()));
        try {
            StudyCommand command = StudyCommand.of(program, part.words(study.out()));
            OutputFolder.usable(folder);
            Provenance maker = Provenance.ofThisMachine(
                    SoftwareVersion.version(), SoftwareVersion.commit(), LibTorch.VERSION, part.typed(study.out()));
            try (OpenedStudy<?, ?> opened = command.open(folder, maker)) {
                StudyFolder.requireUsable(folder, opened.study().kind(), List.of(Report.PAGE_NAME));
                StudyFolder.requireRoomFor(opened.study(), folder);
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
