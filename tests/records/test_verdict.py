"""What is wanted and whose it is, from rules and from what was learnt together."""

import pytest

from records.explained import explained
from records.learned import Guess, Reason
from records.trades import KIN, OPEN, trade_of
from records.verdict import both, find_demand, find_lead
from records.weights import kept
from tests.records.test_office import NAMED


def guessed(reasons: dict[str, tuple[Reason, ...]] | None = None, **likely: float) -> Guess:
    return Guess(likely=likely, reasons=reasons or {})


def test_what_the_caller_calls_it_outweighs_everything_learnt() -> None:
    """我要投诉 is a complaint, whatever the matter sounds like."""
    demand = find_demand("我要投诉，他们无证经营", guessed(举报=0.99, 投诉=0.01))
    assert (demand.kind, demand.is_outright) == ("complaint", True)


def test_without_a_declaration_the_odds_decide_with_the_cues() -> None:
    """And the three it could be are kept."""
    text = "楼上天天半夜装修，吵得没法睡"
    reason = Reason(start=2, end=8, weight=1.0)
    demand = find_demand(text, guessed({"投诉": (reason,)}, 投诉=0.6, 求助=0.3, 咨询=0.1))
    assert demand.kind == "complaint"
    assert [kind for kind, _ in demand.likely] == ["complaint", "help", "consult"]
    assert text[slice(*demand.spans[0])] == "天天半夜装修"


def test_words_that_overlap_are_named_once() -> None:
    """A cue and a learnt stretch over the same characters."""
    one, other = Reason(start=0, end=3, weight=2.0), Reason(start=2, end=5, weight=1.0)
    short = Reason(start=6, end=7, weight=0.5)
    demand = find_demand("一二三四五六七八", guessed({"投诉": (one, other, short)}, 投诉=1.0))
    assert demand.spans == ((0, 3),)


@pytest.mark.parametrize("text", ["喂你好", "天气不错啊今天"])
def test_nothing_said_is_nothing_wanted(text: str) -> None:
    """Too short, or no words that carry it."""
    assert find_demand(text, guessed(投诉=0.9)).kind is None
    assert find_demand(text, None).kind is None


def test_the_learnt_odds_name_an_office_that_no_rule_knows() -> None:
    """With how sure it is."""
    guess = guessed({"邮政管理局": (Reason(start=3, end=5, weight=1.0),)}, 邮政管理局=0.9)
    found = find_lead("寄来的东西一直没有到", "", "", NAMED, guess)
    assert found.offices[0].name == "邮政管理局"
    assert found.offices[0].why.startswith("与同类来电相像，把握")
    assert found.spans == ((3, 5),)
    assert not found.is_open


def test_an_office_nobody_is_sure_of_is_left_open() -> None:
    """Three are named, and that it is open."""
    guess = guessed(教育局=0.35, 民政局=0.33, 公安局=0.32)
    found = find_lead("这个事情不知道归谁管", "", "", NAMED, guess)
    assert found.is_open
    assert len(found.offices) == 3
    assert all(office.why.startswith(OPEN) for office in found.offices)


def test_who_dials_a_departments_number_means_it() -> None:
    """It comes first, whatever the odds; that no such call sounds like it is no reason."""
    guess = guessed(水利局=0.9, 教育局=0.1)
    found = find_lead("家里停水三天了怎么办", "农牧局", "农业电话", NAMED, guess)
    assert found.offices[0].name == "农牧局"
    assert found.offices[0].score == 1.0
    assert found.offices[0].why == "拨打的是农牧局的农业电话"
    assert "提到停水" in found.offices[1].why
    assert not found.is_open


def test_the_office_nearest_by_duty_may_help() -> None:
    """Where there is room for it, once."""
    found = find_lead("残疾证怎么办理呢", "", "", NAMED, guessed(残联=0.99))
    assert [office.name for office in found.offices] == ["残联", "民政局"]
    assert found.offices[1].why == "与残联职责相近，可能协办"
    both_named = find_lead("残疾证怎么办理呢", "", "", NAMED, guessed(残联=0.6, 民政局=0.4))
    assert [office.name for office in both_named.offices] == ["残联", "民政局"]
    alone = find_lead("这件事归信访局来管", "", "", NAMED, guessed(信访局=0.99))
    assert [office.name for office in alone.offices] == ["信访局"]


def test_without_anything_learnt_the_words_of_the_trade_stand() -> None:
    """As before."""
    found = find_lead("公积金断缴了还能贷款吗", "", "", NAMED, None)
    assert [office.name for office in found.offices] == ["住房公积金中心"]
    assert both("公积金", None) == (None, None)


@pytest.mark.parametrize(
    ("name", "trade"),
    [
        ("市城管执法局", "城市管理综合执法局"),
        ("邵阳市水务局", "水利局"),
        ("国网邵阳供电公司", "供电公司"),
        ("大祥区", "大祥区"),
    ],
)
def test_an_office_is_known_by_any_of_its_names(name: str, trade: str) -> None:
    """What is no trade keeps its name."""
    assert trade_of(name) == trade
    assert all(trade_of(one) == one for one in KIN)


def test_the_explanation_names_rules_words_and_runners_up() -> None:
    """Demand and office, with odds; also for what is open, and for nothing learnt."""
    told = "\n".join(explained("我家停水三天了，请问什么时候能来", "", "", NAMED, kept()))
    assert "诉求类型：咨询" in told
    assert "规则：“请问”→咨询" in told
    assert "规则：停水→水利局" in told
    assert "学得：水利局" in told
    assert "主办部门：水利局" in told
    outright = explained("我要投诉", "", "", NAMED, None)
    assert outright[0] == "诉求类型：投诉（来电人自己说明）"
    assert outright[-1] == "主办部门：没有依据"
    nothing = explained("嗯", "", "", NAMED, None)
    assert nothing[0] == "诉求类型：待定（没有依据）"
    open_ = explained("这个事情那个地方的", "", "", NAMED, kept())
    assert any(line.startswith("主办部门：") for line in open_)
