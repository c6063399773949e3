"""Writes model-classes.tsv: what each text model class of Hugging Face transformers takes for granted about positions.

    python model_classes.py > ../../../main/resources/resonance/rope/huggingface/model-classes.tsv

(needs torch and transformers; versions are in the first line.) How a class reads its keys and which of its layers see a
window was read in its source and stands in CLASSES below; every default, where the rotary size comes from and whether an
unscaled encoding rotates a part of the head was found by building the class's configuration and rotary embedding. Models with
code of their own, which transformers does not have, stand in REMOTE; their code was read.

Columns: model type; how the keys are read (ModelClass.Reading); base, and after a stroke that of version 4; base of layers with a window; longest text; hidden
size; heads; head dimension (- for hidden size / heads); where the rotary size comes from (ModelClass.Head); key and default
of the rotating part; whether an unscaled encoding rotates that part or the whole head; whether YaRN, dynamic and longrope fail without head_dim; trained length at the top level;
layers; which of them see a window or do not rotate (ModelClass.Layers) with default period; default window; extra keys that
the class reads; settings if the file has none.
"""
import importlib
import inspect
import logging
import sys
import warnings

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)

import torch
import transformers
from transformers.models.auto.configuration_auto import CONFIG_MAPPING

MROPE = "mrope_section,mrope_interleaved"
LLAMA4 = "llama_4_scaling_beta,max_position_embeddings"

# model type: (reading, layers, period or None, extra keys)
CLASSES = {
    "llama": ("flat", "full", None, ""),
    "mistral": ("flat", "window", None, ""),
    "mixtral": ("flat", "window", None, ""),
    "ministral": ("flat", "types_or_window", None, ""),
    "ministral3": ("flat", "window", None, LLAMA4),
    "qwen2": ("flat", "upper", 28, ""),
    "qwen2_moe": ("flat", "lower", 28, ""),
    "qwen3": ("flat", "upper", 28, ""),
    "qwen3_moe": ("flat", "window_in_use", None, ""),
    "qwen3_next": ("flat", "linear", 4, ""),
    "qwen2_vl_text": ("mrope", "upper", 80, MROPE),
    "qwen2_5_vl_text": ("mrope", "upper", 80, MROPE),
    "qwen3_vl_text": ("flat", "full", None, MROPE),
    "qwen3_vl_moe_text": ("flat", "full", None, MROPE),
    "qwen3_5_text": ("flat", "linear", 4, MROPE),
    "qwen3_5_moe_text": ("flat", "linear", 4, MROPE),
    "gemma": ("flat", "full", None, ""),
    "gemma2": ("flat", "pattern", 2, ""),
    "gemma3_text": ("global_local", "pattern_key", 6, ""),
    "gemma3n_text": ("global_local", "pattern", 5, ""),
    "gemma4_text": ("types", "pattern", 6, ""),
    "vaultgemma": ("flat", "pattern", 2, ""),
    "phi": ("flat", "full", None, ""),
    "phi3": ("phi3", "window", None, ""),
    "phi4_multimodal": ("phi3", "window", None, ""),
    "deepseek_v2": ("flat", "full", None, ""),
    "deepseek_v3": ("flat", "full", None, ""),
    "glm4_moe_lite": ("flat", "full", None, ""),
    "minicpm3": ("flat", "full", None, ""),
    "youtu": ("flat", "full", None, ""),
    "gpt_oss": ("flat", "pattern", 2, ""),
    "glm": ("flat", "full", None, ""),
    "glm4": ("flat", "full", None, ""),
    "glm4_moe": ("flat", "full", None, ""),
    "glm4v_text": ("flat", "full", None, MROPE),
    "glm4v_moe_text": ("flat", "full", None, MROPE),
    "granite": ("flat", "full", None, ""),
    "granitemoe": ("flat", "full", None, ""),
    "granitemoeshared": ("flat", "full", None, ""),
    "olmo": ("flat", "full", None, ""),
    "olmo2": ("flat", "full", None, ""),
    "olmo3": ("global_local", "pattern", 4, ""),
    "olmoe": ("flat", "full", None, ""),
    "flex_olmo": ("flat", "full", None, ""),
    "smollm3": ("flat", "no_rope", 4, ""),
    "llama4_text": ("flat", "chunked", 4, ""),
    "lfm2": ("flat", "conv", None, ""),
    "lfm2_moe": ("flat", "conv", None, ""),
    "hunyuan_v1_dense": ("alpha", "full", None, "alpha"),
    "hunyuan_v1_moe": ("alpha", "full", None, "alpha"),
    "hy_v3": ("flat", "full", None, ""),
    "stablelm": ("flat", "full", None, ""),
    "starcoder2": ("flat", "window", None, ""),
    "cohere": ("flat", "full", None, ""),
    "cohere2": ("flat", "rope_in_window", 4, ""),
    "gpt_neox": ("neox", "full", None, ""),
    "ernie4_5": ("flat", "full", None, ""),
    "ernie4_5_moe": ("flat", "full", None, ""),
    "persimmon": ("flat", "full", None, ""),
    "nemotron": ("flat", "full", None, ""),
    "exaone4": ("flat", "rope_in_window", 4, ""),
    "seed_oss": ("flat", "full", None, ""),
    "arcee": ("flat", "full", None, ""),
    "apertus": ("flat", "full", None, ""),
    "minimax_m2": ("rotary_dim", "full", None, ""),
    "helium": ("flat", "full", None, ""),
    "bitnet": ("flat", "full", None, ""),
    "diffllama": ("flat", "full", None, ""),
    "jais2": ("flat", "full", None, ""),
    "hyperclovax": ("flat", "full", None, ""),
    "solar_open": ("flat", "full", None, ""),
    "aria_text": ("flat", "full", None, ""),
    "mllama_text_model": ("flat", "full", None, ""),
    "nanochat": ("flat", "full", None, ""),
    "falcon_h1": ("flat", "full", None, ""),
}

