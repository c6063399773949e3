package resonance.evaluation.task;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PythonNumberTest {

    @ParameterizedTest
    @CsvSource({
        "18,18",
        "1_8,18",
        "' 18\n',18",
        "+.5,0.5",
        "5.,5",
        "-1e3,-1000",
        "1_0.0_1e1_0,100100000000",
        "١٨,18",
        "inf,Infinity",
        "-Infinity,-Infinity",
        "NaN,NaN",
        "1e400,Infinity",
    })
    void readsWhatPythonReads(String text, double value) {
        assertThat(PythonNumber.parse(text)).hasValue(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", " ", "1,000", "1d", "0x1p3", "1__8", "_18", "18_", "1 8", ".", "e5", "²", "1e", "infinit", "+-1"
            })
    void refusesWhatPythonRefuses(String text) {
        assertThat(PythonNumber.parse(text)).isEmpty();
    }

    @Test
    void roundsTheBinaryValueAndTiesToEven() {
        assertThat(PythonNumber.round(2.675, 2)).isEqualTo(2.67);
        assertThat(PythonNumber.round(0.125, 2)).isEqualTo(0.12);
        assertThat(PythonNumber.round(0.375, 2)).isEqualTo(0.38);
        assertThat(PythonNumber.round(100 * 130.0 / 172, 4)).isEqualTo(75.5814);
    }
}
