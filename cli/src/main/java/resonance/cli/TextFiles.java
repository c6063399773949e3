package resonance.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import resonance.rope.Refusal;

/** Text files as a command line names them. */
final class TextFiles {
    private static final String TEXTS = ".txt";
    private static final String DOCUMENTS = ".txt or .jsonl";

    private TextFiles() {}

    /**
     * The files named, in this order; a folder stands for its {@code .txt} files by name.
     *
     * @throws IllegalArgumentException if a path is missing or a folder has no text
     */
    static List<Path> expand(List<Path> paths) throws IOException {
        return expand(paths, TEXTS, "*.txt");
    }

    /** The same where a folder stands for its {@code .jsonl} files too. */
    static List<Path> documents(List<Path> paths) throws IOException {
        return expand(paths, DOCUMENTS, "*.{txt,jsonl}");
    }

    private static List<Path> expand(List<Path> paths, String kinds, String glob) throws IOException {
        String rule = "must be a text file or a folder of " + kinds + " files";
        List<Path> files = new ArrayList<>();
        for (Path path : paths) {
            if (Files.isDirectory(path)) {
                files.addAll(textsOf(path, rule, glob));
            } else if (Files.exists(path) && !Files.isRegularFile(path)) {
                throw Refusal.was("FILE", rule, path + ", which is a pipe or a device")
                        .cure("name a file");
            } else if (Files.isReadable(path)) {
                files.add(path);
            } else {
                throw Refusal.was(
                                "FILE",
                                rule,
                                path + (Files.exists(path) ? ", which can't be read" : ", which is missing"))
                        .cure("correct the path");
            }
        }
        return files;
    }

    private static List<Path> textsOf(Path folder, String rule, String glob) throws IOException {
        List<Path> texts = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, glob)) {
            files.forEach(file -> {
                if (Files.isRegularFile(file)) {
                    texts.add(file);
                }
            });
        }
        if (texts.isEmpty()) {
            throw Refusal.was("FILE", rule, folder + ", which has none").cure("name files");
        }
        texts.sort(null);
        return texts;
    }
}
