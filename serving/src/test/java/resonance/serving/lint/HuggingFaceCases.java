package resonance.serving.lint;

import static resonance.serving.lint.Engine.CONFIG_READERS;
import static resonance.serving.lint.Engine.CONVERTER;
import static resonance.serving.lint.Engine.TRANSFORMERS_4;
import static resonance.serving.lint.Engine.TRANSFORMERS_5;
import static resonance.serving.lint.Engine.VLLM;
import static resonance.serving.lint.TestConfig.with;

import java.util.ArrayList;
import java.util.List;

/** Configurations with every trap, and others that come near it. */
final class HuggingFaceCases {
    private static final List<Engine> LLAMA_READERS = List.of(TRANSFORMERS_4, TRANSFORMERS_5, Engine.VLLM, CONVERTER);
    private static final String YARN = "'rope_type': 'yarn', 'factor': 4.0";
    private static final String YARN_32 = YARN + ", 'original_max_position_embeddings': 32";
    private static final String LONG =
            "'rope_type': 'longrope', 'short_factor': [1, 2, 3, 4], 'long_factor': [1, 2, 3, 4]";
    private static final String TWO_LISTS =
            "'rope_type': 'longrope', 'short_factor': [1, 1, 1, 1], 'long_factor': [1, 2, 3, 4], 'attention_factor': 1.0,"
                    + " 'short_mscale': 1.0, 'long_mscale': 1.0, 'factor': 4.0";
    private static final String LLAMA3 =
            "'rope_type': 'llama3', 'factor': 4.0, 'low_freq_factor': 1.0, 'high_freq_factor': 4.0";
    private static final String DEEPSEEK = "'model_type': 'deepseek_v3', 'qk_rope_head_dim': 8, ";
    private static final String GEMMA3 = "'model_type': 'gemma3_text', 'head_dim': 8, 'rope_theta': null";

    private final List<LintCase> cases = new ArrayList<>();

    static List<LintCase> all() {
        HuggingFaceCases all = new HuggingFaceCases();
        all.keys();
        all.refused();
        all.shapes();
        all.layout();
        all.lengths();
        all.scalings();
        all.longRope();
        all.vllm();
        all.conversion();
        all.jlama();
        return all.cases;
    }

