package resonance.evaluation.ruler;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

/** Words and prose that NVIDIA's scripts were run with; see samples.py beside the files. */
final class ReferenceWords {
    static final String PROSE = read("prose.txt");

    private static final RulerWords LISTS = new RulerWords(
            lines("adjectivelist.txt"),
            lines("nounlist.txt"),
            lines("verblist.txt"),
            IntStream.range(0, 20_000).mapToObj(ReferenceWords::supplyWord).toList());

    private ReferenceWords() {}

    static RulerWords words() {
        return LISTS;
    }

    private static String supplyWord(int i) {
        StringBuilder word = new StringBuilder();
        for (int rest = i, place = 0; place < 4; place++, rest /= 26) {
            word.append((char) ('a' + rest % 26));
        }
        return word + "q";
    }

    private static List<String> lines(String name) {
        return read(name).lines().map(String::stripTrailing).toList();
    }

    static String read(String name) {
        try (InputStream in = ReferenceWords.class.getResourceAsStream("/golden/ruler/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
