"""The real language model, as the installer puts it in place."""

from functools import lru_cache
from pathlib import Path

import pytest

from config.settings import Settings
from records.correction.dictionary import Favoured, key
from records.correction.mender import Mender
from records.correction.trigrams import MODEL, Trigrams, language
from records.engine.registry import load_mender, trade_words, words_directory

pytestmark = pytest.mark.speech


@lru_cache(maxsize=1)
def mender() -> Mender:
    found = load_mender(Settings())
    assert found is not None, "make test installs it"
    return found


def test_a_word_is_likelier_where_it_belongs() -> None:
    """Trigrams, not words alone."""
    model = Trigrams(words_directory(Settings()) / MODEL)
    alone, _ = model.score(model.begin(), "小区")
    _, after = model.score(model.begin(), "居民")
    assert model.score(after, "小区")[0] > alone
    assert "小区" in model
    assert "小去" not in model


def test_the_languages_words_are_worked_out_once(tmp_path: Path) -> None:
    """The second time they are read; a killed first time leaves nothing that is taken for whole."""
    (tmp_path / MODEL).write_bytes(
        b"...<unk>\0\xe5\x85\xac\xe7\xa7\xaf\xe9\x87\x91\0\xe5\xba\xb7\0A\0"
    )
    model = Trigrams(words_directory(Settings()) / MODEL)
    first = language(tmp_path, model)
    (tmp_path / MODEL).unlink()
    second = language(tmp_path, model)
    for words in (first, second):
        assert [word.text for word in words.find(key(("gong", "ji", "jin")))] == ["公积金"]
        assert [word.text for word in words.find(key(("kang",)))] == ["康"]


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("我想咨询攻击金怎么提取", "我想咨询公积金怎么提取"),
        ("小区的店梯坏了", "小区的电梯坏了"),
        ("老板拖签工资", "老板拖欠工资"),
    ],
)
def test_homophones_are_mended(heard: str, meant: str) -> None:
    """What a small engine hears right and writes wrong."""
    doubtful = (0.6,) * len(heard)
    own = Favoured([(word, -4.2) for word in trade_words()])
    assert mender().mend(heard, own, doubtful) == meant


def test_the_trades_words_are_words() -> None:
    """Each once, and none that mending would leave out."""
    words = trade_words()
    assert len(set(words)) == len(words)
    assert [word for word in words if not 2 <= len(word) <= 8] == []
