package resonance.evaluation.leval;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import resonance.evaluation.task.TextTokens;

/**
 * A tokenizer whose tokens are runs of so many characters.
 *
 * @param beginning special tokens before a text
 * @param characters of a token
 */
record WordTokens(int beginning, int characters) implements TextTokens {
    @Override
    public int[] encode(String text) {
        return IntStream.range(0, (text.length() + characters - 1) / characters).toArray();
    }

    @Override
    public String decode(int[] ids) {
        return IntStream.of(ids).mapToObj(String::valueOf).collect(Collectors.joining(" "));
    }
}
