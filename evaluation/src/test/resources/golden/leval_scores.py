"""Writes leval_scores.jsonl: answers made by chance, as L-Eval's own scorer processes and scores them.

    git clone https://github.com/OpenLMLab/LEval && git -C LEval checkout cd34b05
    python3 leval_scores.py LEval > leval_scores.jsonl

Python 3.11, no packages: what the scorer imports beside its metric is left out. Nothing of L-Eval is in the output but scores.
"""

import contextlib
import io
import json
import random
import sys
import types

ROOT = sys.argv[1]
CASES = int(sys.argv[2]) if len(sys.argv) > 2 else 400

scorer = types.ModuleType("scorer")
metric = types.ModuleType("metric")
exec(open(f"{ROOT}/Evaluation/em.py").read(), metric.__dict__)
source = open(f"{ROOT}/Evaluation/auto_eval.py").read()
scorer.args = types.SimpleNamespace(pred_file="")
exec("import re\n" + source[source.index("def process_output_mc"):source.index("if __name__")], scorer.__dict__)

rng = random.Random(1)
PIECES = {
    "coursera": ["A", "B", "C", "D", "AB", "ABC", "BD", "E", "a", ".", ")", "(", ",", " ", "  ", "\n", "\t", "Question", " 2",
                 "Answer:", "NASA.", "and", "Because", "x", "\u00a0", "\u3000", "é", "None"],
    "gsm100": ["The answer is ", "the answer is ", "18", "1,234.50", "$", "-5", "3/4", ".", "10.5%", " ", "\n", "\n\n", "²", "٣",
               "x", "=", "So", "½", "1_8", "\u00a0", "⑤"],
    "codeU": ["the final output", "The final output", " is ", "will be", "of the code", "would be", "[6 15]", "[ [1 2] [3] ]", "'a'",
              ",", " ", "\n", "\\", "1.0", ".0", "printed", "This", "the value of", "NLP", "-", "...", "True", "\u2003", "a", "the"],
    "sci_fi": ["True", "False", "untrue", "true.", " ", "\n", "[fact:", "[Fact:", "]", "The", "is", "FALSE", "x", "\u00a0", "TRUE"],
}
PIECES["quality"] = PIECES["tpo"] = PIECES["coursera"]
GOLDS = {
    "coursera": ["A", "ABC", "BD", "ABCD", "A, B", "x", " C"],
    "quality": ["(B) They left. ", "(D)"],
    "tpo": ["C", "A\n"],
    "gsm100": ["18", "1234", "5", "The answer is 3.", "0"],
    "codeU": ["[6 15]", "NLP", "... --- ...", "[[1 2] [3]]", "True", "1.0", "a b", "1_0", "A", "the A", "inf", "-0.0"],
    "sci_fi": ["True [fact: False]", "False [fact: True]", "false [fact: false]"],
}


def score(prediction, gold):
    with contextlib.redirect_stdout(io.StringIO()):
        return metric.exact_match_score(prediction, gold)


def case(task):
    text = "".join(rng.choice(PIECES[task]) for _ in range(rng.randrange(0, 9)))
    gold = rng.choice(GOLDS[task])
    scorer.args.pred_file = task
    if task == "sci_fi":
        text += " [fact: " + "".join(rng.choice(PIECES[task]) for _ in range(rng.randrange(0, 4))) + "]"
        said, right = scorer.process_output_judge(text), scorer.process_gt_judge(gold)
        return text, gold, " / ".join(said), " / ".join(right), [score(s, r) for s, r in zip(said, right)]
    if task == "gsm100":
        said, right = scorer.process_math(text), scorer.process_math(gold)
    elif task == "codeU":
        said, right = scorer.process_output_code(text, gold), scorer.process_gt_code(gold)
    else:
        said, right = scorer.process_output_mc(text), scorer.process_gt_mc(gold)
    return text, gold, said, right, [score(said, right)]


for i in range(CASES):
    task = sorted(PIECES)[i % len(PIECES)]
    answer, gold, said, right, parts = case(task)
    print(json.dumps(dict(task=task, answer=answer, gold=gold, processed=said, processedGold=right, parts=parts)))
