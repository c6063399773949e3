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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;
import resonance.evaluation.Comparison;
import resonance.evaluation.ExampleComparison;
import resonance.evaluation.ReferenceTable;

/**
 * Opens reports from disk in headless Chromium, as a reader would. Needs {@code chromium} and {@code chromedriver} on the
 * path (Debian: packages chromium and chromium-driver); without them it fails.
 */
@Tag("outside-program")
class ReportInBrowserTest {

    private final Path folder;
    private final ChromeDriver browser;

    ReportInBrowserTest(@TempDir Path folder) {
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
    }

    @BeforeEach
    void forgetEarlierMessages() {
        browser.manage().logs().get(LogType.BROWSER);
    }

    @AfterEach
    void close() {
        browser.quit();
    }

    @ParameterizedTest
    @CsvSource({"360,740,light", "360,740,dark", "1440,900,light", "1440,900,dark"})
    void everyChartIsDrawnAndThePageFitsItsWidth(int width, int height, String scheme) throws IOException {
        show(width, height, scheme);
        open(new ComparisonReport(
                ExampleComparison.finished(List.of("recursive", "cot", "semi-recursive")),
                ReferenceTable.paperTable1(),
                ExampleComparison.angles(128)));

        // Three tasks by position, two encodings' angles, three of training, three times two of validation.
        assertThat(browser.findElements(By.cssSelector(".chart canvas"))).hasSize(14);
        assertEveryChartHasItsColours();
        assertThat(script("return document.documentElement.scrollWidth - document.documentElement.clientWidth"))
                .isEqualTo(0L);
        assertThat(script("return getComputedStyle(document.body).backgroundColor"))
                .isEqualTo(scheme.equals("dark") ? "rgb(18, 21, 26)" : "rgb(246, 247, 249)");
        assertNoConsoleMessages();
    }

    @Test
    void tablesSayWhatTheComparisonSays() throws IOException {
        show(1440, 900, "light");
        Comparison comparison = ExampleComparison.finished(List.of("cot"));
        open(new ComparisonReport(comparison, ReferenceTable.paperTable1(), ExampleComparison.angles(128)));

        assertThat(browser.findElement(By.tagName("h1")).getText())
                .isEqualTo("Does Resonance help beyond the trained length?");
        List<WebElement> rows =
                browser.findElements(By.cssSelector("section.table")).get(0).findElements(By.cssSelector("tbody tr"));
        assertThat(rows.stream().map(row -> row.getText().replaceAll("\\s+", " ")))
                .containsExactly(
                        "RoPE 53.9 ± 2.1 52.5 to 56.3 69.56 ± 0.33 98.6 ± 0.1 98.5 to 98.8",
                        "Resonance RoPE 67.7 ± 2.7 65.9 to 70.8 75.25 ± 0.10 98.4 ± 0.1 98.3 to 98.5",
                        "YaRN 67.8 ± 1.6 66.0 to 69.0 98.71 ± 0.00 98.5 ± 0.1 98.4 to 98.5",
                        "Resonance YaRN 73.6 ± 1.5 72.7 to 75.3 99.58 ± 0.00 98.5 ± 0.1 98.3 to 98.5");
        assertThat(browser.findElements(By.className("headline")).stream().map(WebElement::getText))
                .containsExactly("+13.8 points", "+5.8 points");
        assertThat(browser.findElement(By.cssSelector("section.key-values dd")).getText())
                .isEqualTo("quick");
        assertNoConsoleMessages();
    }

