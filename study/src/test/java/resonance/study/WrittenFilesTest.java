package resonance.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Only what we wrote is replaced or removed. */
class WrittenFilesTest {
    private final Path folder;
    private final WrittenFiles files;

    WrittenFilesTest(@TempDir Path folder) {
        this.folder = folder;
        this.files = WrittenFiles.in(folder, "perplexity", "1.0");
    }

    private static void write(WrittenFiles files, String name, String text) throws IOException {
        try (WrittenFiles.Change change = files.change()) {
            change.write(name, text);
            change.commit();
        }
    }

    private void assertRefused(String name, String problem) {
        String message = "output folder " + folder + ": " + name + " " + problem
                + "; move it away or choose another output folder";
        assertThatThrownBy(() -> files.requireOurs(List.of("absent", name)))
                .isInstanceOf(UnfitFolderException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> write(files, name, "new"))
                .isInstanceOf(UnfitFolderException.class)
                .hasMessage(message);
    }

    @Test
    void whatWasWrittenMayBeWrittenAgainAndNothingIsLeftBeside() throws IOException {
        write(files, "report.html", "first");
        files.requireOurs(List.of("report.html", "absent"));
        write(files, "report.html", "second");
        write(files, "report.html", "second");
        assertThat(folder.resolve("report.html")).hasContent("second");
        assertThat(names()).containsExactly(".resonance-files.json", "report.html");
        assertThat(folder.resolve(".resonance-files.json"))
                .content()
                .contains("\"writer\" : \"perplexity\"", "\"software\" : \"1.0\"", Sha256.of("second"));
    }

    @Test
    void aFileOfTheUsersIsRefusedByNameAndStays() throws IOException {
        Files.writeString(folder.resolve("report.html"), "mine");
        assertRefused("report.html", "must be a file that perplexity wrote, is none");
        assertThat(folder.resolve("report.html")).hasContent("mine");
        assertThat(names()).containsExactly("report.html");
    }

    @Test
    void aFileThatWasChangedSinceIsTheUsers() throws IOException {
        write(files, "report.html", "ours");
        Files.writeString(folder.resolve("report.html"), "ours, with notes");
        assertRefused("report.html", "must be as perplexity wrote it, was changed since");
        assertThat(folder.resolve("report.html")).hasContent("ours, with notes");
    }

    @Test
    void whatIsNotOursIsSetAsideWhereItIsAskedForAndOursStays() throws IOException {
        write(files, "report.html", "ours");
        write(files, "other.json", "ours");
        Files.writeString(folder.resolve("report.html"), "ours, with notes");
        Files.createDirectories(folder.resolve("folder"));
        assertThat(files.setAside(List.of("absent", "other.json", "report.html", "folder")))
                .containsExactly(
                        folder + ": report.html must be as perplexity wrote it, was changed since; it is kept as"
                                + " report.html.changed and written anew",
                        folder + ": folder must be a file that perplexity wrote, is none; it is kept as folder.changed"
                                + " and written anew");
        assertThat(folder.resolve("report.html.changed")).hasContent("ours, with notes");
        assertThat(folder.resolve("folder.changed")).isDirectory();
        assertThat(names())
                .containsExactly(".resonance-files.json", "folder.changed", "other.json", "report.html.changed");
        write(files, "report.html", "new");
        assertThat(folder.resolve("report.html")).hasContent("new");
    }

    @Test
    void aFileOfAnotherCommandIsRefused() throws IOException {
        write(WrittenFiles.in(folder, "passkey", "1.0"), "report.html", "ours");
        assertRefused("report.html", "must be a file that perplexity wrote, is one of passkey");
    }

    @Test
    void aFolderOrALinkOfThatNameIsRefused() throws IOException {
        Files.createDirectories(folder.resolve("report.html"));
        assertRefused("report.html", "must be a file that perplexity wrote, is none");
        Files.delete(folder.resolve("report.html"));
        write(files, "report.html", "ours");
        Path moved = Files.move(folder.resolve("report.html"), folder.resolve("moved"));
        Files.createSymbolicLink(folder.resolve("report.html"), moved);
        assertRefused("report.html", "must be as perplexity wrote it, was changed since");
        Files.delete(folder.resolve("report.html"));
        Files.createDirectories(folder.resolve("report.html"));
        assertRefused("report.html", "must be as perplexity wrote it, was changed since");
    }

