"""Writes tiny random models of every known architecture and rope type, and what transformers computes with them.

    python tiny_models.py        (torch 2.13.0, transformers 5.18.0; a few seconds, no network)

Each folder is a model as transformers saves it, with golden.json beside: one sequence longer than the trained length,
and the logits after every token. README.md says how they are computed.
"""

import copy
import json
import shutil
from pathlib import Path

import torch
import transformers
from transformers import AutoConfig, AutoModelForCausalLM

HERE = Path(__file__).parent
LENGTH = 40
VOCABULARY = 32
SIZES = {
    "vocab_size": VOCABULARY,
    "hidden_size": 16,
    "intermediate_size": 24,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "num_key_value_heads": 1,
    "rms_norm_eps": 1e-5,
    "max_position_embeddings": 16,
    "bos_token_id": None,
    "eos_token_id": None,
    "pad_token_id": None,
}
WIDE_HEADS = {"head_dim": 16}
V4 = {"transformers_version": "4.57.6"}
V5 = {"transformers_version": transformers.__version__}
LLAMA = {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_act": "silu", **SIZES}
MISTRAL = {"architectures": ["MistralForCausalLM"], "model_type": "mistral", "hidden_act": "silu", **SIZES}
QWEN2 = {"architectures": ["Qwen2ForCausalLM"], "model_type": "qwen2", "hidden_act": "silu", **SIZES}
QWEN3 = {"architectures": ["Qwen3ForCausalLM"], "model_type": "qwen3", "hidden_act": "silu", **SIZES, **WIDE_HEADS}
GEMMA3 = {
    "architectures": ["Gemma3ForCausalLM"],
    "model_type": "gemma3_text",
    "hidden_activation": "gelu_pytorch_tanh",
    **SIZES,
    "head_dim": 8,
    "num_hidden_layers": 3,
    "query_pre_attn_scalar": 12,
    "sliding_window": 8,
}
LONG_FACTORS = [1.0, 1.3, 2.1, 3.9]

# name: (configuration as its file shall be, how its weights are stored, largest file)
MODELS = {
    "llama": ({**LLAMA, **V4, "rope_theta": 10000.0}, torch.float32, None),
    "llama-linear": (
        {**LLAMA, **V4, "rope_theta": 500.0, "rope_scaling": {"type": "linear", "factor": 2.5}, "tie_word_embeddings": True},
        torch.float32,
        None,
    ),
    "llama-dynamic": (
        {**LLAMA, **V5, "rope_parameters": {"rope_type": "dynamic", "rope_theta": 100.0, "factor": 2.0}},
        torch.float32,
        None,
    ),
    "llama-yarn": (
        {
            **LLAMA,
            **WIDE_HEADS,
            **V4,
            "tie_word_embeddings": True,
            "max_position_embeddings": 64,
            "rope_theta": 100.0,
            "rope_scaling": {
                "rope_type": "yarn",
                "factor": 4.0,
                "original_max_position_embeddings": 16,
                "beta_fast": 4.0,
                "beta_slow": 0.5,
            },
        },
        torch.float16,
        None,
    ),
    "llama-yarn-untruncated": (
        {
            **LLAMA,
            **WIDE_HEADS,
            **V5,
            "tie_word_embeddings": True,
            "max_position_embeddings": 64,
            "rope_parameters": {
                "rope_type": "yarn",
                "rope_theta": 100.0,
                "factor": 4.0,
                "original_max_position_embeddings": 16,
                "beta_fast": 4.0,
                "beta_slow": 0.5,
                "truncate": False,
                "attention_factor": 1.4,
            },
        },
        torch.float32,
        None,
    ),
    "llama-longrope": (
        {
            **LLAMA,
            **V4,
            "max_position_embeddings": 48,
            "original_max_position_embeddings": 16,
            "rope_theta": 100.0,
            "rope_scaling": {
                "rope_type": "longrope",
                "short_factor": [1.0] * 4,
                "long_factor": LONG_FACTORS,
            },
        },
        torch.float32,
        None,
    ),
    "llama-longrope-nested": (
        {
            **LLAMA,
            **V5,
            "max_position_embeddings": 48,
            "rope_parameters": {
                "rope_type": "longrope",
                "rope_theta": 100.0,
                "short_factor": [1.0] * 4,
                "long_factor": LONG_FACTORS,
                "factor": 3.0,
                "attention_factor": 1.3,
                "original_max_position_embeddings": 16,
            },
        },
        torch.float32,
        None,
    ),
    "llama-llama3": (
        {
            **LLAMA,
            **WIDE_HEADS,
            **V4,
            "tie_word_embeddings": True,
            "max_position_embeddings": 64,
            "rope_theta": 100.0,
            "rope_scaling": {
                "rope_type": "llama3",
                "factor": 4.0,
                "low_freq_factor": 0.5,
                "high_freq_factor": 2.0,
                "original_max_position_embeddings": 16,
            },
        },
        torch.bfloat16,
        None,
    ),
    "llama-proportional": (
        {
            **LLAMA,
            **V5,
            "rope_parameters": {
                "rope_type": "proportional",
                "rope_theta": 100.0,
                "partial_rotary_factor": 0.5,
                "factor": 2.0,
            },
        },
        torch.float32,
        None,
    ),
    "mistral": ({**MISTRAL, **V4, "rope_theta": 10000.0, "sliding_window": 8}, torch.float32, "8KB"),
    "mistral-no-window": (
        {
            **MISTRAL,
            **V5,
            "tie_word_embeddings": True,
            "rope_parameters": {"rope_type": "default", "rope_theta": 1000.0},
            "sliding_window": None,
        },
        torch.bfloat16,
        None,
    ),
    "qwen2": (
        {
            **QWEN2,
            **V5,
            "tie_word_embeddings": True,
            "rope_parameters": {"rope_type": "default", "rope_theta": 1000.0},
            "use_sliding_window": False,
            "sliding_window": 8,
            "max_window_layers": 0,
        },
        torch.float32,
        None,
    ),
    "qwen2-window": (
        {
            **QWEN2,
            **V4,
            "rope_theta": 1000.0,
            "use_sliding_window": True,
            "sliding_window": 8,
            "max_window_layers": 1,
        },
        torch.float16,
        None,
    ),
    "qwen3": (
        {
            **QWEN3,
            **V5,
            "tie_word_embeddings": True,
            "rope_parameters": {"rope_type": "default", "rope_theta": 10000.0},
            "attention_bias": False,
            "use_sliding_window": False,
            "sliding_window": None,
            "layer_types": ["full_attention"] * 2,
        },
        torch.float32,
        None,
    ),
    "qwen3-yarn": (
        {
            **QWEN3,
            **V4,
            "max_position_embeddings": 64,
            "rope_theta": 100.0,
            "rope_scaling": {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 16},
            "attention_bias": False,
        },
        torch.bfloat16,
        None,
    ),
    "gemma3": (
        {
            **GEMMA3,
            **V4,
            "hidden_size": 20,
            "rope_theta": 10000.0,
            "rope_local_base_freq": 100.0,
            "rope_scaling": {"rope_type": "linear", "factor": 4.0},
            "sliding_window_pattern": 3,
        },
        torch.bfloat16,
        None,
    ),
    "gemma3-nested": (
        {
            **GEMMA3,
            **V5,
            "rope_parameters": {
                "full_attention": {"rope_type": "linear", "rope_theta": 10000.0, "factor": 4.0},
                "sliding_attention": {"rope_type": "default", "rope_theta": 100.0},
            },
            "layer_types": ["sliding_attention", "full_attention", "sliding_attention"],
        },
        torch.float32,
        None,
    ),
}


class Float64Rotary(torch.nn.Module):
    """Cos and sin in float64, of the frequencies that transformers' own module has for the length at hand."""

    def __init__(self, own):
        super().__init__()
        self.own = [own]  # hidden from .to(float64)

    def forward(self, x, position_ids, layer_type=None):
        own = self.own[0]
        arguments = [] if layer_type is None else [layer_type]
        own(x.float(), position_ids, *arguments)  # recomputes the frequencies that depend on the length
        prefix = "" if layer_type is None else layer_type + "_"
        frequencies = getattr(own, prefix + "inv_freq").double()
        angles = position_ids[0].double()[:, None] * frequencies  # (T, S/2)
        angles = torch.cat((angles, angles), -1).unsqueeze(0)
        scaling = getattr(own, prefix + "attention_scaling")
        return angles.cos() * scaling, angles.sin() * scaling


def in_float64(model):
    """The model in float64, also where the library computes in float32 at any precision."""
    rotary = Float64Rotary(copy.deepcopy(model.model.rotary_emb))
    model = copy.deepcopy(model).to(torch.float64)
    model.model.rotary_emb = rotary
    for path, module in list(model.named_modules()):
        if type(module).__name__.endswith("RMSNorm"):
            weight = module.weight.detach()
            norm = torch.nn.RMSNorm(weight.numel(), eps=model.config.rms_norm_eps, dtype=torch.float64)
            norm.weight.data = 1 + weight if "Gemma" in type(module).__name__ else weight.clone()
            model.set_submodule(path, norm)
    model.set_attn_implementation("sdpa")  # the eager one takes its softmax in float32
    return model


def randomise(model, generator):
    """Parameters large enough for sharp attention, so that a wrong position shows in the logits."""
    for name, parameter in model.named_parameters():
        noise = torch.randn(parameter.shape, generator=generator)
        if "norm" in name:
            centre = 0 if "Gemma" in type(model).__name__ else 1
            value = centre + 0.2 * noise
        elif name.endswith("bias"):
            value = 0.5 * noise
        elif "embed" in name or "lm_head" in name:
            value = 0.7 * noise
        else:
            value = noise * (2 / parameter.shape[-1] ** 0.5)
        parameter.data.copy_(value)


def load(folder, attention="eager"):
    """Stored values as they are, computed with in float32; Gemma's factor on the embedding as in the stored type."""
    model = AutoModelForCausalLM.from_pretrained(folder, dtype="auto", attn_implementation=attention)
    return model.to(torch.float32).eval()


def logits(model, tokens):
    with torch.no_grad():
        return model(input_ids=tokens, use_cache=False).logits[0]  # (T, V)


def plain(config):
    """The same model without scaling and without windows: what an incomplete reader would compute."""
    config = copy.deepcopy(config)
    config.pop("rope_scaling", None)
    for parameters in [config.get("rope_parameters", {}), *config.get("rope_parameters", {}).values()]:
        if isinstance(parameters, dict) and "rope_type" in parameters:
            for key in set(parameters) - {"rope_theta"}:
                del parameters[key]
            parameters["rope_type"] = "default"
    if config.get("sliding_window") and config.get("use_sliding_window", True):
        config["sliding_window"] = 4096
    return config


def write(name, settings, stored, largest_file, seed):
    folder = HERE / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    config = {**settings, "dtype": str(stored).removeprefix("torch.")}
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    model = AutoModelForCausalLM.from_config(AutoConfig.from_pretrained(folder))
    generator = torch.Generator().manual_seed(seed)
    randomise(model, generator)
    model.to(stored).save_pretrained(folder, max_shard_size=largest_file or "5GB")
    (folder / "generation_config.json").unlink(missing_ok=True)
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")  # as written above, not as saved again

    tokens = torch.randint(VOCABULARY, (1, LENGTH), generator=generator)
    model = load(folder)
    if "gemma3" in name:
        factor = torch.tensor(config["hidden_size"] ** 0.5).to(stored).item()
        assert model.model.embed_tokens.embed_scale.item() == factor, "the factor on the embedding isn't rounded"
    exact = logits(in_float64(model), tokens)
    difference = (logits(model, tokens) - exact).abs().max().item()
    assert difference < 1e-3, f"{name}: float32 and float64 differ by {difference}"
    if plain(config) != config:
        (folder / "config.json").write_text(json.dumps(plain(config)))
        effect = (logits(load(folder), tokens) - exact).abs().max().item()
        assert effect > 1000 * difference, f"{name}: its rope scaling or window changes the logits by {effect} only"
        (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    golden = {
        "generator": "tiny_models.py",
        "versions": {"torch": torch.__version__, "transformers": transformers.__version__},
        "seed": seed,
        "tokens": tokens[0].tolist(),
        "logits": [[float(f"{value:.9g}") for value in row] for row in exact.tolist()],
        "float32Difference": float(f"{difference:.3g}"),
    }
    text = json.dumps(golden, indent=1)
    (folder / "golden.json").write_text(compact(text) + "\n")
    sizes = {path.name: path.stat().st_size for path in sorted(folder.iterdir())}
    print(f"{name}: float32 difference {difference:.3g}, largest logit {exact.abs().max():.3g}, {sizes}")


def compact(text):
    """One line for each list of numbers."""
    lines, row = [], None
    for line in text.split("\n"):
        stripped = line.strip()
        if row is not None:
            row.append(stripped)
            if stripped.startswith("]"):
                lines.append(" ".join(row))
                row = None
        elif stripped.endswith("["):
            if stripped == '"logits": [':
                lines.append(line)
            else:
                row = [line]
        else:
            lines.append(line)
    return "\n".join(lines)


def main():
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    for seed, (name, (settings, stored, largest_file)) in enumerate(MODELS.items(), 1):
        write(name, settings, stored, largest_file, seed)


if __name__ == "__main__":
    main()
