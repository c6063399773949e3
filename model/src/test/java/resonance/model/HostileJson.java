package resonance.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Changes every value of a JSON document, one at a time, into what a reader may not expect. */
public final class HostileJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "0",
            "-1",
            "1",
            "3",
            "1.5",
            "1e308",
            "-1e-320",
            "1e999",
            "2147483648",
            "9223372036854775808",
            "\"\"",
            "\"no such thing\"",
            "\"\\u0000\\ud800\"",
            "[]",
            "[null]",
            "[[[]]]",
            "[0,-1,\"a\"]",
            "{}",
            "{\"\":null}",
            "{\"type\":\"none\",\"rope_type\":[1]}");

    private HostileJson() {}

    /** Every document that differs in one value, or lacks one. */
    public static List<String> variants(byte[] document) {
        try {
            List<String> variants = new ArrayList<>();
            JsonNode root = JSON.readTree(document);
            change(root, root, variants);
            return variants;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void change(JsonNode root, JsonNode parent, List<String> variants) throws IOException {
        if (parent instanceof ObjectNode object) {
            List<String> names = new ArrayList<>();
            for (Iterator<String> all = object.fieldNames(); all.hasNext(); ) {
                names.add(all.next());
            }
            for (String name : names) {
                JsonNode original = object.get(name);
                change(root, original, variants);
                for (String value : VALUES) {
                    object.put(name, "REPLACED");
                    variants.add(root.toString().replace("\"REPLACED\"", value));
                }
                object.remove(name);
                variants.add(root.toString());
                object.set(name, original);
            }
        } else if (parent instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                JsonNode original = array.get(i);
                change(root, original, variants);
                for (String value : VALUES) {
                    array.set(i, "REPLACED");
                    variants.add(root.toString().replace("\"REPLACED\"", value));
                }
                array.set(i, original);
            }
        }
    }
}
