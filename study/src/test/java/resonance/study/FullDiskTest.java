package resonance.study;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resonance.study.CountingStudy.Square;

/**
 * What a write leaves that the system ends in the middle: a process may write no more than some kilobytes into a file here, which
 * every system can be asked for. Commands on disks of their own that are full are {@code OwnDiskTest} of the command line.
 */
class FullDiskTest {
    private static final CountingStudy STUDY = CountingStudy.of(3);

    /** Sixteen blocks of 512 bytes, or of 1,024 in some shells: more than a record, and less than a large one. */
    private static final List<String> LIMITED = List.of("sh", "-c", "ulimit -f 16 && exec \"$@\"", "sh");

    private final Path folder;

    FullDiskTest(@TempDir Path parent) {
        this.folder = parent.resolve("out");
    }

    @Test
    void aRecordThatDoesNotFitLeavesNothingAndTheNextRunMakesIt() throws Exception {
        assertThat(run(Keeper.class)).isEqualTo("cell 0 is kept\nFile too large\n");
        assertThat(names()).containsExactly(STUDY.cell(0).fileName() + ".json");
        assertThat(folder.resolve(".resonance-lock")).doesNotExist();
        try (StudyFolder<Square> store = StudyFolder.open(folder, STUDY, CountingStudy.RUN)) {
            assertThat(store.setAside()).isEmpty();
            assertThat(new StudyRun<>(STUDY, store, CountingStudy.RUN).missing())
                    .extracting(PlannedCell::key)
                    .containsExactly(1, 2);
        }
    }

    @Test
    void aFileThatDoesNotFitLeavesTheOneBefore() throws Exception {
        Files.createDirectories(folder.resolve("cells"));
        Path file = Files.writeString(folder.resolve("cells").resolve("state"), "before");
        assertThat(run(Replacer.class)).isEqualTo("File too large\n");
        assertThat(file).hasContent("before");
        assertThat(names()).containsExactly("state");
    }

    private String run(Class<?> program) throws Exception {
        Process process = StudyProcess.start(LIMITED, program, folder.toString());
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return said;
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("cells"))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    /** Keeps a small record, and one that is larger than a file may be. */
    static final class Keeper {
        private Keeper() {}

        public static void main(String[] arguments) throws IOException {
            try (StudyFolder<Square> store = StudyFolder.open(Path.of(arguments[0]), STUDY, CountingStudy.RUN)) {
                keep(store, 0, CountingStudy.RUN);
                System.out.println("cell 0 is kept");
                keep(store, 1, CountingStudy.provenance("1".repeat(1 << 16), CountingStudy.RUN.date()));
                System.out.println("cell 1 is kept");
            } catch (IOException full) {
                System.out.println(full.getMessage());
            }
        }

        private static void keep(StudyFolder<Square> store, int number, Provenance maker) throws IOException {
            PlannedCell<Integer> cell = STUDY.cell(number);
            store.keep(cell, new FinishedCell<>(cell.specification(), maker, new Square(number, number * number)));
        }
    }

    /** Writes a file anew that is larger than a file may be, in parts as a checkpoint is. */
    static final class Replacer {
        private Replacer() {}

        public static void main(String[] arguments) {
            try {
                AtomicFile.write(Path.of(arguments[0], "cells", "state"), out -> {
                    for (int part = 0; part < 100; part++) {
                        out.write(new byte[1024]);
                    }
                });
                System.out.println("written");
            } catch (IOException full) {
                System.out.println(full.getMessage());
            }
        }
    }
}
