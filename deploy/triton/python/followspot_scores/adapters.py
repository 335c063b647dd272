"""LoRA adapters, loaded once and chosen by name for each request."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from peft import PeftModel
from transformers import PreTrainedModel

from .refusal import Refusal

# Of the weights as they are.
NONE = ""


class Adapters:
    """The adapters of one model. Only one is in force at a time, so a batch is done adapter by adapter."""

    def __init__(self, model: PreTrainedModel, folders: Mapping[str, Path]) -> None:
        """:raises ValueError: where one changes what serving takes from the bare model"""
        head = type(model.lm_head)
        self.names = tuple(sorted(folders))
        self._wrapped: PeftModel | None = None
        for name in self.names:
            # The wrapper changes the model's own layers, so the model itself goes on being called.
            if self._wrapped is None:
                self._wrapped = PeftModel.from_pretrained(model, str(folders[name]), adapter_name=name)
            else:
                self._wrapped.load_adapter(str(folders[name]), adapter_name=name)
            if type(model.lm_head) is not head:
                raise ValueError(
                    f'the adapter "{name}" changes lm_head, of which serving reads the rows for yes and no '
                    "only once: merge it into the weights, or train it without"
                )
        if self._wrapped:
            self._wrapped.base_model.disable_adapter_layers()
            model.eval()

    def check(self, name: str) -> str:
        """:raises Refusal: where nothing is called so"""
        if name and name not in self.names:
            known = ", ".join(self.names) if self.names else "none"
            raise Refusal(f'there is no adapter "{name[:64]}"; known are: {known}')
        return name

    @contextmanager
    def using(self, name: str) -> Iterator[None]:
        if name == NONE or self._wrapped is None:
            yield
            return
        self._wrapped.set_adapter(name)
        self._wrapped.base_model.enable_adapter_layers()
        try:
            yield
        finally:
            self._wrapped.base_model.disable_adapter_layers()
