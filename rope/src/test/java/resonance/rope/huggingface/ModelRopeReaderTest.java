package resonance.rope.huggingface;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import resonance.rope.LinearScaling;
import resonance.rope.Llama3Scaling;
import resonance.rope.LongRopeScaling;
import resonance.rope.NoScaling;
import resonance.rope.RopeShape;
import resonance.rope.YarnScaling;

class ModelRopeReaderTest {
    private static final List<Double> ONES = List.of(1.0, 1.0);
    private static final List<Double> TWOS = List.of(2.0, 2.0);

    @Test
    void version4TakesBaseFromTheTopAndTheRestFromRopeScaling() {
        Map<String, Object> config = model();
        config.put("rope_theta", 500_000);
        config.put("rope_scaling", Map.of("type", "linear", "factor", 4));
        ModelRope rope = read(config, TransformersVersion.V4);
        assertThat(rope.shape()).isEqualTo(RopeShape.of(4, 500_000, 4096));
        assertThat(rope.scaling()).isEqualTo(new LinearScaling(4));
        assertThat(rope.maximumLength()).isEqualTo(4096);
    }

    @Test
    void inVersion5RopeScalingWinsOverRopeParametersAndTheInnerBaseOverTheOuter() {
        Map<String, Object> config = model();
        config.put("rope_theta", 1000);
        config.put("rope_parameters", Map.of("rope_type", "default", "rope_theta", 500_000));
        assertThat(read(config, TransformersVersion.V5).shape().base()).isEqualTo(500_000);
        config.put("rope_scaling", Map.of("rope_type", "linear", "factor", 4));
        assertThat(read(config, TransformersVersion.V5).scaling()).isEqualTo(new LinearScaling(4));
        assertThat(read(config, TransformersVersion.V5).shape().base()).isEqualTo(1000);
        config.put("rope_scaling", Map.of());
        assertThat(read(config, TransformersVersion.V5).scaling()).isEqualTo(new NoScaling());
    }

    @Test
    void version4LooksForYarnsTrainedLengthInTheDictionaryOnly() {
        Map<String, Object> config = model();
        config.put("original_max_position_embeddings", 512);
        config.put("rope_scaling", Map.of("rope_type", "yarn", "factor", 4));
        assertThat(read(config, TransformersVersion.V4).shape().trainedLength()).isEqualTo(4096);
        assertThat(read(config, TransformersVersion.V5).shape().trainedLength()).isEqualTo(512);
        config.put("rope_scaling", Map.of("rope_type", "yarn", "factor", 4, "original_max_position_embeddings", 1024));
        assertThat(read(config, TransformersVersion.V4).shape().trainedLength()).isEqualTo(1024);
        assertThat(read(config, TransformersVersion.V5).shape().trainedLength()).isEqualTo(512);
    }

    @Test
    void version4LooksForLongRopesTrainedLengthAtTheTopOnlyAndThenOverridesTheFactor() {
        Map<String, Object> config = model();
        Map<String, Object> scaling = new HashMap<>(Map.of(
                "rope_type",
                "longrope",
                "short_factor",
                ONES,
                "long_factor",
                TWOS,
                "factor",
                16.0,
                "original_max_position_embeddings",
                1024));
        config.put("rope_scaling", scaling);
        ModelRope four = read(config, TransformersVersion.V4);
        assertThat(four.shape().trainedLength()).isEqualTo(4096);
        assertThat(four.scaling()).isEqualTo(new LongRopeScaling(ONES, TWOS, 16, OptionalDouble.empty()));
        ModelRope five = read(config, TransformersVersion.V5);
        assertThat(five.shape().trainedLength()).isEqualTo(1024);
        assertThat(five.scaling()).isEqualTo(four.scaling());
        config.put("original_max_position_embeddings", 2048);
        four = read(config, TransformersVersion.V4);
        assertThat(four.shape().trainedLength()).isEqualTo(2048);
        assertThat(four.scaling()).isEqualTo(new LongRopeScaling(ONES, TWOS, 2, OptionalDouble.empty()));
        five = read(config, TransformersVersion.V5);
        assertThat(five.shape().trainedLength()).isEqualTo(2048);
        assertThat(five.scaling()).isEqualTo(new LongRopeScaling(ONES, TWOS, 16, OptionalDouble.empty()));
    }

