"""What vLLM's own rotary classes make of configurations: class, rows of its table, frequencies, magnitude, and the length limit.

    python vllm_positions.py VLLM OUT FOLDER...   (VLLM: a folder with vLLM's sources; vllm 0.33.0, transformers 5.18.0, no GPU)

Every config.json-like file of the folders is loaded by transformers, patched by vLLM's patch_rope_parameters, and given to
vLLM's get_rope; the limit is that of vLLM's _get_and_verify_max_len. All of these run from vLLM's own files, the rest of vLLM is
stood in for. What a model's class does before it calls get_rope is repeated here (models/deepseek_v2.py, gpt_oss.py, granite.py,
gemma3.py, qwen2.py). Tables are cut to 4,096 rows; that they would be longer is what "rows" says.
"""

import ast
import importlib.abc
import importlib.machinery
import json
import math
import re
import shutil
import sys
import tempfile
import types
from pathlib import Path

import torch
import transformers

ROTARY = "vllm.model_executor.layers.rotary_embedding"
KEPT = 4096
DIGITS = 7


class Anything:
    """Stands in for whatever a module of vLLM imports beside: false, and a decorator of no effect."""

    def __bool__(self):
        return False

    def __getattr__(self, name):
        return Anything()

    def __call__(self, *arguments, **named):
        return arguments[0] if len(arguments) == 1 and callable(arguments[0]) else Anything()

    def __getitem__(self, item):
        return self

    def __or__(self, other):
        return self


class CustomOp(torch.nn.Module):
    register = staticmethod(lambda name: lambda kind: kind)
    enabled = staticmethod(lambda: False)

    def __init__(self, *arguments, **named):
        super().__init__()


class StandIns(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports vLLM's rotary classes from its sources and stands in for every other module of it."""

    def __init__(self, sources, settings):
        self.sources, self.settings = sources, settings

    def find_spec(self, name, path, target=None):
        if name == ROTARY or name.startswith(ROTARY + "."):
            place = self.sources / name.replace(".", "/")
            package = place.is_dir()
            file = place / "__init__.py" if package else place.with_suffix(".py")
            return importlib.util.spec_from_file_location(
                name, file, submodule_search_locations=[str(place)] if package else None
            )
        if name == "vllm" or name.startswith("vllm."):
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        module = types.ModuleType(spec.name)
        module.__path__ = []
        module.__file__ = spec.name
        module.__getattr__ = lambda name: Anything()
        module.CustomOp = module.PluggableLayer = CustomOp
        module.get_current_vllm_config = lambda: types.SimpleNamespace(model_config=self.settings)
        return module

    def exec_module(self, module):
        pass


def functions(file, names, scope):
    """Some functions of a file, the first of each name, compiled by themselves."""
    left = set(names)
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.FunctionDef) and node.name in left:
            left.remove(node.name)
            node.decorator_list = []
            code = ast.Module([ast.ImportFrom("__future__", [ast.alias("annotations")], 0), node], [])
            exec(compile(ast.fix_missing_locations(code), str(file), "exec"), scope)
    return scope


