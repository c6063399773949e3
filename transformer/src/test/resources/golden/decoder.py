"""The decoder written out as formulas: a second implementation for the Java decoder to agree with.

One function covers every model here, as settings: T5-style (the paper's) and LLaMA-style with or without biases,
grouped key/value heads and tied embeddings. The backward pass is autograd's. Written for reading, not for speed.

Shapes: B batch, T positions, V vocabulary, D model size, H heads, K key/value heads, E head size, F feed-forward size.
"""

import random
from dataclasses import dataclass

import torch
import torch.nn.functional as F

IGNORED = -100  # a target that counts neither in the loss nor in its mean


@dataclass(frozen=True)
class Settings:
    vocabularySize: int
    modelSize: int
    layers: int
    heads: int
    keyValueHeads: int
    headSize: int
    feedForwardSize: int
    gated: bool  # SiLU gate times up-projection; otherwise ReLU of the up-projection
    queryKeyValueBias: bool
    tiedEmbedding: bool
    normEpsilon: float
    attentionScale: float  # factor on q.k before the softmax
    logitScale: float  # factor on the last norm's output before the output embedding
    rotaryBase: float


def parameter_shapes(settings):
    """Every parameter's shape by name, in the order of the forward pass."""
    s = settings
    query, key_value = s.heads * s.headSize, s.keyValueHeads * s.headSize
    shapes = {"embedding": (s.vocabularySize, s.modelSize)}
    for i in range(s.layers):
        attention, feed_forward = f"layer.{i}.attention.", f"layer.{i}.feedForward."
        shapes[attention + "norm"] = (s.modelSize,)
        for name, rows in (("query", query), ("key", key_value), ("value", key_value)):
            shapes[attention + name] = (rows, s.modelSize)
            if s.queryKeyValueBias:
                shapes[attention + name + "Bias"] = (rows,)
        shapes[attention + "output"] = (s.modelSize, query)
        shapes[feed_forward + "norm"] = (s.modelSize,)
        if s.gated:
            shapes[feed_forward + "gate"] = (s.feedForwardSize, s.modelSize)
        shapes[feed_forward + "up"] = (s.feedForwardSize, s.modelSize)
        shapes[feed_forward + "down"] = (s.modelSize, s.feedForwardSize)
    shapes["finalNorm"] = (s.modelSize,)
    if not s.tiedEmbedding:
        shapes["head"] = (s.vocabularySize, s.modelSize)
    return shapes


def initial_parameters(settings, seed):
    """Normal values that float32 holds exactly, in float64; the same for every version of Python and PyTorch.

    A matrix has standard deviation columns^-0.5, which is T5's initialisation of every one but the query (there the
    missing division of the attention logits by sqrt(E) is made up for: (D*E)^-0.5) and the embedding (1, because its
    output is scaled by D^-0.5). Norm weights start at 1 in T5; here they scatter round 1, so that an error in them
    shows.
    """
    generator = random.Random(seed)

    def normal(name, shape):
        mean, deviation = 0.0, shape[-1] ** -0.5
        if name.endswith("query") and settings.attentionScale == 1.0:
            deviation = (settings.modelSize * settings.headSize) ** -0.5
        if name == "embedding" and (settings.logitScale != 1.0 or not settings.tiedEmbedding):
            deviation = 1.0
        if name.lower().endswith("norm"):
            mean, deviation = 1.0, 0.2
        if name.endswith("Bias"):
            deviation = 0.2
        values = [generator.gauss(mean, deviation) for _ in range(torch.Size(shape).numel())]
        return torch.tensor(values, dtype=torch.float32).reshape(shape).double()

    return {name: normal(name, shape) for name, shape in parameter_shapes(settings).items()}


def rms_norm(x, weight, epsilon):
    return weight * x / (x.square().mean(-1, keepdim=True) + epsilon).sqrt()


def rotation_angles(length, head_size, base):
    """position * base^(-2i/E) for pair i, in float64: (T, E/2)."""
    frequencies = base ** (-torch.arange(0, head_size, 2, dtype=torch.float64) / head_size)
    return torch.outer(torch.arange(length, dtype=torch.float64), frequencies)


def rotate_interleaved(x, angles):
    """Turns features (2i, 2i+1) of x (..., T, E) by angles (T, E/2)."""
    cos, sin = angles.cos().to(x.dtype), angles.sin().to(x.dtype)
    even, odd = x[..., 0::2], x[..., 1::2]
    return torch.stack((even * cos - odd * sin, even * sin + odd * cos), -1).flatten(-2)


def logits(settings, parameters, tokens, angles=None):
    """Next-token logits (B, T, V) of tokens (B, T), in the parameters' precision."""
    s, p = settings, parameters
    batch, length = tokens.shape
    if angles is None:
        angles = rotation_angles(length, s.headSize, s.rotaryBase)
    future = torch.ones(length, length, dtype=torch.bool).triu(1)

    def project(x, name, heads):
        y = F.linear(x, p[name], p.get(name + "Bias"))  # (B, T, heads * E)
        return y.view(batch, length, heads, s.headSize).transpose(1, 2)  # (B, heads, T, E)

    x = p["embedding"][tokens]  # (B, T, D)
    for i in range(s.layers):
        prefix = f"layer.{i}.attention."
        y = rms_norm(x, p[prefix + "norm"], s.normEpsilon)
        q = rotate_interleaved(project(y, prefix + "query", s.heads), angles)
        k = rotate_interleaved(project(y, prefix + "key", s.keyValueHeads), angles)
        v = project(y, prefix + "value", s.keyValueHeads)
        group = s.heads // s.keyValueHeads  # query heads g*group .. g*group+group-1 share key/value head g
        k, v = k.repeat_interleave(group, 1), v.repeat_interleave(group, 1)  # (B, H, T, E)
        scores = (q @ k.transpose(-1, -2) * s.attentionScale).masked_fill(future, float("-inf"))  # (B, H, T, T)
        attended = (scores.softmax(-1) @ v).transpose(1, 2).reshape(batch, length, -1)  # (B, T, H * E)
        x = x + attended @ p[prefix + "output"].T

        prefix = f"layer.{i}.feedForward."
        y = rms_norm(x, p[prefix + "norm"], s.normEpsilon)
        up = y @ p[prefix + "up"].T  # (B, T, F)
        hidden = F.silu(y @ p[prefix + "gate"].T) * up if s.gated else up.relu()
        x = x + hidden @ p[prefix + "down"].T

    output = p["embedding"] if s.tiedEmbedding else p["head"]
    return (rms_norm(x, p["finalNorm"], s.normEpsilon) * s.logitScale) @ output.T


def mean_loss(values, targets):
    """Mean cross-entropy in nats over the targets that are not IGNORED."""
    return F.cross_entropy(values.flatten(0, 1), targets.flatten(), ignore_index=IGNORED)
