"""What agents answer from, and what its table may say."""

from datetime import date

import pytest

from config.faults import Fault
from config.knowledge import LONGEST_ANSWER, Article, read_knowledge
from config.profile import read_profile
from tests.config.profiles import FILES, faults_of, places

HEAD = "编号,标题,问法,答复,单位,生效,失效,出处\n"
OFFICES = ("公安局", "教育局")


def read(*rows: str) -> tuple[Article, ...]:
    articles, faults = read_knowledge(HEAD + "\n".join(rows), OFFICES)
    assert faults == []
    return articles


def refused(*rows: str) -> list[Fault]:
    return read_knowledge(HEAD + "\n".join(rows), OFFICES)[1]


def test_a_row_is_read_whole() -> None:
    """Ways of asking are parted by semicolons; days and source may be left out."""
    assert read(
        "id-card,身份证补领,身份证丢了；补办身份证,本人办理。,公安局,2025-01-01,2026年12月31日,示例",
        "school,入学,,看公告。,教育局,,,",
    ) == (
        Article(
            id="id-card",
            title="身份证补领",
            asked=("身份证丢了", "补办身份证"),
            answer="本人办理。",
            office="公安局",
            since=date(2025, 1, 1),
            until=date(2026, 12, 31),
            source="示例",
            row=2,
        ),
        Article(id="school", title="入学", answer="看公告。", office="教育局", row=3),
    )


def test_it_holds_from_its_first_day_to_its_last() -> None:
    """Both days count; without days it always holds."""
    article = Article(
        id="a", title="", answer="", office="", since=date(2026, 1, 1), until=date(2026, 6, 30)
    )
    days = (date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1))
    assert [article.holds(day) for day in days] == [False, True, True, False]
    assert Article(id="a", title="", answer="", office="").holds(days[0])


@pytest.mark.parametrize(
    ("row", "column", "mend"),
    [
        ("Id Card,题,,答,公安局,,,", "编号", "小写字母、数字和连字符，如id-card-lost"),
        ("a,,,答,公安局,,,", "标题", "写明，或删去这一行"),
        ("a,题,,,公安局,,,", "答复", "写明，或删去这一行"),
        (f"a,题,,{'长' * (LONGEST_ANSWER + 1)},公安局,,,", "答复", f"不超过{LONGEST_ANSWER}字"),
        ("a,题,,答,公安,,,", "单位", "公安局"),
        ("a,题,,答,公安局,2026-02-30,,", "生效", "2026-02-28"),
        ("a,题,,答,公安局,2026-06-01,2026-05-01,", "失效", "生效日之后的日期"),
    ],
)
def test_what_cannot_be_is_told_at_its_cell(row: str, column: str, mend: str) -> None:
    """Where, why, and what to write instead."""
    (fault,) = refused(row)
    assert (fault.row, fault.column, fault.instead) == (2, column, mend)


def test_an_id_is_given_once() -> None:
    """The second row of an id is the fault; the first stands."""
    (fault,) = refused("a,题,,答,公安局,,,", "a,题,,答,公安局,,,")
    assert (fault.row, fault.column) == (3, "编号")


def test_without_offices_no_office_is_wrong() -> None:
    """Where nobody knows which offices there are, none is said to be missing."""
    assert read_knowledge(HEAD + "a,题,,答,谁,,,", None)[1] == []


def test_the_profile_knows_its_articles() -> None:
    """In a city's files, checked against its offices."""
    offices = "部门,别称,类型\n公安局,,政府\n"
    right, wrong = (f"{HEAD}a,题,,答,{office},,,\n" for office in ("公安局", "税务局"))
    files = {**FILES, "offices.csv": offices, "knowledge.csv": right}
    assert [one.id for one in read_profile(files).knowledge] == ["a"]
    assert places(faults_of(offices=offices, knowledge=wrong)) == [(2, "单位")]
