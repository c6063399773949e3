package resonance.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import resonance.study.Lease.Terms;

class LeaseTest {
    private static final Terms SHORT = new Terms(Duration.ofMillis(50), Duration.ofMillis(1_000));
    private static final String NAME = FolderLock.NAME;
    private static final String TOKEN = "0123456789abcdef";

    private final Path folder;
    private final Path file;
    private final List<String> waiting = new ArrayList<>();

    LeaseTest() throws IOException {
        folder = MemoryStore.newFolder();
        file = folder.resolve(NAME);
    }

    private Lease take(String owner) throws IOException {
        return Lease.take(file, folder, owner, SHORT, waiting::add);
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    private static void killedOwner(Path lock) throws IOException {
        Files.writeString(lock, "process 7\n" + TOKEN + "\n");
    }

    @Test
    void aFreeFolderIsTakenAtOnceAndCleanAfterwards() throws Exception {
        Lease lease = take("process 1");
        assertThat(Files.readString(file)).startsWith("process 1\n");
        Thread.sleep(3 * SHORT.renewal().toMillis());
        assertThat(names(folder)).hasSize(2).allMatch(FolderLock::isLock);
        lease.requireHeld();
        lease.release();
        assertThat(names(folder)).isEmpty();
        assertThat(waiting).isEmpty();
    }

    @Test
    void whoeverFindsALivingOwnerIsRefusedAtItsNextSignOfLife() throws IOException {
        Lease lease = take("process 1");
        long begun = System.nanoTime();
        assertThatThrownBy(() -> take("process 2"))
                .isInstanceOf(FolderInUseException.class)
                .hasMessage("output " + folder + " must be free, process 1 is at work there; wait for its end or choose"
                        + " another output");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(SHORT.lasts());
        assertThat(waiting)
                .containsExactly("Waiting up to 1 s for process 1, which has " + folder + " and may be dead");
        assertThat(Lease.owner(file, SHORT)).contains("process 1");
        lease.requireHeld();
        lease.release();
        assertThat(Lease.owner(file, SHORT)).isEmpty();
        assertThat(names(folder)).isEmpty();
    }

    @Test
    void aDeadOwnersFolderIsTakenOverWhenItsTimeIsOverAndNotBefore() throws IOException {
        killedOwner(file);
        long begun = System.nanoTime();
        assertThat(Lease.owner(file, SHORT)).contains("process 7");
        Lease lease = take("process 2");
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .isBetween(SHORT.lasts().minusMillis(50), SHORT.lasts().multipliedBy(5));
        assertThat(waiting).hasSize(1);
        assertThat(names(folder)).contains("." + TOKEN + ".dead" + NAME);
        lease.requireHeld();
        lease.release();
        assertThat(names(folder)).isEmpty();
    }

    /** Killed between making the lock and writing into it. */
    @Test
    void aLockThatSaysNothingRunsOutToo() throws IOException {
        Files.createFile(file);
        Lease lease = take("process 2");
        assertThat(waiting)
                .containsExactly("Waiting up to 1 s for another process, which has " + folder + " and may be dead");
        lease.release();
        assertThat(names(folder)).isEmpty();
    }

    @Test
    void ofManyWhoTakeOverOneGetsIt() throws Exception {
        int takers = 8;
        for (int round = 0; round < 5; round++) {
            killedOwner(file);
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(60)));
            ExecutorService threads = Executors.newFixedThreadPool(takers);
            List<Callable<Lease>> tries = new ArrayList<>();
            for (int taker = 0; taker < takers; taker++) {
                String owner = "process " + taker;
                tries.add(() -> Lease.take(file, folder, owner, SHORT, line -> {}));
            }
            List<Lease> taken = new ArrayList<>();
            for (Future<Lease> done : threads.invokeAll(tries)) {
                try {
                    taken.add(done.get());
                } catch (ExecutionException refused) {
                    assertThat(refused.getCause()).isInstanceOf(FolderInUseException.class);
                }
            }
            threads.shutdown();
            assertThat(taken).as("round %d", round).hasSize(1);
            taken.get(0).requireHeld();
            taken.get(0).release();
            assertThat(names(folder)).isEmpty();
        }
    }

    /** A process that was away for long, and comes back to a folder that another works in. */
    @Test
    void anOwnerThatLostItsFolderIsStoppedAndLeavesTheOtherAlone() throws Exception {
        Lease lease = take("process 1");
        Files.writeString(file, "process 2\n" + TOKEN + "\n");
        Thread.sleep(4 * SHORT.renewal().toMillis());
        assertThatThrownBy(lease::requireHeld)
                .isInstanceOf(FolderInUseException.class)
                .hasMessage("output " + folder + " must stay this process's while it works there, process 2 took it"
                        + " after 1 s without a sign of life from here; what was finished before is kept, run again to go"
                        + " on once the other has ended");
        lease.release();
        assertThat(Files.readString(file)).startsWith("process 2\n");
        assertThat(names(folder)).containsExactly(NAME);
    }

    @Test
    void anOwnerWhoseFolderWasReplacedIsStopped() throws Exception {
        Lease lease = take("process 1");
        Files.delete(file);
        Thread.sleep(4 * SHORT.renewal().toMillis());
        assertThatThrownBy(lease::requireHeld)
                .isInstanceOf(FolderInUseException.class)
                .hasMessage("output " + folder + " must stay this process's while it works there, its lock is gone, so"
                        + " somebody removed or replaced the folder; leave it alone and run again");
        lease.release();
    }

    /** The threads of one that was stopped for long show no sign; the first thing that it does is to look. */
    @Test
    void anOwnerThatShowedNoSignForLongLooksBeforeItGoesOn() throws Exception {
        Terms never = new Terms(Duration.ofHours(1), Duration.ofMillis(100));
        Lease lease = Lease.take(file, folder, "process 1", never, waiting::add);
        lease.requireHeld();
        Files.delete(file);
        lease.requireHeld(); // within the time in which nobody could take it
        Thread.sleep(100);
        assertThatThrownBy(lease::requireHeld).isInstanceOf(FolderInUseException.class);
        lease.release();
    }

    @ParameterizedTest
    @ValueSource(longs = {-7_200, 7_200})
    void timesAreTheStoresAndNotThisMachines(long seconds) throws IOException {
        try (FileSystem store = Jimfs.newFileSystem(MemoryStore.configuration()
                .setFileTimeSource(() -> FileTime.from(Instant.now().plusSeconds(seconds)))
                .build())) {
            Path there = Files.createDirectory(store.getPath("/runs"));
            Path lock = there.resolve(NAME);
            killedOwner(lock);
            long begun = System.nanoTime();
            assertThat(Lease.owner(lock, SHORT)).contains("process 7");
            Lease lease = Lease.take(lock, there, "process 2", SHORT, waiting::add);
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isBetween(SHORT.lasts().minusMillis(50), SHORT.lasts().multipliedBy(5));
            assertThat(Lease.owner(lock, SHORT)).isEqualTo(Optional.of("process 2"));
            lease.release();
            assertThat(names(there)).isEmpty();
        }
    }
}