    private void keys() {
        add(LintRule.WRONG_TYPE, "'rope_theta': '10000'", "'rope_theta': 10000");
        add(
                LintRule.WRONG_TYPE,
                scaling("'rope_type': 'linear', 'factor': '4'"),
                scaling("'rope_type': 'linear', 'factor': 4"));
        add(LintRule.WRONG_TYPE, "'max_position_embeddings': 12.5", "'max_position_embeddings': 12");
        add(
                LintRule.WRONG_TYPE,
                List.of(TRANSFORMERS_5, VLLM),
                "'max_position_embeddings': 131072.0",
                "'max_position_embeddings': 131072");
        add(
                LintRule.WRONG_TYPE,
                List.of(TRANSFORMERS_5, VLLM),
                "'model_type': 'llama4_text', 'attn_temperature_tuning': 4",
                "'model_type': 'llama4_text', 'attn_temperature_tuning': true");
        add(LintRule.WRONG_TYPE, "'rope_scaling': [1]", "'rope_scaling': {}");
        add(LintRule.WRONG_TYPE, scaling(YARN_32 + ", 'truncate': null"), scaling(YARN_32 + ", 'truncate': true"));
        add(
                LintRule.OUT_OF_RANGE,
                LLAMA_READERS,
                scaling("'rope_type': 'linear', 'factor': 0"),
                scaling("'rope_type': 'linear', 'factor': 0.5"));
        add(LintRule.OUT_OF_RANGE, CONFIG_READERS, "'rope_theta': 1", "'rope_theta': 1.5");
        add(
                LintRule.OUT_OF_RANGE,
                CONFIG_READERS,
                scaling(LLAMA3.replace("4.0", "0.5") + ", 'original_max_position_embeddings': 32"),
                scaling(LLAMA3 + ", 'original_max_position_embeddings': 32"));
        add(
                LintRule.LLAMA3_BOUNDS_EQUAL,
                scaling(LLAMA3.replace("4.0", "1.0") + ", 'original_max_position_embeddings': 32"),
                scaling(LLAMA3.replace("4.0", "1.5") + ", 'original_max_position_embeddings': 32"));
        add(
                LintRule.OUTER_SCALING_UNREAD,
                wrapped("gemma3", "linear", "gemma3_text", "default"),
                wrapped("gemma3", "linear", "gemma3_text", "linear"));
        add(
                LintRule.OUTER_SCALING_UNREAD,
                wrapped("qwen2_5_vl", "yarn", "qwen2_5_vl_text", "default"),
                wrapped("qwen2_5_vl", "mrope", "qwen2_5_vl_text", "default"));
        add(
                LintRule.DICTIONARY_REFUSED,
                List.of(TRANSFORMERS_5, VLLM),
                wrapped("qwen3_vl", "yarn", "qwen3_vl_text", "default"),
                wrapped("qwen3_vl", "dynamic", "qwen3_vl_text", "default"));
        add(
                LintRule.UNREADABLE_POSITIONS,
                "'model_type': 'qwen2', 'num_hidden_layers': 2, 'layer_types': ['full_attention']",
                "'model_type': 'qwen2', 'num_hidden_layers': 1, 'layer_types': ['full_attention']");
        add(LintRule.UNREADABLE_POSITIONS, "'num_attention_heads': 0", "'num_attention_heads': 1");
        add(LintRule.UNREADABLE_POSITIONS, "'num_hidden_layers': 1000000000", "'num_hidden_layers': 1000");
        add(
                LintRule.UNREADABLE_POSITIONS,
                "'model_type': 'qwen3_vl', 'text_config': [1]",
                "'model_type': 'qwen2', 'text_config': {}");
        add(LintRule.MISSING_KEY, scaling("'rope_type': 'linear'"), scaling("'rope_type': 'linear', 'factor': 2.0"));
        add(
                LintRule.MISSING_KEY,
                scaling(LLAMA3.replace("'low_freq_factor': 1.0,", "") + ", 'original_max_position_embeddings': 32"),
                scaling(LLAMA3 + ", 'original_max_position_embeddings': 32"));
        add(
                LintRule.MISSING_KEY,
                List.of(TRANSFORMERS_4, VLLM),
                scaling("'rope_type': 'yarn', 'factor': null, 'original_max_position_embeddings': 32"),
                scaling(YARN_32));
        add(
                LintRule.MISSING_KEY,
                List.of(TRANSFORMERS_4),
                scaling(LLAMA3),
                scaling(LLAMA3 + ", 'original_max_position_embeddings': 32"));
        add(LintRule.MISSING_KEY, List.of(TRANSFORMERS_4), scaling(LONG), scaling(LONG + ", 'attention_factor': 1.0"));
        // Their attention multiplies by a magnitude of the factor's, whatever the type of scaling.
        for (String type : List.of("minicpm3", "deepseek_v2", "youtu")) {
            add(
                    LintRule.MISSING_KEY,
                    List.of(TRANSFORMERS_5),
                    "'model_type': '" + type + "', 'qk_rope_head_dim': 8, "
                            + scaling(LONG + ", 'attention_factor': 1.0"),
                    "'model_type': '" + type + "', 'qk_rope_head_dim': 8, "
                            + scaling(LONG + ", 'attention_factor': 1.0, 'factor': 1.0"));
        }
        add(
                LintRule.MISSING_KEY,
                List.of(TRANSFORMERS_4),
                DEEPSEEK + scaling("'rope_type': 'default'"),
                DEEPSEEK + scaling(YARN_32));
        add(LintRule.UNREAD_KEY, scaling(YARN_32 + ", 'beta_fats': 16"), scaling(YARN_32 + ", 'beta_fast': 16"));
        add(
                LintRule.UNREAD_KEY,
                scaling("'rope_type': 'default', 'factor': 4"),
                scaling("'rope_type': 'linear', 'factor': 4"));
        add(
                LintRule.UNREAD_KEY,
                scaling(YARN_32 + ", 'attn_factor': 0.878"),
                scaling(YARN_32 + ", 'attn_factor': 1, 'apply_yarn_scaling': true"));
        add(
                LintRule.UNREAD_KEY,
                List.of(TRANSFORMERS_4, TRANSFORMERS_5),
                scaling(LONG + ", 'attention_factor': 1.2, 'short_mscale': 1.3, 'long_mscale': 1.2"),
                scaling(LONG + ", 'attention_factor': 1.2, 'short_mscale': 1.2, 'long_mscale': 1.2"));
        add(
                LintRule.UNREAD_KEY,
                List.of(TRANSFORMERS_4),
                scaling("'rope_type': 'linear', 'factor': 2, 'partial_rotary_factor': 0.5"),
                scaling("'rope_type': 'linear', 'factor': 2, 'partial_rotary_factor': 1"));
    }

    private void refused() {
        add(
                LintRule.DICTIONARY_REFUSED,
                "'model_type': 'phi3', " + scaling("'type': 'linear', 'factor': 4.0"),
                "'model_type': 'phi3', 'original_max_position_embeddings': 32, "
                        + scaling(LONG.replace("rope_type", "type")));
        add(
                LintRule.DICTIONARY_REFUSED,
                List.of(TRANSFORMERS_5, VLLM),
                "'model_type': 'phi3', 'original_max_position_embeddings': 32, "
                        + scaling(LONG.replace("'rope_type': 'longrope'", "'type': 'su'")),
                "'model_type': 'phi3', 'original_max_position_embeddings': 32, "
                        + scaling(LONG.replace("rope_type", "type")));
        add(
                LintRule.DICTIONARY_REFUSED,
                List.of(TRANSFORMERS_4),
                "'model_type': 'phi3', " + scaling(LONG),
                "'model_type': 'phi3', " + scaling(LONG.replace("rope_type", "type")));
        add(
                LintRule.DICTIONARY_REFUSED,
                List.of(TRANSFORMERS_4),
                "'model_type': 'olmo2', " + scaling("'rope_type': 'dynamic', 'factor': 4.0"),
                "'model_type': 'olmo2', " + scaling("'type': 'dynamic', 'factor': 4.0"));
        add(LintRule.HEAD_SIZE, "'hidden_size': 34", "'model_type': 'qwen2', 'hidden_size': 34");
        add(LintRule.HEAD_SIZE, "'model_type': 'mistral', 'head_dim': 33", "'model_type': 'mistral', 'head_dim': 32");
        add(LintRule.HEAD_SIZE, "'head_dim': 33", "'head_dim': 3");
        add(LintRule.FLAT_SCALING_KEYS, "'rope_scaling_type': 'yarn', 'rope_scaling_factor': 4.0", scaling(YARN_32));
        add(LintRule.FLAT_SCALING_KEYS, "'rope_type': 'yarn', 'factor': 4.0, 'beta_fast': 32", "'rope_type': null");
        add(
                LintRule.FLAT_SCALING_KEYS,
                "'rope_scaling.factor': 4.0",
                "'rope_parameters': {'rope_type': 'linear', 'factor': 4.0}");
        add(
                LintRule.TYPE_ABSENT,
                List.of(TRANSFORMERS_4),
                "'rope_scaling': {}",
                "'rope_scaling': {'rope_type': 'default'}");
    }

