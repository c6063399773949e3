package resonance.evaluation.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Level;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;
import resonance.study.WrittenFiles;

/**
 * A headless Chromium that opens reports from disk, as a reader would. Needs {@code chromium} and {@code chromedriver} on
 * the path (Debian: packages chromium and chromium-driver); without them it fails.
 */
final class ReportBrowser implements AutoCloseable {

    private final Path folder;
    private final ChromeDriver browser;

    /** Starts the browser. Its profile, its downloads and the reports lie in a folder of the test's. */
    ReportBrowser(Path folder) {
        this.folder = folder;
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(program("chromium").toFile());
        options.setCapability("goog:loggingPrefs", logs);
        options.setExperimentalOption(
                "prefs",
                Map.of("download.default_directory", folder.resolve("downloads").toString()));
        options.addArguments(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + folder.resolve("profile"));
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(program("chromedriver").toFile())
                .build();
        this.browser = new ChromeDriver(service, options);
        browser.manage().logs().get(LogType.BROWSER);
    }

    /** The driver, for what is not offered here. */
    ChromeDriver driver() {
        return browser;
    }

    /** Where downloads go. */
    Path downloads() {
        return folder.resolve("downloads");
    }

    @Override
    public void close() {
        browser.quit();
    }

    /** Counts, on every chart's canvas, pixels close to the colour of each of its series. */
    void assertEveryChartHasItsColours() {
        Object missing = script("""
                const missing = [];
                document.querySelectorAll("figure.chart").forEach((figure) => {
                  const chart = JSON.parse(figure.querySelector("script").textContent);
                  const canvas = figure.querySelector("canvas");
                  const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
                  new Set(chart.series.map((line) => line.style.colour)).forEach((slot) => {
                    const name = getComputedStyle(document.documentElement).getPropertyValue("--c" + slot).trim();
                    const want = [1, 3, 5].map((i) => parseInt(name.slice(i, i + 2), 16));
                    let found = 0;
                    for (let i = 0; i < pixels.length; i += 4) {
                      if (pixels[i + 3] > 250 && want.every((part, j) => Math.abs(part - pixels[i + j]) < 8)) found++;
                    }
                    if (found < 40) missing.push(chart.title + " colour " + slot + ": " + found + " pixels");
                  });
                });
                return missing;
                """);
        assertThat(missing).isEqualTo(List.of());
    }

    /** No part of the page is wider than the window. */
    void assertFitsItsWidth() {
        assertThat(script("return document.documentElement.scrollWidth - document.documentElement.clientWidth"))
                .isEqualTo(0L);
    }

    void assertNoConsoleMessages() {
        assertThat(browser.manage().logs().get(LogType.BROWSER).getAll().stream()
                        .map(LogEntry::toString))
                .isEmpty();
    }

    /** Writes a report and opens it. */
    void open(Report report) throws IOException {
        Path file = folder.resolve("report.html");
        report.write(WrittenFiles.in(folder, "test", "1.0"));
        browser.get(file.toUri().toString());
        await("return document.readyState === 'complete'");
    }

    /** Sets size and colour scheme; a window can't be made as narrow as a phone, so the page's metrics are set instead. */
    void show(int width, int height, String scheme) {
        browser.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500));
        browser.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    Object script(String script, Object... arguments) {
        Object result = browser.executeScript(script, arguments);
        assertThat(result).as(script).isNotNull();
        return Objects.requireNonNull(result);
    }

    void await(String condition, Object... arguments) {
        new WebDriverWait(browser, Duration.ofSeconds(10))
                .withMessage(condition)
                .until(unused -> Boolean.TRUE.equals(browser.executeScript(condition, arguments)));
    }

    private static Path program(String name) {
        String path = System.getenv("PATH");
        return Arrays.stream((path == null ? "" : path).split(File.pathSeparator))
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new AssertionError(name
                        + " must be installed for this test, was not found on the path; install the packages chromium"
                        + " and chromium-driver, or leave out the profile outside-programs"));
    }
}
