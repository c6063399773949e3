"""Makes byte-pair.json: what the Hugging Face tokenizers library trains and encodes, for BytePairTrainerTest.

    pip install tokenizers==0.23.3
    python byte_pair.py > byte-pair.json
"""

import json
import random

import tokenizers
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

VOCABULARY = 400


def made_up_text(seed):
    """Words of a small made-up language with digits, accents, other scripts, runs of white space and signs."""
    random_numbers = random.Random(seed)
    syllables = ["ka", "lo", "mé", "nu", "ßa", "th", "ing", "er", "qu", "é", "日本", "да", "'s", "aaa", "aaaa"]
    words = ["".join(random_numbers.choices(syllables, k=random_numbers.randint(1, 4))) for _ in range(60)]
    between = [" "] * 20 + ["  ", "\n", "\n\n", "\t", " \n ", ", ", ". ", "--", "…", "\u00a0", "'ll ", "! ", " 1850", "23 ", " ½ "]
    return "".join(random_numbers.choice(words) + random_numbers.choice(between) for _ in range(700))


def main():
    text = made_up_text(1)
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=["<|endoftext|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator([text], trainer)
    model = json.loads(tokenizer.to_str())["model"]
    tokens = sorted(model["vocab"], key=model["vocab"].get)
    words = [word for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(text)]
    print(
        json.dumps(
            {
                "tokenizers": tokenizers.__version__,
                "text": text,
                "vocabularySize": VOCABULARY,
                "words": words,
                "tokens": tokens,
                "merges": [merge if isinstance(merge, str) else " ".join(merge) for merge in model["merges"]],
                "ids": tokenizer.encode(text).ids,
            },
            ensure_ascii=True,
        )
    )


main()
