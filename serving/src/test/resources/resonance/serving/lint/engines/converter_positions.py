"""What llama.cpp's converter writes about positions for configurations.

    python converter_positions.py LLAMA_CPP OUT FOLDER...    (LLAMA_CPP: its sources, 0.5.0; transformers 4.57.6)

The converter's own classes run, without weights and vocabulary: the keys under rope, the context length and the divisors in
rope_freqs and rope_factors that they write, or the error that they end with.
"""

import json
import re
import shutil
import sys
import tempfile
from pathlib import Path

DIGITS = 7


def digits(value):
    if isinstance(value, str) or isinstance(value, bool):
        return value
    if isinstance(value, (list, tuple)):
        return [digits(one) for one in value]
    return float(f"{float(value):.{DIGITS}g}")


def written(conversion, gguf, file):
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(file, Path(folder) / "config.json")
        hparams = conversion.ModelBase.load_hparams(Path(folder), False)
        architecture = conversion.get_model_architecture(hparams, conversion.ModelType.TEXT)
        kind = conversion.get_model_class(architecture)
        conversion.ModelBase.index_tensors = lambda self, *others, **named: {}
        made = kind(Path(folder), gguf.LlamaFileType.ALL_F32, Path(folder) / "out", hparams=hparams)
        made = getattr(made, "impl", made)
        made.set_gguf_parameters()
        tensors = list(made.generate_extra_tensors())
    values = {key: value.value for one in made.gguf_writer.kv_data for key, value in one.items()}
    name = gguf.MODEL_ARCH_NAMES[kind.model_arch]
    kept = {
        key.removeprefix(name + "."): digits(value)
        for key, value in values.items()
        if ".rope." in key or key.endswith((".context_length", ".sliding_window"))
    }
    ends = {name: [len(one), digits(one[0]), digits(one[-1])] for name, one in tensors}
    return {"architecture": name, "keys": kept, "tensors": ends}


def main(sources, out, folders):
    sys.path[:0] = [str(sources), str(sources / "gguf-py")]
    import logging

    import conversion
    import gguf
    import transformers

    logging.disable(logging.CRITICAL)
    transformers.logging.set_verbosity_error()
    read = {}
    for file in sorted(file for folder in folders for file in folder.glob("*.json")):
        try:
            read[file.stem] = written(conversion, gguf, file)
        except Exception as failure:
            read[file.stem] = {"error": type(failure).__name__ + ": " + (str(failure).strip().splitlines() or [""])[0]}
    made = {"transformers": transformers.__version__, "configurations": read}
    out.write_text(re.sub("/tmp/[a-z0-9_]+", "FOLDER", json.dumps(made, indent=1)) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), [Path(folder) for folder in sys.argv[3:]])
