"""What is remembered of every table that was put in force, and for how long."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.pruning import KEPT
from config.render import etc
from config.revisions import AS_FOUND, Revision, Revisions, RevisionUnknown, digest_of
from config.settings import Settings

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)


def remembered(number: int, *, before: int | None = None, at: datetime = NOON) -> Revision:
    return Revision(
        number=number,
        at=at,
        who="anna",
        why="第三批",
        kind="apply",
        before=before,
        centre="testcity",
        digest="0" * 64,
        state="applied",
    )


@pytest.fixture
def revisions(tmp_path: Path) -> Revisions:
    return Revisions(Settings(home=tmp_path))


def place(revisions: Revisions, number: int, said: str = "a", at: datetime = NOON) -> Revision:
    made = remembered(number, before=number - 1 if number > 1 else None, at=at)
    text = f"exten => 1,1,Set(PLAN=testcity-1-{said}-0a1b2c3d)\n"
    revisions.place(made, {"numbers.csv": b"x%d" % number}, {"numbers.conf": text})
    return made


def test_nothing_is_in_force_at_first(revisions: Revisions) -> None:
    assert (revisions.current(), revisions.newest(), revisions.history()) == (None, None, [])
    assert revisions.pointed() is None
    assert revisions.in_force() is None


def test_what_was_placed_is_remembered_but_not_in_force(revisions: Revisions) -> None:
    """Its rename is the end of writing; the link's rename is the change."""
    made = place(revisions, 1)

    assert revisions.current() is None
    assert revisions.history() == [made]
    assert revisions.files(1) == {"numbers.csv": b"x1"}
    revisions.point(1)
    assert revisions.current() == made


def test_the_newest_stands_first(revisions: Revisions) -> None:
    made = [place(revisions, number) for number in (1, 2, 3)]

    assert revisions.history() == made[::-1]
    assert revisions.newest() == made[2]


def test_an_unknown_revision_is_said_so(revisions: Revisions) -> None:
    place(revisions, 1)
    for ask in (revisions.revision, revisions.files, revisions.platform):
        with pytest.raises(RevisionUnknown):
            ask(2)


def test_what_is_half_written_is_ignored_and_removed(revisions: Revisions) -> None:
    """A power cut in the middle of writing leaves nothing that anybody looks at."""
    made = place(revisions, 1)
    half = revisions.folder / ".new-000002"
    (half / "city").mkdir(parents=True)
    (half / "meta.json").write_text('{"number": 2')
    assert revisions.history() == [made]
    revisions.sweep()

    assert [path.name for path in revisions.folder.iterdir()] == ["000001"]


def test_the_same_files_have_the_same_digest() -> None:
    """Names count, content counts, order does not; nothing runs together."""
    assert digest_of({"a": b"1", "b": b"2"}) == digest_of({"b": b"2", "a": b"1"})
    different = [{"a": b"12"}, {"a1": b"2"}, {"a": b"1", "b": b""}, {"a": b"1"}, {"b": b"1"}, {}]
    assert len({digest_of(files) for files in different}) == len(different)


def test_an_old_installation_keeps_its_files_until_something_is_applied(
    revisions: Revisions, tmp_path: Path
) -> None:
    """Its directory becomes a link to the same files, which stand in no history."""
    directory = etc(Settings(home=tmp_path))
    directory.mkdir()
    (directory / "numbers.conf").write_text("as found")
    for _ in range(2):  # again, and nothing more happens
        revisions.adopt()
        assert directory.is_symlink()
        assert (directory / "numbers.conf").read_text() == "as found"
        assert revisions.pointed() == AS_FOUND
        assert (revisions.current(), revisions.history()) == (None, [])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["asterisk-etc", "city"]


def test_an_interrupted_adoption_is_ended(revisions: Revisions, tmp_path: Path) -> None:
    """The directory is set aside and the link is not there yet."""
    directory = etc(Settings(home=tmp_path))
    directory.mkdir()
    (directory / "numbers.conf").write_text("as found")
    revisions.adopt()
    directory.unlink()
    aside = directory.with_name("asterisk-etc.found")
    aside.mkdir()
    revisions.adopt()

    assert (directory / "numbers.conf").read_text() == "as found"
    assert not aside.exists()


def test_old_files_go_and_what_is_remembered_stays(revisions: Revisions) -> None:
    """The last fifty can be rolled back to; of the others it stays known who, when and why."""
    for number in range(1, KEPT + 4):
        place(revisions, number)
        revisions.point(number)
    revisions.prune(NOON)

    numbers = range(1, KEPT + 4)
    assert [r.number for r in revisions.history()] == list(numbers)[::-1]
    assert [n for n in numbers if (revisions.directory(n) / "city").is_dir()] == list(numbers)[3:]
    with pytest.raises(RevisionUnknown):
        revisions.files(3)


def test_the_one_in_force_is_kept_however_old(revisions: Revisions) -> None:
    """Refused ones do not push it out, nor what would be put back."""
    for number in range(1, KEPT + 4):
        place(revisions, number)
    revisions.point(2)
    revisions.prune(NOON)

    assert revisions.files(2) == {"numbers.csv": b"x2"}
    assert revisions.files(1) == {"numbers.csv": b"x1"}


def test_what_no_other_followed_in_force_goes_as_well(revisions: Revisions) -> None:
    """An Asterisk that refuses a whole night long must not keep the next apply from its end."""
    place(revisions, 1)
    for number in range(2, KEPT + 4):
        place(revisions, number)
        refused = revisions.revision(number).model_copy(update={"state": "refused"})
        revisions.remember(refused)
    revisions.point(1)
    revisions.prune(NOON + timedelta(days=2))

    assert not (revisions.directory(2) / "city").exists()
    assert not (revisions.directory(2) / "prompts.txt").exists()
    assert revisions.files(1) == {"numbers.csv": b"x1"}


def test_a_sound_goes_when_no_kept_revision_and_no_call_can_play_it(
    revisions: Revisions, tmp_path: Path
) -> None:
    """Fixed ones stay, shared ones stay, and all stay for a day after their revision."""
    sounds = tmp_path / "sounds" / "zh"
    sounds.mkdir(parents=True)
    names = ("testcity-1-old-0a1b2c3d", "testcity-1-a-0a1b2c3d", "testcity-9-x-0a1b2c3d", "bye")
    for name in names:
        (sounds / f"{name}.wav").touch()
    place(revisions, 1, said="old")
    for number in range(2, KEPT + 2):
        place(revisions, number)
        revisions.point(number)
    revisions.prune(NOON + timedelta(hours=23))
    assert len(list(sounds.iterdir())) == 4
    revisions.prune(NOON + timedelta(hours=25))

    left = ["bye.wav", "testcity-1-a-0a1b2c3d.wav", "testcity-9-x-0a1b2c3d.wav"]
    assert sorted(path.name for path in sounds.iterdir()) == left
