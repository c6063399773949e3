"""Writes the reference values of the decoder's parity test, and of the one-cycle schedule, beside this file.

    python decoder_reference.py

Everything is computed in float64 from parameters that float32 holds exactly. Before a file is written its values are
checked against Hugging Face transformers, as README.md says.
"""

import json
import pathlib
import platform
import random

import torch
import transformers

import hugging_face
from decoder import IGNORED, Settings, initial_parameters, logits, mean_loss, rotation_angles

HERE = pathlib.Path(__file__).parent
SEED = 20240301
BATCH, LENGTH = 3, 10

STEPS, PEAK_RATE, WARM_UP = 10, 1e-2, 0.25  # peak at step 1.5, between two steps; PyTorch divides by zero at 0.1
ADAM_W = {"betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 1e-2}

T5_STYLE = Settings(
    vocabularySize=18, modelSize=16, layers=2, heads=2, keyValueHeads=2, headSize=8, feedForwardSize=32,
    gated=False, queryKeyValueBias=False, tiedEmbedding=True, normEpsilon=1e-6,
    attentionScale=1.0, logitScale=16**-0.5, rotaryBase=10000.0,
)  # fmt: skip
LLAMA_STYLE = Settings(
    vocabularySize=18, modelSize=16, layers=2, heads=4, keyValueHeads=2, headSize=4, feedForwardSize=24,
    gated=True, queryKeyValueBias=False, tiedEmbedding=False, normEpsilon=1e-5,
    attentionScale=4**-0.5, logitScale=1.0, rotaryBase=10000.0,
)  # fmt: skip
LLAMA_STYLE_BIAS_TIED = Settings(**{**vars(LLAMA_STYLE), "queryKeyValueBias": True, "tiedEmbedding": True})

# (total steps, warm-up fraction, peak rate, steps to write; None is all of them). The first is the paper's experiment:
# 150 epochs of ceil(10000 / 128) batches. The last has its whole warm-up before step 0.
SCHEDULES = (
    (11850, 0.1, 2e-4, (0, 1, 2, 100, 592, 1000, 1183, 1184, 1185, 1186, 2000, 5925, 6517, 9000, 11000, 11848, 11849)),
    (10, 0.25, 1e-2, None),
    (7, 0.3, 1e-3, None),
    (4, 0.1, 1.0, None),
)


class OurDecoder:
    """decoder.py as a model with parameters, in the given precision."""

    def __init__(self, settings, parameters, dtype):
        self.settings = settings
        copies = {name: value.to(dtype, copy=True) for name, value in parameters.items()}
        self.parameters = {name: value.requires_grad_() for name, value in copies.items()}

    def logits(self, tokens):
        return logits(self.settings, self.parameters, tokens)

    def in_our_layout(self, values):
        return values


def batch():
    """Random tokens and, as targets, the tokens that follow; the first of each row and two more are ignored."""
    generator = random.Random(SEED)
    rows = [[generator.randrange(T5_STYLE.vocabularySize) for _ in range(LENGTH + 1)] for _ in range(BATCH)]
    rows = torch.tensor(rows)
    tokens, targets = rows[:, :-1], rows[:, 1:].clone()
    targets[:, :3] = IGNORED
    targets[1, 6] = targets[2, 9] = IGNORED
    return tokens, targets


def forward_and_backward(model, tokens, targets):
    values = model.logits(tokens)
    loss = mean_loss(values, targets)
    gradients = torch.autograd.grad(loss, list(model.parameters.values()))
    gradients = model.in_our_layout(dict(zip(model.parameters, gradients)))
    return {"logits": values.detach(), "loss": loss.item(), "gradients": gradients}


def train(model, tokens, targets, cycle_momentum):
    """STEPS steps on one batch. Each rate, beta1 and loss is that of the step; finalLoss is after the last."""
    parameters = list(model.parameters.values())
    optimizer = torch.optim.AdamW(parameters, **ADAM_W)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, PEAK_RATE, total_steps=STEPS, pct_start=WARM_UP, cycle_momentum=cycle_momentum
    )
    result = {"cycleMomentum": cycle_momentum, "learningRates": [], "beta1": [], "losses": []}
    for _ in range(STEPS):
        group = optimizer.param_groups[0]
        result["learningRates"].append(group["lr"])
        result["beta1"].append(group["betas"][0])
        loss = mean_loss(model.logits(tokens), targets)
        result["losses"].append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    with torch.no_grad():
        result["finalLoss"] = mean_loss(model.logits(tokens), targets).item()
        result["parameters"] = model.in_our_layout({name: p.detach() for name, p in model.parameters.items()})
    return result


def measure(build, tokens, targets):
    """All results of freshly built models: forward and backward, then both trainings."""
    return {
        **forward_and_backward(build(), tokens, targets),
        "training": [train(build(), tokens, targets, cycle_momentum) for cycle_momentum in (True, False)],
    }


def largest_differences(left, right):
    """By kind of result, the largest absolute difference of any value in it."""

    def largest(a, b):
        if isinstance(a, dict):
            return max(largest(a[key], b[key]) for key in a)
        return (torch.as_tensor(a, dtype=torch.float64) - torch.as_tensor(b, dtype=torch.float64)).abs().max().item()

    result = {kind: largest(left[kind], right[kind]) for kind in ("logits", "loss", "gradients")}
    for kind in ("losses", "finalLoss", "parameters"):
        result[f"training.{kind}"] = max(largest(a[kind], b[kind]) for a, b in zip(left["training"], right["training"]))
    return result


