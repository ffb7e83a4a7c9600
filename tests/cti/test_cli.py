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