    @Test
    void aKillBetweenRecordAndFileLeavesWhatIsKnown() throws IOException {
        write(files, "a", "former");
        write(files, "b", "former");
        byte[] record;
        try (WrittenFiles.Change change = files.change()) {
            change.write("a", "new");
            change.write("b", "new");
            change.commit();
        }
        record = Files.readAllBytes(folder.resolve(".resonance-files.json"));
        for (String a : List.of("former", "new")) {
            for (String b : List.of("former", "new")) {
                Files.writeString(folder.resolve("a"), a);
                Files.writeString(folder.resolve("b"), b);
                Files.write(folder.resolve(".resonance-files.json"), record);
                files.requireOurs(List.of("a", "b"));
            }
        }
        write(files, "a", "third");
        assertThat(folder.resolve("a")).hasContent("third");
    }

    @Test
    void aChangeThatIsNotCommittedLeavesNothing() throws IOException {
        write(files, "a", "former");
        try (WrittenFiles.Change change = files.change()) {
            change.write("a", "new");
            assertThat(names()).hasSize(3);
        }
        assertThat(folder.resolve("a")).hasContent("former");
        assertThat(names()).containsExactly(".resonance-files.json", "a");
    }

    @Test
    void aFileWithoutWhichTheOthersMeanNothingGoesFirstAndComesLast() throws IOException {
        write(files, "config.json", "former");
        Files.writeString(folder.resolve("weights"), "the user's");
        try (WrittenFiles.Change change = files.change()) {
            change.write("config.json", "new");
            change.write("weights", "new");
            assertThatThrownBy(() -> change.commit("config.json")).isInstanceOf(UnfitFolderException.class);
            assertThat(folder.resolve("config.json")).hasContent("former");
            Files.delete(folder.resolve("weights"));
            change.commit("config.json");
        }
        assertThat(folder.resolve("config.json")).hasContent("new");
        assertThat(folder.resolve("weights")).hasContent("new");
    }

    @Test
    void aDamagedRecordMakesEveryFileTheUsersAndIsKept() throws IOException {
        write(files, "report.html", "ours");
        Path record = folder.resolve(".resonance-files.json");
        Files.writeString(record, Files.readString(record).replace("1.0", "1.1"));
        String message =
                "output folder " + folder + ": .resonance-files.json must say whose file report.html is, is damaged;"
                        + " move it away or choose another output folder";
        assertThatThrownBy(() -> files.requireOurs(List.of("report.html"))).hasMessage(message);
        Files.delete(folder.resolve("report.html"));
        write(files, "report.html", "new");
        write(files, "report.html", "newer");
        assertThat(folder.resolve(".resonance-files.json.damaged")).content().contains("1.1");
    }

    @Test
    void aForeignFileOfTheRecordsNameIsRefused() throws IOException {
        Path record = Files.writeString(folder.resolve(".resonance-files.json"), "{}");
        assertThatThrownBy(() -> files.requireOurs(List.of("report.html")))
                .isInstanceOf(UnfitFolderException.class)
                .hasMessage(
                        "output folder " + folder + ": " + record + " must be a record with the key sha256, has none;"
                                + " use the version or program that made it, move it away or choose another output folder");
    }

    @Test
    void aWholeFolderIsRemovedOnlyAsFarAsItIsOurs() throws IOException {
        Path whole = Files.createDirectories(folder.resolve("whole"));
        WrittenFiles export = WrittenFiles.in(whole, "export", "1.0");
        Files.writeString(whole.resolve("config.json"), "{}");
        Files.createSymbolicLink(whole.resolve("weights"), folder.resolve("elsewhere"));
        export.recordAll();
        assertThat(export.foreign()).isEmpty();
        Files.writeString(whole.resolve("notes"), "mine");
        assertThat(export.foreign()).contains("notes must be a file that export wrote, is none");
        assertThat(export.removeFolder()).isFalse();
        try (Stream<Path> left = Files.list(whole)) {
            assertThat(left.map(Path::getFileName).map(Path::toString))
                    .containsExactlyInAnyOrder("notes", ".resonance-files.json");
        }
        Files.delete(whole.resolve("notes"));
        assertThat(export.removeFolder()).isTrue();
        assertThat(whole).doesNotExist();
    }

    @Test
    void aFolderInsideAWholeFolderIsTheUsers() throws IOException {
        Path whole = Files.createDirectories(folder.resolve("whole"));
        WrittenFiles export = WrittenFiles.in(whole, "export", "1.0");
        Files.createDirectories(whole.resolve("adapters"));
        export.recordAll();
        assertThat(export.foreign()).contains("adapters must be as export wrote it, was changed since");
    }

    private List<String> names() throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }
}