def check(differences, tolerance, what):
    kind, largest = max(differences.items(), key=lambda entry: entry[1])
    print(f"  {what}: largest difference {largest:.2g} ({kind})")
    assert largest <= tolerance, f"{what} must be within {tolerance:g}, was {largest:g} in {kind}"


def reference(name, settings, keep_trained_parameters):
    print(name)
    parameters = initial_parameters(settings, SEED)
    tokens, targets = batch()
    hugging_face.check_rotation(settings.headSize, settings.rotaryBase, LENGTH, SEED)
    results = measure(lambda: OurDecoder(settings, parameters, torch.float64), tokens, targets)
    float32 = measure(lambda: OurDecoder(settings, parameters, torch.float32), tokens, targets)
    float32_differences = largest_differences(float32, results)
    check(float32_differences, 1e-3, "decoder.py in float32")
    if settings.gated:
        source = "transformers." + ("Qwen2ForCausalLM" if settings.queryKeyValueBias else "LlamaForCausalLM")
        ours, results = results, measure(
            lambda: hugging_face.HuggingFaceDecoder(settings, parameters, torch.float64), tokens, targets
        )
        check(largest_differences(ours, results), 1e-9, "decoder.py against " + source)
        stock = measure(lambda: hugging_face.HuggingFaceDecoder(settings, parameters, torch.float32), tokens, targets)
        check(largest_differences(stock, results), 1e-3, f"{source} in float32")
    else:
        source = "decoder.py"
        unrotated = torch.zeros_like(rotation_angles(LENGTH, settings.headSize, settings.rotaryBase))
        ours = logits(settings, parameters, tokens, unrotated)
        theirs = hugging_face.t5_logits_without_positions(settings, parameters, tokens)
        check({"logits": (ours - theirs).abs().max().item()}, 1e-5, "transformers.T5Stack, no positions")
    if not keep_trained_parameters:
        for training in results["training"]:
            del training["parameters"]
    return {
        "about": f"Decoder parity reference '{name}', computed in float64 by {source}. Query and key rows are in"
        " interleaved pairs (2i, 2i+1) of each head. See README.md.",
        **provenance(),
        "settings": vars(settings),
        "optimizer": {"name": "AdamW", "beta2": 0.999, "epsilon": ADAM_W["eps"], "weightDecay": ADAM_W["weight_decay"]},
        "schedule": {"name": "OneCycleLR", "peakRate": PEAK_RATE, "totalSteps": STEPS, "warmUpFraction": WARM_UP},
        "float32Differences": float32_differences,
        "tokens": tokens,
        "targets": targets,
        "parameters": parameters,
        **results,
    }


def schedules():
    def one_cycle(total, warm_up, peak, steps):
        optimizer = torch.optim.AdamW([torch.zeros(1, requires_grad=True)])
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, peak, total_steps=total, pct_start=warm_up)
        rates, beta1 = [], []
        for _ in range(total):
            rates.append(optimizer.param_groups[0]["lr"])
            beta1.append(optimizer.param_groups[0]["betas"][0])
            optimizer.step()
            schedule.step()
        steps = list(range(total) if steps is None else steps)
        return {
            "totalSteps": total,
            "warmUpFraction": warm_up,
            "peakRate": peak,
            "steps": steps,
            "learningRates": [rates[step] for step in steps],
            "beta1": [beta1[step] for step in steps],
        }

    return {
        "about": "torch.optim.lr_scheduler.OneCycleLR, cosine, all else default. See README.md.",
        **provenance(),
        "schedules": [one_cycle(*schedule) for schedule in SCHEDULES],
    }


def provenance():
    return {
        "format": 1,
        "generator": pathlib.Path(__file__).name,
        "seed": SEED,
        "versions": {
            "python": platform.python_version(),
            "torch": torch.__version__,
            "transformers": transformers.__version__,
        },
    }


def render(value, indent=""):
    """JSON with an entry a line, and a tensor on one line as its shape and its values in row-major order.

    Tensor values have 9 significant digits, which bring a float32 back exactly; other numbers have all their digits.
    """
    deeper = indent + " "
    if isinstance(value, torch.Tensor):
        values = value.flatten().tolist()
        if value.is_floating_point():
            values = [float(f"{x:.9g}") for x in values]
        return json.dumps({"shape": list(value.shape), "values": values}, separators=(",", ":"))
    if isinstance(value, dict):
        entries = [f"{deeper}{json.dumps(key)}: {render(entry, deeper)}" for key, entry in value.items()]
        return "{\n" + ",\n".join(entries) + f"\n{indent}}}"
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[" + ", ".join(render(entry, indent) for entry in value) + "]"
    return json.dumps(value, separators=(",", ":"))


def write(name, document):
    (HERE / f"{name}.json").write_text(render(document) + "\n", encoding="utf-8")


def main():
    torch.set_num_threads(1)
    write("t5-style", reference("t5-style", T5_STYLE, keep_trained_parameters=True))
    write("llama-style", reference("llama-style", LLAMA_STYLE, keep_trained_parameters=False))
    bias_tied = reference("llama-style-bias-tied", LLAMA_STYLE_BIAS_TIED, keep_trained_parameters=False)
    write("llama-style-bias-tied", bias_tied)
    write("one-cycle", schedules())


if __name__ == "__main__":
    main()
