package resonance.posgen;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StandardFunctionTest {

    static List<List<String>> golden() {
        return GoldenFile.rows("functions.csv").toList();
    }

    @ParameterizedTest
    @MethodSource("golden")
    void sinesEqualTheAuthorsForEverySumOfEightTokens(List<String> row) {
        StandardFunction function = StandardFunction.named(row.get(0));
        StringBuilder table = new StringBuilder();
        for (int modulus = 2; modulus < 258; modulus++) {
            if (function == StandardFunction.ABSOLUTE_SINE && modulus % 4 == 0) {
                continue;
            }
            table.append(modulus).append(':');
            for (int sum = 0; sum <= 8 * (modulus - 1); sum++) {
                table.append(' ').append(function.apply(new int[] {sum}, 0, modulus));
            }
            table.append('\n');
        }
        Sha256 sha256 = new Sha256();
        sha256.digest().update(table.toString().getBytes(StandardCharsets.US_ASCII));

        assertThat(sha256.hexadecimal()).isEqualTo(row.get(1));
    }
}