    private void shapes() {
        add(
                LintRule.FACTOR_BELOW_ONE,
                LLAMA_READERS,
                scaling("'rope_type': 'linear', 'factor': 0.25"),
                scaling("'rope_type': 'linear', 'factor': 1.0"));
        add(
                LintRule.FACTOR_BELOW_ONE,
                LLAMA_READERS,
                scaling(YARN_32.replace("4.0", "0.25")),
                "'model_type': 'mistral', 'head_dim': 8, " + scaling("'rope_type': 'default', 'factor': 0.25"));
        add(
                LintRule.TRAINED_LENGTH_NOT_BELOW_MAXIMUM,
                scaling(LLAMA3 + ", 'original_max_position_embeddings': 128"),
                scaling(LLAMA3 + ", 'original_max_position_embeddings': 127"));
        String wide = GEMMA3 + ", 'hidden_size': 2560, 'max_position_embeddings': 131072";
        add(
                LintRule.GEMMA3_WITHOUT_FACTOR,
                CONFIG_READERS,
                wide,
                wide + ", " + scaling("'rope_type': 'linear', 'factor': 8.0"));
        add(
                LintRule.GEMMA3_WITHOUT_FACTOR,
                CONFIG_READERS,
                wide,
                GEMMA3 + ", 'hidden_size': 1152, 'max_position_embeddings': 32768");
        String llama31 = "'vocab_size': 128256, 'rope_theta': 500000.0, 'max_position_embeddings': 131072";
        add(LintRule.LLAMA3_WITHOUT_SCALING, CONFIG_READERS, llama31, llama31.replace("131072", "8192"));
        add(
                LintRule.LLAMA3_WITHOUT_SCALING,
                CONFIG_READERS,
                llama31,
                llama31 + ", " + scaling(LLAMA3 + ", 'original_max_position_embeddings': 8192"));
        add(
                LintRule.BETAS_SWAPPED,
                CONFIG_READERS,
                scaling(YARN_32 + ", 'beta_fast': 1, 'beta_slow': 32"),
                scaling(YARN_32 + ", 'beta_fast': 1, 'beta_slow': 1"));
        add(
                LintRule.BETAS_SWAPPED,
                CONFIG_READERS,
                scaling(YARN_32 + ", 'beta_slow': 33"),
                scaling(YARN_32 + ", 'beta_slow': 31"));
        add(
                LintRule.BETAS_EQUAL,
                scaling(YARN_32 + ", 'beta_fast': 1, 'beta_slow': 1"),
                scaling(YARN_32 + ", 'beta_fast': 2, 'beta_slow': 1"));
        add(
                LintRule.ATTENTION_FACTOR_INVERSE,
                scaling(YARN_32 + ", 'attention_factor': 0.8782488562869419"),
                scaling(YARN_32 + ", 'attention_factor': 1.0"));
        add(
                LintRule.WITHOUT_HEAD_DIM,
                List.of(TRANSFORMERS_4),
                "'model_type': 'mistral', " + scaling(YARN_32),
                "'model_type': 'mistral', " + scaling("'rope_type': 'linear', 'factor': 4.0"));
        add(
                LintRule.WITHOUT_HEAD_DIM,
                List.of(TRANSFORMERS_4),
                "'model_type': 'mistral', " + scaling("'rope_type': 'dynamic', 'factor': 4.0"),
                "'model_type': 'mistral', 'head_dim': 8, " + scaling("'rope_type': 'dynamic', 'factor': 4.0"));
        add(
                LintRule.WITHOUT_HEAD_DIM,
                "'model_type': 'hunyuan_v1_moe', 'attention_head_dim': 8, "
                        + scaling("'type': 'dynamic', 'alpha': 1000.0, 'factor': 1.0"),
                "'model_type': 'hunyuan_v1_moe', 'head_dim': 8, "
                        + scaling("'type': 'dynamic', 'alpha': 1000.0, 'factor': 1.0"));
        add(
                LintRule.FACTOR_MISMATCH,
                "'max_position_embeddings': 32, " + scaling(YARN_32),
                "'max_position_embeddings': 128, " + scaling(YARN_32));
    }