# Bases that transformers 4.57.6 takes for granted where they are others; executed. Sizes, lengths and parts are the same.
BASES_OF_4 = {
    "qwen3_vl_text": 5_000_000.0,
    "qwen3_vl_moe_text": 5_000_000.0,
    "olmo3": 10_000.0,
    "cohere": 10_000.0,
    "persimmon": 25_000.0,
    "falcon_h1": 100_000.0,
}

# Multimodal configurations: the type of their text part if it does not say it.
WRAPPERS = [
    "aria", "audioflamingo3", "aya_vision", "cohere2_vision", "colpali", "deepseek_vl", "deepseek_vl_hybrid", "exaone4_5",
    "fast_vlm", "gemma3", "gemma3n", "gemma4", "glm46v", "glm4v", "glm4v_moe", "got_ocr2", "granite4_vision",
    "granite_speech", "idefics2", "idefics3", "internvl", "janus", "kimi_k25", "lfm2_vl", "lighton_ocr", "llama4", "llava",
    "llava_next", "llava_next_video", "llava_onevision", "mistral3", "mllama", "ovis2", "paligemma", "perception_lm",
    "qwen2_5_vl", "qwen2_audio", "qwen2_vl", "qwen3_5", "qwen3_5_moe", "qwen3_asr", "qwen3_vl", "qwen3_vl_moe",
    "shieldgemma2", "smolvlm", "video_llama_3", "video_llava", "vipllava", "voxtral",
]

# Models whose code comes with their weights: the class that has the same defaults, and how the keys are read.
REMOTE = {
    "kimi_k2": ("deepseek_v3", "flat"),
    "internlm2": ("llama", "flat"),
    "minicpm": ("llama", "minicpm"),
}

# Models whose attention has no rotary positions.
NONE = ["nemotron_h", "jamba", "zamba", "mpt", "gpt2", "opt", "bloom"]


def build(model_type, **values):
    config = CONFIG_MAPPING[model_type](**values)
    module = importlib.import_module(type(config).__module__.replace(".configuration_", ".modeling_"))
    classes = [value for name, value in vars(module).items()
               if inspect.isclass(value) and "RotaryEmbedding" in name and "Vision" not in name
               and value.__module__ == module.__name__]
    assert len(classes) == 1, (model_type, classes)
    return config, classes[0](config)


def rotary_size(model_type, **values):
    _, rotary = build(model_type, **values)
    buffers = {name: buffer for name, buffer in rotary.named_buffers() if name.endswith("inv_freq") and "original" not in name}
    for preferred in ("inv_freq", "full_attention_inv_freq"):
        if preferred in buffers:
            return 2 * buffers[preferred].numel()
    raise AssertionError(sorted(buffers))


