"""Which speech model files an installation holds, and the SHA-256 each must have.

Ring 0, standard library only: the installer reads it with the machine's own Python before any
package is there, and ``hotline doctor`` reads it afterwards.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFile:
    """One file of a model: its path under ``cache/models``, size and sum."""

    path: str
    size: int
    sha256: str

    def is_there(self, models: Path) -> bool:
        """Whether the file is there with its full size. Quick; the content is not read."""
        file = models / self.path
        return file.is_file() and file.stat().st_size == self.size

    def is_whole(self, models: Path) -> bool:
        """Whether the file is there and its content has the pinned sum. Reads it all."""
        return self.is_there(models) and digest(models / self.path) == self.sha256


def digest(file: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _voice(name: str, sha256: str) -> ModelFile:
    return ModelFile(path=f"kokoro/voices/{name}.bin", size=522240, sha256=sha256)


WHISPER = (
    ModelFile(
        path="whisper-base/model.bin",
        size=145217607,
        sha256="905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57",
    ),
    ModelFile(
        path="whisper-base/config.json",
        size=2309,
        sha256="56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
    ),
    ModelFile(
        path="whisper-base/tokenizer.json",
        size=3930462,
        sha256="7e146198186d5e3b9ce7d9d7f131b69b44569eaed9ad64a5516629a6c6a865c4",
    ),
    ModelFile(
        path="whisper-base/vocabulary.json",
        size=1068101,
        sha256="22f3cb2fc2be1545b9a7db8e993ddd59aeccadfbc7d7b00ca517ca8960864766",
    ),
)
"""Mandarin (and other) speech to text: OpenAI Whisper base for faster-whisper."""

KOKORO = (
    ModelFile(
        path="kokoro/kokoro.onnx",
        size=92361271,
        sha256="6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb",
    ),
    ModelFile(
        path="kokoro/vocab.json",
        size=1155,
        sha256="ba536e2187cf4a12827b4e6138f29c17b795fcc3f8155386408d8d4edc229a41",
    ),
)
"""Text to speech: Kokoro-82M, int8 ONNX, and its phoneme vocabulary."""

VOICES = (
    _voice("zf_xiaobei", "5dde6e1c9c4f12c8b327bc29c0cee361a23b52b952c04636858ba637ec66e640"),
    _voice("zf_xiaoni", "08892b62a39af0a615cd0581238db7e19e44c578e8fa0bfd0e586e93327d9cba"),
    _voice("zf_xiaoxiao", "03adb5d5e3ddd88b047954e974e651cb0a4b524c985057e5d872e962c7be1169"),
    _voice("zf_xiaoyi", "bc1555c5c486099196ac254bae5e0bb543c121952a3092f50b7d8724f1bc36b3"),
    _voice("zm_yunjian", "de48a00bdbf3649f07162269a2b6e0513604389bfac8a2e6c75cb34b323ad6fa"),
    _voice("zm_yunxi", "7243892fb4e560d47014090ddf010f8b8b790f3c6b029ff82b2ac06aa4e27c8b"),
    _voice("zm_yunxia", "6b2b8fc15b3df19a368daebe5c581c7fabf433ee5b8a17ffd6b3d723cff8936d"),
    _voice("zm_yunyang", "261e2c89470534dbbcb8fd98b8fdc495ec94063d9bb6c8277f7be43cccba3f42"),
)
"""Kokoro's Mandarin voices: float32, 510 rows of 256."""

WORDS = "zh-words/zh_CN.lm"
"""The language model that mends transcripts, under ``cache/models``. Not pinned: it is the
distribution's package, checked by its signature. Without it texts stay as they were heard."""

EVERY_FILE = WHISPER + KOKORO + VOICES
