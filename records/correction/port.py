"""What mending asks of a language model. Words only."""

from typing import Protocol, TypeAlias

State: TypeAlias = object
"""What a model remembers of the words before; its own business."""


class LanguageModel(Protocol):
    """How likely a word is after others."""

    def begin(self) -> State:
        """Knowing nothing of what was said before."""
        ...

    def score(self, state: State, word: str) -> tuple[float, State]:
        """The word's probability after ``state`` as a power of ten, and the state after it."""
        ...

    def __contains__(self, word: object) -> bool:
        """Whether the model knows the word."""
        ...
