"""What posgen_compare.py reads, written by our command line: plan, data and frequencies of a PosGen comparison.

    python prepare_posgen.py runs/table1-input -- --preset paper --scaling-phase evaluation --validate-every 10

What follows -- are options of `resonance posgen compare`. The folder then holds

    study.json                     the plan and every setting, as `posgen compare --plan-only` writes it
    data/TASK--SEED/               train, validation and test, as `posgen generate` writes them: the same rows that
                                   `posgen compare` draws for this task and seed
    encodings/NAME--LENGTH.json    `rope --json` of an encoding at a sequence length: that of training, and that of tests

and needs neither Java nor this repository any more. No PyTorch is needed here. RESONANCE names another launcher than
the one of this checkout.
"""

import argparse
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
NAME = re.compile(r"(?P<rounding>resonance-(?:(?P<periods>[px]\d+|searched)-)?)?(?P<method>.+)")

# Whose tokens all count from the seeds on; the trainer knows no other way to score.
TASKS = ("recursive", "cot", "semi-recursive")

# Options of `posgen compare` that are settings of an encoding: everything in the identity between these two.
FIRST_OF_ENCODING, FIRST_AFTER_ENCODING = "base", "scaling-phase"


class Refused(Exception):
    """A one-line message for the user."""


def trained_with(encoding, phase):
    """The name of the encoding that is on in training: in the authors' phase the same rounding over plain RoPE."""
    if phase == "training":
        return encoding
    return (NAME.fullmatch(encoding)["rounding"] or "") + "rope"


def resonance(*arguments):
    """Output of a command; its own one-line error where it refuses."""
    launcher = os.environ.get("RESONANCE", str(ROOT / "resonance"))
    run = subprocess.run([launcher, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if run.returncode != 0:
        raise Refused((run.stderr.strip().splitlines() or ["resonance failed"])[-1])
    return run.stdout


def frequencies(encoding, settings, sequence_length):
    """`rope --json` of an encoding of a comparison."""
    name = NAME.fullmatch(encoding)
    names = list(settings)
    of_encoding = names[names.index(FIRST_OF_ENCODING) + 1 : names.index(FIRST_AFTER_ENCODING)]
    own = {option: settings[option] for option in of_encoding} if name["method"] != "rope" else {}
    while True:
        arguments = ["rope", "--json"]
        arguments += ["--head-size", settings["head-size"], "--base", settings["base"]]
        arguments += ["--trained-length", settings["train-length"], "--target-length", settings["test-length"]]
        arguments += ["--sequence-length", str(sequence_length)]
        arguments += ["--scaling", "none" if name["method"] == "rope" else name["method"]]
        arguments += ["--resonance"] if name["rounding"] else []
        arguments += ["--periods", name["periods"]] if name["periods"] else []
        for option, value in own.items():
            arguments += [f"--{option}"] if value == "true" else [f"--{option}", value]
        try:
            return resonance(*arguments)
        except Refused as refusal:
            # A comparison has settings that not all of its encodings read, and `rope` refuses those by name.
            unread = re.match(r"--(\S+) must go with --scaling", str(refusal))
            if unread is None or unread[1] not in own:
                raise
            del own[unread[1]]


def generate(task, seed, settings, folder):
    """The rows that a comparison with these settings draws for a task and a seed."""
    options = ["modulus", "far", "near", "function", "train", "validation", "test", "train-length", "test-length"]
    arguments = ["posgen", "generate", "--task", task, "--seed", str(seed), "--out", str(folder)]
    for option in options:
        arguments += [f"--{option}", settings[option]]
    resonance(*arguments)


def prepare(folder, comparison_options, tell=lambda line: print(line, file=sys.stderr)):
    folder.mkdir(parents=True, exist_ok=True)
    resonance("posgen", "compare", *comparison_options, "--plan-only", "--out", str(folder))
    study = json.loads((folder / "study.json").read_text(encoding="utf-8"))
    settings, cells = study["identity"], study["plan"]["cells"]
    for task in cells["tasks"]:
        if task not in TASKS:
            raise Refused(f"--tasks must be among {', '.join(TASKS)}, was {task}; train it with resonance posgen compare")
    lengths = {
        (trained_with(encoding, settings["scaling-phase"]), cells["trainedLength"]) for encoding in cells["encodings"]
    } | {(encoding, cells["testLength"]) for encoding in cells["encodings"]}
    (folder / "encodings").mkdir(exist_ok=True)
    for encoding, length in sorted(lengths):
        (folder / "encodings" / f"{encoding}--{length}.json").write_text(frequencies(encoding, settings, length))
    for task in cells["tasks"]:
        for seed in cells["seeds"]:
            generate(task, seed, settings, folder / "data" / f"{task}--{seed}")
            tell(f"data of {task}, seed {seed}")
    tell(f"{folder} is ready for posgen_compare.py")


def main():
    arguments = sys.argv[1:]
    cut = arguments.index("--") if "--" in arguments else len(arguments)
    parser = argparse.ArgumentParser(
        usage="prepare_posgen.py FOLDER [-- OPTIONS]",
        description="Writes what posgen_compare.py reads. OPTIONS are those of `resonance posgen compare`.",
    )
    parser.add_argument("folder", type=pathlib.Path, help="folder to write to, new or of the same comparison")
    options = parser.parse_args(arguments[:cut])
    try:
        prepare(options.folder, arguments[cut + 1 :])
    except Refused as refusal:
        sys.exit(f"{refusal}")


if __name__ == "__main__":
    main()