    @Test
    void aLongRopeThatNoLengthChangesKeepsTheTrainedLengthOfItsDictionary() {
        Map<String, Object> config = model();
        Map<String, Object> scaling = new HashMap<>(Map.of(
                "rope_type",
                "longrope",
                "short_factor",
                TWOS,
                "long_factor",
                TWOS,
                "attention_factor",
                1.5,
                "original_max_position_embeddings",
                1024));
        config.put("rope_scaling", scaling);
        ModelRope four = read(config, TransformersVersion.V4);
        assertThat(four.shape().trainedLength()).isEqualTo(1024);
        assertThat(four.frequencies(1)).isEqualTo(four.frequencies(4096));
        scaling.put("short_factor", ONES);
        assertThat(read(config, TransformersVersion.V4).shape().trainedLength()).isEqualTo(4096);
        scaling.put("short_factor", TWOS);
        scaling.remove("attention_factor");
        scaling.put("factor", 4);
        assertThat(read(config, TransformersVersion.V4).shape().trainedLength()).isEqualTo(4096);
    }

    @Test
    void aDictionaryOfOneLayerTypeHasItsOwnTrainedLengthOrTheMaximum() {
        Map<String, Object> config = model();
        config.put("model_type", "olmo3");
        Map<String, Object> yarn = new HashMap<>(Map.of("rope_type", "yarn", "factor", 4));
        config.put("rope_parameters", Map.of("full_attention", yarn));
        config.put("original_max_position_embeddings", 512);
        Map<String, ModelRope> layers =
                ModelRopeReader.read(config, TransformersVersion.V5).ropes();
        assertThat(requireNonNull(layers.get("full_attention")).shape().trainedLength())
                .isEqualTo(4096);
        yarn.put("original_max_position_embeddings", 1024);
        layers = ModelRopeReader.read(config, TransformersVersion.V5).ropes();
        assertThat(requireNonNull(layers.get("full_attention")).shape().trainedLength())
                .isEqualTo(1024);
    }

    @Test
    void version4NeedsLlama3sTrainedLengthInTheDictionary() {
        Map<String, Object> config = model();
        Map<String, Object> scaling =
                new HashMap<>(Map.of("rope_type", "llama3", "factor", 8, "low_freq_factor", 1, "high_freq_factor", 4));
        config.put("rope_scaling", scaling);
        assertThat(read(config, TransformersVersion.V5).shape().trainedLength()).isEqualTo(4096);
        refuses(
                config,
                TransformersVersion.V4,
                "rope_scaling.original_max_position_embeddings must be given, was absent");
        scaling.put("original_max_position_embeddings", 2048);
        ModelRope rope = read(config, TransformersVersion.V4);
        assertThat(rope.shape().trainedLength()).isEqualTo(2048);
        assertThat(rope.scaling()).isEqualTo(new Llama3Scaling(8));
    }