    private void layout() {
        add(
                LintRule.ROPE_PARAMETERS_UNREAD,
                "'rope_theta': null, 'rope_parameters': {'rope_type': 'linear', 'factor': 2.0, 'rope_theta': 500000.0}",
                "'rope_theta': null, 'rope_parameters': {'rope_type': 'default', 'rope_theta': 10000}");
        add(
                LintRule.ROPE_PARAMETERS_UNREAD,
                GEMMA3 + ", 'rope_parameters': {'full_attention': {'rope_type': 'linear', 'factor': 8.0, 'rope_theta':"
                        + " 1000000}, 'sliding_attention': {'rope_type': 'default', 'rope_theta': 10000}}",
                GEMMA3
                        + ", 'rope_scaling': {'rope_type': 'linear', 'factor': 8.0}, 'rope_parameters': {'full_attention':"
                        + " {'rope_type': 'linear', 'factor': 8.0}}");
        add(LintRule.TWO_DICTIONARIES, twoLayouts("4.0"), twoLayouts("2.0"));
        add(
                LintRule.TWO_DICTIONARIES,
                scaling("'type': 'linear', 'factor': 2.0")
                        + ", 'rope_parameters': {'rope_type': 'linear', 'factor': 4.0, 'rope_theta': 10000}",
                scaling("'type': 'linear', 'factor': 2.0")
                        + ", 'rope_parameters': {'rope_type': 'linear', 'factor': 2, 'rope_theta': 10000, 'truncate':"
                        + " null}");
        add(
                LintRule.BASE_UNREAD,
                "'rope_theta': null, " + scaling("'rope_type': 'linear', 'factor': 2.0, 'rope_theta': 500000"),
                "'rope_theta': null, " + scaling("'rope_type': 'linear', 'factor': 2.0, 'rope_theta': 10000"));
        add(
                LintRule.TWO_BASES,
                List.of(TRANSFORMERS_5, VLLM),
                "'rope_parameters': {'rope_type': 'default', 'rope_theta': 500.0}",
                "'rope_parameters': {'rope_type': 'default', 'rope_theta': 10000}");
        add(
                LintRule.TWO_BASES,
                scaling("'rope_type': 'linear', 'factor': 2.0, 'rope_theta': 500.0"),
                scaling("'rope_type': 'linear', 'factor': 2.0, 'rope_theta': 10000"));
        add(LintRule.TYPE_ABSENT, scaling("'factor': 4.0"), scaling("'type': 'linear', 'factor': 4.0"));
        add(LintRule.TYPE_CONFLICT, scaling(YARN_32 + ", 'type': 'linear'"), scaling(YARN_32 + ", 'type': 'yarn'"));
        add(
                LintRule.TYPE_CONFLICT,
                "'model_type': 'mistral', " + scaling(YARN_32 + ", 'type': 'linear'"),
                "'model_type': 'phi3', " + scaling(LONG + ", 'type': 'su'"));
        add(LintRule.UNKNOWN_TYPE, scaling("'rope_type': 'yarm', 'factor': 4.0"), scaling(YARN_32));
        add(
                LintRule.UNKNOWN_TYPE,
                List.of(TRANSFORMERS_4, TRANSFORMERS_5),
                scaling("'type': 'mrope'"),
                scaling("'type': 'mrope', 'mrope_section': [1, 1, 2]"));
        add(
                LintRule.UNKNOWN_TYPE,
                scaling("'rope_type': 'xdrope', 'factor': 4.0"),
                "'model_type': 'qwen2', " + scaling("'rope_type': 'default'"));
        add(
                LintRule.UNKNOWN_TYPE,
                List.of(TRANSFORMERS_4, TRANSFORMERS_5),
                scaling(YARN_32.replace("'yarn'", "'telechat3-yarn'")),
                scaling(YARN_32));
        add(
                LintRule.UNKNOWN_TYPE,
                List.of(TRANSFORMERS_4),
                scaling("'rope_type': 'proportional', 'factor': 4.0"),
                "'model_type': 'phi3', " + scaling(LONG.replace("longrope", "su")));
        add(
                LintRule.LAYER_TYPE_UNDECLARED,
                "'rope_parameters': {'full_attention': {" + YARN_32 + "}}",
                "'model_type': 'olmo3', 'rope_parameters': {'full_attention': {" + YARN_32 + "}}");
        add(
                LintRule.LAYER_TYPE_UNDECLARED,
                "'model_type': 'olmo3', 'layer_types': ['sliding_attention'], 'rope_parameters': {'full_attention': {"
                        + YARN_32 + "}}",
                "'model_type': 'olmo3', 'layer_types': ['full_attention'], 'rope_parameters': {'full_attention': {"
                        + YARN_32 + "}}");
    }

