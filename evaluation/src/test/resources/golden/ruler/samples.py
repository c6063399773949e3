"""Writes samples.csv: digests of the samples that NVIDIA's own scripts make.

    python3 samples.py RULER        a checkout of github.com/NVIDIA/RULER, commit c3f5e3b

Needs Python 3 with NumPy and SciPy; takes a minute. Last run with CPython 3.11.7, NumPy 2.4.6, SciPy 1.17.1.

The scripts run as they are, but for what they import: wonderwords reads the three lists beside this file, the essays are
prose.txt, the file of English words is a made-up one, sentences end where the pattern below says, and tokens are words between
white space or four characters each. A row has a task, what it was made with, how many samples, their tokens (prompts and room
for answers together) and the SHA-256 of them all: input, answer prefix, references and length, with unit separators (U+001F)
between and a record separator (U+001E) behind each.
"""

import hashlib
import json
import os
import re
import runpy
import shutil
import sys
import tempfile
import types

import numpy
import random

HERE = os.path.dirname(os.path.abspath(__file__))
END = re.compile(r"(?:(?<=[.?!])|(?<=[.?!][\"'”’)\]]))(?<!\bMr\.)(?<!\bMrs\.)(?<!\bMs\.)(?<!\bDr\.)(?<!\bSt\.) ")
COUNTERS = {"words": str.split, "quarters": lambda text: range((len(text) + 3) // 4)}

NEEDLES = {
    "niah_single_1": ("noise", "words", "numbers", 1, 1, 1),
    "niah_single_2": ("essay", "words", "numbers", 1, 1, 1),
    "niah_single_3": ("essay", "words", "uuids", 1, 1, 1),
    "niah_multikey_1": ("essay", "words", "numbers", 4, 1, 1),
    "niah_multikey_2": ("needle", "words", "numbers", 1, 1, 1),
    "niah_multikey_3": ("needle", "uuids", "uuids", 1, 1, 1),
    "niah_multivalue": ("essay", "words", "numbers", 1, 4, 1),
    "niah_multiquery": ("essay", "words", "numbers", 1, 1, 4),
}
SCRIPTS = {"vt": "variable_tracking", "cwe": "common_words_extraction", "fwe": "freq_words_extraction"}
TASKS = [*NEEDLES, *SCRIPTS]


def supply_word(i):
    return "".join(chr(97 + i // 26**place % 26) for place in range(4)) + "q"


def stub(name, **members):
    module = types.ModuleType(name)
    module.__dict__.update(members)
    sys.modules[name] = module
    return module


def lines(name):
    with open(os.path.join(HERE, name), encoding="utf-8") as file:
        return [line.rstrip() for line in file.readlines()]


def prepare(checkout):
    """A copy of the scripts with the files that they read, and stubs for the packages that they import."""
    folder = tempfile.mkdtemp()
    scripts = os.path.join(folder, "synthetic")
    shutil.copytree(os.path.join(checkout, "scripts", "data", "synthetic"), scripts)
    with open(os.path.join(HERE, "prose.txt"), encoding="utf-8") as file:
        prose = file.read()
    with open(os.path.join(scripts, "json", "PaulGrahamEssays.json"), "w", encoding="utf-8") as file:
        json.dump({"text": prose}, file)
    with open(os.path.join(scripts, "json", "english_words.json"), "w", encoding="utf-8") as file:
        json.dump({str(i): supply_word(i) for i in range(20_000)}, file)
    stub("wonderwords", random_word=types.SimpleNamespace(_get_words_from_text_file=lines))
    stub("tqdm", tqdm=lambda items: items)
    stub("manifest_utils", write_manifest=None)
    stub("nltk")
    stub("nltk.tokenize", sent_tokenize=END.split)
    stub("tokenizer", select_tokenizer=lambda kind, path: types.SimpleNamespace(text_to_tokens=COUNTERS[path]))
    sys.path.insert(0, scripts)
    return scripts


def samples(scripts, task, length, template_tokens, seed, counter, count):
    from constants import TASKS as TEMPLATES
    script = "niah" if task in NEEDLES else SCRIPTS[task]
    settings = TEMPLATES[script if script in TEMPLATES else "niah"]
    arguments = {
        "save_dir": "unused", "save_name": task, "tokenizer_path": counter, "tokenizer_type": "stub",
        "max_seq_length": length, "tokens_to_generate": settings["tokens_to_generate"], "num_samples": count,
        "random_seed": seed, "template": settings["template"] + settings["answer_prefix"],
        "model_template_token": template_tokens,
    }
    if task in NEEDLES:
        names = ("type_haystack", "type_needle_k", "type_needle_v", "num_needle_k", "num_needle_v", "num_needle_q")
        arguments.update(zip(names, NEEDLES[task]))
    if task == "vt":
        arguments.update(num_chains=1, num_hops=4)
    if task == "cwe":
        arguments.update(freq_cw=30, freq_ucw=3, num_cw=10)
    if task == "fwe":
        arguments.update(alpha=2.0)
    written = []
    sys.modules["manifest_utils"].write_manifest = lambda path, rows: written.extend(rows)
    sys.argv = ["script"] + [part for name, value in arguments.items() for part in ("--" + name, str(value))]
    with tempfile.TemporaryDirectory() as folder:
        sys.argv[sys.argv.index("unused")] = folder
        runpy.run_path(os.path.join(scripts, script + ".py"), run_name="__main__")
    return written


def digest(rows):
    whole = hashlib.sha256()
    for row in rows:
        parts = [row["input"], row["answer_prefix"], *row["outputs"], str(row["length"])]
        whole.update(("\x1f".join(parts) + "\x1e").encode())
    return whole.hexdigest()


def draws():
    """Numbers drawn one after the other by CPython and NumPy, for the generators alone."""
    import uuid
    rows = []
    for seed in (0, 1, 42, 2**31 - 1, 2**40 + 7):
        r = random.Random(seed)
        drawn = [r.random().hex(), r.randrange(1), r.randrange(6_185_184), r.randint(1_000_000, 9_999_999)]
        drawn.append("".join(r.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ", k=12)))
        drawn.append(uuid.UUID(int=r.getrandbits(128), version=4))
        for size, count in ((1, 1), (21, 5), (22, 5), (40, 4), (85, 6), (86, 6), (1000, 900)):
            drawn.append("-".join(map(str, r.sample(range(size), count)[-5:])))
        shuffled = list(range(30))
        r.shuffle(shuffled)
        drawn.append("-".join(map(str, shuffled)))
        numpy.random.seed(seed % 2**32)
        drawn.append("-".join(str(numpy.random.randint(10_000, 99_999)) for _ in range(5)))
        drawn.append("-".join(str(numpy.random.randint(7, 7 + width)) for width in (1, 2, 3, 1000, 2**31 - 1)))
        rows.append(",".join(map(str, [seed, *drawn])))
    return rows


def write(name, header, rows):
    with open(os.path.join(HERE, name), "w", newline="\n", encoding="utf-8") as file:
        file.write(header + "\n" + "\n".join(rows) + "\n")


def main():
    write("draws.csv", "seed,unit,one,key,number,letters,uuid,s1,s2,s3,s4,s5,s6,s7,shuffle,numpy,widths", draws())
    scripts = prepare(sys.argv[1])
    cases = [(1024, 0, 42, "quarters", 4), (2048, 37, 7, "quarters", 4), (4096, 0, 42, "words", 6),
             (8192, 61, 0, "quarters", 4)]
    rows = []
    for task in TASKS:
        for length, template_tokens, seed, counter, count in cases:
            made = samples(scripts, task, length, template_tokens, seed, counter, count)
            tokens = sum(row["length"] for row in made)
            rows.append(",".join(map(str, [task, length, template_tokens, seed, counter, count, tokens, digest(made)])))
            print(rows[-1], flush=True)
    write("samples.csv", "task,length,template_tokens,seed,counter,samples,tokens,sha256", rows)


main()
