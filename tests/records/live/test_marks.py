"""What stands out in a sentence."""

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from config.files import load_profile
from config.settings import Settings
from config.workdays import CHINA
from records.live.marks import marks

CHIFENG = load_profile(Settings())
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=CHINA)


def marked(text: str) -> dict[str, str]:
    return {one.kind: text[one.start : one.end] for one in marks(text, CHIFENG, NOW)}


def test_place_and_time_are_marked() -> None:
    """What the draft will take for place and time stands out as it is heard."""
    found = marked("我家住在红山区哈达街道，从昨天晚上开始一直没水")
    assert found["place"] == "红山区哈达街道"
    assert found["time"] == "昨天晚上"


def test_danger_is_danger_and_less_is_soon() -> None:
    """A gas leak must be seen at once; a cut of water is for today."""
    assert marked("我家燃气泄漏了")["danger"] == "燃气泄漏"
    assert "soon" in marked("小区停水两天了")
    assert "danger" not in marked("小区停水两天了")
    assert marked("你好，我想问一下") == {}


def test_an_office_is_marked() -> None:
    """Whom the caller names is easily missed by ear."""
    assert marked("我去找过市教育局，没人管")["office"] == "市教育局"


@given(st.lists(st.sampled_from(["红山区", "着火了", "昨天", "教育局", "停水", "，"]), max_size=8))
def test_marks_stand_apart_and_in_order(words: list[str]) -> None:
    """No two overlap: a page can draw them one after another."""
    text = "".join(words)
    found = marks(text, CHIFENG, NOW)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(a.end <= b.start for a, b in zip(found, found[1:], strict=False))
