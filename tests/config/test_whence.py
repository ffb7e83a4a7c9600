"""From which city a number calls."""

import pytest

from config.whence import Whence, china, read, written

PLACES = {
    "476": "内蒙古赤峰市",
    "10": "北京市",
    "138476": "内蒙古赤峰市",
    "1384761": "内蒙古通辽市",
}


@pytest.mark.parametrize(
    ("number", "place"),
    [
        ("13847652301", "内蒙古赤峰市"),
        ("013847652301", "内蒙古赤峰市"),
        ("+8613847612301", "内蒙古通辽市"),
        ("0476-8337772", "内蒙古赤峰市"),
        ("+864768337772", "内蒙古赤峰市"),
        ("01012345678", "北京市"),
        ("8337772", "赤峰市"),
        ("13900000001", ""),
        ("0999-8337772", ""),
        ("95588", ""),
        ("110", ""),
        ("anonymous", ""),
        ("", ""),
    ],
)
def test_a_number_belongs_where_its_first_digits_were_given(number: str, place: str) -> None:
    """However it is written; one without area code is of the centre's own area."""
    assert Whence(PLACES).of(number, "赤峰市") == place


def test_what_is_written_is_read_again() -> None:
    """The table comes from another process, as one line."""
    line = written(PLACES)
    assert "\n" not in line
    assert read(line).of("13847612301") == "内蒙古通辽市"


@pytest.mark.parametrize("line", ["", "[]", "{}", '{"北京市":"10"}', '{"北京市":["10"'])
def test_what_is_no_table_is_refused(line: str) -> None:
    """A file that somebody broke must not look like a country without cities."""
    with pytest.raises(ValueError, match=r"expected|needs|Expecting|delimiter"):
        read(line)


def test_china_is_in_the_table_of_phonenumbers() -> None:
    """Fixed lines and mobiles, in Chinese, without the country's digits."""
    places = china()
    assert Whence(places).of("0476-8337772") == "内蒙古赤峰市"
    assert Whence(places).of("15604760000") == "内蒙古赤峰市"
    assert not any(prefix.startswith("0") for prefix in places)
