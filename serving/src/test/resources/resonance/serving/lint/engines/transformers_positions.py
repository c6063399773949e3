"""What transformers makes of configurations: the frequencies and magnitude of each layer type, or the error.

    python transformers_positions.py OUT FOLDER...     (transformers 4.57.6 or 5.18.0)

Every config.json-like file of the folders is loaded without code of its own, and the rotary class of its text model is made and
called for short texts and for one of the maximum length.
"""

import importlib
import inspect
import json
import re
import shutil
import sys
import tempfile
from pathlib import Path

import torch
import transformers

DIGITS = 7
NOT_TEXT = re.compile("Vision|Audio|Encoder")


def digits(number):
    return float(f"{number:.{DIGITS}g}")


def rotary(config):
    module = importlib.import_module(type(config).__module__.replace("configuration_", "modeling_"))
    for name, kind in vars(module).items():
        own = inspect.isclass(kind) and kind.__module__ == module.__name__
        if own and name.endswith("RotaryEmbedding") and not NOT_TEXT.search(name):
            return kind(config=config)
    raise LookupError("no rotary class")


def call(embedding, length, layer_type):
    """The last position of a text of a length; models with images want three kinds of positions."""
    hidden = torch.zeros(1, 1, 8)
    positions = torch.tensor([[length - 1]])
    try:
        return embedding(hidden, positions, *layer_type)
    except (ValueError, IndexError):
        return embedding(hidden, positions[None].expand(3, 1, 1), *layer_type)


def reading(file):
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(file, Path(folder) / "config.json")
        config = transformers.AutoConfig.from_pretrained(folder, trust_remote_code=False).get_text_config()
    embedding = rotary(config)
    buffers = {name: one for name, one in embedding.named_buffers() if name.endswith("inv_freq") and "original" not in name}
    layers = {}
    for name, one in buffers.items():
        layer_type = name.removesuffix("inv_freq").removesuffix("_")
        scale = f"{layer_type}_attention_scaling" if layer_type else "attention_scaling"
        layers[layer_type or "all"] = {
            "pairs": len(one),
            "frequencies": [digits(one[at].item()) for at in (0, len(one) // 2, -1)],
            "magnitude": digits(float(getattr(embedding, scale, 1.0))),
        }
    takes_type = "layer_type" in inspect.signature(embedding.forward).parameters
    for layer_type in layers if takes_type else [None]:
        for length in (16, int(config.max_position_embeddings)):
            call(embedding, length, [layer_type] if layer_type else [])
    return layers


def main(out, folders):
    transformers.logging.set_verbosity_error()
    read = {}
    for file in sorted(file for folder in folders for file in folder.glob("*.json")):
        try:
            read[file.stem] = {"layers": reading(file)}
        except Exception as failure:
            read[file.stem] = {"error": type(failure).__name__ + ": " + (str(failure).strip().splitlines() or [""])[0]}
    made = {"transformers": transformers.__version__, "torch": torch.__version__, "configurations": read}
    out.write_text(re.sub("/tmp/[a-z0-9_]+", "FOLDER", json.dumps(made, indent=1)) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(folder) for folder in sys.argv[2:]])
