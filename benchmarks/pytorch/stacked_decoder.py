"""Several decoders of one size trained side by side: every parameter has a leading dimension of models.

The paper's decoder: layers of T5-Small without position bias, rotary positions, attention logits not divided by
sqrt(head size), tied embedding with the output scaled by d_model^(-1/2). Models never see each other; a product of S models is one
batched product, which is what makes small models worth a GPU.

Shapes: S models, B batch, T positions, N = B T, V vocabulary, D d_model, H heads, E head size, F feed-forward size.
"""

import math

import numpy as np
import torch
import torch.nn.functional as F

from posgen_input import java_gaussians

EPSILON = 1e-6


class Sizes:
    """The sizes of one decoder, and its parameters in the order of our trainer's vector."""

    def __init__(self, comparison):
        self.vocabulary = comparison.integer("modulus") + 1  # and the token that opens each sequence
        self.d_model, self.layers = comparison.integer("d-model"), comparison.integer("layers")
        self.heads, self.head_size = comparison.integer("heads"), comparison.integer("head-size")
        self.feed_forward, self.dropout = comparison.integer("feed-forward"), comparison.number("dropout")

    def parameters(self):
        """Name, shape, and standard deviation of the initial draw (T5's) or None for a norm's ones."""
        d, f, joined = self.d_model, self.feed_forward, self.heads * self.head_size
        yield "embedding", (self.vocabulary, d), 1.0
        for layer in range(self.layers):
            yield f"{layer}.attention_norm", (d,), None
            yield f"{layer}.query", (joined, d), 1 / math.sqrt(d * self.head_size)
            yield f"{layer}.key", (joined, d), 1 / math.sqrt(d)
            yield f"{layer}.value", (joined, d), 1 / math.sqrt(d)
            yield f"{layer}.attention_output", (d, joined), 1 / math.sqrt(joined)
            yield f"{layer}.feed_forward_norm", (d,), None
            yield f"{layer}.up", (f, d), 1 / math.sqrt(d)
            yield f"{layer}.down", (d, f), 1 / math.sqrt(f)
        yield "final_norm", (d,), None

    def initial(self, seed):
        """The parameters that our trainer draws with a seed, by name, float32; norms take no draws."""
        drawn = [(name, shape, deviation) for name, shape, deviation in self.parameters() if deviation is not None]
        gaussians = java_gaussians(seed, sum(math.prod(shape) for _, shape, _ in drawn))
        values, start = {}, 0
        for name, shape, deviation in self.parameters():
            if deviation is None:
                values[name] = np.ones(shape, dtype=np.float32)
                continue
            end = start + math.prod(shape)
            values[name] = (deviation * gaussians[start:end]).astype(np.float32).reshape(shape)
            start = end
        return values


class StackedDecoder(torch.nn.Module):
    def __init__(self, sizes, seeds, precision, attention_precision):
        """
        precision: dtype of the factors of products with weights; the parameters, norms and logits are float32
        attention_precision: dtype of queries, keys and values after the rotation, which is always done in float32
        """
        super().__init__()
        self.sizes, self.precision, self.attention_precision = sizes, precision, attention_precision
        models = [sizes.initial(seed) for seed in seeds]
        for name, _, _ in sizes.parameters():
            stacked = torch.from_numpy(np.stack([model[name] for model in models]))  # (S, ...)
            self.register_parameter(name.replace(".", "_"), torch.nn.Parameter(stacked))

    def named(self, name, layer=None):
        return self.get_parameter(name if layer is None else f"{layer}_{name}")

    def flat(self, model):
        """One model's parameters as our trainer's vector has them."""
        names = [name.replace(".", "_") for name, _, _ in self.sizes.parameters()]
        return np.concatenate([self.get_parameter(name)[model].detach().cpu().numpy().ravel() for name in names])

    def forward(self, tokens, cosines, sines):
        """Logits (S, N, V) of tokens (S, B, T) under tables (T, E), see `rotation_tables`."""
        sizes = self.sizes
        models, batch, length = tokens.shape
        first = torch.arange(models, device=tokens.device)[:, None, None] * sizes.vocabulary
        x = F.embedding(tokens + first, self.named("embedding").flatten(0, 1))  # (S, B, T, D)
        x = self.dropped(x.reshape(models, batch * length, sizes.d_model))  # (S, N, D)
        for layer in range(sizes.layers):
            h = self.normed(x, self.named("attention_norm", layer))
            joint = torch.cat([self.named(name, layer) for name in ("query", "key", "value")], 1)
            heads = self.product(h, joint).view(models * batch, length, 3, sizes.heads, sizes.head_size)
            q, k, v = heads.permute(2, 0, 3, 1, 4).float()  # (S B, H, T, E) each
            attended = F.scaled_dot_product_attention(
                rotated(q, cosines, sines).to(self.attention_precision),
                rotated(k, cosines, sines).to(self.attention_precision),
                v.to(self.attention_precision),
                dropout_p=sizes.dropout if self.training else 0.0,
                is_causal=True,
                scale=1.0,
            )
            attended = attended.transpose(1, 2).reshape(models, batch * length, -1)  # (S, N, H E)
            x = x + self.dropped(self.product(attended, self.named("attention_output", layer)).float())
            h = self.normed(x, self.named("feed_forward_norm", layer))
            hidden = self.dropped(F.relu(self.product(h, self.named("up", layer))))  # (S, N, F)
            x = x + self.dropped(self.product(hidden, self.named("down", layer)).float())
        x = self.dropped(self.normed(x, self.named("final_norm")))
        return torch.bmm(x, self.named("embedding").transpose(1, 2)) * sizes.d_model**-0.5

    def product(self, x, weights):
        """x W^T of each model: (S, N, I) by (S, O, I), in the compute precision."""
        return torch.bmm(x.to(self.precision), weights.to(self.precision).transpose(1, 2))

    def normed(self, x, weights):
        return F.rms_norm(x, x.shape[-1:], eps=EPSILON) * weights[:, None, :]

    def dropped(self, x):
        return F.dropout(x, self.sizes.dropout, self.training)


def rotation_tables(cosines, sines, device):
    """Tables (T, E) for `rotated` from those of pairs (T, E/2): features 2i and 2i + 1 are a pair."""
    signed = np.stack([-sines, sines], -1).reshape(len(sines), -1)
    doubled = np.repeat(cosines, 2, axis=-1)
    return tuple(torch.from_numpy(table.astype(np.float32)).to(device) for table in (doubled, signed))


def rotated(x, cosines, sines):
    """(a, b) to (a cos - b sin, b cos + a sin) for each pair of neighbours of x (..., T, E)."""
    partners = x.unflatten(-1, (-1, 2)).flip(-1).flatten(-2)
    return x * cosines + partners * sines


def negative_log_likelihoods(logits, targets):
    """-ln p of each target (S, B, T), nats; 0 where the target is below 0, which counts nothing."""
    flat = targets.flatten(1)  # (S, N)
    logs = F.log_softmax(logits, -1).gather(-1, flat.clamp(min=0)[..., None])[..., 0]
    return torch.where(flat < 0, 0.0, -logs).view(targets.shape)
