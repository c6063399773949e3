"""Exports tiny models with `./resonance export` and writes what stock transformers computes with the exports.

    mvn -q package -DskipTests                 (so that ./resonance is this source's)
    python exported_models.py                  (torch 2.15.0, transformers 5.18.0; a minute, no network)
    python exported_models.py check            (any transformers, 4.57.6 say: compares and writes nothing)

golden.json has, for every case, the options, the exported configuration's position keys, and the logits after some of
the tokens, computed in float64 with the frequencies that transformers itself makes of the configuration. A tolerance of
ten times float32Difference, the error of its own float32, is a fair one.
"""

import importlib.util
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import torch
import transformers

HERE = Path(__file__).parent
TINY = HERE.parent / "tiny-models"
ROOT = HERE.parents[5].parent
LENGTH = 40
POSITIONS = [3, 10, 15, 16, 27, 39]  # 16 tokens were trained on, 64 are exported for
POSITION_KEYS = [
    "head_dim",
    "max_position_embeddings",
    "original_max_position_embeddings",
    "partial_rotary_factor",
    "rope_local_base_freq",
    "rope_parameters",
    "rope_scaling",
    "rope_theta",
]
SCALINGS = {
    "none": ["--length", "64"],
    "model": ["--length", "64"],
    "linear": ["--factor", "4"],
    "ntk": ["--factor", "4"],
    "abf": ["--factor", "4"],
    "dynamic-ntk": ["--factor", "4"],
    "ntk-by-parts": ["--factor", "4", "--beta-fast", "4", "--beta-slow", "0.5"],
    "yarn": ["--factor", "4", "--beta-fast", "4", "--beta-slow", "0.5"],
    "yarn-paper": ["--factor", "4", "--beta-fast", "4", "--beta-slow", "0.5"],
    "dynamic-yarn": ["--length", "64", "--beta-fast", "4", "--beta-slow", "0.5"],
    "longrope": ["--factor", "4", "--short-factors", "1,1,1,1", "--long-factors", "1,1.3,2.1,3.9"],
    "llama3": ["--factor", "4", "--low-freq-factor", "0.5", "--high-freq-factor", "2"],
    "proportional": ["--factor", "4", "--rotary-share", "0.5"],
    "ntk-critical": ["--factor", "4"],
    "mrrope": ["--factor", "4", "--beta-fast", "4", "--beta-slow", "0.5"],
    "cope": ["--length", "64", "--clipped-share", "0.5"],
}
OTHER_MODELS = ["llama-llama3", "mistral", "mistral-no-window", "qwen2", "qwen2-window", "qwen3", "gemma3", "gemma3-nested"]
OTHER_SCALINGS = ["yarn", "proportional"]


def tiny_models():
    """The neighbouring script: how models are loaded and made float64 there."""
    spec = importlib.util.spec_from_file_location("tiny_models", TINY / "tiny_models.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def cases():
    for scaling in SCALINGS:
        for resonance in [False, True]:
            yield "llama", scaling, resonance
    for model in OTHER_MODELS:
        for scaling in OTHER_SCALINGS:
            yield model, scaling, True
        yield model, "model", True


def options(scaling, resonance):
    return ["--scaling", scaling, *SCALINGS[scaling], *(["--resonance"] if resonance else [])]


def export(model, words, out):
    # In place of a scaling that a model comes with: tests ask for the encoding itself.
    place = ["--replace", "--trained-length", "16"]
    command = [str(ROOT / "resonance"), "export", str(TINY / model), str(out), *words, *place]
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)


def golden(tiny, model, scaling, resonance, folder, seed):
    out = folder / f"{model}-{scaling}-{resonance}"
    export(model, options(scaling, resonance), out)
    config = json.loads((out / "config.json").read_text())
    tokens = torch.randint(tiny.VOCABULARY, (1, LENGTH), generator=torch.Generator().manual_seed(seed))
    loaded = tiny.load(out)
    exact = tiny.logits(tiny.in_float64(loaded), tokens)
    difference = (tiny.logits(loaded, tokens) - exact).abs().max().item()
    original = (tiny.logits(tiny.load(TINY / model), tokens) - exact).abs().max().item()
    if scaling not in ["none", "model"]:
        assert original > 100 * difference, f"{model} {scaling}: the export changes the logits by {original} only"
    print(f"{model} {scaling} {resonance}: float32 difference {difference:.3g}, effect {original:.3g}")
    return {
        "model": model,
        "options": options(scaling, resonance),
        "config": {key: config[key] for key in POSITION_KEYS if key in config},
        "tokens": tokens[0].tolist(),
        "positions": POSITIONS,
        "logits": [[float(f"{value:.9g}") for value in exact[position].tolist()] for position in POSITIONS],
        "float32Difference": float(f"{difference:.3g}"),
    }


def check(tiny, folder):
    """Exports everything again and compares this transformers' own float32 logits with the golden ones."""
    worst = 0
    for number, case in enumerate(json.loads((HERE / "golden.json").read_text())["exports"]):
        out = folder / str(number)
        export(case["model"], case["options"], out)
        logits = tiny.logits(tiny.load(out), torch.tensor([case["tokens"]]))
        difference = (logits[case["positions"]] - torch.tensor(case["logits"])).abs().max().item()
        worst = max(worst, difference / case["float32Difference"])
        assert difference < 10 * case["float32Difference"], f"{case['model']} {case['options']}: {difference}"
    print(f"transformers {transformers.__version__}: {number + 1} exports, at most {worst:.2f} times float32Difference")


def main():
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    tiny = tiny_models()
    if sys.argv[1:] == ["check"]:
        with tempfile.TemporaryDirectory() as folder:
            check(tiny, Path(folder))
        return
    with tempfile.TemporaryDirectory() as folder:
        exports = [golden(tiny, *case, Path(folder), seed) for seed, case in enumerate(cases(), 1)]
    document = {
        "generator": "exported_models.py",
        "versions": {"torch": torch.__version__, "transformers": transformers.__version__},
        "exports": exports,
    }
    lines = json.dumps({**document, "exports": []}, indent=1).removesuffix("[]\n}")
    rows = ",\n".join(json.dumps(export) for export in exports)
    (HERE / "golden.json").write_text(f"{lines}[\n{rows}\n]}}\n")


if __name__ == "__main__":
    sys.exit(main())
