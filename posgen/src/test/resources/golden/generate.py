"""Writes the golden files of this folder: authors.csv, functions.csv and drawn.csv.

    git clone https://github.com/sheryc/resonance_rope CHECKOUT     (commit 4a7f5a7 was used)
    python3 generate.py CHECKOUT

Needs Python 3.10 or newer and nothing else; takes about 20 seconds. Last run with CPython 3.11.7 on glibc 2.36 (sines
come from the C library).

authors.csv    SHA-256 of the files the authors' own generator writes. Their classes are loaded from the checkout; the
               packages those import for tokenising and training are replaced by empty stand-ins, since generating uses none.
functions.csv  SHA-256 of tables of the two sine functions, made with the authors' atom_arithmetic.
drawn.csv      SHA-256 of drawn splits, from a second implementation, below, of what SeedDraw's documentation says.
"""

import hashlib
import importlib
import os
import platform
import sys
import tempfile
import types

FOLDER = os.path.dirname(os.path.abspath(__file__))
AUTHORS_CLASSES = {
    "recursive": ("recurrent_sequence", "RecurrentSequenceDataset"),
    "cot": ("cot_sequence", "CotSequenceDataset"),
    "semi-recursive": ("semi_recurrent_sequence", "SemiRecurrentSequenceDataset"),
}
AUTHORS_FUNCTIONS = {
    "modular-addition": "mod_addition",
    "squared-sine": "pow_sin",
    "absolute-sine": "pow_sin_2pi",
}
TASKS = list(AUTHORS_CLASSES)


class Anything:
    """Accepts every call and has every attribute."""

    def __init__(self, *arguments, **named):
        pass

    def __call__(self, *arguments, **named):
        return self

    def __getattr__(self, name):
        return self


def load_authors(checkout):
    """Their dataset classes by our task names, with stand-ins for all they import but do not generate with."""

    def stand_in(name, folder=None, **members):
        module = types.ModuleType(name)
        module.__dict__.update(members)
        if folder:
            module.__path__ = [os.path.join(checkout, *folder)]
        sys.modules[name] = module

    def make_parent(path):
        os.makedirs(os.path.dirname(path), exist_ok=True)

    stand_in("datasets", load_dataset=Anything())
    stand_in("torch", folder=["none"])
    stand_in("torch.utils", folder=["none"])
    stand_in("torch.utils.data", Dataset=object)
    stand_in("transformers", PreTrainedTokenizerFast=Anything)
    stand_in("src", folder=["src"])
    stand_in("src.data", folder=["src", "data"])
    stand_in("src.data.components", folder=["src", "data", "components"])
    stand_in("src.utils", create_directories_for_path=make_parent, RankedLogger=Anything)
    stand_in("src.models", folder=["src", "models"])
    stand_in("src.models.components", folder=["src", "models", "components"])
    stand_in("src.models.components.tokenizers", folder=["none"])
    stand_in("src.models.components.tokenizers.number_tokenizer", get_num_tokenizer=Anything())
    return {
        task: getattr(importlib.import_module("src.data.components." + module), name)
        for task, (module, name) in AUTHORS_CLASSES.items()
    }


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def write_csv(name, header, rows):
    with open(os.path.join(FOLDER, name), "w", newline="\n") as out:
        out.write(header + "\n")
        for row in rows:
            out.write(",".join(str(value) for value in row) + "\n")


def authors_rows(classes):
    cases = [(task, 17, 1, 3, "modular-addition", 10000, 1000, 1000, 64, 256) for task in TASKS]
    cases += [("cot", 17, 1, 3, "modular-addition", 10000, 1000, 1000, 512, 512)]
    for task in TASKS:
        cases += [
            (task, 17, 1, 3, "squared-sine", 300, 50, 60, 64, 256),
            (task, 17, 1, 3, "absolute-sine", 300, 50, 60, 64, 256),
            (task, 113, 2, 2, "modular-addition", 200, 20, 30, 10, 512),
            (task, 7, 0, 2, "modular-addition", 50, 3, 40, 3, 4),
            (task, 11, 3, 1, "modular-addition", 400, 400, 10, 5, 33),
            (task, 5, 2, 3, "modular-addition", 4, 0, 2, 6, 17),
        ]
    for case in cases:
        task, modulus, far, near, function, train, validation, test, train_length, test_length = case
        hashes = []
        with tempfile.TemporaryDirectory() as folder:
            for split, length in (("train", train_length), ("val", test_length), ("test", test_length)):
                data = classes[task](
                    folder, modulus, length, train, validation, test, near, far, split,
                    arith_task=AUTHORS_FUNCTIONS[function])
                data.generate_data()
                with open(data.filename, "rb") as written:
                    hashes.append(sha256(written.read()))
        yield case + tuple(hashes)


