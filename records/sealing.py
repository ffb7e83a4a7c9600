"""Texts sealed under a key, so that a stolen database says nothing of who called. Pure.

The nonce is made from the text by a key of its own (HMAC-SHA256), never by chance. So a nonce
never meets two texts, and the same text is always sealed the same: the number of a caller can be
looked up without being read ("has this number called before"). Whoever has the database but not
the keys learns which rows have the same caller, and nothing else.
"""

import hashlib
import hmac
from base64 import b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass
from typing import Final, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher as Machine
from cryptography.hazmat.primitives.ciphers.algorithms import AES, SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM

CipherName = Literal["aes-256-gcm", "sm4-gcm"]

KEY_BYTES: Final[dict[CipherName, int]] = {"aes-256-gcm": 32, "sm4-gcm": 16}
PREFIX: Final = "sealed1."
"""How a sealed text begins; the key's id, a full stop and the text in base64 follow."""
_NONCE: Final = 12
_TAG: Final = 16


class KeyMissingError(OSError):
    """The key that sealed this is not in the key file. Like a database that is away: it may be
    back at any time, and nothing was changed.
    """

    def __init__(self, key: str) -> None:
        super().__init__(f"密钥文件里没有 {key} 这把密钥")
        self.key = key


class BrokenSealError(ValueError):
    """The text was changed after it was sealed, or is none."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key. ``secret`` is as long as its cipher asks."""

    id: str
    cipher: CipherName
    secret: bytes


@dataclass(frozen=True, slots=True)
class Keys:
    """All keys of an installation, the oldest first; the last one seals."""

    index: bytes
    """Makes the nonces. It outlives the others."""
    known: tuple[Key, ...]

    def aged(self, age: int) -> Key:
        """The key that seals (0), the one before it (1), …; the oldest when there are no more."""
        return self.known[max(0, len(self.known) - 1 - age)]


def is_sealed(text: str) -> bool:
    """Whether a kept text is sealed; what was written before there were keys is not."""
    return text.startswith(PREFIX)


def sealed_by(text: str, key: Key) -> bool:
    """Whether that key sealed the text."""
    return text.startswith(f"{PREFIX}{key.id}.")


def seal(text: str, keys: Keys, age: int = 0) -> str:
    """Seal with the newest key; an ``age`` says how an older one would have sealed the same."""
    key, data = keys.aged(age), text.encode()
    nonce = hmac.new(keys.index, data, hashlib.sha256).digest()[:_NONCE]
    machine = _machine(key, GCM(nonce)).encryptor()
    machine.authenticate_additional_data(key.id.encode())
    body = machine.update(data) + machine.finalize()
    return f"{PREFIX}{key.id}.{urlsafe_b64encode(nonce + machine.tag + body).decode()}"


def unseal(text: str, keys: Keys) -> str:
    """Read a sealed text. Raises ``KeyMissingError`` or ``BrokenSealError``."""
    name, _, packed = text.removeprefix(PREFIX).partition(".")
    key = next((one for one in keys.known if one.id == name), None)
    if key is None:
        raise KeyMissingError(name)
    try:
        whole = b64decode(packed, altchars=b"-_", validate=True)
        nonce, tag = whole[:_NONCE], whole[_NONCE : _NONCE + _TAG]
        machine = _machine(key, GCM(nonce, tag)).decryptor()
        machine.authenticate_additional_data(key.id.encode())
        return (machine.update(whole[_NONCE + _TAG :]) + machine.finalize()).decode()
    except (InvalidTag, NotBase64, ValueError):
        raise BrokenSealError(f"用 {name} 封存的一段文字已损坏") from None


def _machine(key: Key, mode: GCM) -> Machine[GCM]:
    return Machine((AES if key.cipher == "aes-256-gcm" else SM4)(key.secret), mode)
