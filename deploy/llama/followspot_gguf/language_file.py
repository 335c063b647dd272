"""The language model of a Qwen2-VL as a GGUF file: keys and names of llama.cpp's conversion/qwenvl.py."""

from __future__ import annotations

from pathlib import Path

import gguf
import numpy as np

from .checkpoint import Checkpoint, Vocabulary

# Qwen's chat format. llama.cpp puts a picture where its part of the message stands.
CHAT_TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n"
    "{% if message.content is string %}{{ message.content }}"
    "{% else %}{% for part in message.content %}{{ part.text }}{% endfor %}{% endif %}"
    "<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def write_language_file(checkpoint: Checkpoint, file: Path, name: str) -> None:
    """32-bit floats: a small model has none to spare."""
    text = checkpoint.text
    rope = text["rope_parameters"]
    out = gguf.GGUFWriter(file, "qwen2vl")
    out.add_name(name)
    out.add_file_type(gguf.LlamaFileType.ALL_F32)
    out.add_context_length(text["max_position_embeddings"])
    out.add_embedding_length(text["hidden_size"])
    out.add_feed_forward_length(text["intermediate_size"])
    out.add_block_count(text["num_hidden_layers"])
    out.add_head_count(text["num_attention_heads"])
    out.add_head_count_kv(text["num_key_value_heads"])
    out.add_layer_norm_rms_eps(text["rms_norm_eps"])
    out.add_rope_freq_base(rope["rope_theta"])
    # Time, height, width; llama.cpp wants a fourth.
    out.add_rope_dimension_sections([*rope["mrope_section"], 0])
    _add_vocabulary(out, checkpoint.vocabulary)
    out.add_chat_template(CHAT_TEMPLATE)
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.QWEN2VL, text["num_hidden_layers"])
    for source, weights in checkpoint.weights.items():
        if source.startswith("visual."):
            continue
        target = names.get_name(source, try_suffixes=(".weight", ".bias"))
        if target is None:
            raise ValueError(f"{source} has no place in a qwen2vl file")
        out.add_tensor(target, np.ascontiguousarray(weights))
    out.write_header_to_file()
    out.write_kv_data_to_file()
    out.write_tensors_to_file()
    out.close()


def _add_vocabulary(out: gguf.GGUFWriter, vocabulary: Vocabulary) -> None:
    kinds = [
        gguf.TokenType.CONTROL if number in vocabulary.special else gguf.TokenType.NORMAL
        for number in range(len(vocabulary.tokens))
    ]
    out.add_tokenizer_model("gpt2")
    # How text is cut before bytes are merged.
    out.add_tokenizer_pre("qwen2")
    out.add_token_list(list(vocabulary.tokens))
    out.add_token_types(kinds)
    out.add_token_merges(list(vocabulary.merges))
    out.add_eos_token_id(vocabulary.end)
    out.add_pad_token_id(vocabulary.padding)
    out.add_add_bos_token(False)
