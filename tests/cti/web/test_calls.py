"""Calls, their sound and their words over HTTP."""

from dataclasses import replace

import pytest

from config.settings import Settings
from cti.ids import LegId
from records.draft import WorkOrderDraft
from tests.cti.web.conftest import Client, bearer
from tests.cti.web.fakes import FakeRecording, FakeStore
from tests.cti.web.sample import ANI, CALL, fill, write_wav

WAV = f"/api/v1/calls/{CALL}/recording"


@pytest.fixture(autouse=True)
def order(store: FakeStore, settings: Settings) -> WorkOrderDraft:
    return fill(store, settings.recordings)


async def test_a_call_is_shown_as_the_reader_may_see_it(client: Client) -> None:
    """Whole for its agent, masked for others, not there for another centre."""
    for user, status, ani in (
        ("anna", 200, ANI),
        ("chief", 200, ANI),
        ("bao", 200, "*********01"),
        ("admin", 200, "*********01"),
        ("xia", 404, None),
    ):
        answer = await client.get(f"/api/v1/calls/{CALL}", headers=bearer(user))
        body = await answer.json()
        assert (user, answer.status, body.get("ani")) == (user, status, ani)
    assert body["error"]["id"] == "call-unknown"


async def test_calls_are_listed(client: Client) -> None:
    """With offers and talks, newest first."""
    body = await (await client.get("/api/v1/calls?limit=5", headers=bearer("chief"))).json()
    (call,) = body["items"]
    assert (call["call_id"], call["disposition"], call["talks"][0]["agent"]) == (
        CALL,
        "answered",
        "anna",
    )


async def test_a_recording_is_heard_and_written_down(client: Client, store: FakeStore) -> None:
    """The whole file, as WAV, and one line in the audit."""
    answer = await client.get(WAV, headers=bearer("anna"))
    audio = await answer.read()
    assert (answer.status, answer.content_type, audio[:4]) == (200, "audio/wav", b"RIFF")
    assert store.audit == [("anna", "recording-heard", {"call": CALL})]


async def test_what_was_said_aside_is_heard_by_its_part(
    client: Client, store: FakeStore, settings: Settings
) -> None:
    """A recipient's own recording, for whoever may hear the call; each hearing is written down."""
    record = store.kept_calls[CALL]
    leg, target = LegId(f"{CALL}-m1"), "expert:人社"
    rung = replace(record.offers[0], leg=leg, target=target)
    heard = replace(record.talks[0], leg=leg, target=target)
    store.kept_calls[CALL] = replace(
        record, offers=(*record.offers, rung), talks=(*record.talks, heard)
    )
    write_wav(settings.recordings / f"{leg}.wav", 1)
    shown = await (await client.get(f"/api/v1/calls/{CALL}", headers=bearer("anna"))).json()
    assert [(offer["leg"], offer["target"]) for offer in shown["offers"]] == [
        ("", ""),
        (leg, target),
    ]
    assert [(talk["leg"], talk["target"]) for talk in shown["talks"]] == [("", ""), (leg, target)]
    answer = await client.get(f"{WAV}?part=m1", headers=bearer("anna"))
    assert (answer.status, len(await answer.read())) == (200, 44 + 4 * 8000)
    assert store.audit == [("anna", "recording-heard", {"call": CALL, "part": "m1"})]
    for part, who, status in (("m2", "anna", 404), ("m1", "bao", 403), ("../m1", "anna", 422)):
        answer = await client.get(WAV, params={"part": part}, headers=bearer(who))
        assert (part, answer.status) == (part, status)
    assert len(store.audit) == 1


async def test_a_recording_is_given_in_ranges(client: Client, store: FakeStore) -> None:
    """Players seek; seeking on is not another hearing."""
    headers = {**bearer("anna"), "Range": "bytes=100-199"}
    answer = await client.get(WAV, headers=headers)
    assert (answer.status, len(await answer.read())) == (206, 100)
    assert answer.headers["Content-Range"] == "bytes 100-199/1920044"
    assert store.audit == []


@pytest.mark.parametrize("wanted", ["bytes=99999999-", "bytes=5-2", "bytes=a-b", "lines=1-2"])
async def test_a_range_outside_the_file_is_refused(client: Client, wanted: str) -> None:
    """416 with the size, in the one shape of errors."""
    answer = await client.get(WAV, headers={**bearer("anna"), "Range": wanted})
    assert (answer.status, answer.headers["Content-Range"]) == (416, "bytes */1920044")
    assert (await answer.json())["error"]["id"] == "range-unsatisfiable"


@pytest.mark.parametrize(
    "name",
    [
        "../secrets/session",
        "/etc/passwd",
        "..",
        "",
        "a/../../secrets/session",
        "\0",
        "link.wav",
        "x" * 5000,
    ],
)
async def test_no_file_outside_the_recordings_is_given(
    client: Client, store: FakeStore, settings: Settings, name: str
) -> None:
    """Whatever the database says, only files of the recordings' directory leave it."""
    (settings.recordings / "link.wav").symlink_to("/etc/passwd")
    store.recordings[CALL] = FakeRecording(stereo=name, seconds=1)
    answer = await client.get(WAV, headers=bearer("anna"))
    assert (answer.status, (await answer.json())["error"]["id"]) == (404, "recording-missing")


@pytest.mark.parametrize(
    "path", ["..%2F..%2Fetc%2Fpasswd", "%2e%2e", "....", "%00", "a%2Fb", "x" * 65, "%E4%B8%AD"]
)
async def test_no_address_leads_out(client: Client, path: str) -> None:
    """An address that is no call is nothing."""
    for end in ("", "/recording", "/transcript"):
        answer = await client.get(f"/api/v1/calls/{path}{end}", headers=bearer("chief"))
        assert answer.status == 404


async def test_a_recording_not_made_yet_says_so(client: Client, store: FakeStore) -> None:
    """Before the worker was there: 404 with its own id."""
    store.recordings[CALL] = replace(store.recordings[CALL], stereo=None)
    answer = await client.get(WAV, headers=bearer("anna"))
    assert (await answer.json())["error"]["id"] == "recording-missing"


async def test_words_and_voice_are_for_those_who_may(client: Client, store: FakeStore) -> None:
    """The agent of the call, supervisor and system; a colleague is told why not."""
    for end in ("recording", "transcript"):
        for user, status in (("anna", 200), ("chief", 200), ("robot", 200), ("bao", 403)):
            answer = await client.get(f"/api/v1/calls/{CALL}/{end}", headers=bearer(user))
            assert (end, user, answer.status) == (end, user, status)
    assert {"anna", "chief", "robot"} == {who for who, _, _ in store.audit}


async def test_a_transcript_names_speakers_and_times(client: Client) -> None:
    """Each piece with channel and seconds, in order."""
    body = await (
        await client.get(f"/api/v1/calls/{CALL}/transcript", headers=bearer("anna"))
    ).json()
    assert [(s["channel"], s["start_s"]) for s in body["segments"]] == [
        ("agent", 0.6),
        ("caller", 4.9),
        ("agent", 15.0),
        ("caller", 20.0),
    ]
