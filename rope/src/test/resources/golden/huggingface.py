"""Writes huggingface.tsv: float32 frequencies as Hugging Face transformers computes them from whole configurations.

    python huggingface.py > huggingface.tsv        (needs torch and transformers; versions are in the first line)

Each configuration goes through its model's own rotary embedding: constructed, then called at the last position of a text,
so that dynamic and longrope update themselves. One line a case and layer type: name, layer type, sequence length,
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
from transformers.models.gemma3 import modeling_gemma3
from transformers.models.llama import modeling_llama
from transformers.models.phi import modeling_phi
from transformers.models.phi3 import modeling_phi3

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

CLASSES = {
    "llama": (transformers.LlamaConfig, modeling_llama.LlamaRotaryEmbedding),
    "phi": (transformers.PhiConfig, modeling_phi.PhiRotaryEmbedding),
    "phi3": (transformers.Phi3Config, modeling_phi3.Phi3RotaryEmbedding),
    "gemma3_text": (transformers.Gemma3TextConfig, modeling_gemma3.Gemma3RotaryEmbedding),
}


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
    for name, config, lengths in CASES:
        text = ";".join(flatten(config))
        config_class, rotary_class = CLASSES[config["model_type"]]
        values = {key: value for key, value in config.items() if key != "model_type"}
        for length in lengths:
            rotary = rotary_class(config_class(**copy.deepcopy(values)))
            positions = torch.tensor([[length - 1]])
            for layer in sorted(set(config.get("layer_types", ["all"]))):
                if layer == "all":
                    rotary(torch.zeros(1), positions)
                    frequencies, scale = rotary.inv_freq, rotary.attention_scaling
                else:
                    rotary(torch.zeros(1), positions, layer)
                    frequencies = getattr(rotary, layer + "_inv_freq")
                    scale = getattr(rotary, layer + "_attention_scaling")
                assert frequencies.dtype == torch.float32
                row = [name, layer, length, text, repr(float(scale)),
                       " ".join(repr(v) for v in frequencies.double().tolist())]
                print("\t".join(str(v) for v in row))


if __name__ == "__main__":
    main()
