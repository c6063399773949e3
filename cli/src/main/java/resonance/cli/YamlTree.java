package resonance.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import resonance.rope.Spelling;

/**
 * A YAML file as mappings, lists and text, with the line of each. A scalar is the text that stands there: whether {@code no},
 * {@code 010} or {@code 1e3} is a word or a number is for whoever reads it to say. A key stands once in a mapping.
 */
final class YamlTree {
    /** What YAML calls null where it is not quoted. */
    private static final Set<String> NOTHING = Set.of("", "~", "null", "Null", "NULL");

    private final Path file;

    /** A value with its place. */
    record Value(int line, Node node) {}

    YamlTree(Path file) {
        this.file = file;
    }

    /** A refusal of something in a line. */
    IllegalArgumentException refusal(int line, String text) {
        return new IllegalArgumentException(file + ":" + line + ": " + text);
    }

    /**
     * The mapping that a file is.
     *
     * @throws IllegalArgumentException if the text is not YAML, or something else
     */
    Value root(String text) {
        LoadSettings settings =
                LoadSettings.builder().setLabel("").setAllowNonScalarKeys(true).build();
        Optional<Node> root;
        try {
            root = new Compose(settings).composeString(text);
        } catch (MarkedYamlEngineException notYaml) {
            throw notYaml(line(notYaml.getProblemMark().or(notYaml::getContextMark)));
        } catch (ReaderException notText) {
            throw refusal(1, "must be YAML text, holds characters that are none; remove them");
        } catch (YamlEngineException notYaml) {
            throw notYaml(1);
        } catch (StackOverflowError tooDeep) {
            throw refusal(1, "must be nested a few levels deep, is nested thousands; write it anew");
        }
        Node node =
                root.orElseThrow(() -> refusal(1, "must hold a study, is empty; begin with 'name: NAME' and 'parts:'"));
        return new Value(line(node.getStartMark()), node);
    }

    private IllegalArgumentException notYaml(int line) {
        return refusal(
                line,
                "must be one YAML document, is none from here on; indent by spaces, put a space after ':', and quote"
                        + " values that hold ': ' or ' #' or begin with one of [ ] { } , & * ! | > % @");
    }

    private static int line(Optional<Mark> mark) {
        return mark.map(at -> at.getLine() + 1).orElse(1);
    }

    /**
     * The values of a mapping by key, in their order.
     *
     * @param what the mapping is called in a refusal
     */
    Map<String, Value> mapping(Value value, String what) {
        if (!(value.node() instanceof MappingNode mapping)) {
            throw refusal(
                    value.line(),
                    what + " must be keys with values, is " + kind(value.node())
                            + "; write 'key: value' in lines of their own, indented alike");
        }
        Map<String, Value> values = new LinkedHashMap<>();
        for (NodeTuple pair : mapping.getValue()) {
            int line = line(pair.getKeyNode().getStartMark());
            if (!(pair.getKeyNode() instanceof ScalarNode key)) {
                throw refusal(line, "a key must be text, is " + kind(pair.getKeyNode()) + "; quote it");
            }
            Value former = values.putIfAbsent(key.getValue(), new Value(line, pair.getValueNode()));
            if (former != null) {
                throw refusal(
                        line,
                        "key '" + key.getValue() + "' must be given once, is given in line " + former.line()
                                + " too; leave one of them out");
            }
        }
        return values;
    }

    /** Refuses keys that are none of the known ones, with the nearest. */
    void requireKnown(Map<String, Value> values, String what, Set<String> known) {
        values.forEach((key, value) -> {
            if (!known.contains(key)) {
                throw refusal(
                        value.line(), "key '" + key + "' is unknown to " + what + suggestion(key, known, "known"));
            }
        });
    }

    /** What to do about an unknown word: the nearest known one, or all of them. */
    static String suggestion(String word, Set<String> known, String which) {
        String nearest = Spelling.suggestion(word, known);
        return nearest.isEmpty() ? "; " + which + ": " + String.join(", ", known) : nearest;
    }

    /**
     * The text of a scalar.
     *
     * @param what it is called in a refusal, for example {@code 'name'}
     */
    String text(Value value, String what) {
        if (!(value.node() instanceof ScalarNode scalar)) {
            throw refusal(
                    value.line(),
                    what + " must be one value, is " + kind(value.node()) + "; write it behind the key, in one line");
        }
        if (scalar.isPlain() && NOTHING.contains(scalar.getValue())) {
            throw refusal(value.line(), what + " must have a value, has none; leave the key out for its default");
        }
        return scalar.getValue();
    }

    /** The texts of a list of scalars, or of one. */
    List<String> texts(Value value, String what) {
        if (!(value.node() instanceof SequenceNode list)) {
            return List.of(text(value, what));
        }
        List<String> texts = new ArrayList<>();
        for (Node item : list.getValue()) {
            texts.add(text(new Value(line(item.getStartMark()), item), "a value of " + what));
        }
        if (texts.isEmpty()) {
            throw refusal(value.line(), what + " must have a value, has none; leave the key out for its default");
        }
        return texts;
    }

    static boolean isList(Value value) {
        return value.node() instanceof SequenceNode;
    }

    private static String kind(Node node) {
        if (node instanceof MappingNode) {
            return "keys with values";
        }
        return node instanceof SequenceNode ? "a list" : "text";
    }
}
