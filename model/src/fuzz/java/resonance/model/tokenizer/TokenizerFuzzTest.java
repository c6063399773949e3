package resonance.model.tokenizer;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.util.OptionalInt;
import resonance.model.ModelFormatException;
import resonance.model.Tokenizer;

/**
 * Any text and any vocabulary become a tokenizer that encodes and decodes, or are refused with a {@link
 * ModelFormatException}.
 *
 * <pre>
 *   JAZZER_FUZZ=1 mvn -P fuzz -pl model -am test -Dtest=TokenizerFuzzTest#tokenizerJson \
 *       -Dsurefire.failIfNoSpecifiedTests=false            (or #ggufVocabulary) </pre>
 *
 * <p>Starts from the inputs in {@code src/test/resources}, which every build reads again, and keeps what it finds there.
 */
class TokenizerFuzzTest {
    private static final String TEXT = "a b ab, <s> ß 🙂\n\n  012";

    @FuzzTest(maxDuration = "2m")
    void tokenizerJson(byte[] bytes) {
        try {
            TokenizerJson json = TokenizerJson.read(new ByteArrayInputStream(bytes), "fuzzed.json");
            TokenizerPlan plan = json.plan();
            use(new HuggingFaceTokenizer(
                    plan, BeginningTemplate.first(json.postProcessor(), plan), TokenizerSettings.named(plan)));
        } catch (ModelFormatException refusal) {
            requireName(refusal, "fuzzed.json");
        }
    }

    @FuzzTest(maxDuration = "2m")
    void ggufVocabulary(FuzzedDataProvider data) {
        int count = data.consumeInt(0, 300);
        GgufVocabulary vocabulary = new GgufVocabulary(
                data.pickValue(new String[] {"gpt2", "llama", "bert"}),
                data.pickValue(new String[] {"smollm", "llama-bpe", "qwen2", "default", ""}),
                strings(data, count),
                data.consumeBoolean() ? floats(data, count) : new float[0],
                data.consumeBoolean() ? data.consumeInts(count) : new int[0],
                strings(data, data.consumeInt(0, 50)),
                token(data),
                token(data),
                token(data),
                token(data),
                data.consumeBoolean(),
                data.consumeBoolean(),
                "fuzzed.gguf");
        try {
            use(GgufTokenizers.rebuild(vocabulary));
        } catch (ModelFormatException refusal) {
            requireName(refusal, "fuzzed.gguf");
        }
    }

    private static void use(Tokenizer tokenizer) {
        int[] ids = tokenizer.encode(TEXT);
        for (int id : ids) {
            if (id < 0 || id >= tokenizer.vocabularySize()) {
                throw new AssertionError("ids must be below " + tokenizer.vocabularySize() + ", was " + id);
            }
        }
        tokenizer.decode(ids);
    }

    private static String[] strings(FuzzedDataProvider data, int count) {
        String[] strings = new String[count];
        for (int i = 0; i < count; i++) {
            strings[i] = data.consumeString(6);
        }
        return strings;
    }

    private static float[] floats(FuzzedDataProvider data, int count) {
        float[] floats = new float[count];
        for (int i = 0; i < count; i++) {
            floats[i] = data.consumeFloat();
        }
        return floats;
    }

    private static OptionalInt token(FuzzedDataProvider data) {
        return data.consumeBoolean() ? OptionalInt.of(data.consumeInt(-2, 302)) : OptionalInt.empty();
    }

    private static void requireName(ModelFormatException refusal, String name) {
        if (!String.valueOf(refusal.getMessage()).contains(name)) {
            throw new AssertionError("a refusal must name the file", refusal);
        }
    }
}
