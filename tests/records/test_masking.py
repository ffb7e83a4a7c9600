"""Numbers that belong to somebody are found however they are said, and covered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.masking import mask_text, spoken_numbers

HAN = str.maketrans("0123456789", "零一二三四五六七八九")


@pytest.mark.parametrize(
    ("text", "digits", "kind"),
    [
        ("我的电话是一三八四七六五二三一九。", "13847652319", "mobile"),
        ("我的电话是幺三八四七六五二三幺九", "13847652319", "mobile"),
        ("手机号138 4765 2319", "13847652319", "mobile"),
        ("手机号138-4765-2319", "13847652319", "mobile"),
        ("一三八，四七六五，二三一九", "13847652319", "mobile"),
        ("座机零四七六八三三七七七二", "04768337772", "landline"),
        ("座机8337772", "8337772", "landline"),
        ("身份证150402199001011234", "150402199001011234", "id"),
        ("身份证15040219900101123x", "15040219900101123X", "id"),
        ("手机１３８４７６５２３１９", "13847652319", "mobile"),
        ("卡号6222021234567890123", "6222021234567890123", "bank"),
    ],
)
def test_a_number_is_found_however_it_is_written(text: str, digits: str, kind: str) -> None:
    """Said digit by digit, with 幺 for 一, in groups, typed."""
    (number,) = spoken_numbers(text)
    assert (number.digits, number.kind) == (digits, kind)


@pytest.mark.parametrize(
    "text",
    [
        "交了两千三百块钱",
        "一共一千六百万",
        "罚款12,000,000元",
        "二零二三年十二月三十一号",
        "2021年9月14日12:30",
        "三号楼二单元五零二",
        "拨打12345",
        "五四大街八一路",
    ],
)
def test_prices_dates_and_rooms_are_nobodys_number(text: str) -> None:
    """Text without a personal number is read as it is."""
    assert text == mask_text(text)


def test_two_digits_are_left_and_the_rest_of_the_text_too() -> None:
    """Enough to recognise one's own number by, too little to call it."""
    assert mask_text("打138-4765-2319或8337772，谢谢") == "打*********19或*****72，谢谢"


def test_our_own_lines_are_no_secret() -> None:
    """A ledger's number may be read out."""
    assert mask_text("请拨打8337772", public={"8337772"}) == "请拨打8337772"


@given(
    st.text(alphabet="我的电话是在，。 ab", max_size=20),
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.sampled_from(["", " ", "-", "，"]),
    st.booleans(),
)
def test_no_mobile_number_survives(before: str, number: str, mark: str, is_han: bool) -> None:
    """Whatever stands before it and however it is grouped."""
    spoken = number.translate(HAN) if is_han else number
    written = mark.join([spoken[:3], spoken[3:7], spoken[7:]])
    covered = mask_text(f"{before}{written}。")
    assert written not in covered
    assert spoken[:9] not in covered
    assert covered.endswith(f"{number[-2:]}。")
