package resonance.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import resonance.model.ModelFormatException;
import resonance.model.Tokenizer;

class HuggingFaceTokenizerTest {
    private static final int IM_START = 480;
    private static final int IM_END = 481;
    private static final int SEP = 482;
    private static final String TEMPLATE = """
            {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<|im_start|>", "type_id": 0}},
             {"Sequence": {"id": "A", "type_id": 0}}], "pair": [],
             "special_tokens": {"<|im_start|>": {"id": "<|im_start|>", "ids": [480], "tokens": ["<|im_start|>"]}}}""";

    static List<String> names() {
        return TinyVocabularies.names();
    }

    private static Tokenizer tokenizer(String name) {
        return HuggingFaceTokenizer.of(TinyVocabularies.tokenizerJson(name).toString(), "tiny.json");
    }

    private static Tokenizer opened(Path folder, ObjectNode tokenizer, Map<String, String> others) {
        TinyVocabularies.write(folder, others);
        TinyVocabularies.write(folder, Map.of("tokenizer.json", tokenizer));
        return HuggingFaceTokenizer.open(folder);
    }

    @ParameterizedTest
    @MethodSource("names")
    void idsAreThoseOfTheLibraryInPython(String name) {
        Tokenizer tokenizer = tokenizer(name);
        List<String> texts = new ArrayList<>(TinyVocabularies.texts());
        texts.addAll(TinyVocabularies.specialTexts());
        for (int i = 0; i < texts.size(); i++) {
            assertThat(tokenizer.encode(texts.get(i)))
                    .as(texts.get(i))
                    .containsExactly(TinyVocabularies.byteLevelIds(name, i));
        }
        assertThat(tokenizer.vocabularySize()).isEqualTo(SEP + 1);
    }

    @Test
    void textsComeBackFromTheirIdsWithoutSpecialTokens() {
        Tokenizer tokenizer = tokenizer("gpt-2");
        for (String text : TinyVocabularies.texts()) {
            assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
        }
        assertThat(tokenizer.encode(" <|im_end|><sep>")).containsExactly(220, IM_END, SEP);
        assertThat(tokenizer.decode(new int[] {220, IM_END, SEP, 5_000_000})).isEqualTo(" <sep>");
    }

    @Test
    void halfASurrogatePairIsReadAsTheReplacementCharacter() {
        Tokenizer tokenizer = tokenizer("gpt-2");
        assertThat(tokenizer.encode("a\ud83d b\ude00\ud83d\ude00\ud83d"))
                .containsExactly(tokenizer.encode("a\ufffd b\ufffd\ud83d\ude00\ufffd"));
    }

