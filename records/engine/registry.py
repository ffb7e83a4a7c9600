"""Which speech engines are here, and how an operator gets the others."""

import importlib.util
from dataclasses import dataclass
from pathlib import Path

from config.settings import Settings
from records.correction.mended import mended
from records.correction.mender import Mender
from records.engine.protocol import Engine

_TRADE = Path(__file__).parent.parent / "correction" / "trade.txt"
"""What is said on any hotline."""
_MODEL = "zh_CN.lm"


class EngineMissing(RuntimeError):  # noqa: N818 - an error is named for what is wrong
    """The engine asked for cannot be loaded. The message (Chinese) says how to get it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineInfo:
    """One engine as ``hotline models`` lists it. ``what_for`` and ``how_to_get`` are Chinese."""

    name: str
    is_present: bool
    is_chosen: bool
    directory: Path | None
    what_for: str
    how_to_get: str


def engines(settings: Settings) -> list[EngineInfo]:
    """List every engine this version knows. Looks at files only: loads nothing."""
    whisper = settings.cache / "models" / "whisper-base"
    return [
        EngineInfo(
            name="whisper",
            is_present=(whisper / "model.bin").is_file() and _is_installed("faster_whisper"),
            is_chosen=settings.engine == "whisper",
            directory=whisper,
            what_for="普通话通话转写（默认）。每分钟语音约 6 秒 CPU，内存约 480 MB。",
            how_to_get="运行 make run 会自动安装；也可把任何 CTranslate2 格式的 Whisper 模型"
            f"（small、medium 等更准）放到 {whisper}。",
        ),
        EngineInfo(
            name="vosk",
            is_present=_is_vosk_model(settings.vosk_model) and _is_installed("vosk"),
            is_chosen=settings.engine == "vosk",
            directory=settings.vosk_model,
            what_for="边说边出字的实时转写，CPU 占用低；不支持热词。",
            how_to_get="从 alphacephei.com/vosk/models 下载 vosk-model-small-cn-0.22 或 "
            "vosk-model-cn-0.22，解压后设置 HOTLINE_VOSK_MODEL=模型目录、HOTLINE_ENGINE=vosk。",
        ),
    ]


def load(settings: Settings, *, threads: int = 1, is_live: bool = False) -> Engine:
    """Load the engine the settings choose. Takes seconds and hundreds of megabytes: once a worker.

    ``is_live``: a text soon is worth more than the best of many readings.
    Raises ``EngineMissing`` when it is not there.
    """
    known = {info.name: info for info in engines(settings)}
    info = known.get(settings.engine)
    if info is None:
        raise EngineMissing(f"没有名为 {settings.engine} 的语音引擎，可选：{'、'.join(known)}。")
    if not info.is_present or info.directory is None:
        raise EngineMissing(f"语音引擎 {info.name} 未安装。{info.how_to_get}")
    # Imported here: each of them costs a second and 100 MB, and only one is used.
    if info.name == "vosk":
        from records.engine.vosk import VoskEngine

        return VoskEngine(info.directory)
    from records.engine.whisper import BEAM, LIVE_BEAM, WhisperEngine

    beam = LIVE_BEAM if is_live else BEAM
    return WhisperEngine(info.directory, threads=threads, beam=beam)


def words_directory(settings: Settings) -> Path:
    """Where the language model for mending stands, with what is made of it."""
    return settings.cache / "models" / "zh-words"


def can_mend(settings: Settings) -> bool:
    """Whether texts are mended here: the model and the library that reads it are there."""
    return (words_directory(settings) / _MODEL).is_file() and _is_installed("kenlm")


def load_mended(settings: Settings, *, threads: int = 1, is_live: bool = False) -> Engine:
    """As ``load``, with an engine whose texts are mended where that can be done."""
    engine = load(settings, threads=threads, is_live=is_live)
    mender = load_mender(settings)
    if mender is None or engine.capabilities.language != "zh":
        return engine
    return mended(engine, mender, trade_words())


def load_mender(settings: Settings) -> Mender | None:
    """What mends texts; None where it is not installed. The first time takes some seconds."""
    if not can_mend(settings):
        return None
    from records.correction.trigrams import Trigrams, language

    directory = words_directory(settings)
    model = Trigrams(directory / _MODEL)
    return Mender(model, language(directory, model))


def trade_words() -> tuple[str, ...]:
    """The words of any hotline, whatever the city."""
    lines = _TRADE.read_text(encoding="utf-8").splitlines()
    return tuple(word for line in lines if not line.startswith("#") for word in line.split())


def _is_installed(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


def _is_vosk_model(directory: Path | None) -> bool:
    return directory is not None and (
        (directory / "am").is_dir() or (directory / "final.mdl").is_file()
    )
