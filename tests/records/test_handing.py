"""What is told to other houses: signed, known by its key, and not more than they may know."""

import hashlib
import hmac
import json
from datetime import timedelta

from records.draft import CaseOf, opening
from records.handing import (
    HASTY,
    LONGEST_PAUSE,
    STUBBORN,
    MessageKind,
    ahead,
    is_final,
    packed,
    result,
    signature,
)
from tests.records.samples import NOON, arrived, ended

DRAFT = opening(arrived())
NAMED = DRAFT.model_copy(
    update={
        "title": "有人落水",
        "demand_type": "help",
        "content": "英金河边有人落水",
        "caller": DRAFT.caller.model_copy(update={"name": "王芳", "anonymous": True}),
        "place": DRAFT.place.model_copy(update={"text": "英金河橡胶坝"}),
        "case": CaseOf(line="119", number="X-1"),
    }
)


def test_an_emergency_line_is_told_who_where_and_why() -> None:
    """Also who asked to be anonymous: a life may hang on it."""
    message = ahead(ended(), NAMED, "119", "m1", NOON, is_emergency=True)
    body = message.body
    assert (message.key, message.kind, message.line) == ("ahead-m1", MessageKind.AHEAD, "119")
    assert body["caller"] == {"number": "13847652301", "name": "王芳"}
    assert body["place"]["text"] == "英金河橡胶坝"
    assert body["reason"] == {"title": "有人落水", "demand_type": "help", "line": "8337772"}
    assert (body["case"], body["order"]) == ("X-1", NAMED.id)


def test_others_are_not_told_who_wants_to_be_anonymous() -> None:
    """Whoever does not is named; an order nobody wrote in yet is told as it is."""
    body = ahead(ended(), NAMED, "9301001", "m1", NOON, is_emergency=False).body
    assert body["caller"] == {"number": None, "name": None}
    body = ahead(ended(), DRAFT, "9301001", "m1", NOON, is_emergency=False).body
    assert body["caller"] == {"number": "13847652301", "name": None}
    assert (body["content"], body["case"]) == (None, None)


TELLS = "英金河边有人落水，我叫王芳，我的电话是一三八四七六五二三零一"


def test_an_anonymous_caller_is_not_named_in_the_texts_either() -> None:
    """What they said of themselves goes to an emergency line alone."""
    told = NAMED.model_copy(update={"content": TELLS})
    body = ahead(ended(), told, "9301001", "m1", NOON, is_emergency=False).body
    assert body["content"] == "英金河边有人落水，"
    assert ahead(ended(), told, "119", "m1", NOON, is_emergency=True).body["content"] == TELLS
    assert result(told, "119", "X-1", NOON).body["content"] == "英金河边有人落水，"


def test_a_result_never_names_the_caller_and_has_one_key() -> None:
    """Whoever told the case knows who called; whoever reads the line needs not."""
    message = result(NAMED, "119", "X-1", NOON)
    assert message.key == result(NAMED, "119", "X-1", NOON + timedelta(days=1)).key
    assert message.key != result(NAMED, "119", "X-2", NOON).key
    text = packed(message).decode()
    assert "13847652301" not in text
    assert "王芳" not in text
    told = json.loads(text)
    assert (told["key"], told["kind"], told["case"]) == (message.key, "result", "X-1")
    assert told["offices"] == []


def test_a_message_is_packed_and_signed_the_same_each_time() -> None:
    """Whoever has the secret can say that it is ours, and of which second."""
    message = result(NAMED, "119", "X-1", NOON)
    body = packed(message)
    assert body == packed(message)
    expected = hmac.new(b"secret", b"1795147200." + body, hashlib.sha256).hexdigest()
    assert signature("secret", "1795147200", body) == expected
    assert signature("other", "1795147200", body) != expected


def test_the_pause_grows_and_has_an_end() -> None:
    """Soon at first, for an emergency is at hand; never rarer than every five minutes."""
    assert [HASTY.pause(n, 0.9).total_seconds() for n in (1, 2, 3)] == [2, 4, 8]
    assert HASTY.pause(10_000, 0.0) == LONGEST_PAUSE


def test_pauses_are_spread_so_that_not_all_come_back_at_once() -> None:
    """By lot, down to half; what must arrive has a ceiling of its own."""
    assert STUBBORN.pause(10_000, 0.0) == STUBBORN.longest_pause
    assert STUBBORN.pause(10_000, 1.0) == STUBBORN.longest_pause / 2
    assert STUBBORN.pause(3, 0.5).total_seconds() == 6


def test_a_refusal_that_would_repeat_itself_is_final() -> None:
    """Not what time, a limit, or the other side's trouble explains."""
    assert [status for status in (400, 401, 404, 410, 422) if not is_final(status)] == []
    assert [status for status in (200, 302, 408, 409, 425, 429, 500, 503) if is_final(status)] == []
