"""Whether a caller wants to be anonymous: what is a wish, what is none, and where it was said."""

import pytest

from records.anonymity import wish_evidence
from records.engine.protocol import Channel, Segment


def spoken(*turns: tuple[Channel, str]) -> list[Segment]:
    return [
        Segment(channel=who, start_s=10 * n, end_s=10 * n + 5, text=text, confidence=0.8)
        for n, (who, text) in enumerate(turns)
    ]


HIDDEN = {"anonymous": True, "disclosure_consent": False}


def wanted(*texts: str) -> dict[str, bool]:
    return wish_evidence(spoken(*(("caller", text) for text in texts)))[0]


@pytest.mark.parametrize(
    "text",
    [
        "我要举报，不要透露我的名字。",
        "我想匿名举报一家饭店",
        "可以匿名吗",
        "别告诉他们是我反映的",
        "不要说是我举报的",
        "麻烦你们替我保密",
        "我的信息请保密。",
        "我不想留姓名",
        "不方便透露姓名",
        "千万别让物业知道是我",
        "不要把我的电话给物业",
        "我的电话不要告诉他们",
        "不能泄露我的个人信息",
        "请不要公开我们的身份",
        "对物业不要透露我的名字",
        "跟单位不要说是我反映的",
        "我要匿名，不匿名的话我就不说了",
        "给我匿名，上次你们不给我保密",
    ],
)
def test_who_asks_not_to_be_named_is_anonymous(text: str) -> None:
    """Whatever words they choose, and no consent to disclose goes with it."""
    assert wanted(text) == HIDDEN


@pytest.mark.parametrize(
    "text",
    ["不用匿名", "不需要匿名，我姓王", "我不要匿名", "我要实名举报", "不用给我保密", "用不着保密"],
)
def test_who_says_it_is_not_needed_is_not_anonymous(text: str) -> None:
    """A negation is an answer of its own. It is no consent to tell the name to an office."""
    assert wanted(text) == {"anonymous": False}


@pytest.mark.parametrize(
    "text", ["可以把我的电话给他们", "我的名字可以告诉他们", "同意公开我的信息"]
)
def test_who_agrees_to_be_named_has_consented(text: str) -> None:
    """Consent is said; it is never guessed from a caller's not asking for the contrary."""
    assert wanted(text) == {"disclosure_consent": True}


@pytest.mark.parametrize(
    "text",
    [
        "有人给我写匿名信",
        "我接到一个匿名电话",
        "公司让我签保密协议",
        "他们不愿意透露姓名",
        "对方不想公开身份",
        "物业泄露我的信息",
        "匿名不匿名都行",
        "要不要匿名无所谓",
        "不要告诉我电话打不通",
        "路灯坏了，不知道找谁",
        "",
    ],
)
def test_talk_of_secrets_is_not_a_wish(text: str) -> None:
    """A letter without a name, others who keep theirs, a leak that is complained about."""
    assert wanted(text) == {}


def test_the_last_wish_counts() -> None:
    """Who takes it back has taken it back, and the other way round."""
    assert wanted("我想匿名", "算了，不用匿名了") == {"anonymous": False}
    assert wanted("我想匿名，算了，不用匿名了") == {"anonymous": False}
    assert wanted("不用匿名，哎，还是别告诉他们我的名字") == HIDDEN
    assert wanted("可以把我的电话给他们", "还是替我保密吧") == HIDDEN


def test_who_is_anonymous_stays_so_when_one_thing_may_be_told() -> None:
    """A telephone number that may be given to them is no leave to name who called."""
    assert wanted("不要透露我的名字，可以把我的电话给他们") == HIDDEN


def test_what_was_said_later_counts_whatever_order_it_was_written_down_in() -> None:
    """Each side is transcribed on its own: only the seconds say which came first."""
    turns = spoken(("caller", "我要匿名"), ("caller", "不用匿名了"))
    assert wish_evidence(turns[::-1])[0] == {"anonymous": False}


def test_a_wish_names_its_seconds_and_words() -> None:
    """Both fields point at the utterance in which it was said."""
    fields, evidence = wish_evidence(
        spoken(("agent", "请讲"), ("caller", "楼下油烟大，不要透露我的名字"), ("caller", "谢谢"))
    )
    assert fields == HIDDEN
    assert [(piece.field, piece.channel, piece.start_s, piece.end_s) for piece in evidence] == [
        ("caller.anonymous", "caller", 10, 15),
        ("caller.disclosure_consent", "caller", 10, 15),
    ]
    assert {piece.text for piece in evidence} == {"不要透露我的名字"}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("要。", HIDDEN),
        ("嗯，需要", HIDDEN),
        ("不用了", {"anonymous": False}),
        ("路灯坏了", {}),
    ],
)
def test_a_caller_may_answer_the_agents_question(answer: str, expected: dict[str, bool]) -> None:
    """The agent's own 匿名 is nobody's wish; the caller's word after it is one."""
    fields, evidence = wish_evidence(spoken(("agent", "您需要匿名吗？"), ("caller", answer)))
    assert fields == expected
    assert len(evidence) == len(expected)
    assert all(piece.channel == "caller" for piece in evidence)


def test_an_answer_to_another_question_is_no_wish() -> None:
    """需要 a minute later, or after another question, is about something else."""
    turns = spoken(
        ("agent", "您需要匿名吗"),
        ("caller", "路灯坏了"),
        ("agent", "需要回电吗"),
        ("caller", "需要"),
    )
    assert wish_evidence(turns) == ({}, [])


def test_what_an_agent_says_is_nobodys_wish() -> None:
    """An agent who reads the rules aloud makes nobody anonymous."""
    assert wish_evidence(spoken(("agent", "我们不会泄露，请不要透露您的姓名"))) == ({}, [])
