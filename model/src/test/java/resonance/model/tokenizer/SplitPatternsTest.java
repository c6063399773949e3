package resonance.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SplitPatternsTest {
    private static final String NAMES = "chatglm-bpe, codeshell, command-r, dbrx, deepseek-coder, deepseek-llm,"
            + " deepseek-r1-qwen, deepseek-v3, default, exaone, exaone4, falcon3, glm4, gpt-2, gpt-4o, llama-bpe,"
            + " llama-v3, llama3, llama4, megrez, mellum, minerva-7b, mpt, olmo, phi-2, qwen2, qwen35, refact, smaug-bpe,"
            + " smollm, stablelm2, starcoder, tekken";

    @Test
    void namesAreThoseOfTheEngineInTheAlphabetsOrder() {
        assertThat(SplitPatterns.names()).isEqualTo(NAMES);
    }

    @ParameterizedTest
    @CsvSource({
        "default, 4",
        "gpt-2, 1",
        "mellum, 1",
        "smollm, 2",
        "minerva-7b, 2",
        "llama3, 1",
        "chatglm-bpe, 1",
        "qwen2, 1",
        "deepseek-v3, 3",
        "deepseek-llm, 6",
        "deepseek-coder, 5",
        "llama4, 1"
    })
    void aNameStandsForAsManyExpressionsAsTheEngineRuns(String name, int expressions) {
        assertThat(SplitPatterns.named(name)).hasSize(expressions);
    }

    @Test
    void everyExpressionOfANameIsKnownAndCompiles() {
        for (String name : NAMES.split(", ", -1)) {
            for (String expression : SplitPatterns.named(name)) {
                assertThat(SplitPatterns.isKnown(expression)).as(name).isTrue();
                assertThat(Pattern.compile(expression).pattern()).isEqualTo(expression);
            }
        }
    }

    @Test
    void noNameIsTheDefaultAndAnUnknownOneIsNone() {
        assertThat(SplitPatterns.named("")).isEqualTo(SplitPatterns.named("default"));
        assertThat(SplitPatterns.named("gpt-3")).isEmpty();
        assertThat(SplitPatterns.isKnown("(a+)+$")).isFalse();
    }

    @Test
    void aLineEndInAnExpressionMayStandForItself() {
        assertThat(SplitPatterns.isKnown(
                        SplitPatterns.LLAMA3.replace("\\r", "\r").replace("\\n", "\n")))
                .isTrue();
        assertThat(SplitPatterns.endsWordsAtLines("[\r\n]")).isTrue();
        assertThat(SplitPatterns.staysWithinLines("\\p{N}")).isTrue();
        assertThat(SplitPatterns.endsWordsAtLines("\\p{N}")).isFalse();
        assertThat(SplitPatterns.staysWithinLines("\\s+")).isFalse();
    }

    /** The claim that texts are cut by: a line end between two letters is matched alone, if at all. */
    @Test
    void expressionsThatEndWordsAtLinesMatchALineEndBetweenLettersAlone() {
        for (String expression : List.of(
                SplitPatterns.GPT2,
                SplitPatterns.LLAMA3,
                SplitPatterns.QWEN2,
                SplitPatterns.QWEN35,
                SplitPatterns.TEKKEN,
                SplitPatterns.GPT4O,
                SplitPatterns.CL100K,
                SplitPatterns.DEEPSEEK3)) {
            List<String> words = Pattern.compile(expression)
                    .matcher("one two\nThree")
                    .results()
                    .map(match -> match.group())
                    .toList();
            assertThat(String.join("", words)).as(expression).isEqualTo("one two\nThree");
            assertThat(words).as(expression).contains("\n", "Three");
        }
    }

    @Test
    void thoseThatKeepWholeWordsAlsoBeginTexts() {
        for (String name : NAMES.split(", ", -1)) {
            boolean whole = List.of("llama-bpe", "llama3", "llama-v3", "falcon3", "tekken")
                    .contains(name);
            assertThat(SplitPatterns.ignoresMerges(name)).as(name).isEqualTo(whole);
            assertThat(SplitPatterns.addsBeginning(name)).as(name).isEqualTo(whole);
        }
    }
}
