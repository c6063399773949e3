"""Writes passkey_prompts.csv: SHA-256 of passkey prompts, and the filler that fits a length.

    python3 passkey_prompts.py

Needs Python 3.8 or newer and nothing else; takes a second. Last run with CPython 3.11.7.

The prompt is written out from its description: five lines, filler cut by characters out of sentences joined with spaces,
the key said twice. Filler grows by 128 characters until the prompt has the wanted number of tokens, and the amount before
is taken. Tokens are counted as runs of letters or digits and single other characters but spaces, plus one for the start.
"""

import hashlib
import os
import re

TASK = ("There is an important info hidden inside a lot of irrelevant text. Find it and memorize them. "
        "I will quiz you about the important information there.")
SENTENCES = ["The grass is green.", "The sky is blue.", "The sun is yellow.", "Here we go.", "There and back again."]
QUESTION = "What is the pass key? The pass key is"


def prompt(filler, before, key):
    endless = " ".join(SENTENCES * 2000)
    return "\n".join([
        TASK,
        endless[:before],
        f"The pass key is {key}. Remember it. {key} is the pass key.",
        endless[:filler - before],
        QUESTION,
    ])


def tokens(text):
    return 1 + len(re.findall(r"[A-Za-z]+|[0-9]+|[^A-Za-z0-9 ]", text))


def fitting(length, numerator, denominator, key):
    last = 0
    n = last
    count = 0
    while count < length:
        last = n
        n += 128
        count = tokens(prompt(n, place(n, numerator, denominator), key))
    return last


def place(filler, numerator, denominator):
    """The nearest whole number to numerator/denominator of the filler, halves up."""
    return (2 * numerator * filler + denominator) // (2 * denominator)


def main():
    rows = []
    for length in (128, 256, 1000, 4096):
        for numerator in range(0, 9):
            key = 1 + (length * 7919 + numerator * 104729) % 50000
            filler = fitting(length, numerator, 8, key)
            text = prompt(filler, place(filler, numerator, 8), key)
            digest = hashlib.sha256(text.encode()).hexdigest()
            rows.append(f"{length},{numerator / 8},{key},{filler},{tokens(text)},{digest}")
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "passkey_prompts.csv")
    with open(path, "w", newline="\n") as file:
        file.write("length,depth,key,filler,tokens,sha256\n" + "\n".join(rows) + "\n")
    print(len(rows), "prompts")


main()