    private void lengths() {
        add(
                LintRule.TRAINED_LENGTH_UNREAD,
                "'original_max_position_embeddings': 32, " + scaling(YARN),
                "'original_max_position_embeddings': 32, " + scaling(YARN_32));
        String factorAlone = LONG + ", 'factor': 4.0, 'original_max_position_embeddings': 32";
        add(
                LintRule.TRAINED_LENGTH_UNREAD,
                scaling(factorAlone),
                scaling(factorAlone + ", 'attention_factor': 1.1832159566199232"));
        add(LintRule.TRAINED_LENGTH_ABSENT, scaling(YARN), scaling(YARN_32));
        add(
                LintRule.TRAINED_LENGTH_ABSENT,
                List.of(TRANSFORMERS_5, VLLM),
                scaling(LLAMA3),
                "'original_max_position_embeddings': 32, " + scaling(LLAMA3));
        add(
                LintRule.TWO_TRAINED_LENGTHS,
                "'original_max_position_embeddings': 16, " + scaling(YARN_32),
                "'original_max_position_embeddings': 32, " + scaling(YARN_32));
        add(
                LintRule.TWO_TRAINED_LENGTHS,
                "'original_max_position_embeddings': 16, " + scaling(LONG + ", 'original_max_position_embeddings': 32"),
                "'original_max_position_embeddings': 16, " + scaling(LONG));
        add(
                LintRule.FACTOR_MISMATCH,
                "'max_position_embeddings': 40, " + scaling(YARN_32),
                "'max_position_embeddings': 128, " + scaling(YARN_32));
        add(
                LintRule.FACTOR_OVERRIDDEN,
                "'original_max_position_embeddings': 32, " + scaling(LONG + ", 'factor': 2.0"),
                "'original_max_position_embeddings': 32, " + scaling(LONG + ", 'factor': 4.0"));
        add(
                LintRule.FACTOR_OVERRIDDEN,
                "'original_max_position_embeddings': 32, " + scaling(LONG + ", 'factor': 2.0"),
                "'original_max_position_embeddings': 32, "
                        + scaling(LONG + ", 'factor': 2.0, 'attention_factor': 1.1"));
    }

    private void scalings() {
        add(LintRule.BETA_ZERO, scaling(YARN_32 + ", 'beta_slow': 0"), scaling(YARN_32 + ", 'beta_slow': 0.1"));
        add(LintRule.BETA_UNUSABLE, scaling(YARN_32 + ", 'beta_slow': null"), scaling(YARN_32 + ", 'beta_slow': 1"));
        add(LintRule.BETA_UNUSABLE, scaling(YARN_32 + ", 'beta_fast': 0"), scaling(YARN_32));
        add(
                LintRule.LONE_MSCALE,
                scaling(YARN_32 + ", 'mscale': 0.5"),
                scaling(YARN_32 + ", 'mscale': 0.5, 'mscale_all_dim': 0.5"));
        add(
                LintRule.LONE_MSCALE,
                scaling(YARN_32 + ", 'mscale_all_dim': 0.5"),
                scaling(YARN_32 + ", 'mscale_all_dim': 0.5, 'attention_factor': 1.1"));
        add(
                LintRule.NESTED_TRUNCATE,
                GEMMA3 + ", 'rope_parameters': {'full_attention': {" + YARN_32 + ", 'truncate': false}}",
                scaling(YARN_32 + ", 'truncate': false"));
        add(
                LintRule.NESTED_TRUNCATE,
                GEMMA3 + ", " + scaling(YARN_32 + ", 'truncate': false"),
                GEMMA3 + ", " + scaling(YARN_32 + ", 'truncate': true"));
        add(
                LintRule.DYNAMIC_LENGTH_UNREAD,
                scaling("'rope_type': 'dynamic', 'factor': 4.0, 'original_max_position_embeddings': 32"),
                scaling("'rope_type': 'dynamic', 'factor': 4.0"));
        add(
                LintRule.DYNAMIC_STALE_KEYS,
                scaling("'rope_type': 'dynamic', 'factor': 4.0"),
                scaling("'rope_type': 'linear', 'factor': 4.0"));
        add(LintRule.PARTIAL_ROTARY, "'partial_rotary_factor': 0.5", "'partial_rotary_factor': 1.0");
        add(
                LintRule.PARTIAL_ROTARY,
                "'partial_rotary_factor': 0.5, " + scaling("'rope_type': 'linear', 'factor': 2.0"),
                "'model_type': 'stablelm', 'partial_rotary_factor': 0.5, "
                        + scaling("'rope_type': 'linear', 'factor': 2.0"));
    }

