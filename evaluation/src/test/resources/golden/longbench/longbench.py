"""Writes scores.json and prompts.json: answers scored, and prompts written, by LongBench's own code and files.

    python3 longbench.py LONGBENCH      a checkout of github.com/THUDM/LongBench, commit 2e00731

Needs Python 3 with NumPy, which eval.py imports. Last run with CPython 3.11.7, NumPy 2.4.6. The packages jieba, fuzzywuzzy and
rouge, which the tasks here do not use, are stubs; extract_answer is taken out of pred.py, since the rest imports much.

scores.json: tasks with answers, right answers, classes, the score of each answer and of all, in percent.
prompts.json: per task the SHA-256 of its prompt for a context and an input, and the most tokens of an answer.
"""

import ast
import hashlib
import json
import os
import random
import re
import sys
import types

HERE = os.path.dirname(os.path.abspath(__file__))
QUESTION_ANSWERING = ["narrativeqa", "qasper", "multifieldqa_en", "hotpotqa", "2wikimqa", "musique"]

F1 = [
    ("", ["Paris"]), ("Paris", ["Paris"]), ("in Paris, France", ["Paris", "Paris France"]), ("The cat", ["a cat"]),
    ("the", ["a"]), ("Theatre and an anthem", ["theatre anthem"]), ("U.S.A.", ["usa"]), ("well-known", ["well known", "wellknown"]),
    ("yes yes no", ["yes no no"]), ("\u00c4RGER \u00e4rger", ["\u00e4rger"]), ("a\u0301 b", ["b"]), ("a_b the_c", ["b"]),
    ("x\u00a0y\u3000z", ["x y z"]), ("x\u001cy", ["x y"]), ("\u201cthe end\u201d", ["end"]), ("an-d the5 5the", ["d"]),
    ("12,000", ["12000", "12 000"]), ("unanswerable\n\nQuestion: x", ["unanswerable"]), ("\u0130stanbul", ["istanbul"]),
    ("one two three four", ["two four six", "one"]),
]
TRIVIA = [("\n\nParis\nQuestion: x", ["Paris"]), ("\r\nParis", ["Paris"]), (" Paris\n", ["paris", "city"]), ("", ["x"]),
          ("\n", ["x"]), ("Lyon\nParis", ["Paris"])]
CLASSES = ["Food", "Other entity", "Entity", "City", "Other location", "location", "Other", "Manner of an action", "Date", "Other number"]
LABELS = [
    ("Food", ["Food"]), ("Other location", ["Other location"]), ("Other location", ["location"]), ("Other entity", ["Other entity"]),
    ("City Date", ["Date"]), ("food", ["Food"]), ("", ["Food"]), ("Other number\nOther", ["Other number"]),
    ("\nDate\nFood", ["Date"]), ("Food\nDate", ["Date"]), ("Entity Other entity Other", ["Other entity"]),
    ("Type: Manner of an action", ["Manner of an action"]), ("Date", ["Food", "Date"]),
]
SKIPPING = ["ab", "abc", "abcd", "bc", "abcde", "x"]
SKIPPED = [("abcde", ["abcde"]), ("abcd", ["abcd"]), ("abcde x", ["abcde"]), ("abc", ["abcde"]), ("x", ["x"])]
CHINESE = ["\u4f53\u80b2", "\u519b\u4e8b", "\u6559\u80b2", "\u4f53\u80b2\u6bd4\u8d5b"]
NEWS = [("\u4f53\u80b2", ["\u4f53\u80b2"]), ("\u4f53\u80b2\u6bd4\u8d5b", ["\u4f53\u80b2\u6bd4\u8d5b"]),
        ("\u7c7b\u522b\uff1a\u519b\u4e8b\n\u65b0\u95fb", ["\u519b\u4e8b"]), ("\u519b\u4e8b\u6559\u80b2", ["\u6559\u80b2"])]
COUNTS = [("12", ["12"]), ("The answer is 12.", ["12"]), ("12 of 30", ["12"]), ("12, 12, 7", ["12"]), ("", ["12"]), ("none", ["12"]),
          ("012", ["12"]), ("1 2", ["12"]), ("\uff11\uff12", ["12"]), ("12\u00b2", ["12"]), ("1.2", ["2"])]
ENGLISH = [("Paragraph 7", ["Paragraph 7"]), ("7", ["Paragraph 7"]), ("Paragraph 17", ["Paragraph 7"]), ("7 or 8 or 9", ["Paragraph 7"]),
           ("", ["Paragraph 7"]), ("\u0667", ["Paragraph 7"]), ("Paragraphs 3, 3 and 30", ["Paragraph 3"])]
PASSAGES = [("\u6bb5\u843d7", ["\u6bb5\u843d7"]), ("7\u6bb5\u843d8", ["\u6bb5\u843d8"]), ("\u6bb5\u843d70", ["\u6bb5\u843d7"])]

