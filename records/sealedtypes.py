"""Columns that are sealed in the database and whole in the program.

A database that was opened without keys keeps plain text; one with keys seals whatever is written
and reads both. A column is looked up as any other: by ``==`` and ``in_`` of texts.
"""

import json
from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import JSON, ColumnElement, Dialect, String
from sqlalchemy.sql import operators
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import TypeDecorator

from records.keyring import KeyFileError, Ring
from records.sealing import Keys, is_sealed, seal, unseal

RING: Final = "hotline_ring"
"""The attribute of an engine's dialect that holds its keys."""
_PLAIN: Final = -1
_AGES: Final = (0, 1, _PLAIN)
"""Looked up under the newest key, the one before it (while rows are sealed anew), and as it was
written before there were keys."""


class _Form(str):
    """A text to look up, as the key of that age would have sealed it."""

    __slots__ = ("age",)
    age: int


def _forms(texts: Collection[str]) -> list[_Form]:
    found = []
    for text in texts:
        for age in _AGES:
            form = _Form(text)
            form.age = age
            found.append(form)
    return found


class _Findable(TypeDecorator.Comparator[str]):
    """Comparing with a text finds it under whichever key it is sealed."""

    def operate(self, op: OperatorType, *other: Any, **kwargs: Any) -> ColumnElement[Any]:
        if op is operators.eq and isinstance(other[0], str):
            return super().operate(operators.in_op, _forms([other[0]]), **kwargs)
        if op is operators.in_op and isinstance(other[0], Collection):
            return super().operate(op, _forms(other[0]), **kwargs)
        return super().operate(op, *other, **kwargs)


class Sealed(TypeDecorator[str]):
    """A text. The empty one is kept as it is."""

    impl = String
    cache_ok = True
    comparator_factory = _Findable

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Seal what goes to the database."""
        keys = _keys(dialect)
        age = getattr(value, "age", 0)
        if not value or keys is None or age == _PLAIN:
            return None if value is None else str(value)
        return seal(value, keys, age)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        """Read what comes from it."""
        return _read(value, dialect) if isinstance(value, str) else None


class SealedJson(TypeDecorator[Any]):
    """A document. Sealed it is a JSON string, so that the column stays what it was."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Seal what goes to the database."""
        keys = _keys(dialect)
        if value is None or keys is None:
            return value
        return seal(json.dumps(value, ensure_ascii=False), keys)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Read what comes from it."""
        if isinstance(value, str) and is_sealed(value):
            return json.loads(_read(value, dialect))
        return value


def _keys(dialect: Dialect) -> Keys | None:
    ring: Ring | None = getattr(dialect, RING, None)
    return None if ring is None else ring()


def _read(value: str, dialect: Dialect) -> str:
    if not is_sealed(value):
        return value
    keys = _keys(dialect)
    if keys is None:
        raise KeyFileError("这个数据库是封存的，打开时没有给密钥")
    return unseal(value, keys)
