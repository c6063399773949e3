"""Makes position-remaps.json: the model that ships with its positions remapped, every pair of tokens by itself.

    pip install torch==2.15.0 safetensors
    python position_remaps.py ../../../../../shipped > position-remaps.json

A LLaMA written out in float64, whose attention turns each query and key by frequency times the distance that SelfExtend, ReRoPE or
STRING gives them (T x T distances, no shortcuts). The ids are those of shipped-model.json; for each remap the negative
log-likelihood of each of them but the first, in nats.
"""

import json
import math
import sys

import safetensors.torch
import torch

HEADS, KEY_HEADS, SIZE, LAYERS, EPSILON, BASE, TRAINED = 6, 2, 32, 4, 1e-5, 10_000.0, 256


def self_extend(m, n, window=64, group=5):
    return torch.where(m - n < window, m - n, m // group + window - window // group - n // group)


def rerope(m, n, window=64):
    return torch.clamp(m - n, max=window)


def string(m, n, shift=200, local=64):
    return torch.where(m - n < shift, m - n, m - n - shift + local)


def norm(x, weight):
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + EPSILON) * weight


def attention(x, w, prefix, distance, factor):
    count = x.shape[0]
    q = (x @ w[prefix + "q_proj.weight"].T).view(count, HEADS, 2, SIZE // 2) * factor[:, None, None, None]
    k = (x @ w[prefix + "k_proj.weight"].T).view(count, KEY_HEADS, 2, SIZE // 2)
    v = (x @ w[prefix + "v_proj.weight"].T).view(count, KEY_HEADS, SIZE)
    frequency = BASE ** (-torch.arange(SIZE // 2, dtype=torch.float64) * 2 / SIZE)
    angle = distance[:, :, None] * frequency
    cosine, sine = angle.cos(), angle.sin()
    heads = []
    for head in range(HEADS):
        a, b = q[:, head, 0, None, :], q[:, head, 1, None, :]
        c, d = k[None, :, head * KEY_HEADS // HEADS, 0, :], k[None, :, head * KEY_HEADS // HEADS, 1, :]
        scores = ((a * c + b * d) * cosine - (b * c - a * d) * sine).sum(-1) / math.sqrt(SIZE)
        scores = scores.masked_fill(torch.ones(count, count).triu(1).bool(), -math.inf)
        heads.append(scores.softmax(-1) @ v[:, head * KEY_HEADS // HEADS])
    return torch.cat(heads, -1) @ w[prefix + "o_proj.weight"].T


def losses(w, ids, remap, factor):
    m = torch.arange(len(ids))
    distance = remap(m[:, None], m[None, :]).double()
    x = w["model.embed_tokens.weight"][ids]
    for layer in range(LAYERS):
        p = f"model.layers.{layer}."
        x = x + attention(norm(x, w[p + "input_layernorm.weight"]), w, p + "self_attn.", distance, factor(m))
        h = norm(x, w[p + "post_attention_layernorm.weight"])
        gate = torch.nn.functional.silu(h @ w[p + "mlp.gate_proj.weight"].T)
        x = x + (gate * (h @ w[p + "mlp.up_proj.weight"].T)) @ w[p + "mlp.down_proj.weight"].T
    logits = norm(x, w["model.norm.weight"]) @ w["model.embed_tokens.weight"].T
    loss = torch.nn.functional.cross_entropy(logits[:-1], ids[1:], reduction="none")
    return [float(f"{value:.6f}") for value in loss]


def main(shipped):
    weights = safetensors.torch.load_file(f"{shipped}/model/model.safetensors")
    w = {name: tensor.double() for name, tensor in weights.items()}
    with open("shipped-model.json", encoding="utf-8") as file:
        ids = torch.tensor(json.load(file)["ids"])
    one = lambda m: torch.ones(len(m), dtype=torch.float64)
    sharper = lambda m: torch.clamp((m.double() + 1).log() / math.log(TRAINED), min=1)
    print(
        json.dumps(
            {
                "torch": torch.__version__,
                "selfExtend": losses(w, ids, self_extend, one),
                "rerope": losses(w, ids, rerope, sharper),
                "string": losses(w, ids, string, one),
            }
        )
    )


main(sys.argv[1])