    @Test
    @SuppressWarnings("NullAway") // JSON's null is null here
    void nullCountsAsAbsentAndForYarnsFactorInVersion5AsTheRatioOfLengths() {
        Map<String, Object> config = model();
        Map<String, Object> scaling = new HashMap<>();
        scaling.put("rope_type", "yarn");
        scaling.put("factor", null);
        scaling.put("original_max_position_embeddings", 1024);
        scaling.put("beta_fast", null);
        scaling.put("attention_factor", null);
        config.put("rope_scaling", scaling);
        config.put("head_dim", null);
        assertThat(read(config, TransformersVersion.V5).scaling()).isEqualTo(new YarnScaling(4));
        refuses(
                config,
                TransformersVersion.V4,
                "rope_scaling.factor must be a number, was null; transformers 4 fails on it, read with version 5 or"
                        + " write max_position_embeddings / original_max_position_embeddings");
        scaling.put("factor", 4);
        assertThat(read(config, TransformersVersion.V4).scaling()).isEqualTo(new YarnScaling(4));
        scaling.put("truncate", null);
        assertThat(read(config, TransformersVersion.V5).scaling())
                .isEqualTo(new YarnScaling(4, 32, 1, false, OptionalDouble.empty(), 0, 0));
        assertThat(ModelRopeReader.read(config, TransformersVersion.V5).notes())
                .containsExactly("rope_scaling.truncate is null, which transformers takes for false");
        scaling.remove("truncate");
        scaling.remove("factor");
        refuses(
                config,
                TransformersVersion.V5,
                "rope_scaling.factor must be given, was absent; null means max_position_embeddings /"
                        + " original_max_position_embeddings");
        refuses(config, TransformersVersion.V4, "rope_scaling.factor must be given, was absent");
    }

    @Test
    void gemma3KeepsTwoEncodings() {
        Map<String, Object> config = model();
        config.put("model_type", "gemma3_text");
        config.put("head_dim", 4);
        config.put("rope_local_base_freq", 20_000);
        config.put("rope_scaling", Map.of("rope_type", "linear", "factor", 8));
        Map<String, ModelRope> layers =
                ModelRopeReader.read(config, TransformersVersion.V4).ropes();
        assertThat(layers.keySet()).containsExactly("full_attention", "sliding_attention");
        assertThat(layers.get("full_attention"))
                .isEqualTo(new ModelRope(RopeShape.of(4, 1_000_000, 4096), new LinearScaling(8), 4, 4096));
        assertThat(layers.get("sliding_attention"))
                .isEqualTo(new ModelRope(RopeShape.of(4, 20_000, 4096), new NoScaling(), 4, 4096));
        assertThat(ModelRopeReader.read(config, TransformersVersion.V5).ropes()).isEqualTo(layers);
    }

    @Test
    void layerTypesHaveDictionariesOfTheirOwn() {
        Map<String, Object> config = model();
        config.put("model_type", "gemma4_text");
        config.put("head_dim", 4);
        config.put("global_head_dim", 8);
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("sliding_attention", Map.of("rope_type", "default", "rope_theta", 1000));
        Map<String, Object> yarn = new HashMap<>(Map.of("rope_type", "yarn", "factor", 4, "truncate", false));
        yarn.put("original_max_position_embeddings", 1024);
        yarn.put("rope_theta", 10_000);
        parameters.put("full_attention", yarn);
        config.put("rope_parameters", parameters);
        Map<String, ModelRope> layers =
                ModelRopeReader.read(config, TransformersVersion.V5).ropes();
        assertThat(layers.get("sliding_attention"))
                .isEqualTo(new ModelRope(RopeShape.of(4, 1000, 4096), new NoScaling(), 4, 4096));
        // transformers 5.18 does not read truncate here
        assertThat(layers.get("full_attention"))
                .isEqualTo(new ModelRope(RopeShape.of(8, 10_000, 1024), new YarnScaling(4), 8, 4096));
        parameters.put("full_atention", Map.of("rope_type", "default"));
        assertThat(ModelRopeReader.read(config, TransformersVersion.V5).notes())
                .containsExactly(
                        "rope_parameters.full_atention = {\"rope_type\": \"default\"} is not read for model_type"
                                + " 'gemma4_text'; did you mean 'full_attention'?");
        parameters.remove("full_attention");
        refuses(config, TransformersVersion.V5, "rope_parameters.full_attention must be given, was absent");
        config.put("model_type", "llama");
        refuses(
                config,
                TransformersVersion.V5,
                "rope_parameters.full_atention must be no object, since model_type 'llama' has one encoding for all"
                        + " layers, was {\"rope_type\": \"default\"}");
    }

