"""One language model under several encodings on one GPU: measured, fine-tuned by the same short recipe, and measured again.

    python finetune_compare.py MODEL encodings/ --held-out book.txt report.txt --lengths 8192,16384,32768 --out measured.json
    python finetune_compare.py MODEL encodings/ --held-out book.txt report.txt --train texts/ --steps 50 --window 32768 --seeds 1 \
        --questions ruler.jsonl --out tuned.json

MODEL is a GGUF file or a Hugging Face folder of a LLaMA-shaped model; encodings/ holds NAME.json files as `resonance rope --json` prints
them. Nothing else of the project is needed. What is measured is what `resonance perplexity` measures with --protocol token: every
window begins anew, each of its tokens but the first is scored once, in float32 (products of matrices in TF32 on a GPU).
Fine-tuning is that of `resonance finetune --preset paper-long`: AdamW, warm-up, straight line, clipped, bfloat16 products over float32
parameters; windows are drawn without overlap from the texts joined, in an order that the seed decides and that is the same for all encodings.

Writes one JSON document after every encoding, so that a stopped run loses one encoding at most, and goes on where it was.
"""

import argparse
import hashlib
import json
import math
import os
import pathlib
import random
import sys
import time

import torch
import torch.nn.functional as F
from torch.utils.checkpoint import checkpoint
from transformers import AutoModelForCausalLM, AutoTokenizer
from transformers.integrations import sdpa_attention

# With grouped heads left to PyTorch, a float32 attention has no kernel but the one that keeps the whole score matrix.
sdpa_attention.use_gqa_in_sdpa = lambda *_, **__: False

LOGIT_ROWS = 4096  # positions whose logits are there at a time


class Rotation(torch.nn.Module):
    """Cosines and sines of a `rope --json` document in the place of transformers' rotary embedding.

    Angles are taken in double, those of whole periods modulo their turns: exact at any position.
    """

    def __init__(self, rope, length, device):
        super().__init__()
        positions = torch.arange(length, dtype=torch.float64)
        angles = []
        for feature in rope["features"]:
            period, turns = feature["periodTokens"], feature["turns"]
            if period is None:
                angles.append(positions * feature["radiansPerToken"])
            else:
                whole = torch.arange(length, dtype=torch.int64) * turns % period
                angles.append(whole.double() * (2 * math.pi / period))
        angles = torch.stack(angles, -1)  # (length, head size / 2)
        angles = torch.cat((angles, angles), -1)
        scale = rope["attentionScale"]
        self.cosines = (scale * angles.cos()).float().to(device)[None]
        self.sines = (scale * angles.sin()).float().to(device)[None]

    def forward(self, x, position_ids):
        length = x.shape[1]
        return self.cosines[:, :length].to(x.dtype), self.sines[:, :length].to(x.dtype)


def token_losses(model, tokens):
    """-ln p of every token of a row but the first, nats, (T - 1)."""
    hidden = model.model(input_ids=tokens[None], use_cache=False).last_hidden_state[0]
    losses = []
    for start in range(0, len(tokens) - 1, LOGIT_ROWS):
        targets = tokens[start + 1 : start + 1 + LOGIT_ROWS]
        losses.append(checkpoint(row_losses, model.lm_head.weight, hidden[start : start + len(targets)], targets, use_reentrant=False))
    return torch.cat(losses)


def row_losses(weights, hidden, targets):
    return F.cross_entropy(F.linear(hidden, weights).float(), targets, reduction="none")


@torch.no_grad()
def perplexities(model, documents, lengths):
    """Summed loss in nats and number of scored tokens of every window, by document and length.

    A window begins with the last token of the one before, so that every token but the text's first is scored once.
    """
    measured = {}
    for name, tokens in documents.items():
        measured[name] = {}
        for length in lengths:
            windows = [tokens[start : start + length] for start in range(0, len(tokens) - 1, length - 1)]
            losses = [token_losses(model, window).double().sum().item() for window in windows]
            measured[name][str(length)] = [[loss, len(window) - 1] for loss, window in zip(losses, windows)]
    return measured


def mean_loss(measured, length):
    """Mean over documents of the mean loss a token."""
    means = [sum(loss for loss, _ in d[str(length)]) / sum(n for _, n in d[str(length)]) for d in measured.values()]
    return sum(means) / len(means)


