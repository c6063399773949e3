package resonance.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;

/** The vocabularies and ids of {@code tokenizer/tiny.json}, which {@code tiny.py} beside it wrote. */
final class TinyVocabularies {
    static final ObjectMapper JSON = new ObjectMapper();
    static final JsonNode GOLDEN = read();

    private TinyVocabularies() {}

    static List<String> texts() {
        return strings(GOLDEN.path("texts"));
    }

    /** Texts with special tokens spelled out in them, which only byte-level ids go on with. */
    static List<String> specialTexts() {
        return strings(GOLDEN.path("specialTexts"));
    }

    static List<String> names() {
        List<String> names = new ArrayList<>();
        for (Iterator<String> all = GOLDEN.path("byteLevel").path("words").fieldNames(); all.hasNext(); ) {
            names.add(all.next());
        }
        return names;
    }

    static int[] byteLevelIds(String name, int text) {
        return ints(
                GOLDEN.path("byteLevel").path("words").path(name).path("ids").path(text));
    }

    /** A {@code tokenizer.json} that cuts words in the way of that name. */
    static ObjectNode tokenizerJson(String name) {
        ObjectNode json = GOLDEN.path("byteLevel").path("tokenizer").deepCopy();
        json.set(
                "pre_tokenizer",
                GOLDEN.path("byteLevel")
                        .path("words")
                        .path(name)
                        .path("preTokenizer")
                        .deepCopy());
        boolean whole = name.equals("llama-bpe") || name.equals("tekken");
        ((ObjectNode) json.path("model")).put("ignore_merges", whole);
        return json;
    }

    static GgufVocabulary byteLevel(String name) {
        JsonNode model = GOLDEN.path("byteLevel").path("tokenizer").path("model");
        JsonNode added = GOLDEN.path("byteLevel").path("tokenizer").path("added_tokens");
        String[] tokens = new String[model.path("vocab").size() + added.size()];
        int[] types = new int[tokens.length];
        for (Map.Entry<String, JsonNode> token : model.path("vocab").properties()) {
            tokens[token.getValue().intValue()] = token.getKey();
            types[token.getValue().intValue()] = 1;
        }
        for (JsonNode token : added) {
            tokens[token.path("id").intValue()] = token.path("content").textValue();
            types[token.path("id").intValue()] = token.path("special").booleanValue() ? 3 : 4;
        }
        List<String> merges = new ArrayList<>();
        for (JsonNode merge : model.path("merges")) {
            merges.add(merge.path(0).textValue() + " " + merge.path(1).textValue());
        }
        return new GgufVocabulary(
                "gpt2",
                name,
                tokens,
                new float[0],
                types,
                merges.toArray(new String[0]),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                false,
                false,
                "tiny.gguf");
    }

    /** @param spaceBefore whether a space is put before texts */
    static JsonNode sentencePieceGolden(boolean spaceBefore) {
        return GOLDEN.path("sentencePiece").path(spaceBefore ? "spaceBefore" : "plain");
    }

    static GgufVocabulary sentencePiece(boolean spaceBefore) {
        JsonNode golden = sentencePieceGolden(spaceBefore);
        int[] ints = ints(golden.path("types"));
        float[] scores = new float[ints.length];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = golden.path("scores").path(i).floatValue();
        }
        return new GgufVocabulary(
                "llama",
                "default",
                strings(golden.path("tokens")).toArray(new String[0]),
                scores,
                ints,
                new String[0],
                OptionalInt.of(1),
                OptionalInt.of(2),
                OptionalInt.empty(),
                OptionalInt.of(0),
                true,
                spaceBefore,
                "tiny.gguf");
    }

    /** Writes files of a model folder; contents by name. */
    static void write(Path folder, Map<String, ?> files) {
        try {
            for (Map.Entry<String, ?> file : files.entrySet()) {
                Files.writeString(folder.resolve(file.getKey()), Objects.toString(file.getValue()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<String> strings(JsonNode list) {
        List<String> strings = new ArrayList<>();
        list.forEach(string -> strings.add(string.textValue()));
        return strings;
    }

    static int[] ints(JsonNode list) {
        int[] ints = new int[list.size()];
        for (int i = 0; i < ints.length; i++) {
            ints[i] = list.path(i).intValue();
        }
        return ints;
    }

    private static JsonNode read() {
        try (InputStream in = TinyVocabularies.class.getResourceAsStream("/tokenizer/tiny.json")) {
            return JSON.readTree(Objects.requireNonNull(in, "tiny.json must be among the test resources"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
