"""Sealing: what is kept can be read with the key, looked up, and not changed."""

import pytest

from records.sealing import (
    KEY_BYTES,
    BrokenSealError,
    CipherName,
    Key,
    KeyMissingError,
    Keys,
    is_sealed,
    seal,
    sealed_by,
    unseal,
)

NUMBER = "13847652301"


def key(name: str, cipher: CipherName = "aes-256-gcm") -> Key:
    return Key(id=name, cipher=cipher, secret=name.encode()[:1] * KEY_BYTES[cipher])


def keys(*known: Key) -> Keys:
    return Keys(index=b"i" * 32, known=known)


@pytest.mark.parametrize("cipher", ["aes-256-gcm", "sm4-gcm"])
@pytest.mark.parametrize("text", [NUMBER, "王芳", "", "长" * 5000])
def test_what_is_sealed_is_read_again_and_not_otherwise(text: str, cipher: CipherName) -> None:
    """Whole, whatever its length; nothing of it stands in what is kept."""
    ring = keys(key("a", cipher))
    kept = seal(text, ring)
    assert unseal(kept, ring) == text
    assert is_sealed(kept)
    assert not text or text not in kept


def test_a_text_is_always_sealed_the_same_and_another_one_otherwise() -> None:
    """So a number can be looked up without being read."""
    ring = keys(key("a"))
    assert seal(NUMBER, ring) == seal(NUMBER, ring)
    assert seal(NUMBER, ring) != seal("13847652302", ring)


def test_without_the_index_key_nobody_can_try_numbers() -> None:
    """Who knows the cipher but not that key gets another seal for the same number."""
    ring = keys(key("a"))
    assert seal(NUMBER, ring) != seal(NUMBER, Keys(index=b"j" * 32, known=ring.known))


def test_the_newest_key_seals_and_the_old_ones_read() -> None:
    """Also when the new one is of another cipher."""
    old = keys(key("a"))
    both = keys(key("a"), key("b", "sm4-gcm"))
    assert unseal(seal(NUMBER, old), both) == NUMBER
    assert sealed_by(seal(NUMBER, both), both.known[1])
    assert not sealed_by(seal(NUMBER, old), both.known[1])


def test_an_older_keys_seal_can_be_made_to_look_for_it() -> None:
    """Before the first key there is none: the first one's stands for it."""
    both = keys(key("a"), key("b"))
    assert seal(NUMBER, both, 1) == seal(NUMBER, keys(key("a")))
    assert seal(NUMBER, both, 7) == seal(NUMBER, keys(key("a")))


def test_a_lost_key_is_named() -> None:
    """So that whoever restores backups knows which one is looked for."""
    with pytest.raises(KeyMissingError, match="a1b2"):
        unseal(seal(NUMBER, keys(key("a1b2"))), keys(key("b")))


@pytest.mark.parametrize(
    "change",
    [
        lambda kept: kept[:-6] + ("A" if kept[-6] != "A" else "B") + kept[-5:],
        lambda kept: kept.replace("sealed1.a.", "sealed1.b."),
        lambda kept: kept[:14],
        lambda kept: "sealed1.a.",
        lambda kept: kept + "!",
    ],
)
def test_what_was_changed_is_refused(change) -> None:  # type: ignore[no-untyped-def]  # a lambda
    """A flipped letter, another key's name, half of it, nothing at all."""
    ring = keys(key("a"), Key(id="b", cipher="aes-256-gcm", secret=key("a").secret))
    kept = change(seal("王芳，住三号楼", keys(key("a"))))
    with pytest.raises((BrokenSealError, KeyMissingError)):
        unseal(kept, ring)
