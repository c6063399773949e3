package resonance.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderLockTest {
    private final Path folder;

    FolderLockTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void aFolderIsFreeAgainAndCleanOnceItsOwnerLetGo() throws IOException {
        try (FolderLock lock = FolderLock.take(folder)) {
            assertThat(lock).isNotNull();
            assertThat(folder.resolve(".resonance-lock"))
                    .content()
                    .startsWith("process " + ProcessHandle.current().pid() + " since ");
        }
        assertThat(folder).isEmptyDirectory();
        FolderLock.take(folder).close();
    }

    @Test
    void aPlaceIsLockedBesideItWhetherItIsThereOrNot() throws IOException {
        Path place = folder.resolve("long.gguf");
        try (FolderLock lock = FolderLock.takePlace(place);
                FolderLock other = FolderLock.takePlace(folder.resolve("other.gguf"))) {
            assertThat(lock).isNotSameAs(other);
            assertThatThrownBy(() -> FolderLock.takePlace(place))
                    .isInstanceOf(FolderInUseException.class)
                    .message()
                    .matches("output \\Q" + place
                            + "\\E must be free, process \\d+ since \\S+Z is at work there; wait for"
                            + " its end or choose another output");
        }
        assertThat(folder).isEmptyDirectory();
    }

    /** Within a process, opening a locked file again and closing it would free it for other processes. */
    @Test
    void aSecondTryInTheSameProcessDoesNotLetOtherProcessesIn() throws Exception {
        try (FolderLock lock = FolderLock.take(folder)) {
            assertThat(lock).isNotNull();
            assertThatThrownBy(() -> FolderLock.take(folder)).isInstanceOf(FolderInUseException.class);
            Process other = taker();
            assertThat(other.inputReader().readLine())
                    .startsWith("output " + folder + " must be free, process "
                            + ProcessHandle.current().pid() + " since ");
            assertThat(other.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
        Process other = taker();
        assertThat(other.inputReader().readLine()).isEqualTo("taken");
        assertThat(other.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aLockThatIsALinkIsNotFollowed() throws IOException {
        Path users = Files.writeString(folder.resolve("users"), "mine");
        Files.createSymbolicLink(folder.resolve(".resonance-lock"), users);
        assertThatThrownBy(() -> FolderLock.take(folder)).isInstanceOf(IOException.class);
        assertThat(users).hasContent("mine");
    }

    private Process taker() throws IOException {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Taker.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
    }

    /** Takes a folder's lock, or says why not. */
    static final class Taker {
        private Taker() {}

        public static void main(String[] arguments) throws IOException {
            try (FolderLock lock = FolderLock.take(Path.of(arguments[0]))) {
                System.out.println(lock == null ? "" : "taken");
            } catch (FolderInUseException e) {
                System.out.println(e.getMessage());
            }
        }
    }
}