class Vllm:
    def __init__(self, sources):
        self.settings = types.SimpleNamespace(max_model_len=0)
        sys.meta_path.insert(0, StandIns(sources, self.settings))
        self.rotary = importlib.import_module(ROTARY)
        layer_types = transformers.configuration_utils.ALLOWED_LAYER_TYPES
        config = {"math": math, "logger": Anything(), "ALLOWED_LAYER_TYPES": layer_types}
        config["getattr_iter"] = functions(sources / "vllm/config/utils.py", ["getattr_iter"], {"logger": Anything()})[
            "getattr_iter"
        ]
        sys.modules.setdefault("vllm.config.utils", types.ModuleType("vllm.config.utils"))
        sys.modules["vllm.config.utils"].getattr_iter = config["getattr_iter"]
        functions(
            sources / "vllm/transformers_utils/config.py",
            ["is_rope_parameters_nested", "patch_legacy_rope_type", "patch_rope_parameters", "iter_rope_parameters"],
            config,
        )
        platform = types.SimpleNamespace(check_max_model_len=lambda length: length)
        limits = {**config, "current_platform": platform, "envs": Anything()}
        functions(sources / "vllm/config/model.py", ["_get_and_verify_max_len"], limits)
        functions(
            sources / "vllm/transformers_utils/model_arch_config_convertor.py",
            ["derive_max_model_len_and_key"],
            limits,
        )
        self.patch, self.limits = config["patch_rope_parameters"], limits

    def limit(self, config):
        derived = self.limits["derive_max_model_len_and_key"](types.SimpleNamespace(hf_text_config=config))
        architecture = types.SimpleNamespace(derived_max_model_len_and_key=derived)
        return self.limits["_get_and_verify_max_len"](config, architecture, None, None, False, None)

    def table(self, config, parameters, architecture):
        """What get_rope gives for one dictionary of parameters."""
        arguments = {"rope_parameters": parameters}
        size = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
        if architecture in DEEPSEEK:
            size = config.qk_rope_head_dim
            if parameters["rope_type"] != "default":
                whole = parameters.get("attention_factor") == 1.0
                parameters["rope_type"] = "deepseek_llama_scaling" if whole else "deepseek_yarn"
        if architecture == "GptOssForCausalLM":
            keys = ["rope_theta", "factor", "original_max_position_embeddings", "beta_fast", "beta_slow"]
            read = {key: parameters[key] for key in keys}
            arguments["rope_parameters"] = read | {"rope_type": "yarn", "truncate": parameters.get("truncate", True)}
        if architecture in DUAL_CHUNK and getattr(config, "dual_chunk_attention_config", None):
            return {"class": "DualChunkRotaryEmbedding"}
        self.rotary._ROPE_DICT.clear()
        with Cut() as cut:
            made = self.rotary.get_rope(size, max_position=config.max_position_embeddings, **arguments)
        row = 1
        table = getattr(made, "cos_sin_cache", None)
        if table is None:
            table = made.long_short_cos_sin_cache
            row += min(parameters["original_max_position_embeddings"], KEPT) if made.use_long_rope else 0
        cos, sin = table.double()[row].chunk(2)
        frequencies = torch.atan2(sin, cos)
        return {
            "class": type(made).__name__,
            "rows": math.ceil(cut.rows),
            "pairs": len(frequencies),
            "frequencies": [digits(frequencies[at].item()) for at in (0, len(frequencies) // 2, -1)],
            "magnitude": digits(torch.hypot(sin, cos)[0].item()),
        }


# Model types that vLLM loads as DeepSeek's (_CONFIG_REGISTRY in transformers_utils/config.py).
OF_VLLM = {"kimi_k2", "deepseek_v32"}
DEEPSEEK = {"DeepseekV2ForCausalLM", "DeepseekV3ForCausalLM", "DeepseekV32ForCausalLM"}
DUAL_CHUNK = {"Qwen2ForCausalLM", "Qwen2MoeForCausalLM", "Qwen3ForCausalLM", "Qwen3MoeForCausalLM"}


class Cut:
    """Keeps torch.arange short and remembers how long it should have been."""

    def __enter__(self):
        self.whole, self.rows = torch.arange, 0

        def arange(*arguments, **named):
            if len(arguments) == 1:
                self.rows = arguments[0]
                arguments = (min(arguments[0], KEPT),)
            return self.whole(*arguments, **named)

        torch.arange = arange
        return self

    def __exit__(self, *failure):
        torch.arange = self.whole


def digits(number):
    return float(f"{number:.{DIGITS}g}")


def reading(vllm, file):
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(file, Path(folder) / "config.json")
        model_type = json.loads(file.read_text()).get("model_type")
        auto = transformers.DeepseekV3Config if model_type in OF_VLLM else transformers.AutoConfig
        whole = auto.from_pretrained(folder, trust_remote_code=False)
    config = whole.get_text_config()
    for one in {id(whole): whole, id(config): config}.values():
        vllm.patch(one)
    limit = vllm.limit(config)
    vllm.settings.max_model_len = limit
    architecture = (whole.architectures or [""])[0]
    nested = vllm.limits["is_rope_parameters_nested"](config.rope_parameters)
    parameters = config.rope_parameters if nested else {"all": config.rope_parameters}
    tables = {name: vllm.table(config, one, architecture) for name, one in parameters.items()}
    return {"limit": limit, "tables": tables}


def main(sources, out, folders):
    transformers.logging.set_verbosity_error()
    vllm = Vllm(sources)
    read = {}
    for file in sorted(file for folder in folders for file in folder.glob("*.json")):
        try:
            read[file.stem] = reading(vllm, file)
        except Exception as failure:
            read[file.stem] = {"error": type(failure).__name__ + ": " + (str(failure).strip().splitlines() or [""])[0]}
    made = {"transformers": transformers.__version__, "torch": torch.__version__, "configurations": read}
    out.write_text(re.sub("/tmp/[a-z0-9_]+", "FOLDER", json.dumps(made, indent=1)) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), [Path(folder) for folder in sys.argv[3:]])