    @Test
    void partialRotaryShrinksTheRotatedPart() {
        Map<String, Object> config = model();
        config.put("head_dim", 16);
        config.put("partial_rotary_factor", 0.25);
        config.put("model_type", "phi");
        for (TransformersVersion version : TransformersVersion.values()) {
            assertThat(read(config, version).shape().headSize()).isEqualTo(4);
            assertThat(read(config, version).headDimension()).isEqualTo(16);
        }
        config.put("model_type", "llama");
        assertThat(read(config, TransformersVersion.V5).shape().headSize()).isEqualTo(16);
        config.put("partial_rotary_factor", 0.2);
        refuses(
                config,
                TransformersVersion.V4,
                "head_dim * partial_rotary_factor must be even and at least 2, was 3; a rotation turns pairs of"
                        + " dimensions");
    }

    @Test
    void unknownTypesAndKeysAreRefusedWithTheKnownOnes() {
        refuses(
                scaled(Map.of("rope_type", "yarm", "factor", 4)),
                TransformersVersion.V4,
                "rope_scaling.rope_type 'yarm' is unknown to transformers 4; known: default, linear, dynamic, yarn,"
                        + " longrope, llama3; did you mean 'yarn'?");
        refuses(
                scaled(Map.of("type", "proportional")),
                TransformersVersion.V4,
                "rope_scaling.type 'proportional' is unknown to transformers 4; known: default, linear, dynamic, yarn,"
                        + " longrope, llama3");
    }

    @Test
    void keysThatNothingReadsBecomeNotesWithTheNearestThatIsRead() {
        assertThat(notes(Map.of("rope_type", "yarn", "factor", 4, "betafast", 2), TransformersVersion.V5))
                .containsExactly(
                        "rope_scaling.betafast = 2 is not read for rope_type 'yarn'; did you mean 'beta_fast'?");
        assertThat(notes(
                        Map.of("type", "yarn", "factor", 4, "original_max_position_embedding", 1024),
                        TransformersVersion.V4))
                .containsExactly("rope_scaling.original_max_position_embedding = 1024 is not read for rope_type 'yarn';"
                        + " did you mean 'original_max_position_embeddings'?");
        assertThat(notes(Map.of("type", "linear", "factor", 4, "finetuned", true), TransformersVersion.V4))
                .containsExactly("rope_scaling.finetuned = true is not read for rope_type 'linear'");
        assertThat(notes(Map.of("rope_type", "linear", "factor", 4, "rope_theta", 1000), TransformersVersion.V4))
                .containsExactly("rope_scaling.rope_theta = 1000 is not read for rope_type 'linear'");
        assertThat(notes(Map.of("rope_type", "linear", "factor", 4), TransformersVersion.V4))
                .isEmpty();
    }

    /** Executed with 4.57.6 and 5.18.0. */
    @Test
    void versionsTakeDifferentBasesForGrantedInAFewClasses() {
        Map<String, Object> config = model();
        config.put("model_type", "cohere");
        assertThat(read(config, TransformersVersion.V4).shape().base()).isEqualTo(10_000);
        assertThat(read(config, TransformersVersion.V5).shape().base()).isEqualTo(500_000);
        config.put("model_type", "olmo3");
        assertThat(ModelRopeReader.read(config, TransformersVersion.V4)
                        .sliding()
                        .shape()
                        .base())
                .isEqualTo(10_000);
        assertThat(ModelRopeReader.read(config, TransformersVersion.V5)
                        .sliding()
                        .shape()
                        .base())
                .isEqualTo(500_000);
    }

