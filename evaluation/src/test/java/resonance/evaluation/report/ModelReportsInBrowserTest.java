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
import org.openqa.selenium.support.ui.WebDriverWait;
import resonance.evaluation.passkey.ExamplePasskey;
import resonance.evaluation.passkey.PasskeyReport;
import resonance.evaluation.perplexity.ExamplePerplexity;
import resonance.evaluation.perplexity.PerplexityReport;

/** The pages of a language model's measurements as a reader sees them, in a {@link ReportBrowser}. */
@Tag("outside-program")
class ModelReportsInBrowserTest {

    private final ReportBrowser reports;
    private final ChromeDriver browser;

    ModelReportsInBrowserTest(@TempDir Path folder) {
        this.reports = new ReportBrowser(folder);
        this.browser = reports.driver();
    }

    @AfterEach
    void close() {
        reports.close();
    }

    @ParameterizedTest
    @CsvSource({"360,740,light", "360,740,dark", "1440,900,light", "1440,900,dark"})
    void perplexityIsDrawnAndThePageFitsItsWidth(int width, int height, String scheme) throws IOException {
        reports.show(width, height, scheme);
        reports.open(new PerplexityReport(ExamplePerplexity.finished()));

        assertThat(browser.findElements(By.cssSelector(".chart canvas"))).hasSize(2);
        reports.assertEveryChartHasItsColours();
        reports.assertFitsItsWidth();
        reports.assertNoConsoleMessages();
    }

    @ParameterizedTest
    @CsvSource({"360,740,light", "360,740,dark", "1440,900,light", "1440,900,dark"})
    void passkeyIsDrawnAndThePageFitsItsWidth(int width, int height, String scheme) throws IOException {
        reports.show(width, height, scheme);
        reports.open(new PasskeyReport(ExamplePasskey.finished()));

        assertThat(browser.findElements(By.cssSelector(".chart canvas"))).hasSize(2);
        assertThat(browser.findElements(By.cssSelector(".heat-map"))).hasSize(8);
        reports.assertEveryChartHasItsColours();
        assertEveryHeatIsLegible();
        reports.assertFitsItsWidth();
        reports.assertNoConsoleMessages();
    }

    @Test
    void thePerplexityTableSaysWhatWasMeasured() throws IOException {
        PerplexityReport report = new PerplexityReport(ExamplePerplexity.finished());
        reports.show(1440, 900, "light");
        reports.open(report);

        assertThat(browser.findElement(By.tagName("h1")).getText())
                .isEqualTo("Does little-prose-3M hold past its trained length?");
        assertThat(rows(0))
                .containsExactly(
                        "No scaling 22.22 ± 0.13 20.44 ± 0.12; best 35.12 ± 0.25 131.1 ± 1.4 705.8 ± 9.7",
                        "Linear 22.23 ± 0.13 20.54 ± 0.12 21.28 ± 0.12 24.76 ± 0.15 30.62 ± 0.18",
                        "NTK-aware 22.08 ± 0.13; best 20.51 ± 0.12 20.72 ± 0.12 23.36 ± 0.14 27.12 ± 0.16",
                        "Dynamic NTK 22.15 ± 0.13 20.47 ± 0.12 20.09 ± 0.12 21.57 ± 0.13 23.82 ± 0.14",
                        "YaRN 22.25 ± 0.13 20.50 ± 0.12 19.86 ± 0.12 19.94 ± 0.12 21.11 ± 0.12",
                        "Resonance YaRN 22.56 ± 0.13 20.66 ± 0.12 19.47 ± 0.11; best 18.75 ± 0.11; best 18.44 ±"
                                + " 0.11; best");
        assertThat(rows(1))
                .hasSize(5)
                .endsWith("Resonance YaRN − YaRN +1.38 [−0.43, +3.22] undecided; better in 0 of 3 +0.79 [−0.18, +1.76]"
                        + " undecided; better in 0 of 3 −1.99 [−5.61, +1.77] undecided; better in 3 of 3 −5.94 [−8.31, −3.50]"
                        + " better; better in 3 of 3 −12.67 [−16.22, −8.97] better; better in 3 of 3");
        browser.findElement(By.id("download")).click();
        Path data = reports.downloads().resolve("perplexity.json");
        new WebDriverWait(browser, Duration.ofSeconds(10)).until(unused -> Files.exists(data));
        assertThat(new JsonMapper().readTree(data.toFile())).isEqualTo(new JsonMapper().readTree(report.toJson()));
        reports.assertNoConsoleMessages();
    }

