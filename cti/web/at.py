"""A moment as the web says it."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema


def _aware(text: str) -> str:
    if datetime.fromisoformat(text).tzinfo is None:
        raise ValueError("a moment without its zone")
    return text


At = Annotated[
    str, AfterValidator(_aware), WithJsonSchema({"type": "string", "format": "date-time"})
]
"""A moment, as ISO 8601 says it, with its zone."""
