"""Writes the gradients of the tiny models, full and of LoRA adapters, as transformers and PEFT compute them.

    python tiny_gradients.py     (torch 2.15.0, transformers 5.18.0, peft 0.21.2; half a minute, no network)

Reads the folders that tiny_models.py wrote and puts gradients.json into some of them: every architecture, with and
without windows, ties, biases and scaling. README.md says how they are computed.
"""

import json
from pathlib import Path

import peft
import torch
import transformers

from tiny_models import VOCABULARY, compact, in_float64, load

HERE = Path(__file__).parent
FOLDERS = [
    "llama",
    "llama-dynamic",
    "llama-yarn",
    "mistral",
    "qwen2",
    "qwen2-window",
    "qwen3",
    "gemma3",
    "gemma3-nested",
]
IGNORED = -100
LENGTH = 20
SAMPLES = 4
RANK, ALPHA = 3, 6
NAMES = {
    "input_layernorm.weight": "attention.norm",
    "self_attn.q_proj.weight": "attention.query",
    "self_attn.k_proj.weight": "attention.key",
    "self_attn.v_proj.weight": "attention.value",
    "self_attn.q_proj.bias": "attention.queryBias",
    "self_attn.k_proj.bias": "attention.keyBias",
    "self_attn.v_proj.bias": "attention.valueBias",
    "self_attn.q_norm.weight": "attention.queryNorm",
    "self_attn.k_norm.weight": "attention.keyNorm",
    "self_attn.o_proj.weight": "attention.output",
    "post_attention_layernorm.weight": "feedForward.norm",
    "mlp.gate_proj.weight": "feedForward.gate",
    "mlp.up_proj.weight": "feedForward.up",
    "mlp.down_proj.weight": "feedForward.down",
}
GEMMA_NAMES = {
    **NAMES,
    "post_attention_layernorm.weight": "attention.postNorm",
    "pre_feedforward_layernorm.weight": "feedForward.norm",
    "post_feedforward_layernorm.weight": "feedForward.postNorm",
}
WHOLE = {"model.embed_tokens.weight": "embedding", "model.norm.weight": "finalNorm", "lm_head.weight": "head"}
PAIRED = ("query", "key", "queryBias", "keyBias", "queryNorm", "keyNorm")


def our_name(name, gemma):
    """Our name of a parameter; of an adapter's, the matrix's with .first (A) or .second (B)."""
    name = name.removeprefix("base_model.model.").replace(".base_layer", "")
    for part, ending in ((".lora_A.default", ".first"), (".lora_B.default", ".second")):
        if part in name:
            return our_name(name.replace(part, ""), gemma) + ending
    if name in WHOLE:
        return WHOLE[name]
    _, _, layer, rest = name.split(".", 3)
    return f"layer.{layer}.{(GEMMA_NAMES if gemma else NAMES)[rest]}"


def interleaved(name, value, head_size, inverse=False):
    """Rows of queries and keys from half-split pairs to interleaved ones, head by head, or back."""
    if name.removesuffix(".second").split(".")[-1] not in PAIRED:
        return value
    order = torch.arange(head_size).view(2, -1).T.flatten()
    if inverse:
        order = order.argsort()
    return value.unflatten(0, (-1, head_size))[:, order].flatten(0, 1)


def adapter_values(shape, index, second):
    """What the test fills adapters with too, in its own order of rows; index counts adapters."""
    numbers = torch.arange(shape[0] * shape[1], dtype=torch.float64)
    values = 0.2 * torch.cos(0.9 * numbers + index) if second else 0.3 * torch.sin(1.3 * numbers + index)
    return values.float().double().view(shape)


def adapted(model, gemma, head_size):
    targets = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
    model = peft.get_peft_model(model, peft.LoraConfig(r=RANK, lora_alpha=ALPHA, target_modules=targets))
    index = 0
    for name, parameter in model.named_parameters():
        if "lora_" in name:
            ours = our_name(name, gemma)
            second = ours.endswith(".second")
            values = adapter_values(parameter.shape, index, second)
            parameter.data.copy_(interleaved(ours, values, head_size, inverse=True))
            index += second
    return model


