"""Writes huggingface.tsv: float32 frequencies as Hugging Face transformers computes them from whole configurations.

    python huggingface.py > huggingface.tsv        (needs torch and transformers; versions are in the first line)

Each configuration goes through its model's own rotary embedding: constructed, and where the encoding depends on the
length called at the last position of a text, so that it updates itself. Every class of model_classes.py has cases. One line a case and layer type: name, layer type, sequence length,
configuration, attention scale, frequencies. A configuration is "path=kind:value" joined by ";", kinds i(nteger),
f(loat), s(tring), b(oolean), n(ull), l(ist of numbers), t(exts).
"""
import copy
import logging
import sys
import warnings

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)

import torch
import transformers

import model_classes

LLAMA = {"model_type": "llama", "hidden_size": 512, "num_attention_heads": 8, "max_position_embeddings": 4096}
SMALL = {"model_type": "llama", "hidden_size": 256, "num_attention_heads": 8, "head_dim": 128,
         "max_position_embeddings": 32768}
GEMMA3 = {"model_type": "gemma3_text", "hidden_size": 256, "num_attention_heads": 4, "head_dim": 64,
          "num_hidden_layers": 6, "max_position_embeddings": 8192,
          "layer_types": ["sliding_attention"] * 5 + ["full_attention"]}
SHORT = [1.0 + j / 64 for j in range(32)]
LONG = [1.0 + j * j / 16 for j in range(32)]


def scaled(base, **scaling):
    return dict(base, rope_theta=500000.0, rope_scaling=scaling)


def parameters(base, **parameters):
    return dict(base, rope_parameters=dict({"rope_theta": 500000.0}, **parameters))


# Any vector: a resonant one (float64), written as ModelRopeWriter.portable writes it.
PORTABLE = [10000.0 ** (-2 * j / 64) / (2 * 3.141592653589793 / round(2 * 3.141592653589793 * 10000.0 ** (2 * j / 64)))
            for j in range(32)]

