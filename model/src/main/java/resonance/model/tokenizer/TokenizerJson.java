package resonance.model.tokenizer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import resonance.model.ModelFormatException;

/**
 * Reads a {@code tokenizer.json}. The file comes from strangers: everything in it is checked here and written anew for
 * the library, which so never sees the file itself.
 *
 * <p>Byte-pair models only; all the architectures of this project have one. The post-processor is read for the
 * beginning-of-sequence token that its template puts first, and left out otherwise, as are truncation and padding.
 */
final class TokenizerJson {
    /** Gemma 3's file, the largest in use, has 33 MB. */
    static final long MOST_BYTES = 64L << 20;

    private static final int DEEPEST = 32;
    private static final int LONGEST_STRING = 100_000;
    private static final Set<String> SMALL_PARTS =
            Set.of("added_tokens", "normalizer", "pre_tokenizer", "post_processor", "decoder");
    private static final Set<String> MODEL_SETTINGS = Set.of(
            "type",
            "dropout",
            "unk_token",
            "continuing_subword_prefix",
            "end_of_word_suffix",
            "fuse_unk",
            "byte_fallback",
            "ignore_merges");
    private static final Set<String> LEFT_OUT = Set.of("version", "truncation", "padding");

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxStringLength(LONGEST_STRING)
                    .maxNameLength(LONGEST_STRING)
                    .maxNumberLength(40)
                    .maxDocumentLength(MOST_BYTES)
                    .build())
            .build());

    private final String where;
    private final Map<String, JsonNode> parts = new HashMap<>();
    private @Nullable BytePairModel model;

    private TokenizerJson(String where) {
        this.where = where;
    }

    /**
     * @param in the file
     * @param where its name, for messages
     */
    static TokenizerJson read(InputStream in, String where) {
        TokenizerJson read = new TokenizerJson(where);
        try (JsonParser parser = JSON.createParser(in)) {
            read.readFile(parser);
        } catch (JsonProcessingException e) {
            throw new ModelFormatException(
                    where + ": must be a tokenizer in JSON of at most " + (MOST_BYTES >> 20) + " MiB: "
                            + e.getOriginalMessage(),
                    e);
        } catch (IOException e) {
            throw new ModelFormatException(where + ": must be readable: " + e, e);
        }
        return read;
    }

    TokenizerPlan plan() {
        BytePairModel pairs = model;
        if (pairs == null) {
            throw refusal("model must be there, was not");
        }
        TokenizerParts check = new TokenizerParts(where);
        check.checkNormalizer(part("normalizer"));
        check.checkPreTokenizer(part("pre_tokenizer"));
        check.checkDecoder(part("decoder"));
        return new TokenizerPlan(
                pairs, added(), written("normalizer"), written("pre_tokenizer"), written("decoder"), where);
    }

    /** The part {@code post_processor}; a missing node if there is none. */
    JsonNode postProcessor() {
        return part("post_processor");
    }

    private JsonNode part(String name) {
        return parts.getOrDefault(name, MissingNode.getInstance());
    }

    private JsonNode written(String name) {
        return parts.getOrDefault(name, JSON.nullNode());
    }

    private void readFile(JsonParser parser) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw refusal("must be a JSON object");
        }
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            if (SMALL_PARTS.contains(name)) {
                parts.put(name, JSON.readTree(parser));
            } else if (name.equals("model")) {
                model = new ModelReader(parser).read();
            } else if (LEFT_OUT.contains(name)) {
                parser.skipChildren();
            } else {
                throw refusal("fields must be known, was " + BytePairModel.shown(name));
            }
        }
        if (parser.nextToken() != null) {
            throw refusal("must end with its object, went on");
        }
    }

    private List<AddedToken> added() {
        List<AddedToken> added = new ArrayList<>();
        for (JsonNode token : part("added_tokens")) {
            if (!token.path("id").canConvertToInt() || !token.path("content").isTextual()) {
                throw refusal("added_tokens[" + added.size() + "] must have an id and a content");
            }
            added.add(new AddedToken(
                    token.path("id").intValue(),
                    token.path("content").textValue(),
                    token.path("single_word").asBoolean(false),
                    token.path("lstrip").asBoolean(false),
                    token.path("rstrip").asBoolean(false),
                    token.path("normalized").asBoolean(!token.path("special").asBoolean(false)),
                    token.path("special").asBoolean(false)));
        }
        return added;
    }

    private ModelFormatException refusal(String sentence) {
        return new ModelFormatException(where + ": " + sentence);
    }

    /** Reads the object {@code model}, whose fields may come in any order. */
    private final class ModelReader {
        private final JsonParser parser;
        private final BytePairModel pairs = new BytePairModel(where + ": model");
        private final Map<String, JsonNode> settings = new HashMap<>();
        private final List<String> merges = new ArrayList<>();

        ModelReader(JsonParser parser) {
            this.parser = parser;
        }

        BytePairModel read() throws IOException {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw refusal("model must be an object");
            }
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                switch (name) {
                    case "vocab" -> readVocabulary();
                    case "merges" -> readMerges();
                    default -> settings.put(name, JSON.readTree(parser));
                }
            }
            checkSettings();
            for (int i = 0; i < merges.size(); i += 2) {
                pairs.addMerge(merges.get(i), merges.get(i + 1));
            }
            pairs.unknown(setting("unk_token").textValue(), setting("fuse_unk").asBoolean(false));
            pairs.fallsBackToBytes(setting("byte_fallback").asBoolean(false));
            pairs.ignoresMerges(setting("ignore_merges").asBoolean(false));
            return pairs;
        }

        private void readVocabulary() throws IOException {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw refusal("model.vocab must be an object of tokens and their ids");
            }
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String token = parser.currentName();
                if (parser.nextToken() != JsonToken.VALUE_NUMBER_INT) {
                    throw refusal("model.vocab: id of " + BytePairModel.shown(token) + " must be an integer");
                }
                pairs.addToken(token, parser.getLongValue());
            }
        }

        private void readMerges() throws IOException {
            if (parser.currentToken() != JsonToken.START_ARRAY) {
                throw refusal("model.merges must be a list");
            }
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                if (parser.currentToken() == JsonToken.VALUE_STRING) {
                    addLine(parser.getText());
                } else {
                    addPair();
                }
            }
        }

        private void addLine(String line) {
            if (line.startsWith("#version")) {
                return;
            }
            int space = line.indexOf(' ');
            if (space < 0 || line.indexOf(' ', space + 1) >= 0) {
                throw refusal("model.merges[" + merges.size() / 2 + "] must be two tokens with a space between, was "
                        + BytePairModel.shown(line));
            }
            merges.add(line.substring(0, space));
            merges.add(line.substring(space + 1));
        }

        private void addPair() throws IOException {
            int number = merges.size() / 2;
            boolean pair = parser.currentToken() == JsonToken.START_ARRAY;
            for (int i = 0; i < 2 && pair; i++) {
                pair = parser.nextToken() == JsonToken.VALUE_STRING;
                merges.add(pair ? parser.getText() : "");
            }
            if (!pair || parser.nextToken() != JsonToken.END_ARRAY) {
                throw refusal("model.merges[" + number + "] must be a list of two tokens");
            }
        }

        private void checkSettings() {
            String type = settings.containsKey("type") ? setting("type").asText() : "BPE";
            if (!type.equals("BPE")) {
                throw refusal("model.type must be BPE, was " + BytePairModel.shown(type));
            }
            if (setting("dropout").asDouble(0) != 0) {
                throw refusal("model.dropout must be null or 0, was " + setting("dropout"));
            }
            for (String name : List.of("continuing_subword_prefix", "end_of_word_suffix")) {
                if (!setting(name).asText("").isEmpty()) {
                    throw refusal("model." + name + " must be null or empty, was " + setting(name));
                }
            }
            for (String name : settings.keySet()) {
                if (!MODEL_SETTINGS.contains(name)) {
                    throw refusal("model must have known fields only, had " + BytePairModel.shown(name));
                }
            }
        }

        private JsonNode setting(String name) {
            return settings.getOrDefault(name, MissingNode.getInstance());
        }
    }
}
