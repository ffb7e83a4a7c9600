"""Everything the doctor can find, provoked for real."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.ports import free_port
from config.asteriskroot import pin
from config.settings import CHECKOUT, Settings
from config.speechmodels import EVERY_FILE, WORDS
from cti.doctor import (
    Finding,
    check_asterisk,
    check_clock,
    check_disk,
    check_mending,
    check_models,
    check_page,
    check_ports,
    check_profile,
    check_redis,
    check_root,
    examine,
)
from tests.install.roots import make_root

MODELS = Settings().cache / "models"
PORTS = ("sip_port", "http_port", "ws_port", "ami_port", "agi_port", "redis_port")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.model_validate(
        {"home": tmp_path / "var", **{name: free_port() for name in PORTS}}
    )


@pytest.fixture
def server(settings: Settings) -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", settings.ami_port)) as made:
        yield made


def faults(findings: list[Finding]) -> list[str]:
    return [finding.id for finding in findings if not finding.ok]


def test_free_ports_are_in_order(settings: Settings) -> None:
    assert [finding.id for finding in check_ports(settings)] == ["ports"]


@pytest.mark.usefixtures("server")
def test_a_port_taken_by_another_is_told_with_its_holder(settings: Settings) -> None:
    (finding,) = check_ports(settings)
    assert finding.id == "port-taken"
    assert f"{settings.ami_port}/tcp" in finding.what
    assert f"pid {os.getpid()}" in finding.what
    assert "HOTLINE_AMI_PORT" in finding.mend


@pytest.mark.usefixtures("server")
def test_a_port_our_own_service_holds_is_in_order(settings: Settings) -> None:
    (settings.home / "run").mkdir(parents=True)
    (settings.home / "run" / "brain.pid").write_text(f"{os.getpid()}\n", encoding="ascii")
    assert faults(list(check_ports(settings))) == []


def test_a_port_held_by_a_child_of_our_service_is_in_order(settings: Settings) -> None:
    """Only the parent has a pid file; its child does the listening."""
    program = "import socket,sys; s=socket.create_server(('127.0.0.1',int(sys.argv[1])));"
    with subprocess.Popen(
        [sys.executable, "-c", program + "print(1,flush=True); sys.stdin.read()"]
        + [str(settings.http_port)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as child:
        assert child.stdout is not None
        child.stdout.readline()
        before = faults(list(check_ports(settings)))
        (settings.home / "run").mkdir(parents=True)
        (settings.home / "run" / "supervisor.pid").write_text(str(os.getpid()), encoding="ascii")
        after = faults(list(check_ports(settings)))
        assert child.stdin is not None
        child.stdin.close()
    assert (before, after) == (["port-taken"], [])


def test_a_sip_port_is_looked_at_for_udp_too(settings: Settings) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as phone:
        phone.bind(("127.0.0.1", settings.sip_port))
        (finding,) = check_ports(settings)
    assert f"{settings.sip_port}/udp" in finding.what


def test_a_host_that_is_not_ours_is_told(settings: Settings) -> None:
    away = settings.model_copy(update={"host": "192.0.2.1"})
    assert set(faults(list(check_ports(away)))) == {"port-forbidden"}


def test_a_page_that_was_not_built_is_told(tmp_path: Path) -> None:
    finding = check_page(tmp_path)
    assert (finding.id, finding.ok) == ("page-missing", False)
    assert "make install" in finding.mend
    (tmp_path / "index.html").touch()
    assert check_page(tmp_path).ok


def test_being_no_root_is_told() -> None:
    is_root = os.geteuid() == 0  # only root can stop being root; who is not, is told at once
    if is_root:
        assert check_root().ok
        os.seteuid(65534)
    try:
        finding = check_root()
    finally:
        if is_root:
            os.seteuid(0)
    assert (finding.id, finding.ok) == ("root", False)


def test_a_missing_asterisk_is_told(settings: Settings, tmp_path: Path) -> None:
    gone = settings.model_copy(update={"asterisk_root": tmp_path / "none"})
    assert faults(list(check_asterisk(gone))) == ["asterisk-missing"]


@pytest.mark.parametrize(
    ("version", "found", "ok"),
    [
        ("18.20.0", "asterisk-too-old", False),
        ("nonsense", "asterisk-broken", False),
        ("23.0.0", "asterisk-untested", True),
        (pin().version, "asterisk", True),
    ],
)
def test_each_asterisk_gets_its_verdict(
    settings: Settings, version: str, found: str, ok: bool
) -> None:
    make_root(settings.home / "asterisk", version)
    (finding,) = check_asterisk(settings)
    assert (finding.id, finding.ok) == (found, ok)


def test_missing_models_are_named_one_by_one(tmp_path: Path) -> None:
    found = list(check_models(tmp_path))
    assert faults(found) == ["model-missing"] * len(EVERY_FILE)
    assert str(tmp_path / "kokoro/kokoro.onnx") in "".join(finding.what for finding in found)


@pytest.mark.speech
def test_one_changed_byte_in_a_model_is_found(tmp_path: Path) -> None:
    """Same size, other content: only reading it all can tell."""
    for file in EVERY_FILE:
        (tmp_path / file.path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file.path).symlink_to(MODELS / file.path)
    assert faults(list(check_models(tmp_path))) == []
    changed = tmp_path / "kokoro/vocab.json"
    content = changed.read_bytes()
    changed.unlink()
    changed.write_bytes(content[:-1] + b" ")
    (finding,) = check_models(tmp_path)
    assert finding.id == "model-damaged"
    assert str(changed) in finding.what


def test_texts_that_are_not_mended_are_no_fault_but_told(tmp_path: Path) -> None:
    """The hotline works without the words; how to have them is said."""
    finding = check_mending(tmp_path)
    assert (finding.id, finding.ok) == ("mending-off", True)
    assert "libime-data-language-model" in finding.mend
    (tmp_path / WORDS).parent.mkdir()
    (tmp_path / WORDS).touch()
    assert check_mending(tmp_path).mend == ""
    assert "no_such_module" in check_mending(tmp_path, library="no_such_module").mend


def test_a_missing_redis_is_told(tmp_path: Path) -> None:
    assert faults([check_redis(tmp_path, path=str(tmp_path))]) == ["redis-missing"]
    program = tmp_path / "redis-server"
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    assert faults([check_redis(tmp_path, path=str(tmp_path))]) == []


def test_a_disk_nearly_full_is_told(tmp_path: Path) -> None:
    free = shutil.disk_usage(tmp_path).free
    assert faults([check_disk(tmp_path / "not made yet", room=free * 2)]) == ["disk-full"]
    assert faults([check_disk(tmp_path, room=free // 2)]) == []


def test_a_clock_without_zone_is_told(tmp_path: Path) -> None:
    nowhere = tmp_path / "localtime"
    assert faults([check_clock({}, nowhere)]) == ["clock-without-zone"]
    nowhere.symlink_to("/usr/share/zoneinfo/No/Where")
    assert faults([check_clock({}, nowhere)]) == ["clock-without-zone"]


def test_utc_will_do_and_is_explained(tmp_path: Path) -> None:
    finding = check_clock({"TZ": "Etc/UTC"}, tmp_path / "none")
    assert finding.ok
    assert "Asia/Shanghai" in finding.mend
    assert check_clock({"TZ": "Asia/Shanghai"}, tmp_path / "none").mend == ""


def test_the_zone_is_read_from_the_machines_file(tmp_path: Path) -> None:
    zones = tmp_path / "zoneinfo" / "Asia"
    zones.mkdir(parents=True)
    (zones / "Shanghai").write_bytes(b"TZif2")
    (tmp_path / "localtime").symlink_to(zones / "Shanghai")
    assert check_clock({}, tmp_path / "localtime").what == "时区：Asia/Shanghai"


def test_every_fault_of_the_profile_is_a_finding(tmp_path: Path) -> None:
    good = CHECKOUT / "config/profiles/chifeng"
    broken = tmp_path / "chifeng"
    shutil.copytree(good, broken)
    table = (broken / "numbers.csv").read_text(encoding="utf-8-sig").splitlines()
    header = table[0].split(",")
    header[3] = "号码"
    (broken / "numbers.csv").write_text("\n".join([",".join(header), *table[1:]]), encoding="utf-8")
    (broken / "seats.csv").unlink()
    found = check_profile(Settings(home=tmp_path, profile=str(broken)))
    assert set(faults(found)) == {"profile-fault"}
    assert {name for name in ("numbers.csv", "seats.csv") if name in str(found)} == {
        "numbers.csv",
        "seats.csv",
    }


def test_the_shipped_profile_is_in_order(settings: Settings) -> None:
    assert faults(check_profile(settings)) == []


def test_an_emergency_line_that_nobody_can_reach_is_named(tmp_path: Path) -> None:
    """With its centre. Whoever has a carrier reaches them all."""
    folder = tmp_path / "city"
    shutil.copytree(CHECKOUT / "config/profiles/chifeng", folder)
    table = (folder / "linkage.csv").read_text(encoding="utf-8")
    rows = [row for row in table.splitlines() if not row.startswith(("119,", "122,"))]
    (folder / "linkage.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    settings = Settings(home=tmp_path, profile=str(folder))
    [_, found] = check_profile(settings)
    assert (found.id, found.ok) == ("profile-emergency", False)
    assert "119、122没有路由" in found.what
    home = (folder / "profile.toml").read_text(encoding="utf-8")
    (folder / "profile.toml").write_text(f'dial_out = "10.1.2.3:5060"\n{home}', encoding="utf-8")
    assert faults(check_profile(settings)) == []


def test_the_whole_examination_names_each_subject_once(settings: Settings) -> None:
    """Wherever it is run: each subject is looked at, every fault has a way to mend it."""
    found = examine(settings)
    subjects = {finding.id.split("-")[0] for finding in found}
    wanted = {"profile", "root", "asterisk", "redis", "disk", "clock"}
    assert wanted <= subjects
    assert subjects & {"models", "model"}
    assert subjects & {"ports", "port"}
    assert [finding for finding in found if not finding.ok and not finding.mend] == []
