"""The architectures that vLLM knows.

    python vllm_models.py VLLM OUT      (VLLM: a folder with vLLM's sources, 0.33.0)

A line for each: the architecture and the file under model_executor/models that has it, "transformers" if transformers' own class
runs in it, or "until-" and the last version that had it. From its registry; model types for which vLLM has a configuration of
its own follow, with that class.
"""

import ast
import re
import sys
from pathlib import Path

KEPT = re.compile("_(TEXT_GENERATION|EMBEDDING|REWARD|SEQUENCE_CLASSIFICATION|MULTIMODAL|TRANSFORMERS_SUPPORTED)_MODELS")


def dictionaries(tree):
    for node in tree.body:
        if isinstance(node, (ast.Assign, ast.AnnAssign)):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            yield target.id if isinstance(target, ast.Name) else "", node.value


def main(sources, out):
    lines = {}
    for name, value in dictionaries(ast.parse((sources / "vllm/model_executor/models/registry.py").read_text())):
        if not isinstance(value, ast.Dict):
            continue
        for key, one in zip(value.keys, value.values):
            if key is None:
                continue
            if name == "_PREVIOUSLY_SUPPORTED_MODELS":
                lines[key.value] = "until-" + one.value
            elif KEPT.fullmatch(name):
                lines.setdefault(key.value, one.elts[0].value)
    configurations = {}
    for name, value in dictionaries(ast.parse((sources / "vllm/transformers_utils/config.py").read_text())):
        if name == "_CONFIG_REGISTRY":
            configurations = {one.arg: one.value.value for one in value.keywords if one.arg}
    head = "# vllm 0.33.0, written by vllm_models.py"
    types = [f"model_type:{name} {kind}" for name, kind in sorted(configurations.items())]
    out.write_text("\n".join([head, *(f"{name} {place}" for name, place in sorted(lines.items())), *types]) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