CASES = [
    ("default v4", dict(LLAMA, rope_theta=500000.0), [100]),
    ("default without base", dict(LLAMA), [100]),
    ("default v5", parameters(SMALL, rope_type="default"), [100]),
    ("default, partial ignored by llama", parameters(LLAMA, rope_type="default", partial_rotary_factor=0.5), [100]),
    ("default, partial", dict(LLAMA, model_type="phi", partial_rotary_factor=0.5, rope_theta=10000.0), [100]),
    ("linear, older key", scaled(LLAMA, type="linear", factor=8.0), [100]),
    ("linear v5, partial", parameters(LLAMA, rope_type="linear", factor=2.5, partial_rotary_factor=0.75), [100]),
    ("dynamic v4", scaled(LLAMA, rope_type="dynamic", factor=2.0), [100, 4097, 16384]),
    ("dynamic v5, factor 1", parameters(SMALL, rope_type="dynamic", factor=1.0), [40000]),
    ("yarn v4", scaled(SMALL, rope_type="yarn", factor=8.0, original_max_position_embeddings=4096), [100]),
    ("yarn v5", parameters(SMALL, rope_type="yarn", factor=4.0, original_max_position_embeddings=8192,
                           beta_fast=2.0, beta_slow=1.0), [100]),
    ("yarn without trained length", scaled(LLAMA, rope_type="yarn", factor=4.0), [100]),
    ("yarn, trained length at the top", dict(scaled(SMALL, rope_type="yarn", factor=4.0,
                                                    original_max_position_embeddings=4096),
                                             original_max_position_embeddings=2048), [100]),
    ("yarn, factor null", scaled(SMALL, rope_type="yarn", factor=None, original_max_position_embeddings=4096), [100]),
    ("yarn, betas null and 0", scaled(SMALL, rope_type="yarn", factor=4.0, beta_fast=None, beta_slow=0,
                                      original_max_position_embeddings=4096), [100]),
    ("yarn, not truncated", scaled(SMALL, rope_type="yarn", factor=32.0, truncate=False,
                                   original_max_position_embeddings=4096), [100]),
    ("yarn, attention_factor", scaled(SMALL, rope_type="yarn", factor=8.0, attention_factor=1.0, mscale=1.0,
                                      mscale_all_dim=0.5, original_max_position_embeddings=4096), [100]),
    ("yarn, mscale", scaled(SMALL, rope_type="yarn", factor=40.0, mscale=0.707, mscale_all_dim=1.0,
                            original_max_position_embeddings=4096), [100]),
    ("yarn, one mscale only", scaled(SMALL, rope_type="yarn", factor=40.0, mscale=0.707,
                                     original_max_position_embeddings=4096), [100]),
    ("yarn, trained length shorter than a turn", scaled(LLAMA, rope_type="yarn", factor=4.0,
                                                        original_max_position_embeddings=5), [100]),
    ("longrope v5", parameters(LLAMA, rope_type="longrope", short_factor=SHORT, long_factor=LONG, factor=4.0,
                               original_max_position_embeddings=1024), [1024, 1025]),
    ("longrope, trained length at the top", dict(scaled(LLAMA, rope_type="longrope", short_factor=SHORT,
                                                        long_factor=LONG),
                                                 original_max_position_embeddings=1024), [1024, 1025]),
    ("longrope, factor wins over lengths", dict(scaled(LLAMA, rope_type="longrope", short_factor=SHORT,
                                                       long_factor=LONG, factor=16.0),
                                                original_max_position_embeddings=1024), [1024]),
    ("longrope, attention_factor", scaled(LLAMA, rope_type="longrope", short_factor=SHORT, long_factor=LONG,
                                          factor=4.0, attention_factor=1.75,
                                          original_max_position_embeddings=1024), [2000]),
    ("longrope as phi3 calls it", dict(LLAMA, model_type="phi3", rope_theta=10000.0,
                                       original_max_position_embeddings=1024, pad_token_id=0,
                                       rope_scaling={"type": "su", "short_factor": SHORT, "long_factor": LONG,
                                                     "original_max_position_embeddings": 1024}), [1025]),
    ("portable block", dict(LLAMA, rope_theta=10000.0, max_position_embeddings=8192, rope_scaling={
        "rope_type": "longrope", "short_factor": PORTABLE, "long_factor": PORTABLE, "factor": 2.0,
        "original_max_position_embeddings": 4096, "attention_factor": 1.0693, "short_mscale": 1.0693,
        "long_mscale": 1.0693}), [100, 5000]),
    ("llama3 v4", scaled(SMALL, rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
                         original_max_position_embeddings=8192), [100]),
    ("llama3 v5", parameters(LLAMA, rope_type="llama3", factor=32.0, low_freq_factor=1.0, high_freq_factor=4.0,
                             original_max_position_embeddings=2048), [100]),
    ("proportional", parameters(SMALL, rope_type="proportional", partial_rotary_factor=0.25), [100]),
    ("proportional, scaled", parameters(SMALL, rope_type="proportional", partial_rotary_factor=0.3, factor=4.0), [100]),
    ("gemma3 v4", dict(GEMMA3, rope_theta=1000000.0, rope_local_base_freq=10000.0,
                       rope_scaling={"rope_type": "linear", "factor": 8.0}), [100]),
    ("gemma3 without any", dict(GEMMA3), [100]),
    ("gemma3 v5", dict(GEMMA3, rope_parameters={
        "full_attention": {"rope_type": "yarn", "factor": 8.0, "rope_theta": 500000.0, "truncate": False,
                           "original_max_position_embeddings": 1024},
        "sliding_attention": {"rope_type": "default", "rope_theta": 20000.0}}), [100]),
]

# Beside the classes' own defaults.
YARN = {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 1024, "beta_fast": 16.0}
SHORT_OF_PHI3 = [1.0 + j / 64 for j in range(48)]
LONG_OF_PHI3 = [1.0 + j * j / 16 for j in range(48)]
ODD = ("glm4_moe", "glm4v_moe_text")  # their own defaults make an odd number of dimensions rotate
GEMMA4_LAYERS = ["sliding_attention", "full_attention"]

