"""Writes real-configs-transformers-5.18.json: what transformers computes for the configurations in real-configs.

    python real_configs.py > real-configs-transformers-5.18.json        (needs torch and transformers)

Each configuration is loaded as a model's is, and the rotary embedding of its text part built without weights. Inverse
frequencies are in radians per token (float32), attention_scaling is the factor on cosine and sine; "error" is what
transformers says where it fails. Where version 4 reads a file that version 5 refuses, or the model's code is not part of
transformers but computes what a class of it does, "changed" says what was changed for the second value, "rope".
"""
import importlib
import inspect
import json
import logging
import pathlib
import sys
import tempfile
import warnings

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)

import transformers


# What makes a file readable, by the file's name.
CHANGED = {
    "kimi_k2": {"model_type": "deepseek_v3"},
    "internlm2_5_7b": {"model_type": "llama"},
    "minicpm_2b": {"model_type": "llama"},
    "minicpm_moe_8x2b": {"model_type": "llama"},
    "minicpm4_0_5b": {"model_type": "llama"},
    "llama4_scout": {"text_config.attn_temperature_tuning": True},
    "n_phi3_su": {"rope_scaling.type": "longrope"},
    "m_mpe_float": {"max_position_embeddings": 131072},
}


def changed(text, changes):
    config = json.loads(text)
    for path, value in changes.items():
        *places, key = path.split(".")
        target = config
        for place in places:
            target = target[place]
        target[key] = value
    return json.dumps(config)


def rotary(config):
    module = importlib.import_module(type(config).__module__.replace(".configuration_", ".modeling_"))
    classes = [value for name, value in vars(module).items()
               if inspect.isclass(value) and "RotaryEmbedding" in name and "Vision" not in name
               and value.__module__ == module.__name__]
    if not classes:
        return None
    assert len(classes) == 1, classes
    return classes[0](config)


def digits(numbers):
    return [float(f"{number:.9g}") for number in numbers]


def case(text):
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "config.json").write_text(text)
        config = transformers.AutoConfig.from_pretrained(folder, trust_remote_code=False).get_text_config()
    module = rotary(config)
    if module is None:
        return {"model_type": config.model_type, "rope": {}}
    rope = {}
    for name, buffer in module.named_buffers():
        if name.endswith("inv_freq") and "original" not in name:
            layer = name[: -len("inv_freq")].rstrip("_") or "all"
            scaling = getattr(module, (layer + "_" if layer != "all" else "") + "attention_scaling")
            rope[layer] = {"inv_freq": digits(buffer.float().tolist()), "attention_scaling": float(scaling)}
    return {"model_type": config.model_type, "rope": rope}


def main():
    cases = {}
    for file in sorted(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "real-configs").glob("*.json")):
        try:
            cases[file.stem] = case(file.read_text())
        except Exception as error:  # noqa: BLE001
            cases[file.stem] = {"error": f"{type(error).__name__}: {error}"[:160]}
            if file.stem in CHANGED:
                changes = CHANGED[file.stem]
                cases[file.stem].update(case(changed(file.read_text(), changes)), changed=changes)
    print(json.dumps({
        "transformers": transformers.__version__,
        "note": "inverse frequencies in radians per token (float32) and factor on cosine and sine of the rotary modules, "
                "built without weights; error: what transformers says; written by real_configs.py",
        "cases": cases,
    }, indent=1))


if __name__ == "__main__":
    main()
