package resonance.evaluation.leval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LevalTruncationTest {
    /** Two tokens a word of three characters and its space, and one before the text. */
    private static final WordTokens TOKENS = new WordTokens(1, 2);

    /** Words 100, 101, ... */
    private static String words(int count) {
        return IntStream.range(100, 100 + count).mapToObj(String::valueOf).collect(Collectors.joining(" "));
    }

    @Test
    void aDocumentThatFitsStaysAsItIs() {
        String document = "  two  spaces\n" + words(10);
        assertThat(LevalTruncation.shortened(document, 100, false, TOKENS)).isEqualTo(document);
    }

    @Test
    void asManyWordsAreKeptAsThereMayBeTokensAndThen250FewerEachTime() {
        // 800 words have 1,600 tokens: 700 words have 1,400, 450 have 900, 200 have 400.
        assertThat(LevalTruncation.shortened(words(800), 700, false, TOKENS)).isEqualTo(words(200));
    }

    @Test
    void theBeginningOfSequenceTokenCounts() {
        String document = words(350); // 700 tokens without it
        assertThat(LevalTruncation.shortened(document, 700, false, new WordTokens(0, 2)))
                .isEqualTo(document);
        assertThat(LevalTruncation.shortened(document, 700, false, TOKENS)).isEqualTo(words(200));
    }

    @Test
    void codeKeepsItsEnd() {
        String document = words(800);
        assertThat(LevalTruncation.shortened(document, 700, true, TOKENS))
                .isEqualTo(document.substring(document.length() - (4 * 200 - 1)));
    }

    @Test
    void emptyWordsBetweenSpacesCount() {
        assertThat(LevalTruncation.shortened("a  b " + words(400), 4, false, new WordTokens(0, 2)))
                .isEqualTo("a  b 100");
    }

    @Test
    void belowZeroTheSliceDropsWordsFromTheEnd() {
        // One word of 2,000 characters and 400 short ones: [:100], then [:-150] of 100 words, which is nothing.
        assertThat(LevalTruncation.shortened("x".repeat(2000) + " " + words(400), 100, false, TOKENS))
                .isEmpty();
        // Code: [-100:], then [150:] of 100 words.
        assertThat(LevalTruncation.shortened(words(400) + " " + "x".repeat(2000), 100, true, TOKENS))
                .isEmpty();
    }
}