    private static String longText(int length) {
        Random random = new Random(20261122);
        List<String> pieces = new ArrayList<>(TinyVocabularies.texts());
        pieces.addAll(List.of("word\nWord", "a\nb", "x\r\ny", "it's\nThe", "é\nÉ", "1\n2", ".\nA", "a\n\nb", "a\n b"));
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            text.append(pieces.get(random.nextInt(pieces.size())));
        }
        return text.toString();
    }

    @ParameterizedTest
    @MethodSource("names")
    void partsOfATextHaveTheIdsOfTheWhole(String name) {
        byte[] json = TinyVocabularies.tokenizerJson(name).toString().getBytes(StandardCharsets.UTF_8);
        TokenizerPlan plan =
                TokenizerJson.read(new ByteArrayInputStream(json), "tiny.json").plan();
        assertThat(LineCuts.allowed(plan)).isEqualTo(!name.equals("deepseek-coder"));
        if (LineCuts.allowed(plan)) {
            NativeTokenizer library = plan.build();
            String text = longText(60_000);
            List<Integer> ids = new ArrayList<>();
            int parts = 0;
            for (int from = 0; from < text.length(); parts++) {
                int to = LineCuts.next(text, from, 20);
                for (int id : library.encode(text.substring(from, to))) {
                    ids.add(id);
                }
                from = to;
            }
            assertThat(parts).isGreaterThan(200);
            assertThat(ids.stream().mapToInt(Integer::intValue).toArray()).isEqualTo(library.encode(text));
        }
    }

    @Test
    void longTextsHaveTheIdsOfTheWhole() {
        byte[] json = TinyVocabularies.tokenizerJson("smollm").toString().getBytes(StandardCharsets.UTF_8);
        String text = longText(2 * HuggingFaceTokenizer.PART);
        assertThat(tokenizer("smollm").encode(text))
                .isEqualTo(TokenizerJson.read(new ByteArrayInputStream(json), "tiny.json")
                        .plan()
                        .build()
                        .encode(text));
    }

    @Test
    void textTooLongToGoAtOnceIsRefused() {
        String text = "a".repeat(HuggingFaceTokenizer.LONGEST_PART + 1);
        assertThatThrownBy(() -> tokenizer("llama-bpe").encode(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("text must have at most 4194304 characters without a line between two words, had 4194305; "
                        + "encode it in parts");
    }

    @Test
    void aRunOfSpacesAsLongAsAPartMayBeIsEncoded() {
        int[] ids = tokenizer("tekken").encode(" ".repeat(HuggingFaceTokenizer.LONGEST_PART));
        assertThat(tokenizer("tekken").decode(ids)).hasSize(HuggingFaceTokenizer.LONGEST_PART);
    }

    @Test
    void threadsShareATokenizer() throws Exception {
        Tokenizer tokenizer = tokenizer("llama-bpe");
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Void>> done = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                done.add(threads.submit(() -> {
                    for (int round = 0; round < 20; round++) {
                        for (int i = 0; i < TinyVocabularies.texts().size(); i++) {
                            assertThat(tokenizer.encode(TinyVocabularies.texts().get(i)))
                                    .containsExactly(TinyVocabularies.byteLevelIds("llama-bpe", i));
                        }
                    }
                    return null;
                }));
            }
            for (Future<Void> one : done) {
                one.get();
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void beginningComesFromTheTemplate(@TempDir Path folder) throws Exception {
        ObjectNode json = TinyVocabularies.tokenizerJson("llama-bpe");
        assertThat(opened(folder, json, Map.of()).beginningOfSequence()).isEmpty();
        json.set("post_processor", TinyVocabularies.JSON.readTree(TEMPLATE));
        assertThat(opened(folder, json, Map.of()).beginningOfSequence()).isEqualTo(OptionalInt.of(IM_START));
        json.set(
                "post_processor",
                TinyVocabularies.JSON.readTree(
                        "{\"type\": \"Sequence\", \"processors\": [{\"type\": \"ByteLevel\"}, " + TEMPLATE + "]}"));
        assertThat(opened(folder, json, Map.of()).beginningOfSequence()).isEqualTo(OptionalInt.of(IM_START));
    }

    @Test
    void addBosTokenGoesBeforeTheTemplate(@TempDir Path folder) throws Exception {
        ObjectNode json = TinyVocabularies.tokenizerJson("llama-bpe");
        String adds = "{\"add_bos_token\": true, \"bos_token\": {\"content\": \"<|im_end|>\"}}";
        assertThat(opened(folder, json, Map.of("tokenizer_config.json", adds)).beginningOfSequence())
                .isEqualTo(OptionalInt.of(IM_END));
        json.set("post_processor", TinyVocabularies.JSON.readTree(TEMPLATE));
        assertThat(opened(folder, json, Map.of("tokenizer_config.json", "{\"add_bos_token\": false}"))
                        .beginningOfSequence())
                .isEmpty();
    }

    @Test
    void endsComeFromEveryFileThatNamesThem(@TempDir Path folder) {
        ObjectNode json = TinyVocabularies.tokenizerJson("qwen2");
        assertThat(opened(folder, json, Map.of()).endOfSequence()).containsExactly(IM_END);
        assertThat(opened(
                                folder,
                                json,
                                Map.of(
                                        "config.json",
                                                "{\"text_config\": {\"eos_token_id\": 7}, \"eos_token_id\": null}",
                                        "generation_config.json", "{\"eos_token_id\": [3, 4]}",
                                        "tokenizer_config.json", "{\"eos_token\": \"<sep>\"}"))
                        .endOfSequence())
                .containsExactlyInAnyOrder(3, 4, 7, SEP, IM_END);
    }

    @Test
    void missingFileIsNamedWithTheCure(@TempDir Path folder) {
        assertThatThrownBy(() -> HuggingFaceTokenizer.open(folder))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage(
                        folder.resolve("tokenizer.json") + " must exist; where there is only a tokenizer.model, "
                                + "write it with AutoTokenizer.from_pretrained(folder).save_pretrained(folder) of transformers");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"two\"", "-1", "[1, {}]", "4000000000", "2097152"})
    void idsOfEndsAreChecked(String id, @TempDir Path folder) {
        ObjectNode json = TinyVocabularies.tokenizerJson("gpt-2");
        String shown = id.equals("[1, {}]") ? "{}" : id;
        assertThatThrownBy(() -> opened(folder, json, Map.of("config.json", "{\"eos_token_id\": " + id + "}")))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage(folder.resolve("config.json") + ": eos_token_id must be a token or a list of tokens, was "
                        + shown);
    }

    @Test
    void beginningThatIsNoTokenIsRefused(@TempDir Path folder) {
        ObjectNode json = TinyVocabularies.tokenizerJson("gpt-2");
        String adds = "{\"add_bos_token\": true, \"bos_token\": \"<bos>\"}";
        assertThatThrownBy(() -> opened(folder, json, Map.of("tokenizer_config.json", adds)))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage(folder.resolve("tokenizer_config.json")
                        + ": bos_token must be a token, as add_bos_token is true, was '<bos>'");
    }

    @Test
    void negativeIdsAreRefused() {
        assertThatThrownBy(() -> tokenizer("gpt-2").decode(new int[] {1, -2}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ids must not be negative, was -2");
    }
}