def loss_and_gradients(model, parts, gemma, head_size):
    """Mean over all positions that count of all parts; each part is (tokens, targets, positions)."""
    scored = sum((targets != IGNORED).sum().item() for _, targets, _ in parts)
    loss = 0
    for tokens, targets, positions in parts:
        # A mask of ones, or the library takes a jump in the positions for the beginning of another text.
        logits = model(
            input_ids=tokens,
            position_ids=positions.expand(len(tokens), -1),
            attention_mask=torch.ones_like(tokens),
            use_cache=False,
        ).logits
        loss = loss + torch.nn.functional.cross_entropy(
            logits.flatten(0, 1), targets.flatten(), ignore_index=IGNORED, reduction="sum"
        )
    loss = loss / scored
    loss.backward()
    gradients = {}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            ours = our_name(name, gemma)
            gradients[ours] = interleaved(ours, parameter.grad.double(), head_size)
    return loss.item(), gradients


def number(value):
    return float(f"{value:.8g}")


def case(folder, parts, adapters):
    results = []
    for precise in (True, False):
        model = load(folder)
        gemma = "Gemma" in type(model).__name__
        head_size = model.config.head_dim if getattr(model.config, "head_dim", None) else (
            model.config.hidden_size // model.config.num_attention_heads
        )
        model = in_float64(model) if precise else model
        model = adapted(model, gemma, head_size) if adapters else model
        results.append(loss_and_gradients(model, parts, gemma, head_size))
    (loss, exact), (_, single) = results
    difference = max(
        ((single[name] - value).abs().max() / value.abs().max()).item() for name, value in exact.items()
    )
    assert difference < 1e-3, f"{folder.name}: float32 and float64 differ by {difference}"
    return {
        "loss": number(loss),
        "float32Difference": float(f"{difference:.3g}"),
        "gradients": {
            name: [number(value.norm()), number(value.abs().max())]
            + [number(value.flatten()[7919 * k % value.numel()]) for k in range(SAMPLES)]
            for name, value in exact.items()
        },
    }


def write(name, seed):
    folder = HERE / name
    generator = torch.Generator().manual_seed(seed)
    tokens = torch.randint(VOCABULARY, (2, LENGTH), generator=generator)
    targets = torch.randint(VOCABULARY, (2, LENGTH), generator=generator)
    targets[:, ::5] = IGNORED
    plain = torch.arange(LENGTH)
    skipping = torch.cat((plain[:9], plain[9:] + 17))
    cut = 8
    packed = [(tokens[:1, part], targets[:1, part], plain[: len(plain[part])]) for part in (slice(cut), slice(cut, None))]
    golden = {
        "generator": "tiny_gradients.py",
        "versions": {
            "torch": torch.__version__,
            "transformers": transformers.__version__,
            "peft": peft.__version__,
        },
        "seed": seed,
        "tokens": tokens.flatten().tolist(),
        "targets": targets.flatten().tolist(),
        "positions": skipping.tolist(),
        "secondText": cut,
        "plain": case(folder, [(tokens, targets, plain)], False),
        "skipWise": case(folder, [(tokens, targets, skipping)], False),
        "packed": case(folder, packed, False),
        "adapters": case(folder, [(tokens, targets, plain)], True),
    }
    (folder / "gradients.json").write_text(compact(json.dumps(golden, indent=1)) + "\n")
    size = (folder / "gradients.json").stat().st_size
    print(name, size, *(f"{key} {golden[key]['float32Difference']}" for key in ("plain", "skipWise", "packed", "adapters")))


def main():
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    for seed, name in enumerate(FOLDERS, 101):
        write(name, seed)


if __name__ == "__main__":
    main()
