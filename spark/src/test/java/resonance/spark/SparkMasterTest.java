package resonance.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SparkMasterTest {
    @ParameterizedTest
    @CsvSource({
        "local, 1, local[1], true",
        "local[4], 2, local[4], true",
        "spark://host:7077, 64, spark://host:7077, false",
        "k8s://https://host:443, 1, k8s://https://host:443, false",
        "yarn, 1, yarn, false",
    })
    void namesAMasterAsSparkDoes(String text, int threads, String url, boolean local) {
        assertThat(SparkMaster.of(text, threads)).isEqualTo(new SparkMaster(url, local));
    }

    @Test
    void aStarTakesAllCores() {
        int cores = Runtime.getRuntime().availableProcessors();
        assertThat(SparkMaster.of("local[*]", 1)).isEqualTo(new SparkMaster("local[" + cores + "]", true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "local[0]", "local[2", "cluster", "spark://", "spark://a b", "local-cluster[2,1,1024]"})
    void whatSparkHasNoProcessesFromIsRefused(String text) {
        assertThatThrownBy(() -> SparkMaster.of(text, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("--spark must be local[N], spark://HOST:PORT, yarn or k8s://URL, was '" + text
                        + "'; local[2] takes two cores of this machine");
    }

    @Test
    void fewerCoresThanACellTakesAreRefused() {
        assertThatThrownBy(() -> SparkMaster.of("local[2]", 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "--threads must be at most 2 with --spark local[2], since a cell takes that many of its cores,"
                                + " was 3; take fewer threads or more cores");
    }
}
