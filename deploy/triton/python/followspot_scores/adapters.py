"""LoRA adapters, loaded once and chosen by name for each request."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from transformers import PreTrainedModel

from .refusal import Refusal

# Of the weights as they are.
NONE = ""


class Adapters:
    """The adapters of one model. Only one is in force at a time, so a batch is done adapter by adapter."""

    def __init__(self, model: PreTrainedModel, folders: Mapping[str, Path]) -> None:
        self._model = model
        self.names = tuple(sorted(folders))
        for name in self.names:
            model.load_adapter(str(folders[name]), adapter_name=name, is_trainable=False)
        if self.names:
            model.disable_adapters()

    def check(self, name: str) -> str:
        """:raises Refusal: where nothing is called so"""
        if name and name not in self.names:
            known = ", ".join(self.names) if self.names else "none"
            raise Refusal(f'there is no adapter "{name[:64]}"; known are: {known}')
        return name

    @contextmanager
    def using(self, name: str) -> Iterator[None]:
        if name == NONE:
            yield
            return
        self._model.enable_adapters()
        self._model.set_adapter(name)
        try:
            yield
        finally:
            self._model.disable_adapters()