    private void longRope() {
        add(LintRule.BAD_DIVISORS, scaling(LONG.replace("4]", "0]")), scaling(LONG.replace("4]", "1e30]")));
        add(LintRule.BAD_DIVISORS, scaling(LONG.replace(", 4]", "]")), scaling(LONG));
        add(LintRule.BAD_DIVISORS, scaling(LONG.replace("[1", "['1'")), scaling(LONG.replace("[1", "[1.0")));
        add(
                LintRule.BAD_DIVISORS,
                scaling(LONG.replace("[1, 2, 3, 4]", "4")),
                "'head_dim': 8, 'hidden_size': 99, " + scaling(LONG));
        add(
                LintRule.WITHOUT_HEAD_DIM,
                List.of(TRANSFORMERS_4),
                "'model_type': 'mistral', " + scaling(LONG),
                "'model_type': 'mistral', 'head_dim': 8, " + scaling(LONG));
        add(
                LintRule.WITHOUT_HEAD_DIM,
                "'model_type': 'mixtral', " + scaling(LONG),
                "'model_type': 'llama', " + scaling(LONG));
        add(
                LintRule.LONGROPE_ALWAYS_SHORT,
                List.of(TRANSFORMERS_4),
                scaling(TWO_LISTS + ", 'original_max_position_embeddings': 32"),
                "'original_max_position_embeddings': 32, "
                        + scaling(TWO_LISTS + ", 'original_max_position_embeddings': 32"));
        add(
                LintRule.LONGROPE_ALWAYS_SHORT,
                scaling(TWO_LISTS),
                "'original_max_position_embeddings': 32, " + scaling(TWO_LISTS));
        add(
                LintRule.LONGROPE_ALWAYS_SHORT,
                List.of(TRANSFORMERS_5),
                scaling(TWO_LISTS),
                scaling(TWO_LISTS + ", 'original_max_position_embeddings': 128"));
        add(LintRule.LONGROPE_ALWAYS_SHORT, scaling(TWO_LISTS), scaling(TWO_LISTS.replace("1, 1, 1, 1", "1, 2, 3, 4")));
        add(
                LintRule.LONGROPE_SWITCH,
                "'original_max_position_embeddings': 32, " + scaling(TWO_LISTS),
                "'model_type': 'phi3', 'original_max_position_embeddings': 32, " + scaling(TWO_LISTS));
        add(
                LintRule.LONGROPE_CHOSEN_AT_START,
                scaling(TWO_LISTS + ", 'original_max_position_embeddings': 32"),
                scaling(TWO_LISTS + ", 'original_max_position_embeddings': 128"));
        String nested =
                GEMMA3 + ", 'rope_parameters': {'full_attention': {" + LONG + ", 'original_max_position_embeddings': ";
        add(LintRule.NESTED_LONGROPE, nested + "32}}", nested + "128}}");
        // Wavelengths of 6, 63, 628 and 6,283 tokens; those of the other list are so to six digits.
        add(
                LintRule.RESONANT_DIVISORS,
                List.of(TRANSFORMERS_4, TRANSFORMERS_5, VLLM),
                scaling(oneList("0.9549296585513721, 1.0026761414789407, 0.9994930426171027, 0.9999705074463785")),
                scaling(oneList("0.954930, 1.002676, 0.999493, 0.999971")));
        add(
                LintRule.NESTED_LONGROPE,
                GEMMA3 + ", " + scaling(LONG + ", 'original_max_position_embeddings': 32"),
                scaling(LONG + ", 'original_max_position_embeddings': 32"));
    }

    private static String oneList(String divisors) {
        return "'rope_type': 'longrope', 'short_factor': [" + divisors + "], 'long_factor': [" + divisors
                + "], 'factor': 4.0, 'attention_factor': 1.0";
    }

    private void vllm() {
        add(
                LintRule.MAGNITUDE_DROPPED,
                DEEPSEEK + scaling(YARN_32 + ", 'mscale': 0.5"),
                DEEPSEEK + scaling(YARN_32 + ", 'mscale': 0.5, 'mscale_all_dim': 1.0"));
        add(
                LintRule.MAGNITUDE_DROPPED,
                DEEPSEEK + scaling(YARN_32 + ", 'attention_factor': 1.0"),
                scaling(YARN_32 + ", 'attention_factor': 1.0"));
        add(
                LintRule.MAGNITUDE_DROPPED,
                "'model_type': 'gpt_oss', "
                        + scaling(YARN_32 + ", 'beta_fast': 32, 'beta_slow': 1, 'mscale': 0.5,"
                                + " 'mscale_all_dim': 1.0"),
                scaling(YARN_32 + ", 'mscale': 0.5, 'mscale_all_dim': 1.0"));
        add(
                LintRule.MAGNITUDE_DROPPED,
                scaling(LONG + ", 'attention_factor': 1.3, 'original_max_position_embeddings': 32"),
                scaling(LONG
                        + ", 'attention_factor': 1.3, 'short_mscale': 1.3, 'long_mscale': 1.3,"
                        + " 'original_max_position_embeddings': 32"));
        add(
                LintRule.MAGNITUDE_DROPPED,
                scaling(LONG + ", 'factor': 2.0, 'original_max_position_embeddings': 32"),
                scaling(LONG + ", 'factor': 4.0, 'original_max_position_embeddings': 32"));
        add(
                LintRule.LENGTH_FROM_TOP_LEVEL,
                "'original_max_position_embeddings': 32, " + scaling(LONG),
                scaling(LONG + ", 'original_max_position_embeddings': 32"));
        add(
                LintRule.LENGTH_MULTIPLIED,
                scaling("'rope_type': 'linear', 'factor': 4.0"),
                scaling("'rope_type': 'linear', 'factor': 1.0"));
        add(
                LintRule.LENGTH_MULTIPLIED,
                "'model_type': 'olmo2', " + scaling("'rope_type': 'dynamic', 'factor': 4.0"),
                GEMMA3 + ", " + scaling("'rope_type': 'linear', 'factor': 8.0"));
        add(
                LintRule.DYNAMIC_UNSCALED,
                scaling("'rope_type': 'dynamic', 'factor': 4.0"),
                scaling("'rope_type': 'dynamic', 'factor': 1.0"));
        add(
                LintRule.DYNAMIC_UNSCALED,
                scaling("'rope_type': 'dynamic', 'factor': 4.0"),
                scaling("'rope_type': 'dynamic', 'factor': 4.0, 'max_trained_positions': 32"));
        add(
                LintRule.INTEGER_FACTOR,
                scaling("'rope_type': 'linear', 'factor': 4"),
                scaling("'rope_type': 'linear', 'factor': 4.0"));
        add(LintRule.INTEGER_FACTOR, scaling("'type': 'linear', 'factor': 4"), scaling("'type': 'yarn', 'factor': 4"));
        add(
                LintRule.TABLE_TOO_SHORT,
                "'max_position_embeddings': 129, " + scaling(YARN_32),
                "'max_position_embeddings': 128, " + scaling(YARN_32));
        add(
                LintRule.TABLE_TOO_SHORT,
                scaling("'rope_type': 'dynamic', 'factor': 4.0"),
                scaling("'rope_type': 'linear', 'factor': 4.0"));
        add(LintRule.TABLE_TOO_SHORT, "'model_max_length': 129", "'model_max_length': 127");
        add(
                LintRule.DUAL_CHUNK,
                "'model_type': 'qwen2', 'dual_chunk_attention_config': {'chunk_size': 64}, " + scaling(YARN_32),
                "'model_type': 'llama', 'dual_chunk_attention_config': {'chunk_size': 64}, " + scaling(YARN_32));
        add(
                LintRule.DUAL_CHUNK,
                "'model_type': 'qwen3', 'dual_chunk_attention_config': {'chunk_size': 64}",
                "'model_type': 'qwen3', 'dual_chunk_attention_config': null");
    }

