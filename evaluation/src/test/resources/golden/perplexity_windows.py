"""Writes perplexity_windows.json: what each protocol feeds a model, what it scores, and the perplexity it makes of it.

    python3 perplexity_windows.py

Needs Python 3.8 or newer and nothing else; takes a second. Last run with CPython 3.11.7.

It does what the programs do, step by step on lists of tokens and labels, and knows nothing of the Java classes' formulas:
yarn as the script eval/perplexity.py of YaRN (labels masked with -100, prediction shifted by one inside the model),
llama.cpp as llama-perplexity (one list of tokens with specials, chunks, logits of the second half), token as "score every
token once". Token i of a document has id 10 + i, BOS has id 1. The loss of a token is made up from its id and the number
of tokens before it, in quarters, which float32 holds exactly.
"""

import json
import math
import os

BOS = 1
MASKED = -100
DOCUMENTS = [[12, 7], [40, 31], [97, 100], [257, 130]]
LENGTHS = [3, 4, 7, 16]
STRIDES = [1, 3, 5]
WRITTEN_OUT = 20  # windows of documents up to so many tokens in all are in the file, of longer ones only the sums


def made_up_loss(token, before):
    return ((token * 31 + before * 17) % 40) / 4


def shifted(ids, labels):
    """The positions a model with these labels takes its loss from: the logits before each label that is not masked."""
    return [p for p in range(1, len(ids)) if labels[p] != MASKED]


def yarn(document, length, bos, stride):
    most = length - 1 if bos else length
    windows = []
    previous_end = 0
    for begin in range(0, len(document), stride):
        end = min(begin + most, len(document))
        new = end - previous_end
        ids = document[begin:end]
        if bos:
            ids = [BOS] + ids
        labels = list(ids)
        for p in range(len(labels) - new):
            labels[p] = MASKED
        if bos:
            labels[0] = MASKED
        scored = shifted(ids, labels)
        if scored:
            windows.append((ids, scored))
        previous_end = end
        if end == len(document):
            break
    return windows


def llama_cpp(document, length, bos):
    tokens = ([BOS] if bos else []) + document
    if len(tokens) < 2 * length:
        return None
    windows = []
    first = length // 2
    for chunk in range(len(tokens) // length):
        ids = tokens[chunk * length:(chunk + 1) * length]
        if bos:
            ids[0] = BOS
        # Logits at first .. length - 2 are compared with the tokens that follow them.
        windows.append((ids, [logit + 1 for logit in range(first, length - 1)]))
    return windows


def token(document, length, bos):
    windows = []
    waiting = list(document)
    last = None if bos else waiting.pop(0)
    while waiting:
        fresh = waiting[:length - 1]
        waiting = waiting[length - 1:]
        windows.append(([BOS if bos else last] + fresh, list(range(1, len(fresh) + 1))))
        last = fresh[-1]
    return windows


def perplexity(documents, by_window):
    means = []
    losses = []
    for windows in documents:
        for ids, scored in windows:
            of_window = [made_up_loss(ids[p], p) for p in scored]
            losses += of_window
            means.append(math.fsum(of_window) / len(of_window))
    averaged = means if by_window else losses
    mean = math.fsum(averaged) / len(averaged)
    squares = math.fsum(x * x for x in averaged) / len(averaged)
    error = None
    if len(averaged) > 1:
        error = math.exp(mean) * math.sqrt(max(0.0, squares - mean * mean) / (len(averaged) - 1))
    return math.exp(mean), error, len(losses), len(means)


def case(name, sizes, length, bos, windows_of, by_window):
    documents = [windows_of([10 + i for i in range(size)]) for size in sizes]
    if any(windows is None for windows in documents):
        return {"protocol": name, "documents": sizes, "length": length, "bos": bos, "refused": True}
    value, error, tokens, windows = perplexity(documents, by_window)
    row = {
        "protocol": name,
        "documents": sizes,
        "length": length,
        "bos": bos,
        "refused": False,
        "perplexity": value,
        "standardError": error,
        "tokens": tokens,
        "windows": windows,
    }
    if sum(sizes) <= WRITTEN_OUT:
        row["read"] = [[{"ids": ids, "scored": scored} for ids, scored in document] for document in documents]
    return row


def main():
    cases = []
    for sizes in DOCUMENTS:
        for length in LENGTHS:
            for bos in (True, False):
                most = length - 1 if bos else length
                cases.append(case("token", sizes, length, bos, lambda d: token(d, length, bos), False))
                cases.append(case("llama.cpp", sizes, length, bos, lambda d: llama_cpp(d, length, bos), False))
                for stride in sorted({s for s in STRIDES + [most] if s <= most}):
                    cases.append(
                        case("yarn:%d" % stride, sizes, length, bos, lambda d: yarn(d, length, bos, stride), True))
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "perplexity_windows.json")
    with open(path, "w", newline="\n") as file:
        file.write("[\n" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]\n")
    print(len(cases), "cases,", os.path.getsize(path), "bytes")


main()