SPECIAL = [
    ("gpt_neox with its own words", {"model_type": "gpt_neox", "rotary_pct": 0.5, "rotary_emb_base": 50000.0}, [100]),
    ("gpt_neox, partial_rotary_factor is not its word", {"model_type": "gpt_neox", "partial_rotary_factor": 0.5}, [100]),
    ("minimax_m2, part as a share comes first", {"model_type": "minimax_m2", "rotary_dim": 64, "head_dim": 128,
                                                 "partial_rotary_factor": 0.75}, [100]),
    ("deepseek_v3, head_dim comes first", {"model_type": "deepseek_v3", "qk_rope_head_dim": 64, "head_dim": 32}, [100]),
    ("ministral3, scaling without a base", {"model_type": "ministral3", "rope_scaling": YARN}, [100]),
    ("gemma3, the older word for the type is not read", dict(GEMMA3, rope_scaling={"type": "linear", "factor": 8.0}), [100]),
    ("minimax_m2, part in dimensions", {"model_type": "minimax_m2", "rotary_dim": 64, "head_dim": 128}, [100]),
    ("hunyuan, alpha", {"model_type": "hunyuan_v1_dense", "head_dim": 64, "max_position_embeddings": 4096,
                        "rope_scaling": {"type": "dynamic", "alpha": 1000.0, "factor": 1.0}}, [100]),
    ("hunyuan, dynamic", {"model_type": "hunyuan_v1_dense", "head_dim": 64, "max_position_embeddings": 4096,
                          "rope_scaling": {"type": "dynamic", "factor": 2.0}}, [100, 9000]),
    ("phi3, default trained length", {"model_type": "phi3", "max_position_embeddings": 131072, "pad_token_id": 0,
                                      "rope_scaling": {"rope_type": "longrope", "short_factor": SHORT_OF_PHI3,
                                                       "long_factor": LONG_OF_PHI3}}, [4096, 4097]),
    ("phi3, partial", {"model_type": "phi3", "hidden_size": 3072, "num_attention_heads": 24, "partial_rotary_factor": 0.75,
                       "max_position_embeddings": 131072, "original_max_position_embeddings": 8192, "pad_token_id": 0,
                       "rope_scaling": {"type": "longrope", "short_factor": SHORT_OF_PHI3, "long_factor": LONG_OF_PHI3}},
     [8192, 8193]),
    ("qwen2_vl, mrope", {"model_type": "qwen2_vl_text", "hidden_size": 3584, "num_attention_heads": 28,
                         "rope_scaling": {"type": "mrope", "mrope_section": [16, 24, 24]}}, [100]),
    ("qwen3_vl, mrope under yarn", {"model_type": "qwen3_vl_text", "rope_scaling": dict(
        YARN, mrope_interleaved=True, mrope_section=[24, 20, 20])}, [100]),
    ("kimi's equal bounds", {"model_type": "deepseek_v3", "qk_rope_head_dim": 64, "rope_theta": 50000.0,
                             "max_position_embeddings": 131072,
                             "rope_scaling": {"type": "yarn", "factor": 32.0, "beta_fast": 1.0, "beta_slow": 1.0,
                                              "mscale": 1.0, "mscale_all_dim": 1.0,
                                              "original_max_position_embeddings": 4096}}, [100]),
    ("yarn, bounds swapped", scaled(SMALL, rope_type="yarn", factor=4.0, beta_fast=1.0, beta_slow=32.0,
                                    original_max_position_embeddings=4096), [100]),
    ("yarn, factor below 1", scaled(SMALL, rope_type="yarn", factor=0.25, original_max_position_embeddings=4096), [100]),
    ("yarn, negative mscale", scaled(SMALL, rope_type="yarn", factor=4.0, mscale=-1.0, mscale_all_dim=0.5,
                                     original_max_position_embeddings=4096), [100]),
    ("linear, factor below 1", scaled(LLAMA, type="linear", factor=0.25), [100]),
    ("dynamic, factor below 1", scaled(LLAMA, type="dynamic", factor=0.5), [100, 16384]),
    ("llama3, factor below 1", scaled(SMALL, rope_type="llama3", factor=0.5, low_freq_factor=1.0, high_freq_factor=4.0,
                                      original_max_position_embeddings=8192), [100]),
    ("llama3, bounds swapped", scaled(SMALL, rope_type="llama3", factor=8.0, low_freq_factor=4.0, high_freq_factor=1.0,
                                      original_max_position_embeddings=8192), [100]),
    ("llama3, bounds equal", scaled(SMALL, rope_type="llama3", factor=8.0, low_freq_factor=2.0, high_freq_factor=2.0,
                                    original_max_position_embeddings=8192), [100]),
    ("yarn, truncate null", scaled(SMALL, rope_type="yarn", factor=4.0, truncate=None,
                                   original_max_position_embeddings=4096), [100]),
    ("yarn, truncate in words", scaled(SMALL, rope_type="yarn", factor=4.0, truncate="false",
                                       original_max_position_embeddings=4096), [100]),
    ("type absent", scaled(SMALL, factor=4.0), [100]),
    ("part null", {"model_type": "stablelm", "partial_rotary_factor": None}, [100]),
    ("ministral3, base at the top is not read where nothing is scaled", {"model_type": "ministral3", "rope_theta": 5000.0},
     [100]),
    ("gpt_oss, base at the top", {"model_type": "gpt_oss", "rope_theta": 5000.0}, [100]),
    ("gemma4, dictionaries", {"model_type": "gemma4_text", "head_dim": 64, "global_head_dim": 128, "num_hidden_layers": 2,
                              "layer_types": GEMMA4_LAYERS, "rope_parameters": {
                                  "sliding_attention": {"rope_type": "default", "rope_theta": 5000.0},
                                  "full_attention": {"rope_type": "proportional", "partial_rotary_factor": 0.5,
                                                     "rope_theta": 50000.0}}}, [100]),
    ("olmo3, scaled", {"model_type": "olmo3", "rope_theta": 50000.0, "max_position_embeddings": 65536, "rope_scaling": {
        "rope_type": "yarn", "factor": 8.0, "original_max_position_embeddings": 8192, "attention_factor": 1.2}}, [100]),
]


