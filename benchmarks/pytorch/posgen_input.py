"""What prepare_posgen.py wrote, read back: settings, tokens, rotation tables, and the draws that a seed stands for.

Initial parameters and the order of rows are those of our trainer, so losses can be set side by side with its. Dropout masks are
PyTorch's own.
"""

import hashlib
import json
import math
import pathlib

import numpy as np

from prepare_posgen import FIRST_AFTER_ENCODING, FIRST_OF_ENCODING, trained_with
from study_folder import Refused, sha256, unseal

GOLDEN_GAMMA = 0x9E3779B97F4A7C15
EPOCH_GAMMA = 0x632BE59BD9B4E019
MASK_64 = (1 << 64) - 1
SPLITS = ("train", "validation", "test")

# Everything that a plan says of data, model and training; what it says of the encoding is in the tables.
KNOWN_SETTINGS = set(
    "modulus far near function train-length test-length train validation test d-model layers heads head-size feed-forward dropout"
    " epochs batch learning-rate weight-decay warm-up cycle-momentum validate-every precision threads device".split()
)


class Comparison:
    """The plan and settings of a comparison, and where its data and frequencies lie."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        file = self.folder / "study.json"
        if not file.exists():
            raise Refused(f"{folder} must be a folder that prepare_posgen.py wrote, has no study.json; prepare it first")
        study = unseal(file)
        self.identity, self.plan, self.planned_by = study["identity"], study["plan"], study["openedBy"]
        self._require_known()
        cells = self.plan["cells"]
        self.tasks, self.encodings, self.seeds = cells["tasks"], cells["encodings"], cells["seeds"]
        self.trained_length, self.test_length = cells["trainedLength"], cells["testLength"]
        self.seed_tokens = cells["seedTokens"]

    def _require_known(self):
        names = list(self.identity)
        encoding = names[names.index(FIRST_OF_ENCODING) : names.index(FIRST_AFTER_ENCODING) + 1]
        for name in names:
            if name not in KNOWN_SETTINGS and name not in encoding:
                raise Refused(
                    f"{self.folder} must have settings that this trainer has, has {name} = {self.identity[name]}; train it"
                    " with resonance posgen compare"
                )

    def integer(self, name):
        return int(self.identity[name])

    def number(self, name):
        return float(self.identity[name])

    def trained_with(self, encoding):
        return trained_with(encoding, self.identity["scaling-phase"])

    def table(self, encoding, length):
        """Cosines and sines (length, head size / 2), the attention scale in both, in double.

        A pair with a period of p tokens in q turns takes its angle from 2 pi ((n q) mod p) / p, exact at every position n.
        """
        rope = json.loads((self.folder / "encodings" / f"{encoding}--{length}.json").read_text())
        positions = np.arange(length)
        angles = np.empty((length, len(rope["features"])))
        for pair, feature in enumerate(rope["features"]):
            period, turns = feature["periodTokens"], feature["turns"]
            if period is None:
                angles[:, pair] = positions * feature["radiansPerToken"]
            else:
                angles[:, pair] = [2 * math.pi * (n * turns % period) / period for n in range(length)]
        return rope["attentionScale"] * np.cos(angles), rope["attentionScale"] * np.sin(angles)

    def data(self, task, seed):
        """Train, validation and test (rows, length) of a task and seed, and the hash of the three."""
        folder = self.folder / "data" / f"{task}--{seed}"
        manifest = json.loads((folder / "manifest.json").read_text())
        self._require_manifest(folder, manifest, task, seed)
        sets, hashes = [], []
        for split, file in zip(SPLITS, manifest["files"], strict=True):
            text = (folder / file["file"]).read_bytes()
            if hashlib.sha256(text).hexdigest() != file["sha256"]:
                raise Refused(f"{folder / file['file']} must be as it was written, was changed since; prepare it anew")
            sets.append(np.array(text.split(), dtype=np.int64).reshape(file["rows"], file["length"]))
            hashes.append(file["dataSha256"])
        return sets, sha256("".join(hashes))

    def _require_manifest(self, folder, manifest, task, seed):
        expected = {"task": task, "seed": seed, "seeds": "drawn", "format": "text", "function": self.identity["function"]}
        for name in ("modulus", "far", "near"):
            expected[name] = self.integer(name)
        for split in SPLITS:
            expected[f"{split}Rows"] = self.integer(split)
        expected |= {"trainLength": self.trained_length, "testLength": self.test_length}
        for name, value in expected.items():
            if manifest[name] != value:
                raise Refused(f"{folder} must hold the plan's data, but has {name} = {manifest[name]}, not {value}")


def mixed(value):
    """SplitMix64's finaliser of a 64-bit number or an array of them."""
    if isinstance(value, int):
        value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & MASK_64
        value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & MASK_64
        return value ^ (value >> 31)
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


def epoch_order(rows, seed, epoch):
    """The training rows in the order of an epoch: Fisher-Yates with SplitMix64, as EpochOrder of `experiment`."""
    state = mixed(seed & MASK_64) ^ mixed((epoch + EPOCH_GAMMA) & MASK_64)
    last_to_first = np.arange(rows - 1, 0, -1, dtype=np.uint64)
    states = np.uint64(state) + np.arange(1, rows, dtype=np.uint64) * np.uint64(GOLDEN_GAMMA)
    others = ((mixed(states) >> np.uint64(32)) * (last_to_first + np.uint64(1))) >> np.uint64(32)
    order = list(range(rows))
    for row, other in zip(range(rows - 1, 0, -1), others.tolist()):
        order[row], order[other] = order[other], order[row]
    return order


def java_gaussians(seed, count):
    """The first draws of java.util.Random.nextGaussian: the polar method over a 48-bit linear congruential generator."""
    multiplier, increment, mask = 0x5DEECE66D, 0xB, (1 << 48) - 1
    values, drawn, state = [], 0, (seed ^ multiplier) & mask
    while drawn < count:
        attempts = max(1024, int((count - drawn) / 2 * 4 / math.pi * 1.01))  # pi/4 of the points lie in the circle
        states = _congruential(state, 4 * attempts, multiplier, increment, mask)
        state = int(states[-1])
        bits = states.reshape(-1, 2, 2)
        high, low = bits[..., 0] >> np.uint64(22), bits[..., 1] >> np.uint64(21)  # 26 and 27 bits of a double
        points = 2 * (((high << np.uint64(27)) + low).astype(np.float64) * 2.0**-53) - 1
        squares = (points**2).sum(-1)
        inside = (squares < 1) & (squares != 0)
        squares = squares[inside]
        values.append((points[inside] * np.sqrt(-2 * np.log(squares) / squares)[:, None]).ravel())
        drawn += values[-1].size
    return np.concatenate(values)[:count]


def _congruential(state, count, multiplier, increment, mask):
    """The next states of x -> (a x + c) mod 2^48, by doubling: the k after the first k are a^k x + (1 + a + ... ) c."""
    states = np.empty(count, dtype=np.uint64)
    states[0] = (state * multiplier + increment) & mask
    done, jump, shift = 1, multiplier, increment
    while done < count:
        more = min(done, count - done)
        states[done : done + more] = (states[:more] * np.uint64(jump) + np.uint64(shift)) & np.uint64(mask)
        done += more
        shift = (shift * jump + shift) & mask
        jump = jump * jump & mask
    return states
