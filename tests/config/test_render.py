"""What is written for Asterisk, without running it: atomic, repeatable, and nothing injected."""

import re
from pathlib import Path

import pytest
from pydantic import SecretStr

from config.asteriskroot import AsteriskMissingError
from config.platform import Platform
from config.render import EVENTS, TEMPLATES, etc, render, render_files, secret
from config.settings import Settings
from tests.config.platforms import province
from tests.config.profiles import good_profile


def good_platform() -> Platform:
    return Platform(centres=(good_profile(),))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An installation whose Asterisk is there as files only."""
    root = tmp_path / "root"
    for name in ("usr/sbin/asterisk", "usr/lib64/ld-linux-x86-64.so.2"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    (root / "usr/lib/x86_64-linux-gnu/asterisk/modules").mkdir(parents=True)
    return Settings(home=tmp_path / "var", asterisk_root=root)


def changed(settings: Settings, **values: object) -> Settings:
    return Settings.model_validate(settings.model_dump() | values)


def test_every_template_is_rendered(settings: Settings) -> None:
    """One file for each template, and the generated numbers."""
    render(settings, good_platform())

    names = {path.name.removesuffix(".j2") for path in TEMPLATES.glob("*.j2")}
    assert {path.name for path in etc(settings).iterdir()} == names | {"numbers.conf"}


def test_secrets_are_made_once_and_differ(settings: Settings) -> None:
    """Each seat and AMI have a secret of their own, the same at every start."""
    names = ("ami", "seat-testcity-1001", "seat-testcity-1002")
    render(settings, good_platform())
    first = [secret(settings, name) for name in names]
    render(settings, good_platform())

    assert [secret(settings, name) for name in names] == first
    assert len(set(first)) == 3
    assert all(len(made) >= 24 for made in first)


def test_a_given_ami_secret_is_used(settings: Settings) -> None:
    """An operator's secret wins and is not written under ``secrets``."""
    given = changed(settings, ami_secret=SecretStr("operators-own"))
    files = render_files(given, good_platform())

    assert "secret = operators-own" in files["manager.conf"]
    assert not (given.home / "secrets" / "ami").exists()


@pytest.mark.parametrize(
    "values",
    [
        {"node": "a b"},
        {"node": "n\n[evil]"},
        {"ami_secret": "x;y"},
        {"home": Path("/tmp/a,b")},
        {"home": Path("/tmp/a${X}")},
        {"home": Path("/tmp") / ("a" * 73)},
    ],
)
def test_a_setting_that_would_be_read_otherwise_is_refused(
    settings: Settings, values: dict[str, object]
) -> None:
    """Nothing is written when a value would end its line, its argument, or be expanded."""
    with pytest.raises(ValueError, match="Asterisk"):
        render_files(changed(settings, **values), good_platform())


def test_no_section_is_named_by_a_path(settings: Settings) -> None:
    """Asterisk cuts the name of a section off at 79 characters without a word."""
    for name, text in render_files(settings, good_platform()).items():
        sections = [line for line in text.splitlines() if line.startswith("[")]
        assert [line for line in sections if "/" in line or len(line) > 79] == [], name


def test_a_stop_before_the_rename_leaves_the_old_files(settings: Settings) -> None:
    """A file that cannot be written aside changes none of those in force."""
    render(settings, good_platform())
    before = {path: path.read_bytes() for path in etc(settings).iterdir()}
    (etc(settings) / ".pjsip.conf.new").mkdir()
    seats = good_profile().seats[:1]
    fewer = Platform(centres=(good_profile().model_copy(update={"seats": seats}),))

    with pytest.raises(IsADirectoryError):
        render(settings, fewer)
    assert {path: path.read_bytes() for path in before} == before


def test_ami_is_never_open_to_the_network(settings: Settings) -> None:
    """A host that listens everywhere does so for SIP, not for AMI."""
    files = render_files(changed(settings, host="0.0.0.0"), good_platform())

    assert "bindaddr = 127.0.0.1" in files["manager.conf"]
    assert "bind = 0.0.0.0:5060" in files["pjsip.conf"]


def test_ami_filters_name_every_event_once(settings: Settings) -> None:
    """Whatever the wire reads is let through; all else stays in Asterisk."""
    text = render_files(settings, good_platform())["manager.conf"]

    assert [line for line in text.splitlines() if line.startswith("eventfilter")] == [
        f"eventfilter(action(include),name({event})) =" for event in EVENTS
    ]


