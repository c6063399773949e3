"""Writes dequantised.tsv: random blocks of every tensor type and what the gguf package makes of them.

    python dequantise.py > dequantised.tsv         (needs gguf and numpy; versions are in the output's first line)

One line a type: name, the blocks in hexadecimal, their float32 values as hexadecimal bits.
"""
import importlib.metadata

import numpy as np
from gguf import GGML_QUANT_SIZES, GGMLQuantizationType
from gguf.quants import dequantize

# Where each type keeps its half-precision scales: random bytes there would often be infinite.
SCALES = {
    "F16": [], "F32": [], "BF16": [],
    "Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "Q8_0": [0],
    "Q2_K": [80, 82], "Q3_K": [108], "Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208],
}

rng = np.random.default_rng(20261122)
versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("gguf", "numpy"))
print(f"# {versions}")
for name, scales in SCALES.items():
    kind = GGMLQuantizationType[name]
    elements, size = GGML_QUANT_SIZES[kind]
    blocks = 32 if elements == 1 else 3 if elements == 32 else 2
    data = rng.integers(0, 256, (blocks, size), dtype=np.uint8)
    if name == "F16":
        # Zeros, subnormals, the largest and infinities among them.
        special = [0x0000, 0x8000, 0x0001, 0x83FF, 0x03FF, 0x0400, 0x7BFF, 0xFBFF, 0x7C00, 0xFC00]
        values = rng.integers(0, 0x7C00, blocks).astype(np.uint16)
        values[: len(special)] = special
        data = values.view(np.uint8).reshape(blocks, size)
    elif name in ("F32", "BF16"):
        values = rng.standard_normal(blocks).astype(np.float32)
        data = values.view(np.uint8).reshape(blocks, 4)[:, 4 - size :].copy()
    for at in scales:
        values = rng.standard_normal(blocks).astype(np.float16)
        values[0] = np.float16(3e-6)  # subnormal
        data[:, at : at + 2] = values.view(np.uint8).reshape(blocks, 2)
    floats = dequantize(data.reshape(-1), kind).astype(np.float32).reshape(-1)
    bits = "".join(f"{bit:08x}" for bit in floats.view(np.uint32))
    print(f"{name}\t{data.tobytes().hex()}\t{bits}")
