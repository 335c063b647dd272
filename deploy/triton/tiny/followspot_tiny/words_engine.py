"""The small network behind the tensors of Triton's vLLM backend."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import torch
from followspot_scores.adapters import Adapters
from followspot_scores.pictures import Picture, PictureReader
from followspot_scores.questions import IMAGE_PAD
from PIL.Image import Image
from transformers import AutoTokenizer, DynamicCache, Qwen2VLForConditionalGeneration
from vllm_stand_in.engine import Completion, Generation, TokenChance
from vllm_stand_in.sampling import Sampling

from .constraint import Constraint, constraint_of


class WordsEngine:
    """
    Greedy, one request after the other: where it ends is said in the README. It differs from vLLM in having
    no batch, no prefix cache, no sampling above temperature 0, and no constraint but `choice` and `json`.
    """

    def __init__(self, weights: Path, adapters: dict[str, Path]) -> None:
        self._model = Qwen2VLForConditionalGeneration.from_pretrained(
            weights, dtype=torch.float32, attn_implementation="sdpa", local_files_only=True
        ).eval()
        self._adapters = Adapters(self._model, adapters)
        self._tokenizer = AutoTokenizer.from_pretrained(weights, local_files_only=True)
        self._reader = PictureReader.of_checkpoint(weights)
        self._end = self._tokenizer.convert_tokens_to_ids("<|im_end|>")
        self._texts = [self._tokenizer.decode([token]) for token in range(len(self._tokenizer))]
        self._special = frozenset(self._tokenizer.all_special_ids)

    async def generate(
        self, prompt: str, images: Sequence[Image], sampling: Sampling
    ) -> AsyncIterator[Generation]:
        """Yields the state after each token."""
        if IMAGE_PAD not in prompt:
            # As the backend does with a bare prompt: the pictures are not looked at.
            images = []
        if prompt.count(IMAGE_PAD) != len(images):
            raise ValueError(
                f"{prompt.count(IMAGE_PAD)} placeholders stand in the prompt for {len(images)} pictures"
            )
        constraint = constraint_of(sampling.constraint)
        pictures = [self._reader.prepare(image) for image in images]
        tokens, positions = self._read(prompt, pictures)
        cache = DynamicCache()
        hidden = self._step(tokens, positions, cache, sampling.lora_name, pictures)
        completion = Completion(logprobs=None if sampling.logprobs is None else [])
        generation = Generation(prompt, tokens.shape[1], [completion] * sampling.n)
        position = int(positions.max()) + 1
        while completion.finish_reason is None:
            token = self._choose(hidden, completion, sampling, constraint)
            self._append(completion, token, hidden, sampling)
            if completion.finish_reason is None:
                at = torch.full((3, 1, 1), position)
                hidden = self._step(torch.tensor([[token]]), at, cache, sampling.lora_name, [])
                position += 1
            yield generation
            # Other requests are begun, and this one is given up, between two tokens.
            await asyncio.sleep(0)

    def _read(self, prompt: str, pictures: Sequence[Picture]) -> tuple[torch.Tensor, torch.Tensor]:
        """Token ids [1, length] with the pictures' places filled in, and positions [3, 1, length]."""
        parts = prompt.split(IMAGE_PAD)
        for index, picture in enumerate(pictures):
            parts[index] += IMAGE_PAD * picture.tokens
        ids = torch.tensor([self._tokenizer("".join(parts), add_special_tokens=False)["input_ids"]])
        if not pictures:
            return ids, torch.arange(ids.shape[1]).expand(3, 1, -1)
        grids = torch.tensor([(1, *picture.grid) for picture in pictures])
        kinds = (ids == self._model.config.image_token_id).int()
        positions, _ = self._model.model.get_rope_index(ids, kinds, image_grid_thw=grids)
        return ids, positions

    @torch.inference_mode()
    def _step(
        self,
        tokens: torch.Tensor,
        positions: torch.Tensor,
        cache: DynamicCache,
        adapter: str | None,
        pictures: Sequence[Picture],
    ) -> torch.Tensor:
        """Log-probabilities of the next token: [vocabulary]."""
        seen = {}
        if pictures:
            pixels = torch.cat([torch.from_numpy(picture.patches) for picture in pictures])
            grids = torch.tensor([(1, *picture.grid) for picture in pictures])
            seen = {"pixel_values": pixels, "image_grid_thw": grids}
        with self._adapters.using(adapter or ""):
            output = self._model.model(
                input_ids=tokens, position_ids=positions, cache=cache, use_cache=True, **seen
            )
            return self._model.lm_head(output.last_hidden_state[0, -1]).log_softmax(-1)

    def _choose(
        self, chances: torch.Tensor, completion: Completion, sampling: Sampling, constraint: Constraint | None
    ) -> int:
        """The likeliest token that may stand here."""
        order = chances.argsort(descending=True).tolist()
        allowed = None if sampling.allowed_token_ids is None else set(sampling.allowed_token_ids)
        for token in order:
            if allowed is not None and token not in allowed:
                continue
            if sampling.ignore_eos and token == self._end:
                continue
            if constraint is None or self._conforms(token, completion.text, constraint):
                return token
        return self._end

    def _conforms(self, token: int, text: str, constraint: Constraint) -> bool:
        if token == self._end:
            return constraint.complete(text)
        piece = self._texts[token]
        return token not in self._special and piece != "" and constraint.begins(text + piece)

    def _append(self, completion: Completion, token: int, chances: torch.Tensor, sampling: Sampling) -> None:
        completion.token_ids.append(token)
        own = float(chances[token])
        completion.cumulative_logprob = (completion.cumulative_logprob or 0.0) + own
        if completion.logprobs is not None:
            completion.logprobs.append(self._alternatives(chances, token, sampling.logprobs or 0))
        if token == self._end:
            completion.finish_reason = "stop"
            return
        completion.text = self._tokenizer.decode(completion.token_ids, skip_special_tokens=True)
        for stop in sampling.stop:
            if stop in completion.text:
                completion.text = completion.text[: completion.text.index(stop)]
                completion.finish_reason = "stop"
        if completion.finish_reason is None and len(completion.token_ids) >= sampling.max_tokens:
            completion.finish_reason = "length"

    def _alternatives(self, chances: torch.Tensor, token: int, count: int) -> list[TokenChance]:
        """The chosen one and the likeliest ones, before any constraint, as vLLM's raw_logprobs."""
        likeliest = chances.topk(count).indices.tolist() if count else []
        wanted = dict.fromkeys([token, *likeliest])
        return [
            TokenChance(one, float(chances[one]), int((chances > chances[one]).sum()) + 1, self._texts[one])
            for one in wanted
        ]
