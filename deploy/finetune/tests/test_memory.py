"""What fits, and what is said where it does not."""

from pathlib import Path

import pytest
from followspot_finetune.base_model import BaseModel, find_base_model
from followspot_finetune.memory import Estimate, estimate_memory, require_memory
from followspot_finetune.mistake import Mistake

GB = 1e9
# From the published configurations of Qwen2-VL-7B-Instruct and 2B-Instruct.
SEVEN = {"hidden_size": 3584, "intermediate_size": 18944, "num_hidden_layers": 28, "num_attention_heads": 28}
SEVEN |= {"num_key_value_heads": 4, "vocab_size": 152064, "torch_dtype": "bfloat16"}
TWO = {"hidden_size": 1536, "intermediate_size": 8960, "num_hidden_layers": 28, "num_attention_heads": 12}
TWO |= {"num_key_value_heads": 2, "vocab_size": 151936, "torch_dtype": "bfloat16"}
TOKENS = 1_600


class OnPaper(BaseModel):
    """A model of which only the configuration and the size of its weights are known."""

    size = 0.0

    @property
    def weight_bytes(self) -> int:
        return int(self.size)


def on_paper(config: dict, size: float) -> BaseModel:
    model = OnPaper(Path(), config, ())
    object.__setattr__(model, "size", size)
    return model


def estimate(config: dict, size: float, method: str) -> Estimate:
    return estimate_memory(on_paper(config, size), method=method, rank=16, tokens=TOKENS, on_gpu=True)


def test_seven_billion_weights_take_what_others_measured() -> None:
    # ms-swift's grounding recipe with this model, LoRA, bfloat16: 20 GiB. LLaMA-Factory's table: 16 GB.
    assert 16 * GB < estimate(SEVEN, 16.6 * GB, "lora").total < 22 * GB


def test_four_bits_take_about_half() -> None:
    # The vision tower, the embeddings and the head keep their precision: 3.6 GB of the 16.6.
    assert 8 * GB < estimate(SEVEN, 16.6 * GB, "qlora").total < 12 * GB
    assert estimate(TWO, 4.4 * GB, "qlora").total < 6 * GB


def test_a_card_that_is_too_small_is_told_with_what_to_do() -> None:
    with pytest.raises(Mistake) as caught:
        require_memory(estimate(SEVEN, 16.6 * GB, "lora"), 12 * GB, where="the card (T4)", method="lora")
    assert str(caught.value).startswith("this training needs about ")
    assert "the card (T4) has 12.0 GB free: take --method qlora" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_card_that_is_large_enough_is_not_mentioned() -> None:
    require_memory(estimate(TWO, 4.4 * GB, "lora"), 16 * GB, where="the card", method="lora")


def test_a_folder_that_cannot_be_fine_tuned_is_refused(base: Path, tmp_path: Path) -> None:
    with pytest.raises(Mistake, match=r"has no config.json"):
        find_base_model(tmp_path)
    (tmp_path / "config.json").write_text('{"model_type": "llama"}')
    with pytest.raises(Mistake, match="model_type is llama: only qwen2_vl and qwen2_5_vl"):
        find_base_model(tmp_path)
    (tmp_path / "config.json").write_text('{"model_type": "qwen2_vl", "quantization_config": {}}')
    with pytest.raises(Mistake, match="these weights are quantized"):
        find_base_model(tmp_path)
    (tmp_path / "config.json").write_text('{"model_type": "qwen2_vl"}')
    with pytest.raises(Mistake, match="the weights are missing"):
        find_base_model(tmp_path)
    assert find_base_model(base).weight_bytes > 0
