"""A table of 10,000 lines is looked through while somebody waits."""

from datetime import datetime
from time import process_time

from config.changes import compare, judge
from config.ledgertable import read_ledger
from config.platform import Platform
from config.workdays import CHINA
from tests.config.pace import SQUARED_S
from tests.config.platforms import city

AT = datetime(2026, 7, 1, 9, tzinfo=CHINA)
TABLE = "部门,电话名称,电话号码,归并方式,过渡结束\n" + "".join(
    f"教育局,热线{n},{2000000 + n},整体并入,2026-12-31\n" for n in range(10_000)
)


def _platform(table: str) -> Platform:
    lines, faults = read_ledger("numbers.csv", table, "0476")
    assert faults == []
    return Platform(centres=(city().home.model_copy(update={"lines": lines}),))


def test_a_few_changed_rows_among_many_are_found_at_once() -> None:
    """Judged and told without a look at each row for each, wherever the rows stand."""
    before = _platform(TABLE)
    table = TABLE.replace("2000007,整体并入,2026", "2000007,整体并入,2027")
    after = _platform("# 说明\n" + table + "民政局,民政热线,12349,整体并入,\n")
    began = process_time()
    faults, changes = judge(before, after, AT.date()), compare(before, after, AT)
    assert process_time() - began < SQUARED_S
    assert [fault.row for fault in faults] == [10_003]
    assert {change.what for change in changes.noticed} == {"2000007", "12349"}
