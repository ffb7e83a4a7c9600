"""What agents answer from (``knowledge.csv``): a question as citizens ask it, and the answer. Pure.

An article belongs to an office, which keeps it true, and holds between two days. One past its day
is still found, and said to be outdated: an old answer that looks new is worse than none.
"""

import re
from collections.abc import Collection
from datetime import date
from functools import partial

from pydantic import BaseModel, ConfigDict

from config.cells import nearest_date, read_date
from config.faults import Fault, nearest
from config.table import Row, read_table

KNOWLEDGE = "knowledge.csv"
ID, TITLE, ASKED, ANSWER, OFFICE = "编号", "标题", "问法", "答复", "单位"
SINCE, UNTIL, SOURCE = "生效", "失效", "出处"
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
LONGEST_ANSWER = 2000


class Article(BaseModel):
    """One question and its answer."""

    model_config = ConfigDict(frozen=True)

    id: str
    title: str
    asked: tuple[str, ...] = ()
    """Other ways in which citizens ask it."""
    answer: str
    office: str
    since: date | None = None
    """The first day on which it holds; None: always did."""
    until: date | None = None
    """The last one; None: for good."""
    source: str = ""
    row: int = 0

    def holds(self, day: date) -> bool:
        """Whether it is true on that day."""
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )


def read_knowledge(
    text: str, offices: Collection[str] | None
) -> tuple[tuple[Article, ...], list[Fault]]:
    """Read the articles. ``offices`` None: unknown, so not checked."""
    rows, faults = read_table(KNOWLEDGE, text, (ID, TITLE, ANSWER, OFFICE))
    found: dict[str, Article] = {}
    for row in rows:
        faults += _faults(row, found, offices)
        article = Article(
            id=row[ID],
            title=row[TITLE],
            asked=tuple(part for part in re.split(r"[；;|｜]", row[ASKED]) if part.strip()),
            answer=row[ANSWER],
            office=row[OFFICE],
            since=_date(row[SINCE]),
            until=_date(row[UNTIL]),
            source=row[SOURCE],
            row=row.line,
        )
        found.setdefault(article.id, article)
    return tuple(found.values()), faults


def _faults(row: Row, found: dict[str, Article], offices: Collection[str] | None) -> list[Fault]:
    told, faults = partial(Fault, KNOWLEDGE, row.line), []
    if not _ID.fullmatch(row[ID]):
        faults.append(told(ID, f"「{row[ID]}」不是编号", "小写字母、数字和连字符，如id-card-lost"))
    elif row[ID] in found:
        faults.append(told(ID, f"编号{row[ID]}在第{found[row[ID]].row}行已有", "另取一个编号"))
    for column in (TITLE, ANSWER):
        if not row[column]:
            faults.append(told(column, f"{column}是空的", "写明，或删去这一行"))
    if len(row[ANSWER]) > LONGEST_ANSWER:
        faults.append(told(ANSWER, f"答复有{len(row[ANSWER])}字", f"不超过{LONGEST_ANSWER}字"))
    if offices is not None and row[OFFICE] not in offices:
        message = f"没有「{row[OFFICE]}」这个单位"
        faults.append(told(OFFICE, message, nearest(row[OFFICE], sorted(offices))))
    days = []
    for column in (SINCE, UNTIL):
        day = _date(row[column])
        days.append(day)
        if row[column] and day is None:
            faults.append(told(column, f"「{row[column]}」不是日期", nearest_date(row[column])))
    if days[0] and days[1] and days[1] < days[0]:
        faults.append(told(UNTIL, "失效日早于生效日", "生效日之后的日期"))
    return faults


def _date(written: str) -> date | None:
    try:
        return read_date(written)
    except ValueError:
        return None
