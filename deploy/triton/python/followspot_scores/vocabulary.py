"""From texts to token ids, and which tokens mean yes and which no."""

from functools import lru_cache

from transformers import PreTrainedTokenizerBase

from .questions import Questions

# Each is one label, or how a box begins: short, and a show has dozens.
_KEPT_TEXTS = 4_096
# Each is a cast with one scene, and may be 400,000 letters long: what is kept must not grow with the scenes.
_KEPT_PREFIXES = 32


class Vocabulary:
    """The tokenizer of one checkpoint, which asks the same few hundred texts again and again."""

    def __init__(self, tokenizer: PreTrainedTokenizerBase, questions: Questions) -> None:
        self._tokenizer = tokenizer
        self.questions = questions
        self.tokens = lru_cache(maxsize=_KEPT_TEXTS)(self._tokens)
        self._prefixes = lru_cache(maxsize=_KEPT_PREFIXES)(self._tokens)
        self.pad = tokenizer.pad_token_id if tokenizer.pad_token_id is not None else tokenizer.eos_token_id
        self.end = tokenizer.convert_tokens_to_ids("<|im_end|>")
        self.yes = self._meaning(questions.yes)
        self.no = self._meaning(questions.no)

    def prefix(self, system: str) -> tuple[int, ...]:
        """All that stands before the picture."""
        return self._prefixes(self.questions.prefix(system))

    def about(self, kind: str, label: str = "") -> tuple[int, ...]:
        """All that stands after the picture, up to where the answer begins."""
        return self.tokens(self.questions.about(kind, label))

    def text(self, tokens: list[int]) -> str:
        return self._tokenizer.decode(tokens, skip_special_tokens=False)

    def _tokens(self, text: str) -> tuple[int, ...]:
        return tuple(self._tokenizer(text, add_special_tokens=False)["input_ids"])

    def _meaning(self, word: str) -> tuple[int, ...]:
        """All tokens that are this word, whatever their case and with or without a space before it."""
        forms = {form for case in (word, word.title(), word.upper()) for form in (case, f" {case}")}
        found = {ids[0] for form in forms if len(ids := self._tokens(form)) == 1}
        if not found:
            raise ValueError(
                f'no token of this checkpoint means "{word}": the labels cannot be scored by one token'
            )
        return tuple(sorted(found))
