"""Somebody who may sign in, as administrators see them. Ring 0."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cti.errors import DomainError
from cti.ids import AgentId, CentreId


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An account of a centre. ``role``: a value of ``cti.web.endpoint.Role``."""

    user: AgentId
    centre: CentreId
    role: str
    is_active: bool


Changes = Mapping[str, str | bool]
"""What becomes of an account: ``role``, ``is_active``, ``password`` (its hash)."""
ADMIN: Final = "admin"


class UserTaken(DomainError):  # noqa: N818 - an error is named for what is wrong
    """Somebody of any centre has that user name."""

    id = "user-taken"


class LastAdministrator(DomainError):  # noqa: N818 - an error is named for what is wrong
    """Nobody could administer the centre any more."""

    id = "last-administrator"
