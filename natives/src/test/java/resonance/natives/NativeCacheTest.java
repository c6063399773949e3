package resonance.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class NativeCacheTest {
    private static final String NAME = "library-1.0-system";
    private static final String WHOLE = "whole library";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path temporary;

    @SuppressWarnings("NullAway.Init")
    private Path root;

    private final List<Process> started = new ArrayList<>();
    private int unpackings;

    /** A process that unpacks slowly, or never gets further than the half if told so: ROOT LOG (slowly | halfway). */
    static final class Start {
        private Start() {}

        public static void main(String[] arguments) {
            Path log = Path.of(arguments[1]);
            Path folder = NativeCache.at(Path.of(arguments[0])).folder(NAME, to -> {
                Files.writeString(log, "unpacks\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                Files.writeString(to.resolve("library.so"), WHOLE.substring(0, 5));
                sleep(arguments[2].equals("slowly") ? 500 : 600_000);
                Files.writeString(to.resolve("library.so"), WHOLE);
            });
            System.out.println(read(folder.resolve("library.so")));
        }

        private static void sleep(long millis) {
            try {
                Thread.sleep(millis);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        private static String read(Path file) {
            try {
                return Files.readString(file);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    enum Damage {
        CUT_OFF {
            @Override
            void to(Path folder) throws IOException {
                Files.writeString(folder.resolve("library.so"), "who");
            }
        },
        OF_EQUAL_SIZE {
            @Override
            void to(Path folder) throws IOException {
                Files.writeString(folder.resolve("library.so"), WHOLE.toUpperCase(Locale.ROOT));
                Files.setLastModifiedTime(folder.resolve("library.so"), FileTime.fromMillis(7));
            }
        },
        MISSING {
            @Override
            void to(Path folder) throws IOException {
                Files.delete(folder.resolve("library.so"));
            }
        },
        A_LINK_AWAY {
            @Override
            void to(Path folder) throws IOException {
                Files.delete(folder.resolve("inner/link.so"));
                Files.createSymbolicLink(folder.resolve("inner/link.so"), Path.of("/etc/passwd"));
            }
        },
        A_FILE_BECAME_A_LINK {
            @Override
            void to(Path folder) throws IOException {
                Files.move(folder.resolve("library.so"), folder.resolve("moved.so"));
                Files.createSymbolicLink(folder.resolve("library.so"), Path.of("moved.so"));
            }
        },
        A_FILE_BECAME_A_FOLDER {
            @Override
            void to(Path folder) throws IOException {
                Files.delete(folder.resolve("library.so"));
                Files.createDirectory(folder.resolve("library.so"));
            }
        },
        WRITABLE_FOR_OTHERS {
            @Override
            void to(Path folder) throws IOException {
                Files.setPosixFilePermissions(
                        folder.resolve("library.so"), PosixFilePermissions.fromString("rw-rw-rw-"));
            }
        },
        NO_LIST {
            @Override
            void to(Path folder) throws IOException {
                Files.delete(folder.resolve("contents.txt"));
            }
        },
        HALF_A_LIST {
            @Override
            void to(Path folder) throws IOException {
                List<String> lines = Files.readAllLines(folder.resolve("contents.txt"));
                Files.write(folder.resolve("contents.txt"), lines.subList(0, 2));
            }
        },
        A_LIST_THAT_IS_NO_TEXT {
            @Override
            void to(Path folder) throws IOException {
                Files.write(folder.resolve("contents.txt"), new byte[] {-1, 0, -1});
            }
        },
        A_FILE_IN_ITS_PLACE {
            @Override
            void to(Path folder) throws IOException {
                Files.move(folder, folder.resolveSibling("moved"));
                Files.writeString(folder, "a file");
            }
        },
        MOVED_HERE_FROM_ELSEWHERE {
            @Override
            void to(Path folder) throws IOException {
                List<String> lines = new ArrayList<>(Files.readAllLines(folder.resolve("contents.txt")));
                lines.set(0, lines.get(0).replace(folder.toString(), "/elsewhere"));
                Files.write(folder.resolve("contents.txt"), lines);
            }
        };

        abstract void to(Path folder) throws IOException;
    }

    @BeforeEach
    void place() throws IOException {
        root = temporary.toRealPath().resolve("cache");
    }

    @AfterEach
    void endWhatRuns() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void aLibraryIsUnpackedOnceForThisUserOnly() throws IOException {
        Path folder = unpack();
        assertThat(folder).isEqualTo(root.resolve(NAME));
        assertThat(unpack()).isEqualTo(folder);
        assertThat(unpackings).isEqualTo(1);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("library.so"))))
                .isEqualTo("rw-------");
        assertThat(beside()).containsExactly(NAME, NAME + ".lock");
    }

    @Test
    void linksWithTheWholePathPointToThePlace() throws IOException {
        Path folder = unpack();
        assertThat(folder.resolve("inner/link.so")).hasContent(WHOLE);
        assertThat(Files.readSymbolicLink(folder.resolve("inner/link.so"))).isEqualTo(folder.resolve("library.so"));
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNoLongerAsItWasIsUnpackedAgain(Damage damage) throws IOException {
        damage.to(unpack());
        Path folder = unpack();
        assertThat(unpackings).isEqualTo(2);
        assertThat(folder.resolve("library.so")).isRegularFile().hasContent(WHOLE);
        assertThat(folder.resolve("inner/link.so")).hasContent(WHOLE);
        unpack();
        assertThat(unpackings).isEqualTo(2);
    }

    @Test
    void aFailureIsSaidAndLeavesNothing() throws IOException {
        assertThatThrownBy(() -> NativeCache.at(root).folder(NAME, to -> {
                    Files.writeString(to.resolve("library.so"), "half");
                    throw new FileSystemException("library.so", null, "No space left on device");
                }))
                .isInstanceOf(NativeLibraryException.class)
                .hasMessage("cache folder must take the native libraries (up to 450 MB), " + root
                        + " does not: no space left on device; make room, or name another folder with RESONANCE_CACHE");
        assertThat(beside()).containsExactly(NAME + ".lock");
        unpack();
    }

    @Test
    void aFileInPlaceOfTheCacheFolderIsRefused() throws IOException {
        Files.writeString(root, "");
        assertThatThrownBy(this::unpack)
                .hasMessage("cache folder must take the native libraries (up to 450 MB), " + root
                        + " does not: a file is in its place; make room, or name another folder with RESONANCE_CACHE");
    }

    @Test
    void aPlaceWhereNoFolderCanBeMadeIsRefused() {
        Path nowhere = Path.of("/dev/null/resonance");
        assertThatThrownBy(() -> NativeCache.at(nowhere).folder(NAME, this::fill))
                .hasMessage("cache folder must take the native libraries (up to 450 MB), " + nowhere
                        + " does not: not a directory; make room, or name another folder with RESONANCE_CACHE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rwxrwx---", "rwx----w-", "rwxrwxrwx"})
    void aFolderThatOthersCanWriteToIsRefused(String permissions) throws IOException {
        Files.createDirectory(root);
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString(permissions));
        String mode = Integer.toOctalString((int) Files.getAttribute(root, "unix:mode") & 0777);
        assertThatThrownBy(this::unpack)
                .isInstanceOf(NativeLibraryException.class)
                .hasMessage("cache folder must be writable by you alone, was " + root + " with mode " + mode
                        + "; remove it, or name another folder with RESONANCE_CACHE");
        assertThat(root).isEmptyDirectory();
    }

    @Test
    void aFolderOfAnotherUserIsRefused() throws IOException {
        boolean isRoot = (int) Files.getAttribute(temporary, "unix:uid") == 0;
        Path foreign = isRoot ? Files.createDirectory(root) : Path.of("/usr");
        if (isRoot) {
            Files.setAttribute(foreign, "unix:uid", 65534);
        }
        assertThatThrownBy(() -> NativeCache.at(foreign).folder(NAME, this::fill))
                .isInstanceOf(NativeLibraryException.class)
                .hasMessage("cache folder must be yours, was " + foreign + ", which belongs to "
                        + Files.getOwner(foreign).getName() + "; name another folder with RESONANCE_CACHE");
    }

    @Test
    void aFolderThatEverybodyCouldSwapIsRefused() throws IOException {
        Path shared = Files.createDirectory(temporary.toRealPath().resolve("shared"));
        Path below = shared.resolve("mine");
        Files.setAttribute(shared, "unix:mode", 01777);
        NativeCache.at(below).folder(NAME, this::fill);
        Files.setAttribute(shared, "unix:mode", 0777);
        assertThatThrownBy(() -> NativeCache.at(below).folder(NAME, this::fill))
                .hasMessage("cache folder must be in folders that not everybody can write to, was " + below + " in "
                        + shared + " with mode 777; name another folder with RESONANCE_CACHE");
    }

    @Test
    void startsAtTheSameTimeUnpackOnceAndAllFindTheWhole() throws IOException, InterruptedException {
        for (int i = 0; i < 3; i++) {
            start("slowly");
        }
        for (Process process : started) {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo(WHOLE + System.lineSeparator());
        }
        assertThat(temporary.resolve("log")).hasContent("unpacks");
    }

    @Test
    void aStartThatIsKilledHalfwayLeavesNothingThatIsTakenOrStays() throws IOException, InterruptedException {
        Process killed = start("halfway");
        awaitHalf();
        killed.destroyForcibly().waitFor();
        assertThat(beside())
                .anyMatch(name -> name.startsWith(NAME + ".partial-"))
                .doesNotContain(NAME);
        assertThat(unpack().resolve("library.so")).hasContent(WHOLE);
        assertThat(beside()).containsExactly(NAME, NAME + ".lock");
    }

    @Test
    void anotherProcessIsNotWaitedForForEver() throws IOException, InterruptedException {
        start("halfway");
        awaitHalf();
        assertThatThrownBy(() ->
                        NativeCache.at(root).waiting(Duration.ofMillis(100)).folder(NAME, this::fill))
                .isInstanceOf(NativeLibraryException.class)
                .hasMessage("another process must finish unpacking within 0 seconds, still holds " + root.resolve(NAME)
                        + ".lock; end it, or name another folder with RESONANCE_CACHE");
    }

    @ParameterizedTest
    @CsvSource({
        "RESONANCE_CACHE=/c XDG_CACHE_HOME=/x HOME=/, linux, /c",
        "RESONANCE_CACHE= XDG_CACHE_HOME=/x HOME=/, linux, /x/resonance",
        "XDG_CACHE_HOME=x HOME={home}, linux, {home}/.cache/resonance",
        "HOME={home}, linux, {home}/.cache/resonance",
        "HOME={home}, mac os x, {home}/Library/Caches/resonance",
        "LOCALAPPDATA=/local HOME={home}, windows 11, /local/resonance",
    })
    void theCacheFolderIsWhereTheEnvironmentSays(String environment, String system, String root) {
        Map<String, String> variables = Stream.of(environment.split(" ", -1))
                .map(variable ->
                        variable.replace("{home}", temporary.toString()).split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
        assertThat(NativeCache.root(variables, system))
                .isEqualTo(Path.of(root.replace("{home}", temporary.toString())));
    }

    @Test
    void whereTheUsersIsIsWhereOtherFilesOfTheUsersGo() {
        assertThat(NativeCache.rootOfUser())
                .isEqualTo(NativeCache.root(
                        System.getenv(), System.getProperty("os.name").toLowerCase(Locale.ROOT)));
    }

    @Test
    void aHomeThatIsMissingIsNotTaken() {
        assertThat(NativeCache.root(Map.of("HOME", "/no/such/home"), "linux"))
                .isEqualTo(Path.of(System.getProperty("user.home"), ".cache", "resonance"));
    }

    private Path unpack() {
        return NativeCache.at(root).folder(NAME, this::fill);
    }

    private void fill(Path folder) throws IOException {
        unpackings++;
        Path file = Files.writeString(folder.resolve("library.so"), WHOLE);
        Path inner = Files.createDirectory(folder.resolve("inner"));
        Files.createSymbolicLink(inner.resolve("link.so"), file);
    }

    private Process start(String how) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Start.class.getName(),
                        root.toString(),
                        temporary.resolve("log").toString(),
                        how)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        started.add(process);
        return process;
    }

    private void awaitHalf() throws InterruptedException {
        for (int i = 0; i < 3000 && !Files.exists(temporary.resolve("log")); i++) {
            Thread.sleep(10);
        }
        assertThat(temporary.resolve("log")).exists();
    }

    private List<String> beside() throws IOException {
        try (Stream<Path> files = Files.list(root)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
