package resonance.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import resonance.model.ModelFormatException;

class NativeTokenizerTest {

    /** The native library throws a class that has to be on the class path. */
    @Test
    void whatTheLibraryRefusesIsAFaultOfTheFile() {
        assertThatThrownBy(() -> new NativeTokenizer("{}", "empty.json"))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageStartingWith(
                        "empty.json: must be a tokenizer that the tokenizers library reads, was refused: ");
    }
}
