package resonance.hadoop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import resonance.study.AtomicFile;
import resonance.study.StudyPlace;

/** What the JDK's file system interface promises, of files in a real HDFS. */
class HadoopProviderTest {
    private final Path folder;
    private final Path file;

    HadoopProviderTest() throws IOException {
        folder = Hdfs.newFolder();
        file = folder.resolve("a file");
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void pathsAreMadeOfTheirTextAgain() {
        assertThat(StudyPlace.text(file)).isEqualTo(file.toString()).startsWith("hdfs://127.0.0.1:");
        assertThat(StudyPlace.of(file.toString())).isEqualTo(file).hasSameHashCodeAs(file);
        assertThat(file.getFileName()).hasToString("a file");
        assertThat(file.getParent()).isEqualTo(folder);
        assertThat(folder.relativize(file.resolve("b"))).hasToString("a file/b");
        assertThat(file.relativize(folder.resolve("c"))).hasToString("../c");
        assertThat(file.resolve("..").resolve(".").resolve("c").normalize()).isEqualTo(folder.resolve("c"));
        assertThat(file.startsWith(folder)).isTrue();
        assertThat(file.endsWith("a file")).isTrue();
        assertThat(file.getRoot().resolve("..").normalize()).isEqualTo(file.getRoot());
        assertThat(file.getFileSystem().provider().getPath(file.toUri())).isEqualTo(file);
    }

    @Test
    void aFileIsFoundAndReadOnceItIsClosed() throws IOException {
        byte[] bytes = new byte[300_000];
        new Random(5).nextBytes(bytes);
        Files.write(file, bytes);
        assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
        assertThat(Files.size(file)).isEqualTo(bytes.length);
        assertThat(Files.isRegularFile(file)).isTrue();
        assertThat(Files.isDirectory(folder)).isTrue();
        Files.writeString(file, "shorter");
        assertThat(Files.readString(file)).isEqualTo("shorter");
        Files.createFile(folder.resolve("empty"));
        assertThat(Files.readAllBytes(folder.resolve("empty"))).isEmpty();
    }

    @Test
    void aFileThatIsRemovedWhileItIsWrittenFailsInOneWay() throws IOException {
        OutputStream out = Files.newOutputStream(file);
        out.write(new byte[1000]);
        Files.delete(file);
        assertThatThrownBy(() -> {
                    try (out) {
                        out.write(1);
                    }
                })
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void anyPartOfAFileIsRead() throws IOException {
        Files.writeString(file, "0123456789");
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            ByteBuffer buffer = ByteBuffer.allocate(3);
            assertThat(channel.position(6).read(buffer)).isEqualTo(3);
            assertThat(channel.position()).isEqualTo(9);
            assertThat(buffer.array()).asString().isEqualTo("678");
            assertThat(channel.position(0).read(buffer.clear())).isEqualTo(3);
            assertThat(buffer.array()).asString().isEqualTo("012");
            assertThat(channel.position(10).read(buffer.clear())).isEqualTo(-1);
            assertThat(channel.position(99).read(buffer.clear())).isEqualTo(-1);
            assertThat(channel.size()).isEqualTo(10);
        }
    }

    @Test
    void whatIsMadeNewIsMadeOnce() throws IOException {
        Files.writeString(file, "first", StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        assertThatThrownBy(() ->
                        Files.writeString(file, "second", StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessage(file.toString());
        assertThat(Files.readString(file)).isEqualTo("first");
        assertThatThrownBy(() -> Files.createFile(folder.resolve("absent").resolve("file")))
                .isInstanceOf(NoSuchFileException.class);
        assertThat(folder.resolve("absent"))
                .satisfies(path -> assertThat(Files.notExists(path)).isTrue());
    }

    /** The lock of a study rests on it. */
    @Test
    void ofManyWhoMakeOrRenameOneFileOneDoes() throws Exception {
        List<Thread> threads = new ArrayList<>();
        List<Integer> made = Collections.synchronizedList(new ArrayList<>());
        List<Integer> renamed = Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 8; i++) {
            int own = i;
            Files.createFile(folder.resolve("from" + own));
            threads.add(new Thread(() -> {
                try {
                    Files.createFile(file);
                    made.add(own);
                } catch (IOException another) {
                    // Made it.
                }
                try {
                    Files.move(folder.resolve("from" + own), folder.resolve("to"));
                    renamed.add(own);
                } catch (IOException another) {
                    // Renamed to it.
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(made).hasSize(1);
        assertThat(renamed).hasSize(1);
    }

    @Test
    void anAtomicMoveReplacesAndAPlainOneDoesNot() throws IOException {
        Path other = Files.writeString(folder.resolve("other"), "other");
        Files.writeString(file, "one");
        assertThatThrownBy(() -> Files.move(other, file))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessage(file.toString());
        Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
        assertThat(Files.readString(file)).isEqualTo("other");
        assertThat(names(folder)).containsExactly("a file");
        assertThatThrownBy(() -> Files.move(other, file, StandardCopyOption.ATOMIC_MOVE))
                .isInstanceOf(NoSuchFileException.class);
        Files.copy(file, other);
        assertThatThrownBy(() -> Files.copy(file, other)).isInstanceOf(FileAlreadyExistsException.class);
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
        assertThat(Files.readString(file)).isEqualTo("other");
    }

    /** Whoever reads a record while it is replaced reads the old one or the new one. */
    @Test
    void aFileIsNeverSeenInPart() throws Exception {
        String[] texts = {"a".repeat(5_000), "b".repeat(50_000)};
        AtomicFile.write(file, texts[0]);
        Thread writer = new Thread(() -> {
            for (int i = 1; i <= 40; i++) {
                try {
                    AtomicFile.write(file, texts[i % 2]);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
        writer.start();
        int read = 0;
        while (writer.isAlive()) {
            try {
                assertThat(Files.readString(file)).isIn(texts[0], texts[1]);
                read++;
            } catch (NoSuchFileException replacedWhileItWasOpened) {
                // Its blocks went with it; whoever sees that reads again.
            }
        }
        writer.join();
        assertThat(read).isPositive();
        assertThat(names(folder)).containsExactly("a file");
    }

    @Test
    void whatIsWrittenThroughAStreamIsThereInTheEndAlone() throws IOException {
        assertThatThrownBy(() -> FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE))
                .isInstanceOf(UnsupportedOperationException.class);
        Files.writeString(file, "old");
        assertThatThrownBy(() -> AtomicFile.write(file, out -> {
                    out.write(1);
                    throw new IOException("the work failed");
                }))
                .hasMessage("the work failed");
        assertThat(Files.readString(file)).isEqualTo("old");
        assertThat(names(folder)).containsExactly("a file");
        assertThatThrownBy(() -> Files.newOutputStream(file, StandardOpenOption.APPEND, StandardOpenOption.WRITE))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void foldersAreMadeListedAndRemoved() throws IOException {
        Path deep = Files.createDirectories(folder.resolve("x").resolve("y"));
        Files.createDirectories(deep);
        assertThatThrownBy(() -> Files.createDirectory(deep)).isInstanceOf(FileAlreadyExistsException.class);
        assertThatThrownBy(() -> Files.createDirectory(folder.resolve("p").resolve("q")))
                .isInstanceOf(NoSuchFileException.class);
        Files.writeString(deep.resolve("one.json"), "1");
        Files.writeString(deep.resolve("two.txt"), "2");
        try (DirectoryStream<Path> some = Files.newDirectoryStream(deep, "*.json")) {
            assertThat(some).containsExactly(deep.resolve("one.json"));
        }
        assertThat(names(deep)).containsExactly("one.json", "two.txt");
        assertThatThrownBy(() -> Files.delete(deep)).isInstanceOf(DirectoryNotEmptyException.class);
        assertThatThrownBy(() -> names(deep.resolve("one.json"))).isInstanceOf(NotDirectoryException.class);
        assertThatThrownBy(() -> names(deep.resolve("three"))).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> Files.createDirectory(deep.resolve("one.json").resolve("z")))
                .isInstanceOf(IOException.class);
        Files.delete(deep.resolve("one.json"));
        Files.delete(deep.resolve("two.txt"));
        Files.delete(deep);
        assertThatThrownBy(() -> Files.delete(deep)).isInstanceOf(NoSuchFileException.class);
        assertThat(Files.deleteIfExists(deep)).isFalse();
    }

    @Test
    void timesAreTheStoresAndCanBeSet() throws IOException {
        Files.writeString(file, "text");
        FileTime earlier = FileTime.fromMillis(1_700_000_000_123L);
        Files.setLastModifiedTime(file, earlier);
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(earlier);
        assertThat(Files.getAttribute(file, "basic:lastModifiedTime")).isEqualTo(earlier);
        assertThat(Files.readAttributes(file, "size,isDirectory"))
                .containsEntry("size", 4L)
                .containsEntry("isDirectory", false);
        assertThatThrownBy(() -> Files.getAttribute(file, "colour")).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void whatIsClosedToAUserIsSaidSo() throws IOException {
        assertThat(Files.isWritable(folder)).isTrue();
        assertThat(Files.isWritable(folder.resolve("absent"))).isFalse();
        assertThatThrownBy(() -> HadoopFailure.of((HadoopPath) file, () -> {
                    throw new org.apache.hadoop.security.AccessControlException("no");
                }))
                .isInstanceOf(AccessDeniedException.class)
                .hasMessage(file.toString());
    }

    @Test
    void aStreamThatIsClosedTwiceIsClosed() throws IOException {
        OutputStream out = Files.newOutputStream(file);
        out.write(1);
        out.close();
        out.close();
        assertThat(Files.size(file)).isEqualTo(1);
    }
}
