"""The model asked in packs: logits of the tokens that matter, for a picture and questions about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from .conversation import Conversation
from .eye import Eye, Sight
from .packing import Packed, loss_of, positions_of, sight_of
from .sampler import Ask, Lesson
from .training_set import Picture


class Network:
    """Runs a PeftModel over Qwen2VLForConditionalGeneration on lessons."""

    def __init__(self, model: Any, eye: Eye, conversation: Conversation) -> None:
        self.model = model
        self._qwen = model.get_base_model()
        self._eye = eye
        self._conversation = conversation
        merge = self._qwen.config.vision_config.spatial_merge_size
        self._patches_per_token = merge * merge

    @property
    def device(self) -> torch.device:
        """Where the language model is."""
        return self._qwen.lm_head.weight.device

    def loss(self, lesson: Lesson) -> torch.Tensor:
        """Of the answers of a lesson, with its gradient."""
        packed, hidden = self._run(lesson.picture, lesson.system, lesson.asks, answered=True)
        return loss_of(self._qwen.lm_head(hidden[packed.learnt_from]), packed)

    @torch.no_grad()
    def first_words(self, picture: Picture, system: str, asks: Sequence[Ask]) -> torch.Tensor:
        """Log-probabilities of the first token of each answer: [questions, vocabulary]."""
        packed, hidden = self._run(picture, system, asks, answered=False)
        return self._qwen.lm_head(hidden[packed.asked_at]).float().log_softmax(-1)

    def tokens_of(self, lesson: Lesson) -> int:
        """How long the pack of a lesson is."""
        return len(
            self._pack(
                self._eye.look_at(lesson.picture.file), lesson.system, lesson.asks, answered=True
            ).tokens
        )

    def _run(
        self, picture: Picture, system: str, asks: Sequence[Ask], *, answered: bool
    ) -> tuple[Packed, torch.Tensor]:
        sight = self._eye.look_at(picture.file)
        packed = self._pack(sight, system, asks, answered=answered).to(self.device)
        inner = self._qwen.model
        embedded = inner.get_input_embeddings()(packed.tokens)
        seen = (packed.tokens == self._qwen.config.image_token_id)[:, None]
        embedded = embedded.masked_scatter(seen, sight.features.to(embedded))
        output = inner.language_model(
            inputs_embeds=embedded[None],
            position_ids=positions_of(packed, self._trunk_positions(packed, sight)),
            attention_mask=sight_of(packed),
            use_cache=False,
        )
        return packed, output.last_hidden_state[0]

    def _pack(self, sight: Sight, system: str, asks: Sequence[Ask], *, answered: bool) -> Packed:
        count = int(sight.grid.prod()) // self._patches_per_token
        return self._conversation.pack(system, list(asks), picture_tokens=count, answered=answered)

    def _trunk_positions(self, packed: Packed, sight: Sight) -> torch.Tensor:
        trunk = packed.trunk[None]
        kinds = (trunk == self._qwen.config.image_token_id).int()
        positions, _ = self._qwen.model.get_rope_index(
            trunk, kinds, image_grid_thw=sight.grid.to(trunk.device)
        )
        return positions
