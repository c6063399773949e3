"""Makes shipped-model.json: what Hugging Face transformers makes of the model and the text that ship.

    pip install torch==2.13.0 transformers==5.18.0
    python shipped_model.py ../../../../../shipped > shipped-model.json

Token ids of the first tokens of Cranford and, in float32, the negative log-likelihood of each of them but the first, in
nats; unscaled, so that the second half lies beyond the trained length.
"""

import json
import sys

import torch
import transformers

TOKENS = 512


def main(shipped):
    with open(f"{shipped}/text/cranford.txt", encoding="utf-8") as file:
        text = file.read()
    tokenizer = transformers.AutoTokenizer.from_pretrained(f"{shipped}/model")
    model = transformers.AutoModelForCausalLM.from_pretrained(f"{shipped}/model", dtype=torch.float32)
    ids = torch.tensor([tokenizer(text[: 5 * TOKENS], add_special_tokens=False)["input_ids"][:TOKENS]])
    with torch.no_grad():
        logits = model(ids).logits.double()
    losses = torch.nn.functional.cross_entropy(logits[0, :-1], ids[0, 1:], reduction="none")
    print(
        json.dumps(
            {
                "transformers": transformers.__version__,
                "torch": torch.__version__,
                "ids": ids[0].tolist(),
                "losses": [float(f"{loss:.6f}") for loss in losses],
            }
        )
    )


main(sys.argv[1])
