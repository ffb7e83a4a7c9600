"""What a person writes into a work order, as it is sent."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from records.draft import Decision, DemandType, Office, Urgency

OFFICES_LIMIT: Final = 8
"""Offices of one order at most: a lead and its helpers."""
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_PATH: Final = re.compile(r"[a-z_]{1,32}(\.[a-z_]{1,32})?")
_SURE: Final = 1.0
"""The score of an office that a person chose."""


def _printable(text: str) -> str:
    if _CONTROL.search(text):
        raise ValueError("control characters")
    return text.strip()


def _named(value: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    if not all(_PATH.fullmatch(path) for path in value):
        raise ValueError("not a field's path")
    return value


Short = Annotated[str, Field(max_length=100), AfterValidator(_printable)]
Long = Annotated[str, Field(max_length=8000), AfterValidator(_printable)]
Given = Annotated[Mapping[str, JsonValue], Field(max_length=40), AfterValidator(_named)]


class _Edit(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CallerEdit(_Edit):
    """What the agent learnt of the caller. The number is the network's word, not editable."""

    name: Short | None = None
    anonymous: bool | None = None
    disclosure_consent: bool | None = None
    enterprise: bool | None = None
    deputy: bool | None = None


class PlaceEdit(_Edit):
    """Where it happened."""

    text: Short | None = None
    region: Short | None = None
    township: Short | None = None
    detail: Short | None = None


class WhenEdit(_Edit):
    """When it happened."""

    text: Short | None = None
    start: AwareDatetime | None = None
    end: AwareDatetime | None = None


class OfficeEdit(_Edit):
    """An office that may have to act, and why; the first of several leads."""

    name: Annotated[Short, Field(min_length=1)]
    why: Short = ""


class OrderEdit(_Edit):
    """The agent's words. A key that is absent changes nothing; null clears."""

    demand_type: DemandType | None = None
    title: Short | None = None
    content: Long | None = None
    summary: Long | None = None
    place: PlaceEdit = PlaceEdit()
    when: WhenEdit = WhenEdit()
    caller: CallerEdit = CallerEdit()
    decision: Decision | None = None
    decline_reason: Short | None = None
    urgency: Urgency | None = None
    urgent_office: Short | None = None
    offices: Annotated[list[OfficeEdit], Field(max_length=OFFICES_LIMIT)] | None = None
    was: Given = {}
    """What the writer saw before, by field path as in ``evidence``; absent: not said. A field that
    another person wrote meanwhile is then refused instead of written over."""

    def fields(self) -> dict[str, Any]:
        """Field path → value, of what was really given."""
        given: dict[str, Any] = {}
        for name in sorted(self.model_fields_set - {"was"}):
            value = getattr(self, name)
            if name == "offices":
                given[name] = tuple(
                    Office(name=one.name, score=_SURE, why=one.why) for one in value or ()
                )
            elif isinstance(value, _Edit):
                for part in sorted(value.model_fields_set):
                    given[f"{name}.{part}"] = _null(getattr(value, part))
            else:
                given[name] = _null(value)
        return given


def _null(value: Any) -> Any:
    """Empty text is no text; False is an answer."""
    return None if value == "" else value
