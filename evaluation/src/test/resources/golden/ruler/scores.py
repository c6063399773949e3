"""Writes scores.json: answers scored by NVIDIA's own functions.

    python3 scores.py RULER        a checkout of github.com/NVIDIA/RULER, commit c3f5e3b

Needs Python 3 and nothing else. Last run with CPython 3.11.7. Every row is scored as a task of one answer, by
string_match_all of scripts/eval/synthetic/constants.py after postprocess_pred of scripts/eval/evaluate.py, whose two lines are
taken out of the file, since the rest imports much.
"""

import ast
import json
import os
import re
import runpy
import sys

CASES = [
    ("8231457", ["8231457"]),
    (" 8231457.", ["8231457"]),
    ("8231458", ["8231457"]),
    ("", ["8231457"]),
    ("1234567, 7654321, and 1111111", ["1234567", "7654321", "1111111", "2222222"]),
    ("AB12-cd", ["ab12-CD"]),
    ("ABCDE QRSTU", ["ABCDE", "FGHIJ", "KLMNO", "PQRST", "UVWXY"]),
    ("abcdefghijkl", ["abc", "jkl", "xyz"]),
    ("1. party 2. lake", ["art", "lake", "river"]),
    ("tab\tin between", ["tab\nin"]),
    ("tab\tin between", ["tab\tin"]),
    ("nul\x00byte", ["nul\nbyte"]),
    ("del\x7fstays", ["del\x7fstays"]),
    ("\u2028 line \u2028", ["line"]),
    ("Straße", ["STRASSE"]),
    ("ÄRGER", ["ärger"]),
    ("İstanbul", ["istanbul", "i̇stanbul"]),
    ("ΟΔΟΣ", ["οδος", "οδοσ"]),
    ("one two", ["one", "one", "three"]),
    ("first\nsecond", ["first second", "second"]),
]


def main():
    evaluation = os.path.join(sys.argv[1], "scripts", "eval")
    match_all = runpy.run_path(os.path.join(evaluation, "synthetic", "constants.py"))["string_match_all"]
    with open(os.path.join(evaluation, "evaluate.py"), encoding="utf-8") as file:
        tree = ast.parse(file.read())
    wanted = [part for part in tree.body if getattr(part, "name", "") == "postprocess_pred"]
    members = {"re": re}
    exec(compile(ast.Module(wanted, []), "evaluate.py", "exec"), members)
    rows = [{"answer": answer, "references": references,
             "score": match_all([members["postprocess_pred"](answer, {})], [references])}
            for answer, references in CASES]
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "scores.json")
    with open(path, "w", newline="\n", encoding="utf-8") as file:
        file.write("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n")
    print(len(rows), "answers")


main()
