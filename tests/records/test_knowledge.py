"""The article that answers is found by what was said, however it was heard or typed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.files import load_profile
from config.knowledge import Article
from config.settings import Settings
from records.knowledge import KnowledgeIndex

CHIFENG = load_profile(Settings())
INDEX = KnowledgeIndex(CHIFENG.knowledge)


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("我的身份证昨天丢了，现在要补办", "id-card-lost"),
        ("我的生份证丢了要去哪补", "id-card-lost"),
        ("社保咔丢了怎么办", "social-card-lost"),
        ("老板一直不给我们发工资", "wage-arrears"),
        ("家里暖气一直不热，才十五度", "heating-time"),
        ("网上买的衣服商家不给退", "consumer-return"),
        ("孩子明年上小学，怎么报名", "school-enrol"),
        ("sfz", "id-card-lost"),
        ("shenfenzheng", "id-card-lost"),
    ],
)
def test_it_is_found_by_sound(said: str, wanted: str) -> None:
    """As citizens say it, as engines mishear it, as agents type it."""
    assert INDEX.find(said)[0].article.id == wanted


@pytest.mark.parametrize(
    "said",
    ["您好，我想咨询一下", "好的，谢谢你", "公交车不停站", "八楼的电梯坏了", "", "xyzzy", "，。"],
)
def test_what_nobody_asked_finds_nothing(said: str) -> None:
    """A suggestion that fits nothing costs an agent's eye."""
    assert INDEX.find(said) == []


def test_the_best_come_first_and_no_more_than_wanted() -> None:
    """Scores fall; equals stand as in the table."""
    found = INDEX.find("身份证丢了", limit=3, least=0.0)
    assert len(found) == 3
    assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)


def test_no_article_finds_nothing() -> None:
    """A city without a knowledge base is searched all the same."""
    assert KnowledgeIndex(()).find("身份证丢了") == []


@given(st.text(alphabet="身份证社保卡丢了停水热abc 12，", max_size=30))
def test_any_text_is_searched(said: str) -> None:
    """Nothing an agent types breaks it; an outdated article is found like any other."""
    for hit in INDEX.find(said):
        assert hit.score > 0
        assert hit.article.holds(date(2026, 1, 1)) in (True, False)


def test_a_rare_word_says_more_than_a_common_one() -> None:
    """What stands in every article tells none from another."""
    articles = [
        Article(id=name, title=f"办理{what}", answer="到大厅办理", office="局", row=n)
        for n, (name, what) in enumerate([("one", "护照"), ("two", "驾照"), ("three", "房产")])
    ]
    assert KnowledgeIndex(articles).find("办理护照", least=0.0)[0].article.id == "one"
