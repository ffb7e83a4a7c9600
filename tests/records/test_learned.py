"""Demand and office as learnt: odds, and the words that carried them."""

import numpy as np
import pytest

from records.grams import grams
from records.learned import Classes, Learned
from records.learning.__main__ import sources
from records.learning.making import MATTERS, Matter, make, read_matters
from records.learning.training import sharpness, train
from records.weights import KEPT, kept, made_of, read, write

FEW = [
    Matter("供电公司", "投诉", "三天两头停电"),
    Matter("供电公司", "咨询", "电费怎么交"),
    Matter("水利局", "词", "水管"),
    Matter("水利局", "投诉", "自来水发黄"),
    Matter("水利局", "咨询", "水费怎么交"),
]


def test_the_kept_weights_are_made_of_the_sources_as_they_are() -> None:
    """Whoever changes what is learnt from runs ``python -m records.learning``."""
    assert made_of(KEPT) == sources()


def test_learning_tells_apart_what_it_was_shown(tmp_path: object) -> None:
    """And a kept file says the same, but for what rounding takes."""
    made = make(FEW, each=12)
    learned = train(made)
    write(learned, KEPT.__class__(str(tmp_path)) / "weights.npz", "sum")
    again = read(KEPT.__class__(str(tmp_path)) / "weights.npz")
    for each in (learned, again):
        guess = each.guess("你好，家里停电了，电费也交了")
        assert guess is not None
        assert guess[1].best == "供电公司"
        assert sum(guess[1].likely.values()) == pytest.approx(1, abs=1e-4)
    assert sharpness(learned, made)["trade"] > 1


def test_what_was_never_learnt_is_no_guess() -> None:
    """Neither words nor sounds are known."""
    assert kept().guess("ok 12345") is None


def test_the_words_that_carried_it_stand_in_the_text() -> None:
    """Strongest first, never overlapping."""
    text = "您好，我家的暖气一点都不热，物业也不管"
    guess = kept().guess(text)
    assert guess is not None
    reasons = guess[1].reasons["住房城乡建设局"]
    assert "暖气" in text[reasons[0].start : reasons[0].end] or "物业" in text
    assert [r.weight for r in reasons] == sorted((r.weight for r in reasons), reverse=True)
    spans = sorted((r.start, r.end) for r in reasons)
    assert all(a[1] <= b[0] for a, b in zip(spans, spans[1:], strict=False))


def test_numbers_are_no_words() -> None:
    """Neither a telephone number nor an amount says whose matter it is; no gram crosses one."""
    assert [gram.said for gram in grams("交13800000000元")] == ["交", " jiao", "元", " yuan"]
    assert "水 shui" not in {gram.said for gram in grams("水，电")}


def test_words_that_all_weigh_alike_carry_nothing() -> None:
    """No stretch stands out, and none is named."""
    flat = Classes(
        names=("甲", "乙"),
        weights=np.zeros((1, 2), dtype=np.float32),
        bias=np.zeros(2, dtype=np.float32),
        sharpness=1.0,
    )
    learned = Learned({"水": 0}, np.ones(1, dtype=np.float32), flat, flat)
    guess = learned.guess("水火")
    assert guess is not None
    assert guess[0].reasons == {"甲": (), "乙": ()}


def test_every_line_of_the_list_is_read() -> None:
    """And a line that is none is named."""
    matters = read_matters(MATTERS.read_text(encoding="utf-8"))
    assert len({matter.trade for matter in matters}) == 40
    with pytest.raises(ValueError, match=r"matters\.txt:2"):
        read_matters("[水利局]\n闲聊 天气\n")


def test_the_same_callers_are_made_each_time() -> None:
    """Else the weights would be others each time."""
    assert make(FEW) == make(FEW)
