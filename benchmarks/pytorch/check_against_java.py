"""Sets the losses of posgen_compare.py and of `resonance posgen compare` side by side on small cells, on the CPU.

    python check_against_java.py runs/pytorch-check

Without dropout both draw the same data, order and initial parameters and compute the same mathematics, so losses differ by
rounding alone: they must agree to 1e-4 over the first 100 steps. The same seeds trained one at a time must give the losses of the
stack to 1e-5; with --compile the stack is compiled and the single ones are not. With dropout the masks differ, so only the mean loss
of the last quarter is compared, to 2 %. Exits with 1 if anything differs by more.
"""

import argparse
import json
import pathlib
import subprocess
import sys

import prepare_posgen
from study_folder import unseal

HERE = pathlib.Path(__file__).resolve().parent
SEEDS = (1, 2)
OPTIONS = (
    "--tasks cot --encodings rope,resonance-yarn --seeds 1,2 --scaling-phase evaluation --d-model 64 --layers 2 --heads 2"
    " --head-size 32 --feed-forward 256 --train 1600 --validation 50 --test 50 --batch 64 --epochs 3"
    " --precision float32 --threads 1"
).split()
SHOWN_STEPS = (1, 2, 5, 10, 25, 50, 75)


def results(folder):
    cells = (unseal(file)["result"] for file in sorted((folder / "cells").glob("*.json")))
    return {(cell["task"], cell["encoding"], cell["seed"]): cell for cell in cells}


def losses(cell):
    return [point["loss"] for point in cell["trainingCurve"]]


def differences(ours, theirs):
    return [abs(a - b) / abs(a) for a, b in zip(ours, theirs, strict=True)]


class Check:
    def __init__(self):
        self.passed = True

    def __call__(self, what, difference, tolerance):
        good = difference <= tolerance
        self.passed &= good
        print(f"{what}: {difference:.1e} (at most {tolerance:.0e}){'' if good else '  FAILED'}")


def run(folder, *extra, out):
    command = [sys.executable, str(HERE / "posgen_compare.py"), str(folder), "--out", str(out), "--device", "cpu"]
    subprocess.run([*command, "--threads", "1", *extra], check=True, stdout=subprocess.DEVNULL)


def trained_by_both(work, dropout, *extra):
    options = [*OPTIONS, "--dropout", str(dropout)]
    prepare_posgen.prepare(work / "input", options, tell=lambda line: None)
    prepare_posgen.resonance("posgen", "compare", *options, "--out", str(work / "java"))
    run(work / "input", *extra, out=work / "pytorch")
    return results(work / "java"), results(work / "pytorch")


def without_dropout(work, check, *extra):
    java, pytorch = trained_by_both(work, 0, *extra)
    print("No dropout, loss at steps " + ", ".join(map(str, SHOWN_STEPS)))
    for key in sorted(pytorch):
        for name, cell in (("Java", java[key]), ("PyTorch", pytorch[key])):
            shown = " ".join(f"{losses(cell)[step - 1]:.6f}" for step in SHOWN_STEPS)
            print(f"  {' / '.join(map(str, key)):28} {name:8} {shown}")
    for key in sorted(pytorch):
        ours, theirs = java[key], pytorch[key]
        name = " / ".join(map(str, key))
        if ours["dataHash"] != theirs["dataHash"]:
            sys.exit(f"{name}: the data must be the same, hashes are {ours['dataHash']} and {theirs['dataHash']}")
        check(f"{name}, training loss, largest relative difference", max(differences(losses(ours), losses(theirs))), 1e-4)
        rates = ([point["learningRate"] for point in cell["trainingCurve"]] for cell in (ours, theirs))
        check(f"{name}, learning rate", max(differences(*rates)), 1e-7)
        validation = ([point["loss"] for point in cell["validationCurve"]] for cell in (ours, theirs))
        check(f"{name}, validation loss", max(differences(*validation)), 1e-3)
        check(f"{name}, OOD accuracy, points", 100 * abs(ours["oodAccuracy"] - theirs["oodAccuracy"]), 1)
    for seed in SEEDS:
        run(work / "input", "--seeds", str(seed), out=work / "single")
    single = results(work / "single")
    for key in sorted(pytorch):
        name = " / ".join(map(str, key))
        check(f"{name}, stacked and alone", max(differences(losses(pytorch[key]), losses(single[key]))), 1e-5)


def with_dropout(work, check, *extra):
    java, pytorch = trained_by_both(work, 0.1, *extra)

    def late(cells):
        values = [loss for cell in cells.values() for loss in losses(cell)[-len(losses(cell)) // 4 :]]
        return sum(values) / len(values)

    print(f"Dropout 0.1, mean loss of the last quarter: Java {late(java):.4f}, PyTorch {late(pytorch):.4f}")
    check("relative difference", abs(late(java) - late(pytorch)) / late(java), 2e-2)


def main():
    parser = argparse.ArgumentParser(description="Sets losses of PyTorch and of our trainer side by side.")
    parser.add_argument("work", type=pathlib.Path, help="new folder for data, records and reports")
    parser.add_argument("--compile", action="store_true", help="with torch.compile, which needs a C++ compiler")
    options = parser.parse_args()
    if options.work.exists():
        parser.error(f"work folder must be new, {options.work} exists; choose another")
    options.work.mkdir(parents=True)
    check = Check()
    extra = ["--compile"] if options.compile else []
    try:
        without_dropout(options.work / "no-dropout", check, *extra)
        with_dropout(options.work / "dropout", check, *extra)
        document = prepare_posgen.resonance("report", str(options.work / "no-dropout" / "pytorch"), "--json")
    except prepare_posgen.Refused as refusal:
        sys.exit(str(refusal))
    shown = len(json.loads(document)["cells"])
    check("cells that `resonance report` misses of PyTorch's", len(results(options.work / "no-dropout" / "pytorch")) - shown, 0)
    sys.exit(0 if check.passed else "PyTorch and our trainer must agree, do not; see FAILED above")


if __name__ == "__main__":
    main()
