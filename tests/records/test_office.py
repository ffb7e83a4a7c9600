"""Which office may have to act."""

from config.ledger import Line, Mode
from config.profile import Office, Profile
from cti.ids import LineId
from records.office import find_offices, known_as, topics
from tests.records.test_extract import PROFILE

NAMED = PROFILE.model_copy(
    update={
        "offices": (
            Office(name="住房城乡建设局", aliases=("住建局",)),
            Office(name="公安局", aliases=("交警", "派出所")),
        ),
        "lines": (
            Line(
                number=LineId("12316"),
                name="全国农业系统公益服务电话",
                department="农牧局",
                mode=Mode.DUAL,
                row=29,
            ),
        ),
    }
)


def names(text: str, department: str = "", line: str = "", profile: Profile = NAMED) -> list[str]:
    return [office.name for office in find_offices(text, department, line, profile)]


def test_the_words_of_a_trade_name_its_office() -> None:
    """With the words heard as the reason."""
    (office,) = find_offices("公积金断缴了还能贷款吗", "", "", NAMED)
    assert (office.name, office.why) == ("住房公积金中心", "提到公积金")


def test_a_misheard_trade_word_still_counts_a_little() -> None:
    """By sound, and only for words of three syllables or more."""
    (office,) = find_offices("供急金断缴了", "", "", NAMED) or find_offices(
        "公基金断缴", "", "", NAMED
    )
    assert office.name == "住房公积金中心"
    assert "读音" in office.why
    assert names("体诉") == []


def test_the_dialled_department_is_a_reason_by_itself() -> None:
    """Its own line was dialled; other trades in the words still count."""
    found = find_offices("玉米种子是假的", "农牧局", "全国农业系统公益服务电话", NAMED)
    assert found[0].name == "农牧局"
    assert found[0].why == "拨打的是农牧局的全国农业系统公益服务电话；提到种子、玉米"
    assert names("", "农牧局", "农业电话") == ["农牧局"]


def test_the_citys_own_name_is_used() -> None:
    """Its list first, by name or by what people call it; then its ledger; else the usual name."""
    assert known_as("住建局", NAMED) == "住房城乡建设局"
    assert known_as("公安局交警支队", NAMED) == "公安局"
    assert known_as("市农牧局", NAMED) == "农牧局"
    city = NAMED.model_copy(update={"offices": (Office(name="市城管执法局"),)})
    assert known_as("城市管理综合执法局", city) == "市城管执法局"
    assert known_as("供电公司", NAMED) == "供电公司"


def test_at_most_three_the_likeliest_first() -> None:
    """More would be no help."""
    found = find_offices("停水停电，物业不管，医保也报销不了，出租车乱收费", "", "", NAMED)
    assert len(found) == 3
    assert sorted(found, key=lambda office: -office.score) == list(found)
    assert names("今天天气不错") == []


def test_topics_are_the_trade_words_that_stand_in_the_text() -> None:
    """Longest first."""
    assert topics("小区停水，自来水公司不管") == ["自来水", "停水"]