def test_without_asterisk_nothing_is_rendered(tmp_path: Path) -> None:
    """A root without Asterisk in it is said so."""
    with pytest.raises(AsteriskMissingError):
        render_files(Settings(home=tmp_path, asterisk_root=tmp_path), good_platform())


def test_the_fixed_dialplan_never_names_the_heartbeat_among_globals(settings: Settings) -> None:
    """A reload would put it back, and every caller into the fall-back."""
    text = render_files(settings, good_platform())["extensions.conf"]
    found = text.partition("[globals]")[2].partition("#include")[0]

    assert "BRAIN_BEAT" not in found
    assert "BRAIN_BEAT" in text


def test_every_centre_has_its_own_trunks_seats_and_queue(settings: Settings) -> None:
    """A trunk says whose it is; peers are rung and never let in."""
    files = render_files(settings, province())
    pjsip = files["pjsip.conf"]
    sections = dict(zip(*[iter(re.split(r"(?m)^\[([^\]]+)\].*$", pjsip)[1:])] * 2, strict=True))

    for centre, address in (("sheng", "10.0.0.0/16"), ("shi", "10.1.0.1"), ("zhou", "10.2.0.0/16")):
        assert f"endpoint = trunk-{centre}\nmatch = {address}" in pjsip
        assert f"[trunk-{centre}](trunk)\nset_var = HOME={centre}\n" in pjsip
        assert f"[{centre}-1001](seat)\ncontext = from-seat-{centre}\n" in pjsip
        assert pjsip.count(f"set_var = HOME={centre}\n") == 5  # the trunk, two phones a seat
        assert f"[fallback-{centre}]" in files["queues.conf"]
    assert "contact = sip:10.9.0.1:5060" in sections["peer-ganzhou"]
    assert "[peer-shuiwu](peer)\naors = peer-shuiwu\n" in pjsip
    template = pjsip.partition("[peer](!)")[2].partition("[")[0]
    for fact in ("identify_by = ip", "context = nowhere", "allow_transfer = no", "allow = alaw"):
        assert fact in template
    assert "endpoint = peer-" not in pjsip
    assert "[nowhere]" not in files["extensions.conf"] + files["numbers.conf"]


def test_a_centre_without_trunks_has_no_trunk(settings: Settings) -> None:
    """Its callers come over the trunks of the others."""
    sheng, shi, _ = province().centres
    platform = Platform(centres=(sheng, shi.model_copy(update={"trunks": ()})))

    assert "trunk-shi" not in render_files(settings, platform)["pjsip.conf"]


def test_a_seat_has_a_phone_of_its_own_and_one_in_its_page(settings: Settings) -> None:
    """Two names with two passwords; the page's is encrypted, and its sound goes where it came."""
    text = render_files(settings, good_platform())["pjsip.conf"]
    seat = "testcity-1001"
    passwords = {secret(settings, f"seat-{seat}"), secret(settings, f"seat-{seat}-web")}

    assert len(passwords) == 2
    assert all(f"password = {password}" in text for password in passwords)
    assert f"[{seat}-web](page)" in text
    assert "media_address = 127.0.0.1" in text


def test_sound_goes_to_the_address_asked_for_where_there_are_many(settings: Settings) -> None:
    """Who listens everywhere leaves it to the connection which address is told."""
    text = render_files(changed(settings, host="0.0.0.0"), good_platform())["pjsip.conf"]

    assert "media_address" not in text


def test_phones_in_pages_are_encrypted_with_a_certificate(
    settings: Settings, tmp_path: Path
) -> None:
    """None: no such port. One file may hold certificate and key."""
    plain = render_files(settings, good_platform())
    with_one = changed(settings, phone_certificate=tmp_path / "both.pem")
    files = render_files(with_one, good_platform())

    assert "tlsenable" not in plain["http.conf"]
    assert "[wss]" not in plain["pjsip.conf"]
    assert "tlsbindaddr = 127.0.0.1:8089" in files["http.conf"]
    assert files["http.conf"].count(str(tmp_path / "both.pem")) == 2
    assert "[wss]" in files["pjsip.conf"]


def test_a_key_needs_its_certificate(settings: Settings) -> None:
    """A key alone is an operator's slip."""
    with pytest.raises(ValueError, match="phone_key"):
        changed(settings, phone_key=Path("/key.pem"))