def head_rule(model_type):
    if model_type == "gemma4_text":
        return "global_head_dim"
    if rotary_size(model_type, qk_rope_head_dim=48) == 48:
        both = rotary_size(model_type, qk_rope_head_dim=48, head_dim=32)
        return "head_dim_or_qk_rope_head_dim" if both == 32 else "qk_rope_head_dim"
    try:
        if build(model_type, head_dim=48)[0].head_dim == 48:
            return "head_dim"
    except Exception:  # noqa: BLE001
        pass
    return "derived"


def needs_head_dim(model_type):
    """Whether the class fails on a YaRN (and a dynamic and a longrope) if the file gives no head_dim."""
    scaling = {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 1024}
    try:
        build(model_type, rope_scaling=scaling)
        return False
    except TypeError:
        return True
    except RuntimeError:  # an odd rotary size, which no file leads to
        return False


def row(model_type):
    reading, layers, period, extra = CLASSES[model_type]
    config, _ = build(model_type)
    parameters = config.rope_parameters
    nested = any(isinstance(value, dict) for value in parameters.values())
    full = parameters["full_attention"] if nested else parameters
    local = parameters["sliding_attention"] if nested else {}
    fields = type(config).__dataclass_fields__
    head = fields["head_dim"].default if "head_dim" in fields else None
    rule = head_rule(model_type)
    if rule.endswith("qk_rope_head_dim"):
        head = fields["qk_rope_head_dim"].default
    elif rule == "global_head_dim":
        head = fields["head_dim"].default
    base = full["rope_theta"]
    if not nested:
        base = build(model_type, rope_parameters={"rope_type": "default"})[0].rope_parameters["rope_theta"]
    partial = full.get("partial_rotary_factor", 1.0)
    whole = rotary_size(model_type)
    if reading == "types":
        unscaled = "whole"
    elif reading == "neox":
        unscaled = "part"
    elif partial != 1:
        unscaled = "part"
    elif reading == "global_local":
        unscaled = "whole"
    else:
        half = rotary_size(model_type, rope_parameters={"rope_type": "default", "rope_theta": 10000.0,
                                                        "partial_rotary_factor": 0.5})
        unscaled = "part" if half == whole // 2 else "whole"
    settings = ""
    if not nested and full["rope_type"] != "default":
        other = build(model_type, rope_theta=123.0)[0].rope_parameters
        settings = ";".join(f"{key}={value}" for key, value in full.items()
                            if key not in ("type", "max_position_embeddings") and other[key] == value)
    if reading == "types":
        settings = ";".join(f"{layer}.{key}={value}" for layer, values in parameters.items() for key, value in values.items())
    window = fields["sliding_window"].default if "sliding_window" in fields else None
    if layers == "chunked":
        window = config.attention_chunk_size
    count = config.num_hidden_layers
    trained = fields["original_max_position_embeddings"].default if "original_max_position_embeddings" in fields else None
    if model_type in BASES_OF_4:
        base = f"{base}/{BASES_OF_4[model_type]}"
    return [model_type, reading, base, local.get("rope_theta", "-"), config.max_position_embeddings,
            config.hidden_size, config.num_attention_heads, head or "-", rule,
            {"neox": "rotary_pct", "rotary_dim": "rotary_dim"}.get(reading, "partial_rotary_factor"), partial, unscaled,
            "required" if reading not in ("types", "phi3") and needs_head_dim(model_type) else "-", trained or "-", count, layers + (f"/{period}" if period else ""), window or "-", extra or "-", settings or "-"]


def main():
    print(f"# python {sys.version.split()[0]}, torch {torch.__version__}, transformers {transformers.__version__};"
          " model_classes.py")
    rows = {model_type: row(model_type) for model_type in CLASSES}
    for values in rows.values():
        print("\t".join(str(value) for value in values))
    for model_type, (like, reading) in REMOTE.items():
        print("\t".join([model_type, "remote", like, reading]))
    for model_type in WRAPPERS:
        text = CONFIG_MAPPING[model_type]().text_config.model_type
        assert text in rows, (model_type, text)
        print("\t".join([model_type, "wrapper", text]))
    for model_type in NONE:
        module = importlib.import_module(f"transformers.models.{model_type}.modeling_{model_type}")
        assert "RotaryEmbedding" not in inspect.getsource(module), model_type
        print("\t".join([model_type, "none"]))


if __name__ == "__main__":
    main()
