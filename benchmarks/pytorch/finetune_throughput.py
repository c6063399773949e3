"""Fine-tuning throughput of SmolLM2-135M's shape in PyTorch + transformers, on the CPU: the figure ours is compared with.

    python finetune_throughput.py                        # float32, the library's default
    python finetune_throughput.py --precision bfloat16   # autocast with float32 weights
    python finetune_throughput.py --adapters 16          # LoRA by peft on all matrices of the layers

One step is forward, backward and AdamW on --rows random sequences of --length tokens, row by row with accumulated
gradients, which needs the least memory. Weights are random: only the time counts. Prints one JSON document.
"""

import argparse
import json
import resource
import statistics
import time

import torch
from transformers import LlamaConfig, LlamaForCausalLM


def model(options):
    config = LlamaConfig(
        vocab_size=options.vocabulary,
        hidden_size=576,
        intermediate_size=1536,
        num_hidden_layers=options.layers,
        num_attention_heads=9,
        num_key_value_heads=3,
        rms_norm_eps=1e-5,
        tie_word_embeddings=True,
        max_position_embeddings=options.length,
        rope_parameters={"rope_type": "default", "rope_theta": 100000.0},
        attn_implementation="sdpa",
    )
    decoder = LlamaForCausalLM(config)
    if options.adapters:
        import peft

        targets = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
        settings = peft.LoraConfig(r=options.adapters, lora_alpha=2 * options.adapters, target_modules=targets)
        decoder = peft.get_peft_model(decoder, settings)
    if options.recompute == "always":
        decoder.gradient_checkpointing_enable({"use_reentrant": False})
        decoder.enable_input_require_grads()
    return decoder.train()


def measure(options):
    torch.manual_seed(42)
    decoder = model(options)
    trained = [parameter for parameter in decoder.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=2e-5, weight_decay=1e-2, fused=True)
    autocast = torch.autocast("cpu", torch.bfloat16, enabled=options.precision == "bfloat16")
    tokens = torch.randint(options.vocabulary, (options.rows, options.length))

    def step():
        total = 0
        for row in tokens.split(1):
            with autocast:
                loss = decoder(input_ids=row, labels=row, use_cache=False).loss / options.rows
            loss.backward()
            total += loss.item()
        optimizer.step()
        optimizer.zero_grad()
        return total

    step()  # warms up
    seconds = []
    start, cpu_start = time.perf_counter(), time.process_time()
    for _ in range(options.steps):
        before = time.perf_counter()
        loss = step()
        seconds.append(time.perf_counter() - before)
    wall, cpu = time.perf_counter() - start, time.process_time() - cpu_start
    return {
        "tokensPerSecond": options.steps * options.rows * options.length / wall,
        "medianStepSeconds": statistics.median(seconds),
        "steps": options.steps,
        "loss": loss,
        "cpuShare": cpu / (wall * options.threads),
        "cpuSecondsPerStep": cpu / options.steps,
        "peakMegabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "precision": options.precision,
        "torch": torch.__version__,
    }


def main():
    parser = argparse.ArgumentParser(formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--length", type=int, default=2048)
    parser.add_argument("--rows", type=int, default=2)
    parser.add_argument("--layers", type=int, default=30)
    parser.add_argument("--vocabulary", type=int, default=49152)
    parser.add_argument("--precision", choices=("float32", "bfloat16"), default="float32")
    parser.add_argument("--recompute", choices=("never", "always"), default="never")
    parser.add_argument("--adapters", type=int, default=0, help="rank of LoRA; 0 for full training")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--steps", type=int, default=3)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    print(json.dumps(measure(options)))


if __name__ == "__main__":
    main()
