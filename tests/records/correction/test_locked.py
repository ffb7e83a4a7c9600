"""Numbers and what they count stay as they were heard."""

import pytest

from records.correction.locked import locked


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("电话是一八六七三九二零", "一八六七三九二零"),
        ("天王小区三号楼停水", "三号楼"),
        ("交了两千三百块钱", "两千三百块钱"),
        ("住在3号楼", "号楼"),
        ("车牌号是赣A三五六", "赣三五六"),
        ("一直没有人管", ""),
        ("赣江边上", ""),
    ],
)
def test_numbers_and_their_measures_are_kept(text: str, kept: str) -> None:
    """Digits read out, sums, storeys, what follows digits, the letter of a plate; nothing else."""
    marks = locked(text)
    assert "".join(sign for sign, stays in zip(text, marks, strict=True) if stays) == kept
