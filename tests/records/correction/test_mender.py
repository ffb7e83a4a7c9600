"""The right characters for the syllables that were heard, and nothing else changed."""

from records.correction.dictionary import Favoured
from records.correction.mender import Mender
from tests.records.correction.words import Model, language

WORDS = {
    **{"公积金": -4.5, "攻击": -5.0, "金": -5.0, "提取": -4.5, "攻": -5.0, "击": -5.0, "公": -4.5},
    **{"停水": -5.0, "听谁": -7.5, "红": -4.5, "山区": -4.0, "洪": -5.5, "我": -2.5, "的": -1.5},
    **{"交": -4.2, "叫": -3.8, "了": -2.0, "元": -4.0, "三千": -4.5, "三": -3.0},
}
PAIRS = {("了", "三千"): -1.5, ("叫", "了"): -3.0, ("交", "了"): -1.0, ("三千", "元"): -1.0}
NONE = Favoured([])


def mender() -> Mender:
    return Mender(Model(WORDS, PAIRS), language(WORDS))


def test_the_likelier_word_of_the_same_sound_is_written() -> None:
    """攻击金 is no word, 公积金 is."""
    assert mender().mend("我的攻击金提取", NONE) == "我的公积金提取"


def test_right_text_stays() -> None:
    """A change must make the sentence so much likelier that an error is the better explanation."""
    assert mender().mend("我的公积金提取，听谁的？", NONE) == "我的公积金提取，听谁的？"


def test_a_favoured_word_wins_over_the_language() -> None:
    """洪山区 is as good as 红山区 elsewhere, but not where there is a 红山区."""
    assert mender().mend("洪山区停水", NONE) == "洪山区停水"
    own = Favoured([("红山区", -4.0)])
    assert mender().mend("洪山区停水", own) == "红山区停水"
    assert mender().mend("红山区停水", own) == "红山区停水"


def test_a_favoured_word_of_the_language_keeps_its_context() -> None:
    """It is at least as likely as favoured, and more where the sentence makes it so."""
    own = Favoured([("停水", -2.0)])
    assert mender().mend("我听谁", NONE) == "我听谁"
    assert mender().mend("我听谁", own, (0.9, 0.3, 0.3)) == "我停水"


def test_what_the_engine_is_sure_of_is_dearer_to_change() -> None:
    """The same text, once doubted and once not."""
    own = Favoured([("停水", -4.5)])
    assert mender().mend("听谁", own, (0.2, 0.2)) == "停水"
    assert mender().mend("听谁", own, (0.99, 0.99)) == "听谁"


def test_sureness_of_another_length_is_not_believed() -> None:
    """Then the text is treated as one of an engine that cannot tell."""
    own = Favoured([("停水", -4.5)])
    assert mender().mend("听谁", own, (0.2,)) == "听谁"


def test_a_number_in_digits_is_a_number_to_the_sentence() -> None:
    """叫了4200元 is no sentence; the digits themselves stay."""
    assert mender().mend("叫了4200元", NONE, (0.4, 0.9, 0.9)) == "交了4200元"
    assert mender().mend("三", NONE) == "三"


def test_letters_and_long_numbers_part_the_text() -> None:
    """Nothing is known of a telephone number: both sides are read by themselves."""
    text = "交了13800001234，叫ABC了"
    assert mender().mend(text, NONE) == text


def test_nothing_is_nothing() -> None:
    """No text, and text without a word."""
    assert mender().mend("", NONE) == ""
    assert mender().mend("，。", NONE) == "，。"
