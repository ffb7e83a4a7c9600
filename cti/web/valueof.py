"""A string of the desk's messages that is one of an enumeration's values."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema


@dataclass(frozen=True)
class ValueOf:
    """Marks a string as the value of one of that enumeration's members."""

    members: Iterable[Enum]
    or_none: bool = False
    """'' stands for none of them."""

    def __get_pydantic_core_schema__(
        self, _source: Any, _handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """One of the values, and nothing else."""
        nothing = [""] if self.or_none else []
        return core_schema.literal_schema([*nothing, *(one.value for one in self.members)])
