"""Training throughput of the paper's decoder in plain PyTorch, on the CPU: the figure ours is compared with.

    python train_throughput.py                                  # paper size, float32
    python train_throughput.py --precision bfloat16 --json      # autocast, one JSON document on stdout
    python train_throughput.py --d-model 64 --heads 4           # small, where overhead rules

One step is a batch of 128 chain-of-thought sequences (modulus 17, four seeds), forward, backward and AdamW; its tokens
are the 128 x 64 inputs. The loss counts generated tokens only. The learning rate is constant; a schedule costs
microseconds.

Shapes: B batch, T positions, V vocabulary, D d_model, H heads, E = D/H head size, F feed-forward size.
"""

import argparse
import json
import platform
import statistics
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

MODULUS, FAR, NEAR = 17, 1, 3
SEEDS = FAR + NEAR
BEGIN = MODULUS  # the token that opens each sequence
VOCABULARY = MODULUS + 1
BATCH, LENGTH, SEQUENCES = 128, 64, 10_000
IGNORED = -100
WARM_UP_STEPS = 3


class Attention(nn.Module):
    def __init__(self, d_model, heads, dropout, kind):
        super().__init__()
        self.heads, self.dropout, self.kind = heads, dropout, kind
        self.query = nn.Linear(d_model, d_model, bias=False)
        self.key = nn.Linear(d_model, d_model, bias=False)
        self.value = nn.Linear(d_model, d_model, bias=False)
        self.output = nn.Linear(d_model, d_model, bias=False)

    def forward(self, x, cos, sin, mask):
        batch, length, d_model = x.shape

        def heads(y):
            return y.view(batch, length, self.heads, -1).transpose(1, 2)  # (B, H, T, E)

        q = rotate(heads(self.query(x)), cos, sin)
        k = rotate(heads(self.key(x)), cos, sin)
        v = heads(self.value(x))
        dropout = self.dropout if self.training else 0.0
        if self.kind == "sdpa":
            y = F.scaled_dot_product_attention(q, k, v, dropout_p=dropout, is_causal=True, scale=1.0)
        else:
            weights = (q @ k.transpose(-1, -2) + mask).softmax(-1)  # (B, H, T, T)
            y = F.dropout(weights, dropout).to(v.dtype) @ v
        return self.output(y.transpose(1, 2).reshape(batch, length, d_model))


def rotate(x, cos, sin):
    """Rotary embedding on half-split pairs, in the precision of x: (B, H, T, E)."""
    first, second = x.chunk(2, -1)
    return x * cos.to(x.dtype) + torch.cat((-second, first), -1) * sin.to(x.dtype)


class Layer(nn.Module):
    def __init__(self, d_model, heads, feed_forward, dropout, attention):
        super().__init__()
        self.attention_norm = nn.RMSNorm(d_model, eps=1e-6)
        self.attention = Attention(d_model, heads, dropout, attention)
        self.feed_forward_norm = nn.RMSNorm(d_model, eps=1e-6)
        self.up = nn.Linear(d_model, feed_forward, bias=False)
        self.down = nn.Linear(feed_forward, d_model, bias=False)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x, cos, sin, mask):
        x = x + self.dropout(self.attention(self.attention_norm(x), cos, sin, mask))
        hidden = self.dropout(F.relu(self.up(self.feed_forward_norm(x))))  # (B, T, F)
        return x + self.dropout(self.down(hidden))


class Decoder(nn.Module):
    """T5-Small's decoder layers with rotary positions in place of the position bias."""

    def __init__(self, d_model, heads, feed_forward, layers, dropout, attention):
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, d_model)
        self.layers = nn.ModuleList(Layer(d_model, heads, feed_forward, dropout, attention) for _ in range(layers))
        self.norm = nn.RMSNorm(d_model, eps=1e-6)
        self.dropout = nn.Dropout(dropout)
        self.output_scale = d_model**-0.5
        head_size = d_model // heads
        frequencies = 10000.0 ** (-torch.arange(0, head_size, 2) / head_size)
        angles = torch.outer(torch.arange(LENGTH), frequencies).repeat(1, 2)  # (T, E)
        self.register_buffer("cos", angles.cos())
        self.register_buffer("sin", angles.sin())
        self.register_buffer("mask", torch.full((LENGTH, LENGTH), float("-inf")).triu(1))
        self.initialise(d_model, head_size)

    def initialise(self, d_model, head_size):
        """T5's: the query is small because attention logits are not divided by sqrt(E)."""
        for layer in self.layers:
            for linear in (layer.attention.key, layer.attention.value, layer.attention.output, layer.up, layer.down):
                nn.init.normal_(linear.weight, std=linear.in_features**-0.5)
            nn.init.normal_(layer.attention.query.weight, std=(d_model * head_size) ** -0.5)

    def forward(self, tokens):
        x = self.dropout(self.embedding(tokens))  # (B, T, D)
        for layer in self.layers:
            x = layer(x, self.cos, self.sin, self.mask)
        return F.linear(self.dropout(self.norm(x)) * self.output_scale, self.embedding.weight)  # (B, T, V)


