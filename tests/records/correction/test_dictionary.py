"""Words are found by their sound."""

from records.correction.dictionary import Favoured, Word, is_chinese, key, line_of, words_of
from records.pinyin import syllables
from tests.records.correction.words import language


def found(words: Favoured, heard: str) -> set[str]:
    return {word.text for word in words.find(key(syllables(heard)))}


def test_a_line_gives_back_its_words() -> None:
    """What is kept in the file is what was worked out."""
    words = (Word("供热", ("gong", "re"), -5.5), Word("公热", ("gong", "re"), -8.25))
    assert words_of(line_of(words)) == words


def test_the_languages_words_are_found_by_like_sounds() -> None:
    """Not by others; an unknown sound has none."""
    words = language({"停水": -5.0, "听谁": -6.0, "天水": -5.0})
    assert [word.text for word in words.find(key(("tin", "shui")))] == ["停水", "听谁"]
    assert words.find(key(("bu", "dong"))) == ()


def test_a_long_favoured_word_is_found_with_one_syllable_quite_other() -> None:
    """巴林左旗 heard as 八零左旗; of a short one all must be alike."""
    words = Favoured([("巴林左旗", -4.0), ("供热", -4.0)])
    assert found(words, "八临左期") == {"巴林左旗"}
    assert found(words, "八楼左旗") == {"巴林左旗"}
    assert found(words, "八楼左水") == set()
    assert found(words, "公热") == {"供热"}
    assert found(words, "公司") == set()


def test_a_favoured_word_counts_as_it_was_given_first() -> None:
    """The city's own comes before the trade's."""
    (word,) = Favoured([("供热", -4.0), ("供热", -4.6)]).find(key(("gong", "re")))
    assert word.likely == -4.0


def test_what_is_no_word_of_characters_is_left_out() -> None:
    """Numbers of lines, single characters and whole sentences are nothing to mend with."""
    words = Favoured([("12345", -4.0), ("旗", -4.0), ("市场监督管理局所属的", -4.0)])
    assert found(words, "旗") == set()
    assert found(words, "市场监督管理局所属的") == set()
    assert not is_chinese("12345热线")
