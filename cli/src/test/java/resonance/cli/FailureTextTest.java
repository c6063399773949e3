package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class FailureTextTest {
    private static void says(Throwable failure, String line) {
        assertThat(FailureText.of(failure)).isEqualTo("failed: " + line);
        assertThat(FailureText.unforeseen(failure)).isFalse();
    }

    @Test
    void filesAreNamedWithWhatTheSystemRefused() {
        says(
                new AccessDeniedException("/a"),
                "/a must be open to this user, was refused by the system; change its permissions or take another path");
        says(new UncheckedIOException(new NoSuchFileException("/a")), "/a must exist, was missing; correct the path");
        says(
                new FileSystemException("/a", null, "Read-only file system"),
                "/a can't be read or written (Read-only file system); correct the path or take another");
        says(new IOException("Bad file descriptor"), "a file can't be read or written (Bad file descriptor)");
        says(
                new IOException("No space left on device"),
                "the disk must have room for what is written, is full; free some space or choose another output");
        says(
                new FileSystemException("/a", null, "No space left on device"),
                "/a must have room on its disk, which is full; free some space or choose another output");
        for (String reason : List.of("Disk quota exceeded", "File too large")) {
            says(
                    new IOException(reason),
                    "the disk must have room for what is written, is full; free some space or choose another output");
        }
    }

    @Test
    void memoryThatIsTooSmallIsSaidWhoeverRanOut() {
        String cure = "; take shorter lengths or smaller sizes, or give Java more by RESONANCE_JAVA_OPTS=-Xmx8g";
        says(
                new ExecutionException(new OutOfMemoryError("Java heap space")),
                "memory must hold what is computed, was too small (Java heap space)" + cure);
        says(
                new IllegalStateException(
                        "a worker failed", new RuntimeException("x: can't allocate memory: you tried\ny")),
                "memory must hold what is computed, was too small (the system's)" + cure);
    }

    @Test
    void whatNobodyForesawAsksForTheTrace() {
        IllegalStateException failure = new IllegalStateException("what");
        assertThat(FailureText.of(failure)).isEqualTo("failed: java.lang.IllegalStateException: what");
        assertThat(FailureText.unforeseen(failure)).isTrue();
    }
}
