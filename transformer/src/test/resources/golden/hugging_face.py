"""The same models in Hugging Face transformers: the source of the LLaMA-style values and a check of decoder.py."""

import torch
from transformers import LlamaConfig, LlamaForCausalLM, Qwen2Config, Qwen2ForCausalLM, T5Config
from transformers.models.llama.modeling_llama import apply_rotary_pos_emb
from transformers.models.t5.modeling_t5 import T5Stack

from decoder import rotate_interleaved, rotation_angles

HUGGING_FACE_NAMES = {
    "attention.norm": "input_layernorm.weight",
    "attention.query": "self_attn.q_proj.weight",
    "attention.queryBias": "self_attn.q_proj.bias",
    "attention.key": "self_attn.k_proj.weight",
    "attention.keyBias": "self_attn.k_proj.bias",
    "attention.value": "self_attn.v_proj.weight",
    "attention.valueBias": "self_attn.v_proj.bias",
    "attention.output": "self_attn.o_proj.weight",
    "feedForward.norm": "post_attention_layernorm.weight",
    "feedForward.gate": "mlp.gate_proj.weight",
    "feedForward.up": "mlp.up_proj.weight",
    "feedForward.down": "mlp.down_proj.weight",
}


def hugging_face_name(name):
    whole = {"embedding": "model.embed_tokens.weight", "finalNorm": "model.norm.weight", "head": "lm_head.weight"}
    if name in whole:
        return whole[name]
    _, layer, rest = name.split(".", 2)
    return f"model.layers.{layer}.{HUGGING_FACE_NAMES[rest]}"


def interleaving(head_size):
    """Where each interleaved row of a head stands in the half-split order: 0, E/2, 1, E/2+1, ..."""
    return torch.arange(head_size).view(2, -1).T.flatten()


def permute_pairs(name, value, head_size, inverse=False):
    """Reorders the rows of a query or key projection from half-split to interleaved pairs, head by head, or back."""
    if name.split(".")[-1] not in ("query", "queryBias", "key", "keyBias"):
        return value
    order = interleaving(head_size)
    if inverse:
        order = order.argsort()
    return value.unflatten(0, (-1, head_size))[:, order].flatten(0, 1)


class Float64Rotary(torch.nn.Module):
    """Half-split cos and sin in float64; the model's own computes them in float32 whatever its weights are."""

    def __init__(self, head_size, base):
        super().__init__()
        self.head_size, self.base = head_size, base

    def forward(self, x, position_ids):
        angles = rotation_angles(position_ids.shape[-1], self.head_size, self.base)
        angles = torch.cat((angles, angles), -1).unsqueeze(0)  # (1, T, E)
        return angles.cos(), angles.sin()


class HuggingFaceDecoder:
    """A LlamaForCausalLM, or Qwen2ForCausalLM where there are biases, under the names and row order of decoder.py.

    In float64 the norms and the rotary table, which the library computes in float32 at any precision, are replaced by
    float64 ones; in float32 the model is as the library has it. Attention is PyTorch's scaled_dot_product_attention, as
    the library's own takes its softmax in float32.
    """

    def __init__(self, settings, parameters, dtype):
        s = self.settings = settings
        config_class, model_class = (
            (Qwen2Config, Qwen2ForCausalLM) if s.queryKeyValueBias else (LlamaConfig, LlamaForCausalLM)
        )
        config = config_class(
            vocab_size=s.vocabularySize,
            hidden_size=s.modelSize,
            intermediate_size=s.feedForwardSize,
            num_hidden_layers=s.layers,
            num_attention_heads=s.heads,
            num_key_value_heads=s.keyValueHeads,
            hidden_act="silu",
            rms_norm_eps=s.normEpsilon,
            rope_parameters={"rope_type": "default", "rope_theta": s.rotaryBase},
            tie_word_embeddings=s.tiedEmbedding,
            attention_dropout=0.0,
            pad_token_id=None,
            bos_token_id=None,
            eos_token_id=None,
            attn_implementation="sdpa",
        )
        self.model = model_class(config).to(dtype)
        if dtype == torch.float64:
            self._compute_in_float64()
        named = dict(self.model.named_parameters())
        self.parameters = {name: named.pop(hugging_face_name(name)) for name in parameters}
        assert not named, f"parameters without a value: {sorted(named)}"
        with torch.no_grad():
            for name, value in parameters.items():
                self.parameters[name].copy_(permute_pairs(name, value, s.headSize, inverse=True))

    def _compute_in_float64(self):
        s = self.settings
        self.model.model.rotary_emb = Float64Rotary(s.headSize, s.rotaryBase)
        for path, module in list(self.model.named_modules()):
            if type(module).__name__.endswith("RMSNorm"):
                norm = torch.nn.RMSNorm(s.modelSize, eps=s.normEpsilon, dtype=torch.float64)
                self.model.set_submodule(path, norm)

    def logits(self, tokens):
        return self.model(input_ids=tokens, use_cache=False).logits

    def in_our_layout(self, values):
        """Parameters, or gradients, by our names with query and key rows as interleaved pairs."""
        return {name: permute_pairs(name, value, self.settings.headSize) for name, value in values.items()}


def t5_logits_without_positions(settings, parameters, tokens):
    """The library's own T5 decoder stack with its relative position bias set to zero, in float32: (B, T, V)."""
    s = settings
    config = T5Config(
        vocab_size=s.vocabularySize,
        d_model=s.modelSize,
        d_kv=s.headSize,
        num_heads=s.heads,
        d_ff=s.feedForwardSize,
        num_layers=s.layers,
        layer_norm_epsilon=s.normEpsilon,
        dropout_rate=0.0,
        feed_forward_proj="relu",
        is_decoder=True,
        is_encoder_decoder=False,
        use_cache=False,
    )
    stack = T5Stack(config)
    with torch.no_grad():
        stack.block[0].layer[0].SelfAttention.relative_attention_bias.weight.zero_()
        stack.final_layer_norm.weight.copy_(parameters["finalNorm"])
        for i, block in enumerate(stack.block):
            attention, feed_forward = block.layer[0], block.layer[-1]
            for module, name in (
                (attention.layer_norm, "attention.norm"),
                (attention.SelfAttention.q, "attention.query"),
                (attention.SelfAttention.k, "attention.key"),
                (attention.SelfAttention.v, "attention.value"),
                (attention.SelfAttention.o, "attention.output"),
                (feed_forward.layer_norm, "feedForward.norm"),
                (feed_forward.DenseReluDense.wi, "feedForward.up"),
                (feed_forward.DenseReluDense.wo, "feedForward.down"),
            ):
                module.weight.copy_(parameters[f"layer.{i}.{name}"])
        embedding = parameters["embedding"].float()
        hidden = stack(inputs_embeds=embedding[tokens]).last_hidden_state
        return hidden * s.modelSize**-0.5 @ embedding.T


def check_rotation(head_size, base, length, seed):
    """Our interleaved rotation equals the library's half-split one on reordered features."""
    x = torch.randn(2, 3, length, head_size, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))
    cos, sin = Float64Rotary(head_size, base)(x, torch.arange(length).unsqueeze(0))
    half_split, _ = apply_rotary_pos_emb(x, x, cos, sin)
    order = interleaving(head_size)
    ours = rotate_interleaved(x[..., order], rotation_angles(length, head_size, base))
    torch.testing.assert_close(ours, half_split[..., order], rtol=0, atol=1e-14)
