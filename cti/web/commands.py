"""What a desk may ask over its socket. ``wire`` says what it is told; both are in ``wire.ts``."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter


class _Frame(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    id: int = Field(ge=0, le=2**53 - 1)


class SignIn(_Frame):
    """Take a seat."""

    do: Literal["sign-in"]
    extension: str = Field(pattern=r"^[0-9]{1,16}$")


class NotReady(_Frame):
    """Take no calls, and say why."""

    do: Literal["not-ready"]
    reason: str = Field(max_length=1000)


class Popped(_Frame):
    """The card of that offer is painted: the phone may ring."""

    do: Literal["popped"]
    call: str = Field(max_length=128)
    offer: str = Field(max_length=160)


class Plain(_Frame):
    """What needs no more words."""

    do: Literal["ready", "sign-out", "raise-hand", "lower-hand", "ping"]


Command = SignIn | NotReady | Popped | Plain
COMMANDS: TypeAdapter[Command] = TypeAdapter(
    Annotated[SignIn | NotReady | Popped | Plain, Field(discriminator="do")]
)
"""Reads one frame. Each is answered by ``wire.Done`` or ``wire.Refused``."""
