"""The architectures that llama.cpp and its converter know, and which keys and tensors of positions each of them reads.

    python llama_cpp_models.py LLAMA_CPP OUT     (LLAMA_CPP: its sources, 0.5.0; transformers 4.57.6, which its converter asks for)

OUT/convert_hf_to_gguf-0.5.txt has a line for each architecture of a Hugging Face model: the architecture of the GGUF that the
converter makes of it. OUT/llama.cpp-0.5.txt has one for each architecture of a GGUF, with what its file under src/models reads:
"rope" (it rotates), "freqs" (rope_freqs.weight), "factors" (rope_factors_long and _short), "window" (attention.sliding_window), and of the keys
under rope.scaling "fast", "slow", "ext", "attn" (yarn_beta_fast and so on) and "log" (yarn_log_multiplier).
"""

import re
import sys
from pathlib import Path

READS = {
    "rope": r"ggml_rope_(ext|multi)",
    "freqs": r"LLM_TENSOR_ROPE_FREQS",
    "factors": r"LLM_TENSOR_ROPE_FACTORS_LONG",
    "window": r"LLM_KV_ATTENTION_SLIDING_WINDOW,",
    "fast": r"LLM_KV_ROPE_SCALING_YARN_BETA_FAST",
    "slow": r"LLM_KV_ROPE_SCALING_YARN_BETA_SLOW",
    "ext": r"LLM_KV_ROPE_SCALING_YARN_EXT_FACTOR",
    "attn": r"LLM_KV_ROPE_SCALING_YARN_ATTN_FACTOR",
    "log": r"LLM_KV_ROPE_SCALING_YARN_LOG_MUL",
}


def converter(sources):
    sys.path[:0] = [str(sources), str(sources / "gguf-py")]
    import conversion
    import gguf

    conversion.load_all_models()
    for name, kind in sorted(conversion.ModelBase._model_classes[conversion.ModelType.TEXT].items()):
        yield f"{name} {gguf.MODEL_ARCH_NAMES[kind.model_arch]}"


def architectures(sources):
    names = dict(re.findall(r'{ (LLM_ARCH_\w+), +"([^"]+)"', (sources / "src/llama-arch.cpp").read_text()))
    classes = {}
    waiting = []
    for line in (sources / "src/llama-model.cpp").read_text().splitlines():
        if case := re.match(r" +case (LLM_ARCH_\w+):", line):
            waiting.append(case[1])
        elif made := re.match(r" +return new (llama_model_\w+)\(", line):
            classes |= {architecture: made[1] for architecture in waiting}
            waiting = []
        else:
            waiting = []
    files = {}
    for file in sorted((sources / "src/models").glob("*.cpp")):
        text = file.read_text()
        for kind in re.findall(r"^void (llama_model_\w+)::load_arch_hparams", text, re.M):
            files[kind] = text
    parents = dict(re.findall(r"^struct (llama_model_\w+) : public (llama_model_\w+)", (sources / "src/models/models.h").read_text(), re.M))
    for architecture, kind in sorted(classes.items(), key=lambda one: names.get(one[0], "")):
        text = files.get(kind) or files.get(parents.get(kind))
        if architecture in names and text:
            read = [name for name, key in READS.items() if re.search(key, text)]
            yield " ".join([names[architecture], *read])


def main(sources, out):
    head = "# llama.cpp 0.5.0, written by llama_cpp_models.py"
    for name, lines in {"convert_hf_to_gguf-0.5": converter, "llama.cpp-0.5": architectures}.items():
        (out / f"{name}.txt").write_text("\n".join([head, *lines(sources)]) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
