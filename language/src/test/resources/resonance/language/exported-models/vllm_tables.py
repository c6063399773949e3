"""Compares vLLM's own table of cosines and sines for every golden export with that of transformers.

    python vllm_tables.py VLLM        (VLLM: a folder with vLLM's sources, 0.33.0 was used; no GPU, vLLM isn't installed)

Only vLLM's class for longrope runs, by itself, with a stand-in for its configuration; how vLLM chooses the class and its
arguments is repeated here from get_rope. exported_models.py has written golden.json before.
"""

import importlib.util
import json
import sys
import tempfile
import types
from pathlib import Path

import torch
import transformers

HERE = Path(__file__).parent
ROPE = "vllm.model_executor.layers.rotary_embedding"


def script(name):
    spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def longrope_class(sources, max_model_len):
    """Phi3LongRoPEScaledRotaryEmbedding, which serves longrope for every model, of a vLLM with this max_model_len."""
    model_config = types.SimpleNamespace(max_model_len=max_model_len)
    stand_ins = {
        "vllm.config": {"get_current_vllm_config": lambda: types.SimpleNamespace(model_config=model_config)},
        "vllm.logger": {"init_logger": lambda name: types.SimpleNamespace(warning_once=lambda *words: None)},
        ROPE + ".common": {"rotate_neox": lambda x: torch.cat((-x.chunk(2, -1)[1], x.chunk(2, -1)[0]), -1)},
    }
    for name, contents in {"vllm": {}, "vllm.model_executor": {}, "vllm.model_executor.layers": {}, ROPE: {}, **stand_ins}.items():
        sys.modules[name] = types.ModuleType(name)
        sys.modules[name].__path__ = []
        vars(sys.modules[name]).update(contents)
    file = sources / "vllm/model_executor/layers/rotary_embedding/phi3_long_rope_scaled_rope.py"
    spec = importlib.util.spec_from_file_location(ROPE + ".phi3_long_rope_scaled_rope", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Phi3LongRoPEScaledRotaryEmbedding


def difference(sources, folder):
    """Largest difference of a rotated random vector between vLLM and transformers, at every position of the context."""
    model = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    config, rotary = model.config, model.model.rotary_emb
    nested = "full_attention" in config.rope_parameters
    parameters = config.rope_parameters["full_attention"] if nested else config.rope_parameters
    length = config.max_position_embeddings
    size = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    served = longrope_class(sources, length)(
        size,
        size,
        length,
        parameters["original_max_position_embeddings"],
        parameters["rope_theta"],
        True,
        torch.float32,
        parameters["short_factor"],
        parameters["long_factor"],
        **{key: value for key, value in parameters.items() if key in ("short_mscale", "long_mscale")},
    )
    positions = torch.arange(length)
    vector = torch.randn(length, size, generator=torch.Generator().manual_seed(1))
    theirs, _ = served(positions, vector, vector)
    arguments = ["full_attention"] if nested else []
    cos, sin = rotary(vector, positions[None], *arguments)
    rotated = vector * cos[0] + torch.cat((-vector[:, size // 2 :], vector[:, : size // 2]), -1) * sin[0]
    return (theirs - rotated).abs().max().item()


def main(sources):
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    exported = script("exported_models")
    worst = 0
    exports = json.loads((HERE / "golden.json").read_text())["exports"]
    with tempfile.TemporaryDirectory() as folder:
        for number, case in enumerate(exports):
            out = Path(folder) / str(number)
            exported.export(case["model"], case["options"], out)
            worst = max(worst, difference(sources, out))
            assert worst < 1e-4, f"{case['model']} {case['options']}: {worst}"
    print(f"{len(exports)} exports, rotated vectors differ by {worst:.2g} at most")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
