package resonance.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import resonance.model.ModelFormatException;

class TokenizerJsonTest {
    private static final String KNOWN_DECODERS = "ByteFallback, ByteLevel, Fuse, Metaspace, Replace, Sequence, Strip";

    static Stream<Arguments> refusals() {
        return Stream.of(
                // What would end the process in the library comes first.
                refusal(
                        "/model/continuing_subword_prefix",
                        "\"###\"",
                        "model.continuing_subword_prefix must be null or empty, was \"###\""),
                refusal(
                        "/model/end_of_word_suffix",
                        "\"</w>\"",
                        "model.end_of_word_suffix must be null or empty, was \"</w>\""),
                refusal(
                        "/decoder",
                        "{\"type\": \"Strip\", \"content\": \" \", \"start\": 0, \"stop\": 1}",
                        "decoder.stop must be 0, was 1"),
                refusal(
                        "/pre_tokenizer",
                        "{\"type\": \"Split\", \"pattern\": {\"Regex\": \"(a*)*b\"}, \"behavior\": \"Isolated\", \"invert\": false}",
                        "pre_tokenizer.pattern.Regex must be one of the expressions known from published models (an "
                                + "unknown one could run for hours), was '(a*)*b'"),
                refusal(
                        "/decoder",
                        "{\"type\": \"CTC\"}",
                        "decoder.type must be known, was 'CTC'; known: " + KNOWN_DECODERS),
                refusal(
                        "/normalizer",
                        "{\"type\": \"Precompiled\", \"precompiled_charsmap\": \"AAAA\"}",
                        "normalizer.type must be known, was 'Precompiled'; known: Lowercase, NFC, NFD, NFKC, NFKD, "
                                + "Prepend, Replace, Sequence"),
                refusal(
                        "/normalizer",
                        "{\"type\": \"Prepend\", \"prepend\": \"" + "x".repeat(65) + "\"}",
                        "normalizer.prepend must be a string of 1 to 64 characters"),
                refusal(
                        "/normalizer",
                        "{\"type\": \"Replace\", \"pattern\": {\"String\": \"\"}, \"content\": \"x\"}",
                        "normalizer.pattern.String must be a string of 1 to 64 characters"),
                refusal(
                        "/normalizer",
                        "{\"type\": \"NFC\", \"x\": 1}",
                        "normalizer of type NFC must have known fields only, had 'x'"),
                refusal(
                        "/normalizer",
                        "{\"type\": \"Prepend\", \"prepend\": \"\"}",
                        "normalizer.prepend must be a string of 1 to 64 characters"),
                refusal("/model/type", "\"Unigram\"", "model.type must be BPE, was 'Unigram'"),
                refusal("/model/dropout", "0.1", "model.dropout must be null or 0, was 0.1"),
                refusal("/model/unk_token", "\"<unk>\"", "model: unk_token must be a token, was '<unk>'"),
                refusal("/model/what", "1", "model must have known fields only, had 'what'"),
                refusal("/model/vocab/a", "-1", "model: id of 'a' must be from 0 to 2097151, was -1"),
                refusal("/model/vocab/a", "4294967295", "model: id of 'a' must be from 0 to 2097151, was 4294967295"),
                refusal("/model/vocab/a", "1.5", "model.vocab: id of 'a' must be an integer"),
                refusal("/model/vocab/zz", "64", "model: id of 'zz' must be given once, was 64 of another token"),
                refusal(
                        "/model/merges/0",
                        "\"a b c\"",
                        "model.merges[0] must be two tokens with a space between, was 'a b c'"),
                refusal("/model/merges/0", "[\"a\"]", "model.merges[0] must be a list of two tokens"),
                refusal("/model/merges/0", "[\"a\", \"zz\"]", "model: merge 0 must be of two tokens, was 'a' and 'zz'"),
                refusal("/model/merges/0", "[\"z\", \"z\"]", "model: merge 0 must make a token, was 'z' and 'z'"),
                refusal("/model/merges", "{}", "model.merges must be a list"),
                refusal("/model/vocab", "[]", "model.vocab must be an object of tokens and their ids"),
                refusal("/model", "[]", "model must be an object"),
                refusal("/added_tokens/0/id", "5", "added_tokens[0].id must be 480 for '<|im_start|>', was 5"),
                refusal(
                        "/added_tokens/1",
                        "{\"id\": 481, \"content\": \"<|im_start|>\"}",
                        "added_tokens[1].content must differ from others, was '<|im_start|>'"),
                refusal(
                        "/added_tokens/0/content",
                        "\"\"",
                        "added_tokens[0] must have a content of 1 to 4096 characters, was ''"),
                refusal("/added_tokens/0/content", "7", "added_tokens[0] must have an id and a content"),
                refusal("/extra", "1", "fields must be known, was 'extra'"),
                refusal(
                        "/post_processor",
                        "{\"type\": \"BertProcessing\"}",
                        "post_processor.type must be known, was 'BertProcessing'; known: ByteLevel, Sequence, "
                                + "TemplateProcessing"),
                refusal(
                        "/post_processor",
                        "{\"type\": \"TemplateProcessing\", \"single\": [{\"SpecialToken\": {\"id\": \"<s>\"}}]}",
                        "post_processor.single[0] must be a token, was '<s>'"));
    }

