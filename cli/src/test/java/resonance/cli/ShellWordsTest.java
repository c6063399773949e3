package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ShellWordsTest {
    @Test
    void quotesOnlyWhatAShellWouldChange() {
        assertThat(ShellWords.join(List.of("./resonance", "--out", "runs/a b", "it's", "", "--seeds=1,2")))
                .isEqualTo("./resonance --out 'runs/a b' 'it'\\''s' '' --seeds=1,2");
    }
}
