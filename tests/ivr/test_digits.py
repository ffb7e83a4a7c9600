"""Numbers as people say them."""

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.digits import LARGEST, cardinal, count, duration, grouped, spell, telephone, year


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("12345", "幺二三四五"),
        ("110", "幺幺零"),
        ("１２３１５", "幺二三幺五"),
        ("0476-833", "零四七六八三三"),
    ],
)
def test_a_telephone_number_is_read_digit_by_digit_with_yao(number: str, said: str) -> None:
    assert said == telephone(number)


@given(st.text("0123456789", min_size=1, max_size=20))
def test_a_telephone_number_has_one_syllable_a_digit_and_never_yi(number: str) -> None:
    said = telephone(number)
    assert len(number) == len(said)
    assert "一" not in said
    assert number.count("1") == said.count("幺")


@given(st.integers(0, LARGEST))
def test_an_amount_reads_back_as_itself(number: int) -> None:
    """Against another reader of Chinese numerals; what it reads is what was meant."""
    # the reader knows no 万亿: its 亿 is given the part before and the part after apart
    high, low = divmod(number, 10**8)
    said = cardinal(low)
    assert low == cn2an.cn2an(said, "smart")
    assert high == cn2an.cn2an(cardinal(high), "smart")
    assert not set(cardinal(number)) & set("0123456789两幺")


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "零"), (10, "十"), (12, "十二"), (20, "二十"), (101, "一百零一"), (105, "一百零五"),
        (110, "一百一十"), (111, "一百一十一"), (1001, "一千零一"), (1010, "一千零一十"),
        (10_001, "一万零一"), (100_000, "十万"), (101_000, "十万一千"), (100_010_000, "一亿零一万"),
        (1_000_001_000, "十亿零一千"), (10**12, "一万亿"),
    ],
)  # fmt: skip
def test_an_amount_is_read_as_people_say_it(number: int, said: str) -> None:
    assert said == cardinal(number)


@pytest.mark.parametrize("number", [-1, LARGEST + 1])
def test_what_has_no_reading_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="no reading"):
        cardinal(number)


@pytest.mark.parametrize(
    ("number", "measure", "said"),
    [
        (2, "位", "两位"), (12, "位", "十二位"), (102, "位", "一百零二位"), (22, "秒", "二十二秒"),
        (2, "楼", "二楼"), (2, "月", "二月"), (2000, "元", "两千元"), (20_000, "人", "两万人"),
    ],
)  # fmt: skip
def test_two_of_something_is_liang_unless_it_is_the_second(
    number: int, measure: str, said: str
) -> None:
    assert said == count(number, measure)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "不到一分钟"), (29, "不到一分钟"), (30, "约一分钟"), (61, "约两分钟"),
        (180, "约三分钟"), (181, "约四分钟"), (3600, "约一小时"), (7260, "约两小时一分钟"),
    ],
)  # fmt: skip
def test_a_wait_is_never_said_shorter_than_it_is(seconds: float, said: str) -> None:
    assert said == duration(seconds)


def test_a_year_is_read_digit_by_digit_with_yi() -> None:
    assert year(2016) == "二零一六"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("您拨打的12345热线", "您拨打的幺二三四五热线"),
        ("前面还有2位", "前面还有两位"),
        ("第2位", "第二位"),
        ("请拨打110", "请拨打幺幺零"),
        ("0476-8337772", "零四七六，八三三七七七二"),
        ("+8613812345678", "八六幺三八幺二三四五六七八"),
        ("0453号", "零四五三号"),
        ("8337772号", "八三三七七七二号"),
        ("2026年10月2日", "二零二六年十月二日"),
        ("14:05到15:00", "十四点零五分到十五点整"),
        ("接通率95%", "接通率百分之九十五"),
        ("2.5米", "二点五米"),
        ("10000元", "一万元"),
        ("３分钟", "三分钟"),
        ("15号楼", "十五号楼"),
        ("7×24小时", "七乘二十四小时"),
        ("没有数字。", "没有数字。"),
    ],
)
def test_a_number_in_a_sentence_is_read_by_what_it_counts(text: str, said: str) -> None:
    assert said == spell(text)


@given(st.text("0123456789０１２位分钟年月日号楼第%.:-+，。电话×"))
def test_nothing_spelled_holds_a_digit(text: str) -> None:
    assert not any(c.isdigit() for c in spell(text))


@given(st.text("一二零位电话，。"))
def test_a_sentence_without_numbers_stays_as_it_is(text: str) -> None:
    assert text == spell(text)


@pytest.mark.parametrize(
    ("number", "groups"),
    [
        ("12345", "12345"), ("96119", "96119"), ("961195", "961-195"), ("8337772", "833-7772"),
        ("93617204", "9361-7204"), ("4008001234", "400-800-1234"), ("13900001111", "139-0000-1111"),
        ("04768337772", "0476-833-7772"), ("01066668888", "010-6666-8888"), ("", ""),
    ],
)  # fmt: skip
def test_a_number_is_said_in_the_groups_people_say_it_in(number: str, groups: str) -> None:
    assert groups == grouped(number)


@given(st.text("0123456789", max_size=16))
def test_groups_hold_every_digit_and_are_said_with_a_pause_between(number: str) -> None:
    groups = grouped(number)
    assert number == groups.replace("-", "")
    assert groups.strip("-") == groups
    if "-" in groups:
        assert spell(groups) == "，".join(telephone(part) for part in groups.split("-"))