CHOICES = [
    "The correct answer is (A)", "The correct answer is B", "**The correct answer is (C)**", "The correct answer is *D*.",
    "The correct answer is E, no: The correct answer is A", "The correct answer is B. The correct answer is (D)", "(A)", "",
    "the correct answer is (A)", "The correct answer is (insert answer here)", "The correct answer is (B", "The correct answer is: C",
    "The correct answer is (A) or (B). The correct answer is (C)", "The correct answer is Decidedly (A)",
]


def random_words(seed):
    """Answers and references out of few words, so that they share some."""
    r = random.Random(seed)
    words = ["the", "a", "an", "river", "River,", "lake.", "\"lake\"", "north", "of", "theme", "(river)", "7", "\n"]
    for _ in range(40):
        yield (" ".join(r.choices(words, k=r.randrange(9))),
               [" ".join(r.choices(words, k=1 + r.randrange(5))) for _ in range(1 + r.randrange(3))])


def random_labels(seed):
    """Classes that are parts of each other."""
    r = random.Random(seed)
    for _ in range(60):
        classes = sorted({"".join(r.choices("abc", k=1 + r.randrange(4))) for _ in range(8)})
        r.shuffle(classes)
        yield "".join(r.choices("abc ", k=r.randrange(12))), [r.choice(classes)], classes


def stubbed_evaluation(folder):
    for name, members in {"jieba": {}, "fuzzywuzzy": {"fuzz": None}, "rouge": {"Rouge": None}}.items():
        module = types.ModuleType(name)
        module.__dict__.update(members)
        sys.modules[name] = module
    sys.path.insert(0, folder)
    import eval as evaluation
    return evaluation


def extract_answer(path):
    with open(path, encoding="utf-8") as file:
        tree = ast.parse(file.read())
    members = {"re": re}
    wanted = [part for part in tree.body if getattr(part, "name", "") == "extract_answer"]
    exec(compile(ast.Module(wanted, []), path, "exec"), members)
    return members["extract_answer"]


def main():
    checkout = sys.argv[1]
    folder = os.path.join(checkout, "LongBench")
    evaluation = stubbed_evaluation(folder)
    tasks = [(name, F1 + list(random_words(i)), []) for i, name in enumerate(QUESTION_ANSWERING)]
    tasks += [("triviaqa", TRIVIA + F1 + list(random_words(10)), []), ("trec", LABELS, CLASSES), ("trec", SKIPPED, SKIPPING),
              ("lsht", NEWS, CHINESE), ("passage_count", COUNTS, []), ("passage_retrieval_en", ENGLISH, []),
              ("passage_retrieval_zh", PASSAGES, [])]
    tasks += [("trec", [(answer, right)], classes) for answer, right, classes in random_labels(20)]
    rows = []
    for name, cases, classes in tasks:
        answers = [answer for answer, _ in cases]
        right = [references for _, references in cases]
        each = [evaluation.scorer(name, [a], [r], classes) for a, r in zip(answers, right)]
        rows.append({"task": name, "answers": answers, "right": right, "classes": classes, "each": each,
                     "all": evaluation.scorer(name, answers, right, classes)})
    choose = extract_answer(os.path.join(checkout, "pred.py"))
    rows.append({"task": "choice", "answers": CHOICES, "each": [choose(answer) for answer in CHOICES]})
    write("scores.json", rows)
    with open(os.path.join(folder, "config", "dataset2prompt.json"), encoding="utf-8") as file:
        prompts = json.load(file)
    with open(os.path.join(folder, "config", "dataset2maxlen.json"), encoding="utf-8") as file:
        tokens = json.load(file)
    names = QUESTION_ANSWERING + ["trec", "triviaqa", "lsht", "passage_count", "passage_retrieval_en", "passage_retrieval_zh"]
    context, question = "Some {input} of $1\n\u4e00", "What {context}?"
    rows = [{"task": name, "tokens": tokens[name], "sha256": digest(prompts[name].format(context=context, input=question))}
            for name in names]
    with open(os.path.join(checkout, "prompts", "0shot.txt"), encoding="utf-8") as file:
        prompt = file.read()
    fields = {"$DOC$": " A text with $Q$.\n", "$Q$": "Which? ", "$C_A$": " one", "$C_B$": "$C_C$", "$C_C$": "three", "$C_D$": "four\u3000"}
    for field, text in fields.items():
        prompt = prompt.replace(field, text.strip())
    rows.append({"task": "choice", "tokens": 128, "sha256": digest(prompt)})
    write("prompts.json", rows)


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def write(name, rows):
    with open(os.path.join(HERE, name), "w", newline="\n", encoding="utf-8") as file:
        file.write("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n")
    print(name, len(rows))


main()
