"""What people did, as the audit keeps it and as it is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cti.ids import CentreId


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """One thing that somebody did."""

    at: datetime
    who: str
    data: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditWanted:
    """What to list, the newest first: one kind of thing, of one centre."""

    centre: CentreId
    what: str
    since: datetime | None
    until: datetime | None
    limit: int
    offset: int
