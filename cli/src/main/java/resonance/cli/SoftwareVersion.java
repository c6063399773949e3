package resonance.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IVersionProvider;

/** Which version this is and from which commit. */
final class SoftwareVersion implements IVersionProvider {
    /** Folder of the repository, as the launcher gives it. */
    static final String HOME_PROPERTY = "resonance.home";

    private static final String UNKNOWN = "unknown";
    private static final long GIT_SECONDS = 5;

    @Override
    public String[] getVersion() {
        return new String[] {"resonance " + text()};
    }

    /** Version and commit, as {@code 0.1.0 (commit 0123abc)}. */
    static String text() {
        return version() + " (commit " + commit() + ")";
    }

    /** The version in the POM. */
    static String version() {
        Properties properties = new Properties();
        try (InputStream in = SoftwareVersion.class.getResourceAsStream("version.properties")) {
            if (in == null) {
                throw new IllegalStateException("version.properties must be beside the classes, is missing");
            }
            properties.load(in);
        } catch (IOException e) {
            throw new IllegalStateException("version.properties must be readable", e);
        }
        return properties.getProperty("version", UNKNOWN);
    }

    /**
     * The commit checked out in the repository the program was started from, with "-dirty" behind it if files differ
     * from it; "unknown" without a repository or git.
     */
    static String commit() {
        return commit(System.getProperty(HOME_PROPERTY));
    }

    static String commit(@Nullable String home) {
        if (home == null || !Files.exists(Path.of(home, ".git"))) {
            return UNKNOWN;
        }
        ProcessBuilder git = new ProcessBuilder("git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*");
        git.directory(Path.of(home).toFile());
        git.environment().put("GIT_OPTIONAL_LOCKS", "0");
        git.redirectError(ProcessBuilder.Redirect.DISCARD);
        try {
            Process process = git.start();
            process.getOutputStream().close();
            if (!process.waitFor(GIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return UNKNOWN;
            }
            String commit = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return process.exitValue() == 0 ? commit : UNKNOWN;
        } catch (IOException noGit) {
            return UNKNOWN;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return UNKNOWN;
        }
    }
}
