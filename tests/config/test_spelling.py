"""One spelling for what people write in a cell, and a reason where there is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import spelling
from config.ledger import NUMBER
from config.spelling import Unclear


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("8337772", ("8337772",)),
        ("８３３７７７２", ("8337772",)),
        (" 833 7772 ", ("8337772",)),
        ("833-7772", ("8337772",)),
        ("833－7772", ("8337772",)),
        ("833.7772", ("8337772",)),
        ("0476-8337772", ("8337772",)),
        ("（0476）8337772", ("8337772",)),
        ("(0476) 833 7772", ("8337772",)),
        ("0476—8337772", ("8337772",)),
        ("+86 476 8337772", ("8337772",)),
        ("+86-0476-8337772", ("8337772",)),
        ("00864768337772", ("8337772",)),
        ("864768337772", ("8337772",)),
        ("0476-12333", ("12333",)),
        ("1 2 3 3 3", ("12333",)),
        ("400-810-1234", ("4008101234",)),
        ("400-1234-567", ("4001234567",)),
        ("139-0476-1234", ("13904761234",)),
        ("+8613904761234", ("13904761234",)),
        ("8337772.0", ("8337772",)),
        ("12333.00", ("12333",)),
        ("8,337,772", ("8337772",)),
        ("'8337772", ("8337772",)),
        ('="8337772"', ("8337772",)),
        ("8820813、8820814", ("8820813", "8820814")),
        ("8820813/8820814", ("8820813", "8820814")),
        ("8820813；0476-8820814", ("8820813", "8820814")),
        ("8820813 8820814", ("8820813", "8820814")),
        ("8820813\n8820814", ("8820813", "8820814")),
        ("12333\n12366", ("12333", "12366")),
        ("8820813和8820814", ("8820813", "8820814")),
        ("8820813、8820813", ("8820813",)),
        ("8820813、", ("8820813",)),
        ("110", ("110",)),
        ("0476-12345", ("12345",)),
        ("", ()),
        ("  ", ()),
    ],
)
def test_a_number_has_one_spelling(written: str, meant: tuple[str, ...]) -> None:
    """Signs, area code, country code and a program's decimals do not count; several are several."""
    assert meant == spelling.numbers(written, "0476")


@pytest.mark.parametrize(
    ("written", "why", "instead"),
    [
        ("8820813转1", "分机", "8820813"),
        ("8820813（转801）", "分机", "8820813"),
        ("8820813 分机 12", "分机", "8820813"),
        ("8820813-801", "分机", "8820813"),
        ("8820813-1", "分机", "8820813"),
        ("0476-8820813-801", "分机", "8820813"),
        ("8820813 1", "分机", "8820813"),
        ("8820813*2", "分机", "8820813"),
        ("8820813（户政）", "文字", "8820813"),
        ("电话", "文字", "只写数字"),
        ("8337772、电话", "文字", "只写数字"),
        ("2026-12-31", "日期", "该热线的号码"),
        ("8.34E+06", "科学计数法", "文本格式"),
        ("0471-8337772", "区号", "不加区号"),
        ("0000000", "不是可归并的号码", "只写数字"),
        ("83377721234", "不是可归并的号码", "只写数字"),
        ("8820813 00000000", "不是可归并的号码", "只写数字"),
        ("8820813、4", "不是可归并的号码", "只写数字"),
    ],
)
def test_what_has_no_single_reading_is_told(written: str, why: str, instead: str) -> None:
    """An extension, a word, a date, another city: the reason, and what was probably meant."""
    with pytest.raises(Unclear) as unclear:
        spelling.numbers(written, "0476")
    assert why in unclear.value.why
    assert instead in unclear.value.instead


_NUMBERS = st.from_regex(NUMBER, fullmatch=True)


@given(number=_NUMBERS, area=st.sampled_from(["", "0476-", "(0476)", "+86 476 ", "0086-476-"]))
def test_a_good_number_is_never_another(number: str, area: str) -> None:
    """Whatever stands before it, a number is read as itself."""
    assert (number,) == spelling.numbers(area + number, "0476")


@given(written=st.text(alphabet="0123456789 -+().转、/,\n８号", max_size=24))
def test_what_is_read_stays_as_it_is(written: str) -> None:
    """A spelled number is spelled the same; and nothing but Unclear is ever raised."""
    try:
        found = spelling.numbers(written, "0476")
    except Unclear:
        return
    assert [spelling.numbers(number, "0476") for number in found] == [(n,) for n in found]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("整体并入", "整体并入"),
        (" 整体\n并入 ", "整体并入"),
        ("整體並入", "整体并入"),
        ("雙號並行", "双号并行"),
        ("設分中心", "设分中心"),
        ("分中心", "设分中心"),
        ("1.整体并入", "整体并入"),
        ("（一）整体并入", "整体并入"),
        ("①双号并行", "双号并行"),
        ("保留號碼、呼叫轉移", "保留号码呼叫转移"),
        ("“完善中心、呼叫接轉”", "完善中心呼叫接转"),
        ("整体合并", "整体合并"),
        ("8301518", "8301518"),
    ],
)
def test_a_mode_has_one_spelling(written: str, meant: str) -> None:
    """Blanks, traditional characters and list marks do not count; another word stays another."""
    assert meant == spelling.mode(written)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("金融工作\n办公室", "金融工作办公室"),
        ("教 育　局 ", "教育局"),
        ("１２３１５投诉热线", "12315投诉热线"),
        ("12315 hot line 热线", "12315 hot line热线"),
        ("热线（市民）：投诉", "热线（市民）：投诉"),
        ("\u200b住建局\ufeff", "住建局"),
    ],
)
def test_a_name_keeps_its_own_words(written: str, meant: str) -> None:
    """Only what belongs to the page is undone: line breaks, blanks, wide digits."""
    assert meant == spelling.plain(written)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026年12月31日", "2026-12-31"),
        ("2026/12/31", "2026-12-31"),
        ("2026.1.5", "2026-01-05"),
        ("2026-12-31 00:00:00", "2026-12-31"),
        ("年底", "年底"),
        ("2026-02-30", "2026-02-30"),
        ("", ""),
    ],
)
def test_a_date_has_one_spelling(written: str, meant: str) -> None:
    """What is no date stays as it is, so that the ledger can say so."""
    assert meant == spelling.day(written)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("833 1001", "8331001"),
        ("0476-8331001", "04768331001"),
        ("转1", "转1"),
        ("8331001.0", "8331001"),
    ],
)
def test_a_destination_is_digits(written: str, meant: str) -> None:
    """It is dialled as it stands, area code and all."""
    assert meant == spelling.destination(written)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("工作日08:30-12:00、14:30-17:30", "工作日 08:30-12:00,14:30-17:30"),
        ("每天 8：00至20：00", "每天 08:00-20:00"),
        ("24小时", "全天"),
        ("上班 时间", "上班时间"),
        ("", ""),
    ],
)
def test_hours_have_one_spelling(written: str, meant: str) -> None:
    """What is none stays, so that the ledger can say so."""
    assert meant == spelling.hours(written)


@pytest.mark.parametrize("written", ["#N/A", "#REF!", "########", "=VLOOKUP(A1)"])
def test_a_formula_is_no_content(written: str) -> None:
    assert spelling.is_broken(written)
    assert not spelling.is_broken("教育局#1")