    @Test
    void readersCanHideSeriesReadValuesAndTakeTheDataAway() throws IOException {
        show(1440, 900, "light");
        Comparison comparison = ExampleComparison.finished(List.of("cot"));
        open(new ComparisonReport(comparison, ReferenceTable.none(), ExampleComparison.angles(128)));
        WebElement charts = browser.findElement(By.cssSelector("section.charts"));
        WebElement plot = charts.findElement(By.className("plot"));

        new Actions(browser).scrollToElement(plot).moveToElement(plot).perform();
        assertThat(plot.findElement(By.className("tip")).getText())
                .startsWith("position ")
                .contains("Resonance YaRN", "RoPE", " %");

        Object before = script("return document.querySelector('.chart canvas').toDataURL()");
        WebElement rope = charts.findElement(By.cssSelector(".legend button"));
        assertThat(rope.getText()).isEqualTo("RoPE");
        rope.click();
        assertThat(rope.getDomAttribute("aria-pressed")).isEqualTo("false");
        await("return document.querySelector('.chart canvas').toDataURL() !== arguments[0]", before);

        charts.findElement(By.tagName("summary")).click();
        await("return document.querySelector('.chart details table') !== null");
        List<WebElement> numbers = charts.findElements(By.cssSelector("details tbody tr"));
        assertThat(numbers).hasSize(252);
        assertThat(numbers.get(60).getText()).startsWith("64 ");

        browser.findElement(By.id("download")).click();
        Path data = folder.resolve("downloads").resolve("comparison.json");
        new WebDriverWait(browser, Duration.ofSeconds(10)).until(unused -> Files.exists(data));
        assertThat(Comparison.readJson(data)).isEqualTo(comparison);
        assertNoConsoleMessages();
    }

    @Test
    void chartsFollowAChangeOfSchemeAndWidth() throws IOException {
        show(1440, 900, "light");
        open(new ComparisonReport(
                ExampleComparison.finished(List.of("cot")), ReferenceTable.none(), ExampleComparison.angles(128)));
        String canvas = "document.querySelector('.chart canvas')";
        Object light = script("return " + canvas + ".toDataURL()");
        Object wide = script("return " + canvas + ".clientWidth");

        show(1440, 900, "dark");
        await("return " + canvas + ".toDataURL() !== arguments[0]", light);
        show(360, 740, "dark");
        await("return " + canvas + ".clientWidth < arguments[0] / 2", wide);

        assertEveryChartHasItsColours();
        assertThat(script("return document.documentElement.scrollWidth")).isEqualTo(360L);
        assertNoConsoleMessages();
    }

    @Test
    void anUnfinishedComparisonIsShownWithoutComplaint() throws IOException {
        show(360, 740, "light");
        Comparison whole = ExampleComparison.finished(List.of("cot", "recursive"));
        for (int finished : new int[] {0, 1, 14}) {
            open(new ComparisonReport(
                    new Comparison(
                            whole.plan(),
                            whole.settings(),
                            whole.provenance(),
                            whole.cells().subList(0, finished)),
                    ReferenceTable.none(),
                    List.of()));
            assertThat(browser.findElement(By.className("lead")).getText())
                    .endsWith("Not complete: " + finished + " of 24 runs are finished.");
            assertNoConsoleMessages();
        }
    }

    /** Counts, on every chart's canvas, pixels close to the colour of each of its series. */
    private void assertEveryChartHasItsColours() {
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

    private void assertNoConsoleMessages() {
        assertThat(browser.manage().logs().get(LogType.BROWSER).getAll().stream()
                        .map(LogEntry::toString))
                .isEmpty();
    }

    private void open(ComparisonReport report) throws IOException {
        Path file = folder.resolve("report.html");
        report.writeHtml(file);
        browser.get(file.toUri().toString());
        await("return document.readyState === 'complete'");
    }

    /** Sets size and colour scheme; a window can't be made as narrow as a phone, so the page's metrics are set instead. */
    private void show(int width, int height, String scheme) {
        browser.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500));
        browser.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    private Object script(String script, Object... arguments) {
        Object result = browser.executeScript(script, arguments);
        assertThat(result).as(script).isNotNull();
        return Objects.requireNonNull(result);
    }

    private void await(String condition, Object... arguments) {
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
