package resonance.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GgmlTypeTest {
    @Test
    void everyTypeDecodesToTheSameBitsAsTheGgufPackage() throws IOException {
        Set<GgmlType> seen = EnumSet.noneOf(GgmlType.class);
        for (String line : lines()) {
            String[] cells = line.split("\t", -1);
            GgmlType type = GgmlType.valueOf(cells[0]);
            byte[] stored = HexFormat.of().parseHex(cells[1]);
            int blocks = stored.length / type.blockBytes();
            float[] values = new float[blocks * type.blockElements() + 2];
            byte[] shifted = new byte[stored.length + 3];
            System.arraycopy(stored, 0, shifted, 3, stored.length);
            type.decode(shifted, 3, blocks, values, 1);
            assertThat(values[0]).as(cells[0]).isZero();
            for (int i = 0; i < values.length - 2; i++) {
                int expected = Integer.parseUnsignedInt(cells[2].substring(8 * i, 8 * i + 8), 16);
                assertThat(Float.floatToRawIntBits(values[i + 1]))
                        .as("%s element %d", type, i)
                        .isEqualTo(expected);
            }
            assertThat(values[values.length - 1]).as(cells[0]).isZero();
            assertThat(cells[2]).hasSize(8 * (values.length - 2));
            seen.add(type);
        }
        assertThat(seen).containsExactlyInAnyOrder(GgmlType.values());
    }

    private static List<String> lines() throws IOException {
        try (InputStream in = Objects.requireNonNull(GgmlTypeTest.class.getResourceAsStream("/gguf/dequantised.tsv"))) {
            List<String> lines = new ArrayList<>(new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList());
            lines.removeIf(line -> line.startsWith("#"));
            return lines;
        }
    }
}
