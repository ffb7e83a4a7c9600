"""The file with the keys that seal: beside the database's own place, never in it. Ring 2.

Losing it loses every number, name and text that was sealed with it; so a backup of the database
is worth nothing without a backup of this file, and the two are kept apart.
"""

import json
import os
import secrets
from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import structlog
from sqlalchemy.exc import DontWrapMixin

from config.settings import Settings
from records.sealing import KEY_BYTES, CipherName, Key, KeyMissingError, Keys

log = structlog.get_logger()

MODE: Final = 0o600
Ring = Callable[[], Keys]
"""The keys as they are now: after a rotation those of the file as it is then."""


class KeyFileError(DontWrapMixin, OSError):
    """The key file cannot be used as it is; says why and what to do. Like a database that is away:
    whoever waits for one waits for this, and no fact is at fault.
    """


def key_file(settings: Settings) -> Path:
    """Where the keys are."""
    return settings.key_file or settings.home / "secrets" / "keys.json"


def ring(settings: Settings) -> Ring:
    """The keys of this installation; the first ones are made now. Raises ``KeyFileError``.

    The file is looked at again whenever it changed, so that a running process seals and reads
    with a key that another one has just added. Once read, a file that is lost or spoilt harms
    nobody until the next start: the process goes on with the keys it has, and says so.
    """
    path = key_file(settings)
    _make_first(path, settings.cipher)
    keys, seen = read(path), _changed(path)

    def now() -> Keys:
        nonlocal seen, keys
        if (changed := _changed(path)) != seen:
            seen = changed
            try:
                keys = _newer(path, keys)
            except KeyFileError as error:
                log.error("keys lost on disk, a restart needs them from the backup", why=str(error))
        return keys

    return now


class PatientRing:
    """The keys of the process that answers calls: it goes on without them.

    While they are away every use raises ``KeyFileError``, so that facts wait in the outbox's file
    as they do for a database; once the right file is back, everything goes on by itself.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._ring: Ring | None = None
        self._missing = ""

    def __call__(self) -> Keys:
        """Give the keys. Raises ``KeyFileError`` while they are not there."""
        if self._ring is None or self._missing:
            self._ring = ring(self._settings)
        keys = self._ring()
        if self._missing and all(key.id != self._missing for key in keys.known):
            raise KeyFileError(str(KeyMissingError(self._missing)))
        self._missing = ""
        return keys

    def wait_for(self, key: str) -> None:
        """Give nothing until that key is there: what is sealed now could not be joined to it."""
        self._missing = key


def _newer(path: Path, held: Keys) -> Keys:
    """The file's keys. Raises ``KeyFileError`` where it is none, or of another installation."""
    keys = read(path)
    if keys.index != held.index or not set(held.known) <= set(keys.known):
        raise KeyFileError(f"{path} 里少了正在使用的密钥，请从备份恢复")
    return keys


def _changed(path: Path) -> int:
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return 0


def read(path: Path) -> Keys:
    """Read a key file. Raises ``KeyFileError`` where others may read it, or it is none."""
    try:
        if path.stat().st_mode & 0o077:
            raise KeyFileError(f"{path} 别人也能读，请运行 chmod 600 {path}")
        told = json.loads(path.read_text(encoding="ascii"))
        known = tuple(
            Key(id=one["id"], cipher=one["cipher"], secret=b64decode(one["key"]))
            for one in told["keys"]
        )
        index = b64decode(told["index"])
        is_right = known and all(len(key.secret) == KEY_BYTES[key.cipher] for key in known)
    except KeyFileError:
        raise
    except OSError as error:
        raise KeyFileError(f"{path} 读不出来：{error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise KeyFileError(f"{path} 不是密钥文件，请从备份恢复") from error
    if not is_right:
        raise KeyFileError(f"{path} 里的密钥长度不对，请从备份恢复")
    return Keys(index=index, known=known)


def add(path: Path, cipher: CipherName) -> Key:
    """Add a key, which seals from now on. The old ones stay: they read what they sealed."""
    read(path)  # refuses what is no key file before anything is written
    told = json.loads(path.read_text(encoding="ascii"))
    told["keys"].append(made := _made(cipher))
    _write(path, told)
    return Key(id=made["id"], cipher=cipher, secret=b64decode(made["key"]))


def _make_first(path: Path, cipher: CipherName) -> None:
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    index = b64encode(secrets.token_bytes(32)).decode()
    draft = _aside(path, {"index": index, "keys": [_made(cipher)]})
    try:
        os.link(draft, path)  # of two processes that start at once one makes the keys
    except FileExistsError:
        return
    finally:
        draft.unlink()


def _made(cipher: CipherName) -> dict[str, str]:
    return {
        "id": secrets.token_hex(4),
        "cipher": cipher,
        "key": b64encode(secrets.token_bytes(KEY_BYTES[cipher])).decode(),
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _write(path: Path, told: dict[str, Any]) -> None:
    os.replace(_aside(path, told), path)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _aside(path: Path, told: dict[str, Any]) -> Path:
    """The same beside the file, whole and on the disk."""
    aside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        json.dump(told, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    return aside
