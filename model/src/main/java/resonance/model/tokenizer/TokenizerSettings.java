package resonance.model.tokenizer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import resonance.model.ModelFormatException;

/**
 * Which tokens begin and end texts, from the files beside a {@code tokenizer.json}: {@code tokenizer_config.json},
 * {@code generation_config.json} and {@code config.json}, each of which may be absent.
 */
final class TokenizerSettings {
    private static final int MOST_BYTES = 1 << 24;
    private static final int DEEPEST = 64;

    /** Tokens that end a text or a turn in every model that has them. */
    static final List<String> ENDS =
            List.of("<|endoftext|>", "<|end_of_text|>", "<|im_end|>", "<|eot_id|>", "<|eom_id|>", "<end_of_turn>");

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxNumberLength(40)
                    .build())
            .build());

    private final Path folder;
    private final TokenizerPlan plan;
    private final JsonNode tokenizerConfig;

    TokenizerSettings(Path folder, TokenizerPlan plan) {
        this.folder = folder;
        this.plan = plan;
        this.tokenizerConfig = read("tokenizer_config.json");
    }

    /**
     * The token put before a text: {@code add_bos_token} decides where it is given, else the template.
     *
     * @param postProcessor the part of {@code tokenizer.json}
     */
    OptionalInt beginning(JsonNode postProcessor) {
        JsonNode adds = tokenizerConfig.path("add_bos_token");
        if (adds.isBoolean() && !adds.booleanValue()) {
            return OptionalInt.empty();
        }
        OptionalInt first = BeginningTemplate.first(postProcessor, plan);
        if (first.isPresent() || !adds.isBoolean()) {
            return first;
        }
        String token = content(tokenizerConfig.path("bos_token"));
        OptionalInt id = plan.id(token);
        if (id.isEmpty()) {
            throw new ModelFormatException(folder.resolve("tokenizer_config.json")
                    + ": bos_token must be a token, as add_bos_token is true, was " + BytePairModel.shown(token));
        }
        return id;
    }

    Set<Integer> ends() {
        Set<Integer> ends = named(plan);
        plan.id(content(tokenizerConfig.path("eos_token"))).ifPresent(ends::add);
        for (String file : List.of("generation_config.json", "config.json")) {
            JsonNode config = read(file);
            addEnds(config.path("eos_token_id"), file, ends);
            addEnds(config.path("text_config").path("eos_token_id"), file, ends);
        }
        return ends;
    }

    /** Ids of the tokens that end texts by their name. */
    static Set<Integer> named(TokenizerPlan plan) {
        Set<Integer> ends = new HashSet<>();
        for (String name : ENDS) {
            plan.id(name).ifPresent(ends::add);
        }
        return ends;
    }

    private void addEnds(JsonNode ids, String file, Set<Integer> ends) {
        if (ids.isNull() || ids.isMissingNode()) {
            return;
        }
        for (JsonNode id : ids.isArray() ? ids : JSON.createArrayNode().add(ids)) {
            if (!id.canConvertToInt() || id.intValue() < 0 || id.intValue() >= BytePairModel.MOST_TOKENS) {
                throw new ModelFormatException(
                        folder.resolve(file) + ": eos_token_id must be a token or a list of tokens, was " + id);
            }
            ends.add(id.intValue());
        }
    }

    private static String content(JsonNode token) {
        return token.isObject() ? token.path("content").asText("") : token.asText("");
    }

    private JsonNode read(String name) {
        Path file = folder.resolve(name);
        if (!Files.exists(file)) {
            return MissingNode.getInstance();
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new ModelFormatException(file + ": must be at most " + MOST_BYTES + " bytes, was longer");
            }
            return JSON.readTree(bytes);
        } catch (JsonProcessingException e) {
            throw new ModelFormatException(file + ": must be JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new ModelFormatException(file + ": must be readable: " + e, e);
        }
    }
}