    @Test
    void whatIsNotSaidIsTheClasssDefaultWithANoteWhereItIsALength() {
        RopeReading reading = ModelRopeReader.read(Map.of("model_type", "llama"), TransformersVersion.V4);
        assertThat(reading.full())
                .isEqualTo(new ModelRope(RopeShape.of(128, 10_000, 2048), new NoScaling(), 128, 2048));
        assertThat(reading.windows()).hasSize(32);
        assertThat(reading.notes())
                .containsExactly(
                        "max_position_embeddings is absent; 2048, the default of model_type 'llama', is taken");
        refuses(
                Map.of("rope_theta", 5000),
                TransformersVersion.V5,
                "model_type must be given, was absent; it says which class reads the file");
    }

    @Test
    void aTextPartIsReadWhereverItStands() {
        Map<String, Object> text = model();
        text.remove("model_type");
        for (String place : List.of("text_config", "llm_config", "language_config")) {
            RopeReading reading = ModelRopeReader.read(Map.of("model_type", "internvl", place, text));
            assertThat(reading.modelType()).isEqualTo("qwen2");
            assertThat(reading.place()).isEqualTo(place);
            assertThat(reading.full().shape().headSize()).isEqualTo(4);
        }
        text.put("model_type", "llama");
        RopeReading deeper =
                ModelRopeReader.read(Map.of("model_type", "unheard_of", "thinker_config", Map.of("text_config", text)));
        assertThat(deeper.modelType()).isEqualTo("llama");
        assertThat(deeper.place()).isEqualTo("thinker_config.text_config");
        text.put("model_type", "baichuan");
        assertThatThrownBy(() -> ModelRopeReader.read(Map.of("model_type", "llava", "text_config", text)))
                .isInstanceOf(UnknownPositionsException.class)
                .hasMessage("text_config.model_type 'baichuan' is not known here, and so its position encoding is not"
                        + " either");
    }

    @Test
    void whatStandsAboveTheTextPartIsNotedUnlessItSaysTheSame() {
        Map<String, Object> text = model();
        text.put("model_type", "llama");
        text.put("rope_theta", 10_000);
        Map<String, Object> whole = new LinkedHashMap<>();
        whole.put("model_type", "llava");
        whole.put("rope_theta", 10_000);
        whole.put("text_config", text);
        assertThat(ModelRopeReader.read(whole).notes()).isEmpty();
        Map<String, Object> scaling = new LinkedHashMap<>();
        scaling.put("rope_type", "linear");
        scaling.put("factor", 4);
        whole.put("rope_scaling", scaling);
        assertThat(ModelRopeReader.read(whole).notes())
                .containsExactly(
                        "rope_scaling = {\"rope_type\": \"linear\", \"factor\": 4} is not read above the text part,"
                                + " only text_config.rope_scaling is");
        assertThat(ModelRopeReader.read(whole).full().scaling()).isEqualTo(new NoScaling());
    }

    @Test
    void aTextPartThatIsNoObjectIsRefused() {
        assertThatThrownBy(() -> ModelRopeReader.read(Map.of("model_type", "qwen3_vl", "text_config", List.of(1))))
                .hasMessage("text_config must be an object, was [1]");
    }

    @Test
    void layersThatAreNullAreRefused() {
        Map<String, Object> config = model();
        config.put("num_hidden_layers", null);
        for (TransformersVersion version : TransformersVersion.values()) {
            assertThatThrownBy(() -> ModelRopeReader.read(config, version))
                    .hasMessage("num_hidden_layers must be a whole number from 1 to 4096, was null");
        }
    }

    @Test
    void aModelThatVersion4DoesNotKnowIsReadAsVersion5WhateverWroteIt() {
        for (String type : List.of("ministral3", "qwen3_5", "video_llama_3", "minicpm3")) {
            assertThat(TransformersVersion.of(Map.of("model_type", type, "transformers_version", "4.57.6")))
                    .as(type)
                    .isEqualTo(TransformersVersion.V5);
        }
        assertThat(TransformersVersion.of(Map.of(
                        "model_type",
                        "mistral3",
                        "transformers_version",
                        "4.57.6",
                        "text_config",
                        Map.of("model_type", "ministral3"))))
                .isEqualTo(TransformersVersion.V5);
        assertThat(TransformersVersion.of(Map.of("model_type", "mistral3", "transformers_version", "4.57.6")))
                .isEqualTo(TransformersVersion.V4);
    }

