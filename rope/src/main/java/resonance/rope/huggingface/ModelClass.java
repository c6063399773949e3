package resonance.rope.huggingface;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What the class of transformers behind a {@code model_type} takes for granted about positions: a row of
 * {@code model-classes.tsv}, whose columns golden/model_classes.py explains.
 *
 * @param modelType as configurations name it
 * @param reading how it reads its keys
 * @param base rotary base if none is given
 * @param formerBase the same in version 4
 * @param localBase that of layers with a window, where the class tells them apart
 * @param maximumLength {@code max_position_embeddings} if none is given, tokens
 * @param hiddenSize width if none is given
 * @param heads number of heads if none is given
 * @param headDimension dimensions of a head that rotate, in whole or in part, if none are given; 0 for the width over the heads
 * @param head where they are given
 * @param partKey key of the rotating part at the top level
 * @param part share of the head that rotates if none is given
 * @param partUnscaled whether an unscaled encoding rotates that part in version 5, and not the whole head
 * @param headRequired whether version 5 fails on YaRN, dynamic and longrope if the file gives no {@code head_dim}
 * @param trainedLength {@code original_max_position_embeddings} at the top level if none is given, tokens; 0 for none
 * @param layers their number if none is given
 * @param layerRule which of them see a window
 * @param period which layers are different, if nothing is given: every so many, or the first so many; 0 where there is none
 * @param window {@code sliding_window} if none is given, tokens; 0 for none
 * @param extraKeys keys beside those of the type that the class reads
 * @param settings what stands for settings that are not given at all; empty for an unscaled encoding
 * @param ownCode whether transformers has no such class: the code comes with the weights
 */