def of_every_class():
    """What each class takes for granted; the same with a base, a scaling and a part of the head at the usual places."""
    for model_type, (reading, *_) in model_classes.CLASSES.items():
        own = {"model_type": model_type}
        if model_type in ODD:
            own["head_dim"] = 128
        yield f"{model_type}, nothing given", own, [100]
        if reading in ("flat", "mrope", "alpha", "global_local"):
            config = dict(own, rope_theta=50000.0, rope_scaling=YARN)
            if model_classes.needs_head_dim(model_type):
                config["head_dim"] = 128
            yield f"{model_type}, yarn", config, [100]
        if reading in ("flat", "mrope", "alpha"):
            yield f"{model_type}, part", dict(own, rope_theta=50000.0, partial_rotary_factor=0.75), [100]
        if reading != "types":
            sizes = {"hidden_size": 768, "num_attention_heads": 12, "num_key_value_heads": 12}
            yield f"{model_type}, sizes", dict(sizes, model_type=model_type), [100]


def rotaries(config, position):
    """Layer type, frequencies and attention scale of each rotary embedding, after a text of this length."""
    values = {key: value for key, value in copy.deepcopy(config).items() if key != "model_type"}
    built, rotary = model_classes.build(config["model_type"], **values)
    positions = torch.tensor([[position]])
    grows = "dynamic" in str(config) or "short_factor" in str(config)
    layers = sorted({name[: -len("_inv_freq")] for name, _ in rotary.named_buffers()
                     if name.endswith("_inv_freq") and "original" not in name})
    for layer in layers or ["all"]:
        if grows:
            rotary(torch.zeros(1), positions, *([layer] if layers else []))
        if layer == "all":
            yield layer, rotary.inv_freq, rotary.attention_scaling
        else:
            yield layer, getattr(rotary, layer + "_inv_freq"), getattr(rotary, layer + "_attention_scaling")


def flatten(config, prefix=""):
    for key, value in config.items():
        if isinstance(value, dict):
            yield from flatten(value, prefix + key + ".")
        elif value is None:
            yield f"{prefix}{key}=n:"
        elif isinstance(value, bool):
            yield f"{prefix}{key}=b:{str(value).lower()}"
        elif isinstance(value, list):
            kind = "t" if isinstance(value[0], str) else "l"
            yield f"{prefix}{key}={kind}:" + ",".join(str(v) for v in value)
        else:
            yield f"{prefix}{key}={ {int: 'i', float: 'f', str: 's'}[type(value)] }:{value}"


def main():
    print(f"# python {sys.version.split()[0]}, torch {torch.__version__}, transformers {transformers.__version__};"
          " huggingface.py")
    print("case\tlayerType\tsequenceLength\tconfig\tattentionScale\tradiansPerToken (float32, all pairs)")
    for name, config, lengths in [*CASES, *SPECIAL, *of_every_class()]:
        text = ";".join(flatten(config))
        for length in lengths:
            for layer, frequencies, scale in rotaries(config, length - 1):
                assert frequencies.dtype == torch.float32
                row = [name, layer, length, text, repr(float(scale)), " ".join(f"{v:.9g}" for v in frequencies.tolist())]
                print("\t".join(str(v) for v in row))


if __name__ == "__main__":
    main()