    private void conversion() {
        add(LintRule.CONVERSION_DROPS_SCALING, scaling(LONG), scaling(YARN_32));
        add(
                LintRule.CONVERSION_DROPS_SCALING,
                "'model_type': 'qwen2', " + scaling("'type': 'dynamic', 'factor': 4.0"),
                "'model_type': 'qwen2', " + scaling("'type': 'linear', 'factor': 4.0"));
        add(
                LintRule.CONVERSION_DROPS_SCALING,
                "'model_type': 'qwen3', " + scaling(LLAMA3),
                "'model_type': 'mistral', " + scaling(LLAMA3));
        add(
                LintRule.CONVERSION_DROPS_SCALING,
                GEMMA3 + ", " + scaling(LONG),
                GEMMA3 + ", 'rope_parameters': {'sliding_attention': {" + LONG + "}}");
        add(
                LintRule.CONVERSION_YARN_UNREAD,
                scaling(YARN_32 + ", 'beta_fast': 1.5, 'beta_slow': 0.1, 'truncate': false, 'attention_factor': 1.0"),
                scaling(YARN_32 + ", 'beta_fast': 32, 'beta_slow': 1, 'truncate': true"));
        add(
                LintRule.CONVERSION_YARN_UNREAD,
                scaling(YARN_32 + ", 'mscale': 0.5, 'mscale_all_dim': 1.0"),
                scaling(YARN_32 + ", 'mscale': 1.0"));
        add(
                LintRule.CONVERSION_LLAMA3_LENGTH,
                scaling(LLAMA3),
                scaling(LLAMA3 + ", 'original_max_position_embeddings': 32"));
        add(
                LintRule.CONVERSION_LLAMA3_LENGTH,
                scaling(LLAMA3),
                "'original_max_position_embeddings': 32, " + scaling(LLAMA3));
        add(LintRule.CONVERSION_FAILS, scaling(YARN), "'original_max_position_embeddings': 32, " + scaling(YARN));
        add(LintRule.CONVERSION_FAILS, "'rope_scaling': 'none'", "'rope_scaling': null");
        add(LintRule.CONVERSION_FAILS, "'rope_theta': '1e6'", "'rope_theta': 1e6");
        add(
                LintRule.CONVERSION_FAILS,
                "'rope_scaling': {'rope_type': null, 'factor': 4.0}",
                "'rope_scaling': {'factor': 4.0}");
        add(
                LintRule.CONVERSION_FAILS,
                "'model_type': 'phi3', 'original_max_position_embeddings': 32, " + scaling(LONG.replace(", 4]", "]")),
                "'model_type': 'phi3', 'original_max_position_embeddings': 32, " + scaling(LONG));
        add(
                LintRule.CONVERSION_FAILS,
                "'model_type': 'phi3', " + scaling("'type': 'linear', 'factor': 4.0"),
                "'model_type': 'qwen2', " + scaling("'type': 'linear', 'factor': 4.0"));
        add(
                LintRule.CONVERSION_TWO_DICTIONARIES,
                scaling("'type': 'linear', 'factor': 2.0")
                        + ", 'rope_parameters': {'rope_type': 'linear', 'factor': 4.0, 'rope_theta': 10000}",
                scaling("'type': 'linear', 'factor': 2.0")
                        + ", 'rope_parameters': {'rope_type': 'linear', 'factor': 2, 'rope_theta': 10000}");
        add(
                LintRule.CONVERSION_TWO_DICTIONARIES,
                scaling("'type': 'linear', 'factor': 2.0") + ", 'rope_parameters': {}",
                scaling("'type': 'linear', 'factor': 2.0"));
        add(
                LintRule.CONVERSION_DROPS_SCALING,
                "'model_type': 'cohere', " + scaling("'type': 'linear', 'factor': 4.0"),
                "'model_type': 'granite', " + scaling("'type': 'linear', 'factor': 4.0"));
        add(
                LintRule.CONVERSION_DROPS_SCALING,
                scaling("'type': 'ntk', 'factor': 4.0"),
                "'model_type': 'phi3', 'original_max_position_embeddings': 32, " + scaling(LONG));
        add(
                LintRule.CONVERSION_YARN_UNREAD,
                "'model_type': 'qwen3', " + scaling(YARN_32 + ", 'attn_factor': 0.88, 'extrapolation_factor': 0.5"),
                "'model_type': 'mistral3', " + scaling(YARN_32 + ", 'beta_fast': 16, 'beta_slow': 2"));
        add(
                LintRule.CONVERSION_DROPS_WINDOW,
                "'model_type': 'mistral', 'sliding_window': 64",
                "'model_type': 'mistral', 'sliding_window': null");
        add(
                LintRule.CONVERSION_DROPS_WINDOW,
                "'model_type': 'qwen2', 'sliding_window': 64, 'use_sliding_window': true",
                "'model_type': 'qwen2', 'sliding_window': 64, 'use_sliding_window': false");
        add(
                LintRule.CONVERSION_CAPS_CONTEXT,
                "'max_position_embeddings': 32, " + scaling(YARN_32),
                "'max_position_embeddings': 128, " + scaling(YARN_32));
    }