record ModelClass(
        String modelType,
        Reading reading,
        double base,
        double formerBase,
        OptionalDouble localBase,
        int maximumLength,
        int hiddenSize,
        int heads,
        int headDimension,
        Head head,
        String partKey,
        double part,
        boolean partUnscaled,
        boolean headRequired,
        int trainedLength,
        int layers,
        LayerRule layerRule,
        int period,
        int window,
        List<String> extraKeys,
        Map<String, Object> settings,
        boolean ownCode) {
    /** {@code global_head_dim} if none is given. */
    static final int GLOBAL_HEAD_DIMENSION = 512;

    private static final String NONE = "-";

    /** How a class reads its keys. */
    enum Reading {
        /** One encoding for all layers. */
        FLAT,
        /** The same; {@code mrope} is another word for an unscaled encoding. */
        MROPE,
        /** The same; {@code su} and {@code yarn} are other words for {@code longrope}, the only scaling it knows. */
        PHI3,
        /** The same; {@code dynamic} with a key {@code alpha} is a change of base. */
        ALPHA,
        /** The same; base and part are called {@code rotary_emb_base} and {@code rotary_pct}. */
        NEOX,
        /** The same; the part is given in dimensions, {@code rotary_dim}. */
        ROTARY_DIM,
        /** The same; {@code longrope} takes its factor from the lengths and its trained length from the dictionary. */
        MINICPM,
        /** Two encodings; {@code rope_scaling} is that of the layers that see the whole text. */
        GLOBAL_LOCAL,
        /** A dictionary a layer type in {@code rope_parameters}, and nothing else. */
        TYPES
    }

    /** Where the size of the part of a head that may rotate is given. */
    enum Head {
        /** {@code head_dim}. */
        HEAD_DIM,
        /** {@code qk_rope_head_dim}: queries and keys have a part of their own that rotates. */
        QK_ROPE_HEAD_DIM,
        /** The same, unless {@code head_dim} is given. */
        HEAD_DIM_OR_QK_ROPE_HEAD_DIM,
        /** {@code head_dim}, and {@code global_head_dim} in layers that see the whole text. */
        GLOBAL_HEAD_DIM;

        /** Whether queries and keys have a part of their own that rotates. */
        boolean latent() {
            return this == QK_ROPE_HEAD_DIM || this == HEAD_DIM_OR_QK_ROPE_HEAD_DIM;
        }

        /** The key that is read for this configuration. */
        String key(ConfigValues config) {
            boolean over = this == HEAD_DIM_OR_QK_ROPE_HEAD_DIM && config.has("head_dim");
            return over ? "head_dim" : latent() ? "qk_rope_head_dim" : name().toLowerCase(Locale.ROOT);
        }
    }

    /** Which layers see a window, or don't rotate. */
    enum LayerRule {
        /** All see the whole text. */
        FULL,
        /** All have {@code sliding_window}, if there is one. */
        WINDOW,
        /** All have {@code sliding_window} if {@code use_sliding_window} says so. */
        WINDOW_IN_USE,
        /** By {@code layer_types}; without them all have {@code sliding_window}. */
        TYPES_OR_WINDOW,
        /** By {@code layer_types}; else those from {@code max_window_layers} on, if {@code use_sliding_window} says so. */
        UPPER,
        /** By {@code layer_types}; else every other one below {@code max_window_layers}, if {@code use_sliding_window} says so. */
        LOWER,
        /** By {@code layer_types}; else all but every so manyth. */
        PATTERN,
        /** By {@code layer_types}; else all but every {@code sliding_window_pattern}th. */
        PATTERN_KEY,
        /** The same, and those that see the whole text don't rotate. */
        ROPE_IN_WINDOW,
        /** {@code no_rope_layers} says which rotate; else all but every {@code no_rope_layer_interval}th. */
        NO_ROPE,
        /** The same, and those that rotate see their part of the text, {@code attention_chunk_size}. */
        CHUNKED,
        /** By {@code layer_types}; else every {@code full_attention_interval}th attends and rotates. */
        LINEAR,
        /** By {@code layer_types} or {@code full_attn_idxs}; else all attend and rotate. */
        CONV
    }

    /** A row of the table. */
    static ModelClass of(String[] cells) {
        String[] rule = cells[15].split("/", -1);
        String[] bases = cells[2].split("/", -1);
        return new ModelClass(
                cells[0],
                Reading.valueOf(cells[1].toUpperCase(Locale.ROOT)),
                Double.parseDouble(bases[0]),
                Double.parseDouble(bases[bases.length - 1]),
                cells[3].equals(NONE) ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(cells[3])),
                number(cells[4]),
                number(cells[5]),
                number(cells[6]),
                number(cells[7]),
                Head.valueOf(cells[8].toUpperCase(Locale.ROOT)),
                cells[9],
                Double.parseDouble(cells[10]),
                cells[11].equals("part"),
                cells[12].equals("required"),
                number(cells[13]),
                number(cells[14]),
                LayerRule.valueOf(rule[0].toUpperCase(Locale.ROOT)),
                rule.length > 1 ? number(rule[1]) : 0,
                number(cells[16]),
                cells[17].equals(NONE) ? List.of() : Arrays.asList(cells[17].split(",", -1)),
                settings(cells[18]),
                false);
    }

    /** The same under the name of a model with code of its own. */
    ModelClass asOwnCode(String name, Reading howRead) {
        return new ModelClass(
                name,
                howRead,
                base,
                formerBase,
                localBase,
                maximumLength,
                hiddenSize,
                heads,
                headDimension,
                head,
                partKey,
                part,
                partUnscaled,
                headRequired,
                trainedLength,
                layers,
                layerRule,
                period,
                window,
                extraKeys,
                settings,
                true);
    }

    /** The rotary base that a version takes if none is given. */
    double baseIn(TransformersVersion version) {
        return version == TransformersVersion.V4 ? formerBase : base;
    }

    private static int number(String cell) {
        return cell.equals(NONE) ? 0 : Integer.parseInt(cell);
    }

    /** "layer.key=value;..." or "key=value;...". */
    private static Map<String, Object> settings(String cell) {
        Map<String, Object> settings = new LinkedHashMap<>();
        if (cell.equals(NONE)) {
            return settings;
        }
        for (String item : cell.split(";", -1)) {
            int equals = item.indexOf('=');
            int dot = item.lastIndexOf('.', equals);
            Map<String, Object> target = settings;
            if (dot > 0) {
                target = ConfigValues.nested(settings, item.substring(0, dot));
            }
            target.put(item.substring(dot + 1, equals), value(item.substring(equals + 1)));
        }
        return settings;
    }

    private static Object value(String text) {
        if (text.equals("True") || text.equals("False")) {
            return text.equals("True");
        }
        if (!Character.isDigit(text.charAt(0))) {
            return text;
        }
        return text.indexOf('.') < 0 ? (Object) Integer.valueOf(text) : Double.valueOf(text);
    }
}
