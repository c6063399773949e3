package resonance.evaluation.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.support.ui.WebDriverWait;
import resonance.evaluation.Comparison;
import resonance.evaluation.ExampleComparison;
import resonance.evaluation.ReferenceTable;
import resonance.evaluation.comparison.ComparisonReport;

/** A comparison's page as a reader of it sees it, in a {@link ReportBrowser}. */
@Tag("outside-program")
class ReportInBrowserTest {

    private final ReportBrowser reports;
    private final ChromeDriver browser;

    ReportInBrowserTest(@TempDir Path folder) {
        this.reports = new ReportBrowser(folder);
        this.browser = reports.driver();
    }

    @AfterEach
    void close() {
        reports.close();
    }

    @ParameterizedTest
    @CsvSource({"360,740,light", "360,740,dark", "1440,900,light", "1440,900,dark"})
    void everyChartIsDrawnAndThePageFitsItsWidth(int width, int height, String scheme) throws IOException {
        reports.show(width, height, scheme);
        open(new ComparisonReport(
                ExampleComparison.finished(List.of("recursive", "cot", "semi-recursive")),
                ReferenceTable.paperTable1(),
                ExampleComparison.angles(128)));

        // Three tasks by position, two encodings' angles, three of training, three times two of validation.
        assertThat(browser.findElements(By.cssSelector(".chart canvas"))).hasSize(14);
        reports.assertEveryChartHasItsColours();
        reports.assertFitsItsWidth();
        assertThat(reports.script("return getComputedStyle(document.body).backgroundColor"))
                .isEqualTo(scheme.equals("dark") ? "rgb(18, 21, 26)" : "rgb(246, 247, 249)");
        reports.assertNoConsoleMessages();
    }

    @Test
    void tablesSayWhatTheComparisonSays() throws IOException {
        reports.show(1440, 900, "light");
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
        assertThat(browser.findElements(By.cssSelector("section.key-values dd")).stream()
                        .map(WebElement::getText))
                .startsWith("cot", "rope, resonance-rope, yarn, resonance-yarn", "5549, 4955, 42", "quick");
        reports.assertNoConsoleMessages();
    }

    @Test
    void readersCanHideSeriesReadValuesAndTakeTheDataAway() throws IOException {
        reports.show(1440, 900, "light");
        ComparisonReport report = new ComparisonReport(
                ExampleComparison.finished(List.of("cot")), ReferenceTable.none(), ExampleComparison.angles(128));
        open(report);
        WebElement charts = browser.findElement(By.cssSelector("section.charts"));
        WebElement plot = charts.findElement(By.className("plot"));

        new Actions(browser).scrollToElement(plot).moveToElement(plot).perform();
        assertThat(plot.findElement(By.className("tip")).getText())
                .startsWith("position ")
                .contains("Resonance YaRN", "RoPE", " %");

        Object before = reports.script("return document.querySelector('.chart canvas').toDataURL()");
        WebElement rope = charts.findElement(By.cssSelector(".legend button"));
        assertThat(rope.getText()).isEqualTo("RoPE");
        rope.click();
        assertThat(rope.getDomAttribute("aria-pressed")).isEqualTo("false");
        reports.await("return document.querySelector('.chart canvas').toDataURL() !== arguments[0]", before);

        charts.findElement(By.tagName("summary")).click();
        reports.await("return document.querySelector('.chart details table') !== null");
        List<WebElement> numbers = charts.findElements(By.cssSelector("details tbody tr"));
        assertThat(numbers).hasSize(252);
        assertThat(numbers.get(60).getText()).startsWith("64 ");

        browser.findElement(By.id("download")).click();
        Path data = reports.downloads().resolve("comparison.json");
        new WebDriverWait(browser, Duration.ofSeconds(10)).until(unused -> Files.exists(data));
        assertThat(new JsonMapper().readTree(data.toFile())).isEqualTo(new JsonMapper().readTree(report.toJson()));
        reports.assertNoConsoleMessages();
    }

    @Test
    void chartsFollowAChangeOfSchemeAndWidth() throws IOException {
        reports.show(1440, 900, "light");
        open(new ComparisonReport(
                ExampleComparison.finished(List.of("cot")), ReferenceTable.none(), ExampleComparison.angles(128)));
        String canvas = "document.querySelector('.chart canvas')";
        Object light = reports.script("return " + canvas + ".toDataURL()");
        Object wide = reports.script("return " + canvas + ".clientWidth");

        reports.show(1440, 900, "dark");
        reports.await("return " + canvas + ".toDataURL() !== arguments[0]", light);
        reports.show(360, 740, "dark");
        reports.await("return " + canvas + ".clientWidth < arguments[0] / 2", wide);

        reports.assertEveryChartHasItsColours();
        assertThat(reports.script("return document.documentElement.scrollWidth"))
                .isEqualTo(360L);
        reports.assertNoConsoleMessages();
    }

    @Test
    void anUnfinishedComparisonIsShownWithoutComplaint() throws IOException {
        reports.show(360, 740, "light");
        Comparison whole = ExampleComparison.finished(List.of("cot", "recursive"));
        for (int finished : new int[] {0, 1, 14}) {
            open(new ComparisonReport(
                    ExampleComparison.of(whole.plan(), whole.cells().subList(0, finished)),
                    ReferenceTable.none(),
                    List.of()));
            assertThat(browser.findElement(By.className("lead")).getText())
                    .endsWith("Not complete: " + finished + " of 24 runs are finished.");
            reports.assertNoConsoleMessages();
        }
    }

    private void open(ComparisonReport report) throws IOException {
        reports.open(report);
    }
}
