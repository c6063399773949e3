package resonance.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CellSpecificationTest {
    @Test
    void theFileNameIsALabelAndAHashOfEverything() {
        CellSpecification cell = new CellSpecification("perplexity", Map.of("model", "abc"));
        assertThat(cell.fileName("64--a b/é.txt")).matches("64--a_b__\\.txt--[0-9a-f]{32}");
        assertThat(cell.fileName("x".repeat(400))).hasSize(150 + 2 + 32);
        assertThat(cell.fileName("a"))
                .isEqualTo(new CellSpecification("perplexity", Map.of("model", "abc")).fileName("a"));
        assertThat(cell.fileName("a"))
                .isNotEqualTo(new CellSpecification("passkey", Map.of("model", "abc")).fileName("a"));
    }

    @Test
    void noTwoSpecificationsHaveOneName() {
        Random random = new Random(5);
        Set<CellSpecification> specifications = new HashSet<>();
        Set<String> names = new HashSet<>();
        List<String> texts = List.of("", "a", "b", "a=b", "a=b\n1 1\na", "\n", "1", "=");
        for (int i = 0; i < 5000; i++) {
            Map<String, String> values = new LinkedHashMap<>();
            for (int j = random.nextInt(4); j > 0; j--) {
                values.put(texts.get(random.nextInt(texts.size())), texts.get(random.nextInt(texts.size())));
            }
            CellSpecification specification =
                    new CellSpecification(texts.get(random.nextInt(2)), new java.util.TreeMap<>(values));
            specifications.add(specification);
            names.add(specification.fileName(""));
        }
        assertThat(names).hasSameSizeAs(specifications).hasSizeGreaterThan(500);
    }
}