@torch.no_grad()
def answered(model, tokenizer, questions, device):
    """Mean loss of the right answer's tokens, and whether greedy decoding would give exactly them, by question."""
    results = []
    for question in questions:
        prompt = tokenizer(question["prompt"], add_special_tokens=False)["input_ids"]
        answer = tokenizer(question["answer"], add_special_tokens=False)["input_ids"]
        tokens = torch.tensor(prompt + answer, device=device)
        with torch.autocast(device, torch.bfloat16):
            hidden = model.model(input_ids=tokens[None], use_cache=False).last_hidden_state[0, len(prompt) - 1 : -1]
        logits = F.linear(hidden.float(), model.lm_head.weight)
        loss = F.cross_entropy(logits, tokens[len(prompt) :]).item()
        exact = bool((logits.argmax(-1) == tokens[len(prompt) :]).all())
        results.append({"task": question["task"], "length": question["length"], "loss": loss, "exact": exact})
    return results


def windows(tokens, length, seed, count):
    """`count` windows of the texts joined, without overlap, in the seed's order; again in another order when used up."""
    starts = list(range(0, len(tokens) - length + 1, length))
    draw, order = random.Random(seed), []
    while len(order) < count:
        draw.shuffle(starts)
        order += starts
    return [tokens[start : start + length] for start in order[:count]]


def tune(model, train, options, seed, tell):
    """The short fine-tune; gives the loss of every step."""
    model.train()  # there is no dropout; recomputation is done in this mode only
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=options.learning_rate, betas=(0.9, 0.999), weight_decay=options.weight_decay, fused=True
    )
    warm_up = max(1, round(options.warm_up * options.steps))
    rows = windows(train, options.window, seed, options.steps * options.batch)
    losses = []
    began = time.monotonic()
    for step in range(options.steps):
        rate = (step + 1) / warm_up if step < warm_up else (options.steps - step) / max(1, options.steps - warm_up)
        optimizer.param_groups[0]["lr"] = options.learning_rate * rate
        total = 0.0
        for row in rows[step * options.batch : (step + 1) * options.batch]:
            with torch.autocast(row.device.type, torch.bfloat16):
                loss = token_losses(model, row).mean() / options.batch
            loss.backward()
            total += loss.detach()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        losses.append(total)
        if step in (0, 2, options.steps - 1):
            tell(f"step {step + 1}/{options.steps}, loss {total.item():.4f}, {time.monotonic() - began:.1f} s")
    model.eval()
    return [loss.item() for loss in losses]


def texts(paths):
    files = [file for path in paths for file in (sorted(path.glob("*.txt")) if path.is_dir() else [path])]
    if not files:
        sys.exit(f"texts must be .txt files or folders with some, found none in {', '.join(map(str, paths))}")
    return {file.stem: file.read_text(encoding="utf-8") for file in files}


def encoded(tokenizer, text, most=None):
    if most:
        text = text[: 8 * most]  # more than enough characters, and far quicker than the whole book
    return tokenizer(text, add_special_tokens=False, return_tensors="pt")["input_ids"][0][:most]