    private void jlama() {
        List<Engine> jlama = List.of(Engine.JLAMA);
        String mistral = "'model_type': 'mistral', ";
        add(LintRule.JAVA_SCALING_UNREAD, jlama, scaling(YARN_32), scaling("'rope_type': 'linear', 'factor': 4.0"));
        add(
                LintRule.JAVA_SCALING_UNREAD,
                jlama,
                scaling("'type': 'linear', 'factor': 4.0"),
                scaling("'rope_type': 'default'"));
        add(
                LintRule.JAVA_SCALING_UNREAD,
                jlama,
                mistral + scaling("'rope_type': 'linear', 'factor': 4.0"),
                mistral + "'rope_theta': 10000.0");
        add(
                LintRule.JAVA_SCALING_UNREAD,
                jlama,
                "'model_type': 'gemma2', " + scaling(YARN_32),
                "'model_type': 'gemma2', " + scaling("'rope_type': 'linear', 'factor': 4.0"));
        add(
                LintRule.JAVA_SCALING_UNREAD,
                jlama,
                "'rope_parameters': {" + YARN_32 + "}",
                "'rope_parameters': {'rope_type': 'default'}");
        add(LintRule.JAVA_LIST_REFUSED, jlama, scaling(LONG), scaling(YARN_32));
        String list = scaling("'rope_type': 'default', 'short_factor': [1.0, 1.0, 1.0, 1.0]");
        add(LintRule.JAVA_LIST_REFUSED, jlama, list, mistral + "'rope_theta': 10000.0, " + list);
        add(
                LintRule.JAVA_BASE_UNREAD,
                jlama,
                "'rope_theta': null, 'rope_parameters': {'rope_type': 'default', 'rope_theta': 500000.0}",
                "'rope_theta': 500000.0, 'rope_parameters': {'rope_type': 'default', 'rope_theta': 500000.0}");
        add(LintRule.JAVA_BASE_UNREAD, jlama, mistral + "'rope_theta': null", mistral + "'rope_theta': 10000.0");
    }

    /** A multimodal model's keys with a type of scaling at the top and one in its text part. */
    private static String wrapped(String modelType, String outer, String textType, String inner) {
        return "'max_position_embeddings': null, 'model_type': '" + modelType + "', "
                + scaling("'rope_type': '" + outer + "', 'factor': 4.0") + ", 'text_config': {'model_type': '"
                + textType + "', 'hidden_size': 32, 'num_attention_heads': 4, 'max_position_embeddings': 128, "
                + scaling("'rope_type': '" + inner + "', 'factor': 4.0") + "}";
    }

    /** A scaling for all layers, and one of a factor for the global ones. */
    private static String twoLayouts(String factor) {
        return "'model_type': 'olmo3', 'layer_types': ['sliding_attention', 'full_attention'], 'num_hidden_layers': 2, "
                + scaling("'rope_type': 'linear', 'factor': 2.0")
                + ", 'rope_parameters': {'full_attention': {'rope_type': 'linear', 'factor': " + factor
                + ", 'rope_theta': 10000.0}, 'sliding_attention': {'rope_type': 'default', 'rope_theta': 10000.0}}";
    }

    private static String scaling(String keys) {
        return "'rope_scaling': {" + keys + "}";
    }

    private void add(LintRule rule, String broken, String sound) {
        add(rule, rule.engines(), broken, sound);
    }

    private void add(LintRule rule, List<Engine> engines, String broken, String sound) {
        cases.add(new LintCase(rule, engines, with(broken), with(sound)));
    }
}
