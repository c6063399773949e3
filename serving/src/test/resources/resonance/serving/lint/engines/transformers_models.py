"""The model types that a transformers knows, and how their classes come to their rotary frequencies.

    python transformers_models.py OUT        (transformers 4.57.6 or 5.18.0)

A line for each: model type; "table" if its rotary class takes its frequencies from ROPE_INIT_FUNCTIONS, else "own"; the base
where the file names none, of the global layers where there are two kinds; its architecture that generates text; and remarks: "type" where `type` overwrites
`rope_type` (version 4), "no-head" where `head_dim` stays null if the file has none, "types" where layer types have settings
of their own, "rests" where part of a head rests by default.
"""

import importlib
import inspect
import re
import sys
from pathlib import Path

import transformers
from transformers.models.auto.configuration_auto import CONFIG_MAPPING, CONFIG_MAPPING_NAMES
from transformers.models.auto.modeling_auto import MODEL_FOR_CAUSAL_LM_MAPPING_NAMES, MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES

TYPE_WINS = re.compile(r'rope_scaling\["rope_type"\] = self\.rope_scaling\["type"\]')
NOT_TEXT = re.compile("vision|audio|encoder|speech|image|vqgan|vqmodel|bigvgan|dit$|token2wav|qformer|tokenizer", re.I)


def base(config):
    parameters = getattr(config, "rope_parameters", None) or {}
    parameters = parameters.get("full_attention", parameters)
    return parameters.get("rope_theta", getattr(config, "rope_theta", None))


def line(name):
    kind = CONFIG_MAPPING[name]
    try:
        module = importlib.import_module(kind.__module__.replace("configuration_", "modeling_"))
    except ImportError:
        return None
    rotary = [
        inspect.getsource(one)
        for other, one in vars(module).items()
        if inspect.isclass(one) and "Rotary" in other and one.__module__ == module.__name__ and not NOT_TEXT.search(other)
    ]
    remarks = set()
    if TYPE_WINS.search(inspect.getsource(kind)):
        remarks.add("type")
    found = None
    try:
        config = kind().get_text_config()
        found = base(config)
        if getattr(config, "head_dim", 0) is None:
            remarks.add("no-head")
        if (getattr(config, "partial_rotary_factor", None) or 1.0) < 1:
            remarks.add("rests")
    except Exception:  # a class that can't be made without arguments; then its base is not known
        pass
    if any("layer_type" in source for source in rotary):
        remarks.add("types")
    source = "table" if any("ROPE_INIT_FUNCTIONS" in source for source in rotary) else "own"
    shown = "-" if found is None else f"{found:g}" if found < 1e6 else f"{found:.0f}"
    architectures = {**MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES, **MODEL_FOR_CAUSAL_LM_MAPPING_NAMES}
    architecture = architectures.get(name, "-")
    return " ".join([name, source, shown, architecture if isinstance(architecture, str) else architecture[0], *sorted(remarks)])


def main(out):
    transformers.logging.set_verbosity_error()
    lines = [line(name) for name in sorted(CONFIG_MAPPING_NAMES) if not NOT_TEXT.search(name)]
    head = f"# transformers {transformers.__version__}, written by transformers_models.py"
    out.write_text("\n".join([head, *filter(None, lines)]) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
