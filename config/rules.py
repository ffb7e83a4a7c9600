"""A centre's own rules: how long an order may take, and what is not taken on. Pure."""

import re
from functools import partial
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from config.faults import Fault
from config.table import read_table

REFUSALS = "refusals.csv"

Amount = Annotated[int, Field(ge=1, le=1000)]
_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", re.ASCII)


class Limits(BaseModel):
    """Time limits for orders, in hours of the clock (``_h``: the hotline never closes) and working
    days (``_d``). None: no such rule.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    dispatch_h: Amount | None = None
    """From the call to the order being sent to an office."""
    sign_d: Amount | None = None
    """Until the office signs for it."""
    consult_d: Amount | None = None
    """From signing to the answer of a question (咨询)."""
    other_d: Amount | None = None
    """The same for every other kind of demand."""
    hard_d: Amount | None = None
    """The same for hard ones (疑难)."""
    urgent: Literal["same-day"] | None = None
    """When urgent ones must be done."""
    extensions: Annotated[int, Field(ge=0, le=10)] | None = None
    """How often the time may be extended."""
    extension_d: Amount | None = None
    """By how many days at most."""
    return_d: Amount | None = None
    """How long an office may take to send an order back as not its own."""


class Refusal(BaseModel):
    """A reason for which a demand is not taken on, and the sentence to say."""

    model_config = ConfigDict(frozen=True)

    id: str
    reason: str
    words: str
    source: str = ""
    """Where the rule stands (出处)."""
    row: int = 0


def read_refusals(text: str) -> tuple[tuple[Refusal, ...], list[Fault]]:
    """Read the reasons; each has an id of its own, a reason and the words to say."""
    rows, faults = read_table(REFUSALS, text, ("编号", "理由", "话术"))
    refusals: dict[str, Refusal] = {}
    for row in rows:
        told = partial(Fault, REFUSALS, row.line)
        name = row["编号"]
        if not _ID.fullmatch(name):
            meant = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-0123456789")
            example = "小写字母、数字和连字符，如state-secret"
            better = meant if _ID.fullmatch(meant) else example
            faults.append(told("编号", f"「{name}」不能作编号", better))
        elif name in refusals:
            message = f"编号{name}在第{refusals[name].row}行已有"
            faults.append(told("编号", message, "另一个编号"))
        faults += [
            told(column, f"{column}是空的", f"不予受理的{column}")
            for column in ("理由", "话术")
            if not row[column]
        ]
        refusal = Refusal(
            id=name, reason=row["理由"], words=row["话术"], source=row["出处"], row=row.line
        )
        refusals.setdefault(name, refusal)
    return tuple(refusals.values()), faults
