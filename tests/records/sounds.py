"""Sounds to test with: recorded speech, and everything on a telephone that is no speech."""

from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from records.wav import RATE

AUDIO = Path(__file__).parent / "audio"
WATER_CUT = AUDIO / "water-cut.wav"
"""您好，我要投诉。红山区钢铁街天王国际小区三号楼从昨天晚上开始停水，到现在都没来。物业说不知道原因，
打自来水公司电话也没人接，希望尽快解决。"""
LOST_CARD = AUDIO / "lost-card.wav"
"""你好，我的身份证在双清区火车站附近丢了，明天要去长沙坐飞机，能不能帮我加急办一个临时身份证？
我的手机号是一八六七三九二零四五六。"""

Pcm = NDArray[np.int16]


def speech(path: Path) -> Pcm:
    """A recorded clip at the telephone's rate."""
    samples, rate = soundfile.read(path, dtype="int16")
    assert rate == RATE
    found: Pcm = samples
    return found


def silence(seconds: float) -> Pcm:
    return np.zeros(int(seconds * RATE), dtype=np.int16)


def tone(seconds: float, *hertz: float, level: float = 0.3) -> Pcm:
    at = np.arange(int(seconds * RATE)) / RATE
    wave = sum(np.sin(2 * np.pi * f * at) for f in hertz) / len(hertz)
    return np.asarray(wave * level * 32767, dtype=np.int16)


def noise(seconds: float, level: float) -> Pcm:
    wave = np.random.default_rng(1).normal(0, level, int(seconds * RATE))
    return (np.clip(wave, -1, 1) * 32767).astype(np.int16)


def digits(dialled: str) -> Pcm:
    """Touch tones."""
    rows, columns = (697, 770, 852, 941), (1209, 1336, 1477)
    keys = "123456789*0#"
    return np.concatenate(
        [
            part
            for key in dialled
            for row, column in [divmod(keys.index(key), 3)]
            for part in (tone(0.2, rows[row], columns[column]), silence(0.1))
        ]
    )


def music(seconds: float) -> Pcm:
    """Plucked notes with overtones over a bass: what callers hear while they wait."""
    scale = (262, 330, 392, 523, 440, 349, 294, 247)
    notes = []
    for beat in range(int(seconds / 0.4)):
        at = np.arange(int(0.4 * RATE)) / RATE
        f = scale[beat % 8]
        pluck = sum(np.sin(2 * np.pi * f * k * at) / k for k in (1, 2, 3, 4)) * np.exp(-3 * at)
        notes.append((pluck + 0.5 * np.sin(np.pi * f * at)) * 0.15)
    return (np.concatenate(notes) * 32767).astype(np.int16)


def ringback(times: int) -> Pcm:
    return np.concatenate([np.concatenate([tone(1, 450), silence(4)]) for _ in range(times)])


def busy(times: int) -> Pcm:
    return np.concatenate([np.concatenate([tone(0.35, 450), silence(0.35)]) for _ in range(times)])


def write(path: Path, pcm: Pcm) -> Path:
    """A recording as Asterisk writes it."""
    soundfile.write(path, pcm, RATE, subtype="PCM_16")
    return path