def parse():
    parser = argparse.ArgumentParser(
        description="One language model under several encodings: measured, fine-tuned alike, measured again.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    integers = lambda text: list(map(int, text.split(",")))
    parser.add_argument("model", type=pathlib.Path, help="GGUF file or Hugging Face folder")
    parser.add_argument("encodings", type=pathlib.Path, help="folder of NAME.json files that `resonance rope --json` printed")
    parser.add_argument("--only", type=lambda text: text.split(","), help="names among them")
    parser.add_argument("--held-out", type=pathlib.Path, nargs="+", required=True, help="texts to measure on")
    parser.add_argument("--tokens", type=int, default=32768, help="of each text")
    parser.add_argument("--lengths", type=integers, default=[8192, 16384, 32768])
    parser.add_argument("--questions", type=pathlib.Path, help="JSON lines with task, length, prompt and answer")
    parser.add_argument("--train", type=pathlib.Path, nargs="+", help="texts to fine-tune on; without them nothing is tuned")
    parser.add_argument("--tuned", type=lambda text: text.split(","), help="names to fine-tune and to ask questions; all if not given")
    parser.add_argument("--recompute", action="store_true", help="a layer's activations in the backward pass, for less memory")
    parser.add_argument("--window", type=int, default=32768)
    parser.add_argument("--steps", type=int, default=50)
    parser.add_argument("--batch", type=int, default=1, help="windows of a step")
    parser.add_argument("--learning-rate", type=float, default=2e-5)
    parser.add_argument("--weight-decay", type=float, default=1e-2)
    parser.add_argument("--warm-up", type=float, default=0.05)
    parser.add_argument("--seeds", type=integers, default=[1], help="orders of the windows")
    parser.add_argument("--time-budget", type=float, default=math.inf, help="seconds after which no encoding is begun that would end later")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--float32", action="store_true", help="no TF32 in what is measured")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="JSON file")
    return parser.parse_args()


def main():
    options = parse()
    began = time.monotonic()
    tell = lambda line: print(f"{time.monotonic() - began:6.1f} s  {line}", file=sys.stderr, flush=True)
    if not options.float32:
        torch.set_float32_matmul_precision("high")
    folder, file = (options.model, {}) if options.model.is_dir() else (options.model.parent, {"gguf_file": options.model.name})
    tokenizer = AutoTokenizer.from_pretrained(folder, **file)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="sdpa", **file).to(options.device)
    model.eval()
    if options.recompute:
        model.gradient_checkpointing_enable({"use_reentrant": False})
    untouched = {name: value.detach().clone() for name, value in model.state_dict().items()}
    held_out = texts(options.held_out)
    documents = {name: encoded(tokenizer, text, options.tokens).to(options.device) for name, text in held_out.items()}
    train_texts = texts(options.train) if options.train else {}
    train = None
    if train_texts:
        train = torch.cat([encoded(tokenizer, text) for text in train_texts.values()]).to(options.device)
    questions = [json.loads(line) for line in options.questions.read_text().splitlines()] if options.questions else []
    digest = lambda parts: hashlib.sha256("\n".join(parts).encode()).hexdigest()
    settings = {
        "model": options.model.name,
        "heldOut": {name: len(tokens) for name, tokens in documents.items()},
        "heldOutHash": digest(held_out.values()),
        "lengths": options.lengths,
        "train": {"tokens": 0 if train is None else len(train), "hash": digest(train_texts.values())},
        "recipe": [options.window, options.steps, options.batch, options.learning_rate, options.weight_decay, options.warm_up],
        "products": "float32" if options.float32 else "tf32",
        "questions": len(questions),
    }
    result = {"settings": settings, "cells": {}}
    if options.out.exists():
        result = json.loads(options.out.read_text())
        if result["settings"] != settings:
            sys.exit(f"{options.out} must have been made with the same settings, was not; name another file")
    result["software"] = f"finetune_compare.py with PyTorch {torch.__version__}"
    result["device"] = torch.cuda.get_device_name() if options.device == "cuda" else "cpu"
    tell(f"{settings}")

    def keep(name, cell):
        result["cells"][name] = cell
        partial = options.out.with_suffix(".part")
        partial.write_text(json.dumps(result))
        os.replace(partial, options.out)

    length = max(options.window if train is not None else 0, options.tokens + 2048)
    names = options.only or sorted(file.stem for file in options.encodings.glob("*.json"))
    tuned = options.tuned or names
    work = [(name, None) for name in names] + [(name, seed) for seed in options.seeds for name in tuned if train is not None]
    longest = 0.0
    for name, seed in work:
        key = name if seed is None else f"{name} tuned {seed}"
        if key in result["cells"]:
            continue
        started = time.monotonic()
        if started - began + (longest if seed is None else max(longest, 1)) > options.time_budget:
            tell(f"{key}: not begun, the last took {longest:.0f} s")
            continue
        rope = json.loads((options.encodings / f"{name}.json").read_text())
        model.load_state_dict(untouched)
        model.model.rotary_emb = Rotation(rope, length, options.device)
        cell = {"encoding": name, "seed": seed}
        if seed is not None:
            cell["trainingLoss"] = tune(model, train, options, seed, lambda line: tell(f"{key}: {line}"))
        cell["losses"] = perplexities(model, documents, options.lengths)
        if questions and name in tuned:
            cell["answers"] = answered(model, tokenizer, questions, options.device)
        cell["seconds"] = time.monotonic() - started
        longest = cell["seconds"]
        keep(key, cell)
        means = {n: math.exp(mean_loss(cell["losses"], n)) for n in options.lengths}
        tell(f"{key}: {cell['seconds']:.1f} s, perplexity {', '.join(f'{n}: {p:.3f}' for n, p in means.items())}")
    print(json.dumps({"out": str(options.out), "cells": len(result["cells"]), "seconds": time.monotonic() - began}))


if __name__ == "__main__":
    main()
