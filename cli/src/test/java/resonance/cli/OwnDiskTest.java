package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real commands on a disk of their own that is full or read-only, also for the superuser: a small file system in memory, mounted by
 * {@code unshare} of util-linux where nobody else sees it. A system that lets nobody mount so fails these tests.
 */
@Tag("outside-program")
class OwnDiskTest {
    private static final String RUN = "posgen compare --d-model 16 --layers 1 --heads 1 --head-size 8 --feed-forward 32"
            + " --train 60 --validation 5 --test 10 --train-length 16 --test-length 32 --epochs 4 --batch 20 --threads 1"
            + " --encodings rope,resonance-rope --seeds 1,2 --precision float32 --checkpoint-every 0";

    private final Path folder;
    private final Path whole;
    private final Path disk;
    private final Path out;

    OwnDiskTest(@TempDir Path folder) {
        this.folder = folder;
        this.whole = folder.resolve("whole");
        this.disk = folder.resolve("disk");
        this.out = disk.resolve("out");
    }

    @BeforeEach
    void runUndisturbed() throws IOException {
        CommandRun run = CommandRun.of(RUN + " --out " + whole);
        assertThat(run.exitCode()).as(run.err()).isZero();
        Files.createDirectories(disk);
    }

    /** From a disk that takes not even the plan to one that is full at the last report, by size and by number of files. */
    @Test
    void aRunThatFillsTheDiskSaysSoInALineAndGoesOnOnceThereIsRoom() throws Exception {
        long kibibytes = 4 * pages();
        List<Integer> finished = new ArrayList<>();
        for (String room : List.of("size=4k", "nr_inodes=12", "size=" + kibibytes + "k")) {
            Path copy = folder.resolve("copy-" + room);
            List<String> said =
                    onOwnDisk("mount -t tmpfs -o " + room + " none \"$disk\" && \"$@\"; echo \"ended with $?\""
                            + " && ls \"$disk\"/out/cells 2> /dev/null | grep -c 'json$';"
                            + " mount -o remount,size=64m,nr_inodes=0 \"$disk\" && \"$@\"; echo \"ended with $?\""
                            + " && cp -r \"$disk\"/out \"" + copy + "\"");
            int ended = said.indexOf("ended with 1");
            assertThat(ended).as("%s: %s", room, said).isPositive();
            assertThat(said.get(ended - 1))
                    .as(room)
                    .matches("failed: .* must have room .*; free some space or choose another output");
            finished.add(Integer.valueOf(said.get(ended + 1)));
            assertThat(said).as(room).last().isEqualTo("ended with 0");
            assertThat(said).as(room).noneMatch(line -> line.contains(".damaged"));
            assertThat(MeasuredRecords.of(copy)).as(room).isEqualTo(MeasuredRecords.of(whole));
        }
        assertThat(finished.get(0)).isZero();
        assertThat(finished.subList(1, 3)).allSatisfy(cells -> assertThat(cells).isBetween(1, 3));
    }

    /** Space that the undisturbed run takes, which is less than it needs: a file is replaced by one that is there beside it. */
    private long pages() throws IOException {
        try (Stream<Path> files = Files.walk(whole)) {
            long pages = 0;
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                pages += (Files.size(file) + 4095) / 4096;
            }
            return pages;
        }
    }

    @Test
    void onAReadOnlyDiskWhatIsFinishedIsShownAndAllElseRefusedInALine() throws Exception {
        List<String> said = onOwnDisk("mount -t tmpfs none \"$disk\" && cp -r \"" + whole + "\" \"$disk\"/out"
                + " && mount -o remount,ro \"$disk\" && \"$@\"; echo \"ended with $?\";"
                + " mount -o remount,rw \"$disk\" && rm \"$disk\"/out/cells/*--rope--1--*.json"
                + " && mount -o remount,ro \"$disk\" && \"$@\"; echo \"ended with $?\";"
                + " mount -o remount,rw \"$disk\" && rm -r \"$disk\"/out && mount -o remount,ro \"$disk\" && \"$@\";"
                + " echo \"ended with $?\"");
        assertThat(said)
                .containsSubsequence(
                        "All 4 cells are finished in " + out + ", which is read-only; nothing is written.",
                        "ended with 0",
                        "--out " + out
                                + " must be a folder that can be written to, since 1 of 4 cells are missing there,"
                                + " is read-only; choose another --out",
                        "ended with 2",
                        "--out must be a folder that can be written, was " + out + ", where " + disk
                                + " is closed to this user; take another folder",
                        "ended with 2");
    }

    /** Runs a shell's words where {@code $disk} is a folder to mount on and {@code "$@"} the command with its output there. */
    private List<String> onOwnDisk(String script) throws Exception {
        Path said = folder.resolve("said.txt");
        List<String> words =
                new ArrayList<>(List.of("unshare", "--map-root-user", "--mount", "sh", "-c", script, "sh"));
        words.addAll(CliProcess.words(RUN + " --out " + out));
        ProcessBuilder builder =
                new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(said.toFile());
        builder.environment().put("disk", disk.toString());
        assertThat(builder.start().waitFor(180, TimeUnit.SECONDS)).isTrue();
        return Files.readAllLines(said);
    }
}