    @Test
    void miniCpm3sLongRopeTakesItsFactorFromTheLengths() {
        Map<String, Object> config = model();
        config.put("model_type", "minicpm3");
        config.put("qk_rope_head_dim", 4);
        config.put(
                "rope_scaling",
                Map.of(
                        "type",
                        "longrope",
                        "short_factor",
                        ONES,
                        "long_factor",
                        TWOS,
                        "original_max_position_embeddings",
                        1024));
        assertThat(ModelRopeReader.read(config).full().scaling().factor()).isEqualTo(4);
    }

    @Test
    void attentionInChunksSaysWhatAnUnscaledModelWasTrainedOn() {
        Map<String, Object> config = model();
        config.put("dual_chunk_attention_config", Map.of("original_max_position_embeddings", 1024));
        ModelRope rope = ModelRopeReader.read(config).full();
        assertThat(rope.shape().trainedLength()).isEqualTo(1024);
        assertThat(rope.maximumLength()).isEqualTo(4096);
    }

    @Test
    void everyMultimodalModelHasATextPartThatIsRead() {
        for (String type : ModelClasses.multimodalTypes()) {
            Map<String, Object> text = model();
            text.remove("model_type");
            text.put("head_dim", 64);
            assertThat(ModelRopeReader.read(Map.of("model_type", type, "text_config", text))
                            .place())
                    .as(type)
                    .isEqualTo("text_config");
            text.put("model_type", type);
            assertThat(ModelRopeReader.read(text).place()).as("%s, flat", type).isEmpty();
        }
    }

    @Test
    void gemma3InVersion5NeedsTheTypeUnderItsNewName() {
        Map<String, Object> config = scaled(Map.of("type", "linear", "factor", 8));
        config.put("model_type", "gemma3_text");
        RopeReading five = ModelRopeReader.read(config, TransformersVersion.V5);
        assertThat(five.full().scaling()).isEqualTo(new NoScaling());
        assertThat(five.notes())
                .containsExactly(
                        "rope_scaling.type = 'linear' is not read by transformers 5 for model_type 'gemma3_text', whose"
                                + " layers stay unscaled; call it rope_type",
                        "rope_scaling.factor = 8 is not read for rope_type 'default'");
        assertThat(ModelRopeReader.read(config, TransformersVersion.V4).full().scaling())
                .isEqualTo(new LinearScaling(8));
    }

    @Test
    void codeOfItsOwnMayReadWhatIsNotKnownHere() {
        Map<String, Object> config = scaled(Map.of("type", "clex", "factor", 4));
        config.put("auto_map", Map.of("AutoModelForCausalLM", "modeling.Model"));
        assertThatThrownBy(() -> ModelRopeReader.read(config))
                .isInstanceOf(UnknownPositionsException.class)
                .hasMessage(
                        "rope_scaling.type 'clex' is unknown to transformers 4, but the configuration names code of its"
                                + " own (auto_map), which may know it");
        config.put("rope_scaling", Map.of("type", "linear", "factor", 4, "time_dt", 0.01));
        assertThatThrownBy(() -> ModelRopeReader.read(config))
                .isInstanceOf(UnknownPositionsException.class)
                .hasMessage(
                        "rope_scaling.time_dt is unknown for rope_type 'linear', but the configuration names code of"
                                + " its own (auto_map), which may read it");
        config.put("rope_scaling", Map.of("type", "linear", "factor", 4, "finetuned", true));
        assertThat(ModelRopeReader.read(config).notes())
                .containsExactly("rope_scaling.finetuned = true is not read for rope_type 'linear'");
        config.put("auto_map", Map.of("AutoConfig", "configuration.Config"));
        config.put("rope_scaling", Map.of("type", "linear", "factor", 4, "time_dt", 0.01));
        assertThat(ModelRopeReader.read(config).notes()).hasSize(1);
    }