    @Test
    void aHeatMapIsATableToo() throws IOException {
        reports.show(360, 740, "light");
        reports.open(new PasskeyReport(ExamplePasskey.finished()));

        WebElement map = browser.findElement(By.cssSelector(".heat-map"));
        assertThat(map.findElement(By.tagName("figcaption")).getText()).isEqualTo("No scaling");
        assertThat(texts(map.findElements(By.cssSelector("thead th"))))
                .containsExactly("Depth", "128", "256", "512", "1,024", "2,048", "4,096");
        assertThat(texts(map.findElements(By.cssSelector("tbody tr"))))
                .hasSize(10)
                .startsWith("0 % 100 100 100 0 0 0");
        assertThat(map.findElements(By.cssSelector("th.boundary"))).hasSize(1);
        assertThat(map.findElement(By.cssSelector("th.boundary")).getText()).isEqualTo("1,024");
        reports.assertNoConsoleMessages();
    }

    @Test
    void unfinishedMeasurementsAreShownWithoutComplaint() throws IOException {
        reports.show(360, 740, "light");
        for (int finished : new int[] {0, 1, 20}) {
            reports.open(new PerplexityReport(ExamplePerplexity.of(ExamplePerplexity.plan(), finished)));
            assertThat(browser.findElement(By.className("lead")).getText())
                    .endsWith("Not complete: " + finished + " of 90 measurements are finished.");
            reports.assertFitsItsWidth();
            reports.assertNoConsoleMessages();
            reports.open(new PasskeyReport(ExamplePasskey.of(ExamplePasskey.plan(), finished)));
            assertThat(browser.findElement(By.className("lead")).getText())
                    .endsWith("Not complete: " + finished + " of 480 trials are finished.");
            reports.assertFitsItsWidth();
            reports.assertNoConsoleMessages();
        }
    }

    private List<String> rows(int table) {
        return texts(browser.findElements(By.cssSelector("section.table"))
                .get(table)
                .findElements(By.cssSelector("tbody tr")));
    }

    private static List<String> texts(List<WebElement> elements) {
        return elements.stream()
                .map(element -> element.getText().replaceAll("\\s+", " "))
                .toList();
    }

    /** Every heat map's numbers have the contrast of text, 4.5:1, and the palest and the strongest cell look different. */
    private void assertEveryHeatIsLegible() {
        Object complaints = reports.script("""
                const canvas = document.createElement("canvas");
                const ctx = canvas.getContext("2d", { willReadFrequently: true });
                const pixel = (colour) => {
                  ctx.fillStyle = colour;
                  ctx.fillRect(0, 0, 1, 1);
                  return [...ctx.getImageData(0, 0, 1, 1).data].slice(0, 3);
                };
                const light = (rgb) => {
                  const [r, g, b] = rgb.map((part) => part / 255)
                    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
                  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
                };
                const complaints = [];
                const grounds = new Map();
                document.querySelectorAll(".heat-map td").forEach((cell) => {
                  const style = getComputedStyle(cell);
                  const text = light(pixel(style.color));
                  const ground = light(pixel(style.backgroundColor));
                  const contrast = (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05);
                  if (contrast < 4.5) complaints.push(cell.textContent + ": contrast " + contrast);
                  const heat = cell.style.getPropertyValue("--heat");
                  if (heat) grounds.set(heat, String(pixel(style.backgroundColor)));
                });
                const heats = [...grounds.keys()].sort();
                const ends = [heats[0], heats[heats.length - 1]].map((heat) => grounds.get(heat));
                if (ends[0] === ends[1]) complaints.push("heats " + heats + " look alike");
                return complaints;
                """);
        assertThat(complaints).isEqualTo(List.of());
    }
}
