"""``make test`` runs every stage, and fails when one of them does."""

from pathlib import Path

import pytest

from install.stages import Stage, run


def programs(directory: Path, **codes: int) -> Path:
    directory.mkdir()
    for name, code in codes.items():
        file = directory / name
        file.write_text(f"#!/bin/sh\necho $0 >>{directory}.ran\nexit {code}\n", encoding="utf-8")
        file.chmod(0o755)
    return directory


@pytest.mark.parametrize(("code", "verdict"), [(0, 0), (1, 1), (5, 1)])
def test_one_failed_stage_fails_the_whole_but_hides_none(
    tmp_path: Path, code: int, verdict: int, capsys: pytest.CaptureFixture[str]
) -> None:
    where = programs(tmp_path / "bin", first=code, second=0)
    stages = [Stage(name=name, argv=(name,)) for name in ("first", "second")]
    assert run(stages, where, tmp_path, {}) == verdict
    ran = (tmp_path / "bin.ran").read_text(encoding="utf-8").split()
    assert [Path(line).name for line in ran] == ["first", "second"]
    said = capsys.readouterr().out
    assert f"{'失败' if code else '通过'}  first" in said
    assert "通过  second" in said


@pytest.mark.parametrize(("code", "verdict"), [(0, 0), (1, 1), (5, 1)])
def test_what_further_questions_can_decide_is_decided_by_them(
    tmp_path: Path, code: int, verdict: int
) -> None:
    """They are asked only after a failure, and each must be answered well."""
    where = programs(tmp_path / "bin", first=1, again=0, more=code, second=0, never=1)
    stages = [
        Stage(name="first", argv=("first",), again=(("again",), ("more",))),
        Stage(name="second", argv=("second",), again=(("never",),)),
    ]
    assert run(stages, where, tmp_path, {}) == verdict
    ran = (tmp_path / "bin.ran").read_text(encoding="utf-8").split()
    assert [Path(line).name for line in ran] == ["first", "again", "more", "second"]


def test_the_first_bad_answer_ends_the_asking(tmp_path: Path) -> None:
    where = programs(tmp_path / "bin", first=1, again=1, more=0)
    assert (
        run(
            [Stage(name="first", argv=("first",), again=(("again",), ("more",)))],
            where,
            tmp_path,
            {},
        )
        == 1
    )
    ran = (tmp_path / "bin.ran").read_text(encoding="utf-8").split()
    assert [Path(line).name for line in ran] == ["first", "again"]