    @Test
    void valuesThatCannotBeAreRefusedByKey() {
        refuses(
                scaled(Map.of("rope_type", "linear", "factor", "4")),
                TransformersVersion.V4,
                "rope_scaling.factor must be a number, was '4'");
        refuses(
                scaled(Map.of("rope_type", "linear", "factor", -0.5)),
                TransformersVersion.V4,
                "rope_scaling.factor must be a finite number above 0, was -0.5");
        refuses(
                scaled(Map.of("rope_type", "linear")),
                TransformersVersion.V5,
                "rope_scaling.factor must be given, was absent");
        refuses(
                scaled(Map.of("factor", 4)),
                TransformersVersion.V4,
                "rope_scaling.rope_type must be given, was absent; transformers 4 fails on it");
        refuses(
                scaled(Map.of("rope_type", "linear", "type", "yarn", "factor", 4)),
                TransformersVersion.V4,
                "rope_scaling.rope_type and rope_scaling.type must agree, were 'linear' and 'yarn'; versions of"
                        + " transformers differ in which of them they take");
        refuses(
                scaled(Map.of("rope_type", "longrope", "short_factor", 1, "long_factor", ONES)),
                TransformersVersion.V5,
                "rope_scaling.short_factor must be a list, was 1");
        Map<String, Object> config = model();
        config.put("max_position_embeddings", 0.5);
        refuses(
                config,
                TransformersVersion.V5,
                "max_position_embeddings must be a whole number from 1 to 2147483647, was 0.5");
        config = model();
        config.put("rope_scaling", List.of());
        refuses(config, TransformersVersion.V5, "rope_scaling must be an object, was []");
    }

    @Test
    void aVersion5ConfigurationIsNotSilentlyDroppedByVersion4() {
        Map<String, Object> config = model();
        config.put("rope_parameters", Map.of("rope_type", "linear", "factor", 4, "rope_theta", 500_000));
        refuses(
                config,
                TransformersVersion.V4,
                "rope_parameters must come with rope_theta and rope_scaling for transformers 4, which does not read"
                        + " it; read with version 5 or write both layouts");
    }

    @Test
    void theVersionIsTheWritersOrTheLayouts() {
        assertThat(TransformersVersion.of(Map.of("transformers_version", "4.57.6", "rope_parameters", Map.of())))
                .isEqualTo(TransformersVersion.V4);
        assertThat(TransformersVersion.of(Map.of("transformers_version", "5.18.0")))
                .isEqualTo(TransformersVersion.V5);
        assertThat(TransformersVersion.of(Map.of("rope_parameters", Map.of()))).isEqualTo(TransformersVersion.V5);
        assertThat(TransformersVersion.of(Map.of("rope_theta", 10_000))).isEqualTo(TransformersVersion.V4);
    }

    static Map<String, Object> model() {
        Map<String, Object> config = new HashMap<>();
        config.put("model_type", "llama");
        config.put("hidden_size", 32);
        config.put("num_attention_heads", 8);
        config.put("max_position_embeddings", 4096);
        return config;
    }

    private static Map<String, Object> scaled(Map<String, Object> scaling) {
        Map<String, Object> config = model();
        config.put("rope_scaling", scaling);
        return config;
    }

    private static List<String> notes(Map<String, Object> scaling, TransformersVersion version) {
        return ModelRopeReader.read(scaled(scaling), version).notes();
    }

    private static ModelRope read(Map<String, Object> config, TransformersVersion version) {
        Map<String, ModelRope> layers = ModelRopeReader.read(config, version).ropes();
        assertThat(layers).containsOnlyKeys(ModelRope.ALL_LAYERS);
        return layers.values().iterator().next();
    }

    private static void refuses(Map<String, Object> config, TransformersVersion version, String message) {
        assertThatThrownBy(() -> ModelRopeReader.read(config, version))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
