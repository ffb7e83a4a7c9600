"""The command line as a program sees it: exit status, and what stands on standard output."""

import json
import os
import subprocess
import sys
from pathlib import Path


def hotline(home: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cti.cli.main", *words],
        env={**os.environ, "HOTLINE_HOME": str(home), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_json_is_all_that_stands_on_standard_output(tmp_path: Path) -> None:
    """Also of a command that logs what it does."""
    done = hotline(tmp_path, "reconcile", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["added"] == 0
    assert "reconciled" in done.stderr


def test_what_is_refused_is_1_and_what_is_misused_is_2(tmp_path: Path) -> None:
    """A call nobody knows; a setting that is none."""
    assert hotline(tmp_path, "orders", "show", "nobody").returncode == 1
    misused = hotline(tmp_path, "orders", "list", HOTLINE_SIP_PORT="voice", HOTLINE_NODE="x")
    assert (misused.returncode, misused.stdout) == (2, "")
    assert "HOTLINE_SIP_PORT" in misused.stderr


def test_a_profile_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path) -> None:
    """Whoever mistypes it reads what to write instead."""
    done = hotline(tmp_path, "numbers", "check", "--profile", "nowhere")
    assert done.returncode == 1
    assert "chifeng" in done.stderr


def test_whom_callers_can_be_taken_to_is_listed_for_any_time(tmp_path: Path) -> None:
    """Who is rung then, in order; a mobile's number is not shown whole."""
    listed = ("targets", "list", "--json", "--profile", "chifeng", "--kind", "expert")
    done = hotline(tmp_path, *listed, "--at", "2026-11-21T03:00")
    assert done.returncode == 0
    found = {target["id"]: target for target in json.loads(done.stdout)}
    assert found["expert:人社"]["routes"] == ["gongwang *********11 20秒"]
    assert found["expert:物业纠纷"] | {"routes": []} == found["expert:物业纠纷"]
    assert found["expert:物业纠纷"]["opens_at"] == "2026-11-24T09:00:00+08:00"
    assert "154000000" not in done.stdout


def test_a_centre_that_is_not_on_the_platform_has_no_targets(tmp_path: Path) -> None:
    done = hotline(tmp_path, "targets", "list", "--centre", "nowhere")
    assert (done.returncode, done.stdout) == (1, "")
    assert "chifeng" in done.stderr
    shown = hotline(tmp_path, "targets", "list", "--profile", "qinghai", "--centre", "xining")
    assert "centre:qinghai" in shown.stdout