def function_rows(classes):
    for function in ("squared-sine", "absolute-sine"):
        table = []
        for modulus in range(2, 258):
            if function == "absolute-sine" and modulus % 4 == 0:
                continue
            with tempfile.TemporaryDirectory() as folder:
                data = classes["cot"](folder, modulus, 9, 1, 0, 0, arith_task=AUTHORS_FUNCTIONS[function])
            tokens = [data.atom_arithmetic([], [total]) for total in range(8 * (modulus - 1) + 1)]
            table.append(str(modulus) + ": " + " ".join(map(str, tokens)) + "\n")
        yield function, sha256("".join(table).encode())


class SplitMix64:
    MASK = (1 << 64) - 1

    def __init__(self, seed):
        self.state = seed & self.MASK

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & self.MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & self.MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & self.MASK
        return z ^ (z >> 31)

    def below(self, bound):
        while True:
            bits = self.next() >> 1
            if bits < (1 << 63) // bound * bound:
                return bits % bound


def drawn_seeds(modulus, count, rows, seed):
    numbered = 0
    while numbered < count and modulus ** (numbered + 1) <= 1 << 62:
        numbered += 1
    space = modulus ** numbered
    random = SplitMix64(seed)
    swapped = {}
    for draw in range(rows):
        chosen = draw + random.below(space - draw)
        number = swapped.get(chosen, chosen)
        swapped[chosen] = swapped.get(draw, draw)
        seeds = [number // modulus ** (numbered - 1 - place) % modulus for place in range(numbered)]
        yield seeds + [random.below(modulus) for _ in range(count - numbered)]


def grown(task, modulus, far, near, seeds, length):
    tokens = list(seeds)
    while len(tokens) < length:
        made = len(tokens) - far - near
        first = {"recursive": made, "cot": 0, "semi-recursive": made // 2}[task]
        tokens.append((sum(tokens[first:first + far]) + sum(tokens[-near:])) % modulus)
    return tokens


def drawn_rows():
    cases = [(task, 17, 1, 3, 10000, 1000, 1000, 64, 256, 42) for task in TASKS]
    cases += [
        ("cot", 3, 1, 2, 20, 3, 4, 5, 9, 0),
        ("recursive", 2, 3, 4, 100, 20, 8, 20, 30, -1),
        ("semi-recursive", 2147483647, 1, 1, 50, 5, 6, 20, 30, 9223372036854775807),
        ("semi-recursive", 1000, 3, 5, 50, 5, 6, 20, 30, -9223372036854775808),
        ("recursive", 65536, 2, 2, 50, 5, 6, 20, 30, 12345),
    ]
    for case in cases:
        task, modulus, far, near, train, validation, test, train_length, test_length, seed = case
        seeds = drawn_seeds(modulus, far + near, train + validation + test, seed)
        hashes = []
        for rows, length in ((train, train_length), (validation, test_length), (test, test_length)):
            lines = [" ".join(map(str, grown(task, modulus, far, near, next(seeds), length))) for _ in range(rows)]
            hashes.append(sha256("\n".join(lines).encode()))
        yield case + tuple(hashes)


def main():
    classes = load_authors(sys.argv[1])
    sizes = "trainRows,validationRows,testRows,trainLength,testLength"
    hashes = "trainSha256,validationSha256,testSha256"
    write_csv("authors.csv", "task,modulus,far,near,function," + sizes + "," + hashes, authors_rows(classes))
    write_csv("functions.csv", "function,sha256", function_rows(classes))
    write_csv("drawn.csv", "task,modulus,far,near," + sizes + ",seed," + hashes, drawn_rows())
    print("CPython", platform.python_version(), *platform.libc_ver())


if __name__ == "__main__":
    main()