    private static Arguments refusal(String pointer, String value, String message) {
        return Arguments.of(pointer, value, message);
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void damageIsNamed(String pointer, String value, String message) throws IOException {
        ObjectNode json = TinyVocabularies.tokenizerJson("gpt-2");
        put(json, pointer, TinyVocabularies.JSON.readTree(value));
        assertThatThrownBy(() -> HuggingFaceTokenizer.of(json.toString(), "tokenizer.json"))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("tokenizer.json: " + message);
    }

    @Test
    void damagedJsonIsNamed() {
        String json = TinyVocabularies.tokenizerJson("gpt-2").toString();
        assertRefused("", "must be a JSON object");
        assertRefused("[]", "must be a JSON object");
        assertRefused("{}", "model must be there, was not");
        assertRefused(json + " 1", "must end with its object, went on");
        assertThatThrownBy(() -> HuggingFaceTokenizer.of(json.substring(0, 1000), "tokenizer.json"))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageStartingWith(
                        "tokenizer.json: must be a tokenizer in JSON of at most 64 MiB: Unexpected end");
        assertThatThrownBy(() -> HuggingFaceTokenizer.of("{\"decoder\":" + "[".repeat(100_000), "tokenizer.json"))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageStartingWith("tokenizer.json: must be a tokenizer in JSON of at most 64 MiB: "
                        + "Document nesting depth (33) exceeds the maximum allowed (32");
        assertThatThrownBy(() -> HuggingFaceTokenizer.of("{\"model\": {}, \"model\": {}}", "tokenizer.json"))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("tokenizer.json: must be a tokenizer in JSON of at most 64 MiB: Duplicate field 'model'");
    }

    private static void assertRefused(String json, String message) {
        assertThatThrownBy(() -> HuggingFaceTokenizer.of(json, "tokenizer.json"))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("tokenizer.json: " + message);
    }

    @Test
    void halfASurrogatePairIsRefused() {
        String json = TinyVocabularies.tokenizerJson("gpt-2").toString().replace("<sep>", "<\\ud800>");
        assertRefused(json, "strings must be Unicode text, had half a surrogate pair");
    }

    @Test
    void tooManyAddedTokensAreRefused() {
        ObjectNode json = TinyVocabularies.tokenizerJson("gpt-2");
        ArrayNode added = json.putArray("added_tokens");
        for (int i = 0; i <= TokenizerPlan.MOST_ADDED; i++) {
            added.addObject().put("id", 480 + i).put("content", "<" + i + ">");
        }
        assertRefused(json.toString(), "there must be at most 20000 added tokens, were 20001");
    }

    @Test
    void tooManyPartsAreRefused() {
        ObjectNode json = TinyVocabularies.tokenizerJson("gpt-2");
        ArrayNode parts = json.putObject("normalizer").put("type", "Sequence").putArray("normalizers");
        for (int i = 0; i < 40; i++) {
            parts.addObject().put("type", "NFC");
        }
        assertRefused(json.toString(), "normalizer.normalizers must have at most 32 parts, had more");
    }

    /** A process that ends here ends the whole test run: the library aborts where it does not expect what it reads. */
    @Test
    void damagedFilesEitherRunOrAreRefusedWithTheirName() {
        long seed = 20261122;
        Random random = new Random(seed);
        List<String> names = TinyVocabularies.names();
        String[] odd = {
            "null",
            "true",
            "-1",
            "0",
            "7",
            "1e400",
            "99999999999999999999",
            "\"\"",
            "\"a\"",
            "\"\\u0120\"",
            "[]",
            "{}",
            "\"\\ud800\"",
            "[[]]",
            "{\"type\":\"Fuse\"}",
            "{\"type\":\"ByteFallback\"}",
            "{\"type\":\"Lowercase\"}",
            "{\"type\":\"Metaspace\",\"replacement\":\"\",\"prepend_scheme\":\"first\"}",
            "{\"type\":\"Metaspace\",\"replacement\":\"a\",\"prepend_scheme\":\"always\",\"split\":true}",
            "{\"type\":\"Strip\",\"content\":\"a\",\"start\":18446744073709551615,\"stop\":0}",
            "{\"type\":\"Punctuation\",\"behavior\":\"MergedWithNext\"}",
            "{\"type\":\"WhitespaceSplit\"}",
            "{\"String\":\" \"}",
            "{\"Regex\":\"\\\\s+\"}"
        };
        int run = 0;
        int refused = 0;
        for (int round = 0; round < 1500; round++) {
            ObjectNode json = TinyVocabularies.tokenizerJson(names.get(random.nextInt(names.size())));
            List<String> pointers = new ArrayList<>();
            collect(json, "", pointers, random);
            for (int change = random.nextInt(3); change >= 0; change--) {
                put(json, pointers.get(random.nextInt(pointers.size())), parsed(odd[random.nextInt(odd.length)]));
            }
            String text = json.toString();
            if (random.nextInt(4) == 0) {
                StringBuilder cut = new StringBuilder(text);
                cut.setCharAt(random.nextInt(cut.length()), (char) (32 + random.nextInt(96)));
                text = cut.toString();
            }
            try {
                HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.of(text, "tokenizer.json");
                tokenizer.decode(tokenizer.encode(TinyVocabularies.texts().get(random.nextInt(25)) + " <sep>"));
                run++;
            } catch (ModelFormatException e) {
                assertThat(e).as("seed %d, round %d", seed, round).hasMessageStartingWith("tokenizer.json: ");
                refused++;
            }
        }
        assertThat(run).isGreaterThan(50);
        assertThat(refused).isGreaterThan(500);
    }

    private static JsonNode parsed(String json) {
        try {
            return TinyVocabularies.JSON.readTree(json);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Pointers to everything but most of the vocabulary and of the merges. */
    private static void collect(JsonNode node, String at, List<String> pointers, Random random) {
        if (!at.isEmpty()) {
            pointers.add(at);
        }
        boolean large = at.equals("/model/vocab") || at.equals("/model/merges");
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            if (!large || random.nextInt(100) == 0) {
                collect(field.getValue(), at + "/" + field.getKey(), pointers, random);
            }
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            if (!large || random.nextInt(100) == 0) {
                collect(node.get(i), at + "/" + i, pointers, random);
            }
        }
    }

    private static void put(ObjectNode json, String pointer, JsonNode value) {
        int slash = pointer.lastIndexOf('/');
        JsonNode parent = json.at(pointer.substring(0, slash));
        String last = pointer.substring(slash + 1);
        if (parent instanceof ArrayNode list) {
            if (list.has(indexed(last))) {
                list.set(indexed(last), value);
            }
        } else if (parent instanceof ObjectNode object) {
            object.set(last, value);
        }
    }

    /** An index, or one that no list has: an earlier change may have put a list where an object was. */
    private static int indexed(String last) {
        return last.matches("[0-9]+") ? Integer.parseInt(last) : -1;
    }
}
