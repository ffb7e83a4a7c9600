"""What may have been meant at each place."""

from records.correction.dictionary import Favoured
from records.correction.lattice import Lattice
from tests.records.correction.words import Model, language

WORDS = {"停水": -5.0, "听谁": -6.0, "水": -4.0, "谁": -4.0, "听": -4.0, "停": -4.0, "碎": -5.0}
NONE = Favoured([])


def lattice() -> Lattice:
    return Lattice(Model(WORDS), language(WORDS))


def test_the_text_as_heard_is_always_there_and_free() -> None:
    """Also a character nobody knows."""
    arcs = lattice().arcs("听谁龘", [1.0] * 3, NONE)
    assert {arc.word: arc.price for arc in arcs[0]}["听谁"] == 0
    assert [(arc.word, arc.price) for arc in arcs[2]] == [("龘", 0.0)]


def test_a_change_costs_its_character_and_its_sound() -> None:
    """Twice the character, and -n for -ng."""
    arcs = {arc.word: arc.price for arc in lattice().arcs("听谁", [1.0, 0.5], NONE)[0]}
    assert arcs["停水"] == 1.5
    arcs = {arc.word: arc.price for arc in lattice().arcs("银水", [1.0, 0.5], NONE)[0]}
    assert "停水" not in arcs


def test_another_character_of_a_like_sound_may_stand_alone() -> None:
    """水 for 碎: one changed character, one changed initial."""
    arcs = {arc.word: arc.price for arc in lattice().arcs("碎", [1.0], NONE)[0]}
    assert arcs == {"碎": 0.0, "水": 1.5, "谁": 1.5}


def test_a_locked_character_stays_and_its_neighbours_may_change() -> None:
    """None is no price: it may not be changed at any."""
    words = {arc.word for arc in lattice().arcs("听谁", [None, 1.0], NONE)[0]}
    assert words == {"听", "听谁"}
    words = {arc.word for arc in lattice().arcs("停谁", [None, 1.0], NONE)[0]}
    assert words == {"停", "停水"}


def test_a_favoured_word_says_how_likely_it_is() -> None:
    """Also where it was heard right, and where it is longer than the language's words are."""
    own = Favoured([("停水", -4.0), ("天王国际小区业", -4.5)])
    arcs = {arc.word: arc for arc in lattice().arcs("停水", [1.0, 1.0], own)[0]}
    assert (arcs["停水"].at_least, arcs["停水"].price) == (-4.0, 0.0)
    assert arcs["停"].at_least is None
    arcs = {arc.word: arc for arc in lattice().arcs("天王国际校区业", [1.0] * 7, own)[0]}
    assert arcs["天王国际小区业"].price == 1.0
    assert len(arcs["天王国际小区业"]) == 7


def test_only_the_likeliest_words_are_tried() -> None:
    """Of forty that sound alike a dozen, and the heard one among them."""
    many = {chr(0x6C34 + n): -4.0 - n / 10 for n in range(1)}
    alike = "湿失师诗施狮尸虱石十时实食蚀识史使始驶屎士世市示式事势侍试视是适室逝释"
    words = many | {sign: -3.0 - n / 10 for n, sign in enumerate(alike)}
    arcs = Lattice(Model(words), language(words)).arcs("释", [1.0], NONE)[0]
    assert len(arcs) == 12
    assert {"释", "湿"} <= {arc.word for arc in arcs}
    assert "逝" not in {arc.word for arc in arcs}