def chain_of_thought(generator):
    """Inputs and targets (SEQUENCES, LENGTH): the first token and the three before each one, added modulo 17."""
    tokens = torch.randint(MODULUS, (SEQUENCES, LENGTH), generator=generator)
    for position in range(SEEDS, LENGTH):
        tokens[:, position] = (tokens[:, :FAR].sum(1) + tokens[:, position - NEAR : position].sum(1)) % MODULUS
    inputs = torch.cat((torch.full((SEQUENCES, 1), BEGIN), tokens[:, :-1]), 1)
    targets = tokens.clone()
    targets[:, :SEEDS] = IGNORED
    return inputs, targets


def measure(options):
    torch.manual_seed(options.seed)
    generator = torch.Generator().manual_seed(options.seed)
    inputs, targets = chain_of_thought(generator)
    decoder = Decoder(
        options.d_model, options.heads, options.feed_forward, options.layers, options.dropout, options.attention
    )
    model = torch.compile(decoder) if options.compile else decoder
    optimizer = torch.optim.AdamW(decoder.parameters(), lr=2e-4, weight_decay=1e-2, fused=True)
    autocast = torch.autocast("cpu", torch.bfloat16, enabled=options.precision == "bfloat16")

    def step():
        rows = torch.randint(SEQUENCES, (BATCH,), generator=generator)
        with autocast:
            logits = model(inputs[rows])
        loss = F.cross_entropy(logits.float().flatten(0, 1), targets[rows].flatten(), ignore_index=IGNORED)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.item()

    for _ in range(WARM_UP_STEPS):
        step()
    seconds = []
    start, cpu_start = time.perf_counter(), time.process_time()
    while time.perf_counter() - start < options.seconds:
        before = time.perf_counter()
        loss = step()
        seconds.append(time.perf_counter() - before)
    elapsed, cpu = time.perf_counter() - start, time.process_time() - cpu_start
    return {
        "tokensPerSecond": len(seconds) * BATCH * LENGTH / elapsed,
        "steps": len(seconds),
        "medianStepSeconds": statistics.median(seconds),
        "fastestStepSeconds": min(seconds),
        "slowestStepSeconds": max(seconds),
        "cpuShare": cpu / (elapsed * options.threads),
        "lastLoss": loss,
        "parameters": sum(p.numel() for p in decoder.parameters()),
        **vars(options),
        "batch": BATCH,
        "length": LENGTH,
        "torch": torch.__version__,
        "python": platform.python_version(),
        "cpuCapability": torch.backends.cpu.get_cpu_capability(),
    }


def parse(arguments):
    parser = argparse.ArgumentParser(
        description="Training throughput of the paper's decoder in plain PyTorch on the CPU.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--d-model", type=int, default=512)
    parser.add_argument("--heads", type=int, default=8)
    parser.add_argument("--feed-forward", type=int, help="4 x d_model if not given")
    parser.add_argument("--layers", type=int, default=2)
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--precision", choices=("float32", "bfloat16"), default="float32")
    parser.add_argument("--attention", choices=("sdpa", "matmul"), default="sdpa", help="README.md: which is faster")
    parser.add_argument("--compile", action="store_true", help="torch.compile the model; needs a C++ compiler")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--seconds", type=float, default=20.0, help=f"measured after {WARM_UP_STEPS} steps")
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    options = parser.parse_args(arguments)
    if options.d_model % (2 * options.heads) != 0:
        parser.error(f"--d-model must be a multiple of 2 x --heads = {2 * options.heads}, was {options.d_model}")
    if options.seconds <= 0:
        parser.error(f"--seconds must be above 0, was {options.seconds}")
    if options.feed_forward is None:
        options.feed_forward = 4 * options.d_model
    return options


def main():
    options = parse(sys.argv[1:])
    torch.set_num_threads(options.threads)
    as_json = options.json
    del options.json
    result = measure(options)
    if as_json:
        print(json.dumps(result, indent=2))
    else:
        print(
            f"{result['tokensPerSecond']:.0f} tokens/s  (d_model {options.d_model}, {options.precision}, "
            f"{options.attention}, {options.threads} threads; {result['steps']} steps, "
            f"median {1e3 * result['medianStepSeconds']:.1f} ms, last loss {result['lastLoss']:.3f}, "
            f"{100 * result['cpuShare']:.0f} % of the threads' time)"
        )


if __name__ == "__main__":
    main()
