"""Writes tiny.json: small vocabularies made here and what the real libraries make of awkward texts with them.

    python tiny.py > tiny.json      (needs tokenizers, sentencepiece and protobuf; versions are in the file)

`byteLevel` has one byte-level BPE vocabulary and, for each name of a way to cut words, the pre-tokenizer and the ids by
Hugging Face's tokenizers. `sentencePiece` has two vocabularies, with and without a space put before texts, and the ids by
sentencepiece itself.
"""
import io
import json
import os
import sys
import tempfile

import sentencepiece
import tokenizers
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

PROSE = """The keeper of the lighthouse counted the ships that passed, and wrote each one down: 3 at dawn, 12 by noon.
He'd known the channel for forty years; it's narrow, he'd say, and it doesn't forgive. "Don't hurry," they'll tell you.
When the wind turned north the gulls went quiet, the gulls went quiet and the water went white along the reef.
On 14 March 1907 the barque Élodie, 1,284 tons, struck the outer bank at a quarter past two in the morning.
\tfor (int i = 0; i < count; i++) { total += weights[i]; }  // a sum
Naïve façades, über-café: the naïve façade of the café. Größe, größer, am größten.
Всё хорошо, всё спокойно. 海の上の船。海の上の灯台。
The tide rises, the tide falls; the tide rises again, and nobody who lives there is surprised by it.
    indented lines,    with    runs    of    spaces        and more        spaces
She asked whether they had seen the light. They had. They'd seen it, they said, and they'd thought nothing of it.
"""

TEXTS = [
    "", " ", "  ", "\n", "a", "The tide rises.", " leading and trailing ", "He'd said it's fine; they'll say DON'T, IT'S",
    "1 12 123 1234 12345 3.14 1,284 ½ ² Ⅷ ٣٤٥", "line\r\nline\r\n\r\nline\rline\n\n  \n\tend", "a  b   c    d\t\te \t f",
    "no\u00a0break\u2003em\u3000wide", "😀 👩\u200d👩\u200d👧 🇬🇧 👍🏽", "你好，世界！ 海の上の船。 한국어 텍스트",
    "Élan ÀÉÎ école e\u0301 n\u0303 Größe İstanbul ǅ ﬁn", "Привет МИР Ελλ עבר العربية हिन्दी ก็ไทย",
    "camelCase HTTPServer snake_case XMLHttp", "x[i] += 1; // y\n\tif a == b: return {'k': [1, 2]}",
    "<0x0A> <unk> \u2581 \u2581\u2581x", "control \u0001\u0007\u007f\u0085 \u200b\ufeff \u2028 \ufffd end",
    "!!! ??? ... --- ### ((( ]]] “quoted” — …", "aaaaaaaaaaaaaaa ======== --------",
    "𝒜𐐀𠀀 \U0010ffff", "end of a line\nStart of another\n\nNew paragraph.\n", "spaces at the end   ",
]
SPECIAL = ["a<|im_end|>b", "<|im_start|>user\nHi<|im_end|>\n", " <|im_end|> <sep> <|im_end|>"]

GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
TAIL = r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
SLASH = r"| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
QUOTES = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)"
UP = r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]"
LOW = r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
DEEPSEEK = (r'''[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+'''
            r"|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
WORDS = {
    "gpt-2": [GPT2],
    "smollm": [r"\p{N}", GPT2],
    "llama-bpe": [QUOTES + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}" + TAIL],
    "qwen2": [QUOTES + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}" + TAIL],
    "tekken": [UP + "*" + LOW + "+|" + UP + "+" + LOW + r"*|\p{N}" + SLASH],
    "gpt-4o": [UP + "*" + LOW + "+" + QUOTES + "?|" + UP + "+" + LOW + "*" + QUOTES + r"?|\p{N}{1,3}" + SLASH],
    "deepseek-v3": [r"\p{N}{1,3}", r"[一-龥\u3040-ゟ゠-ヿ]+", DEEPSEEK],
    "deepseek-coder": [r"[\r\n]", r"\s?\p{L}+", r"\s?\p{P}+", "[一-龥\u0800-一가-\ud7ff]+", r"\p{N}"],
}
WHOLE_WORDS_FIRST = {"llama-bpe", "tekken"}


def cut(regexes):
    steps = [pre_tokenizers.Split(tokenizers.Regex(r.replace("\\u3040", "\u3040")), "isolated") for r in regexes]
    return pre_tokenizers.Sequence(steps + [pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])


def byte_level():
    base = Tokenizer(models.BPE())
    base.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    base.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=480, show_progress=False,
                                  initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    base.train_from_iterator(PROSE.splitlines(keepends=True), trainer)
    base.add_special_tokens([AddedToken(t, special=True) for t in ("<|im_start|>", "<|im_end|>")])
    base.add_tokens([AddedToken("<sep>", special=False, normalized=False)])
    made = {"words": {}}
    for name, regexes in WORDS.items():
        base.pre_tokenizer = cut(regexes)
        whole = json.loads(base.to_str())
        whole["model"]["ignore_merges"] = name in WHOLE_WORDS_FIRST
        run = Tokenizer.from_str(json.dumps(whole))
        ids = [run.encode(t, add_special_tokens=False).ids for t in TEXTS + SPECIAL]
        made["words"][name] = {"preTokenizer": whole["pre_tokenizer"], "ids": ids}
        made["decoded"] = [run.decode(i) for i in ids]
    whole["pre_tokenizer"] = None
    made["tokenizer"] = whole
    return made


def sentence_piece(prefix):
    with tempfile.TemporaryDirectory() as folder:
        text = os.path.join(folder, "prose.txt")
        with open(text, "w", encoding="utf8") as out:
            out.write(PROSE)
        model = io.BytesIO()
        sentencepiece.SentencePieceTrainer.train(
            input=text, model_writer=model, model_type="bpe", vocab_size=520, byte_fallback=True,
            character_coverage=0.98, normalization_rule_name="identity", remove_extra_whitespaces=False,
            add_dummy_prefix=prefix, allow_whitespace_only_pieces=True, split_digits=True, num_threads=1,
            user_defined_symbols=["<sep>"], minloglevel=2)
    run = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
    pieces = range(run.vocab_size())

    def kind(i):
        if run.is_unknown(i):
            return 2
        if run.is_control(i):
            return 3
        if run.is_byte(i):
            return 6
        return 4 if run.id_to_piece(i) == "<sep>" else 1

    ids = [run.encode(t) for t in TEXTS if "<unk>" not in t]
    return {"tokens": [run.id_to_piece(i) for i in pieces], "scores": [run.get_score(i) for i in pieces],
            "types": [kind(i) for i in pieces], "ids": ids, "decoded": [run.decode(i) for i in ids]}


json.dump({
    "versions": {"tokenizers": tokenizers.__version__, "sentencepiece": sentencepiece.__version__},
    "texts": TEXTS, "specialTexts": SPECIAL, "byteLevel": byte_level(),
    "sentencePiece": {"spaceBefore": sentence_piece(True), "plain": sentence_piece(False)},
}, sys.stdout, ensure_ascii=True, separators=(",", ":"))
print()
