"""Whether somebody's password is right, and holding back whoever guesses."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from cti.ids import AgentId
from cti.web.errors import Refused
from cti.web.ports import Account, Accounts

FREE_TRIES: Final = 5
FREE_TRIES_OF_ADDRESS: Final = 50
LONGEST_S: Final = 300.0
FORGET_S: Final = 900.0
REMEMBERED: Final = 10_000
HASHES_AT_ONCE: Final = 2
"""Each takes 64 MB and a core for some 50 ms: more at once would only be slower."""


@dataclass(slots=True)
class _Tries:
    failed: int = 0
    last_s: float = 0.0


class BackOff:
    """Counts failures and says how long to hold back. Bounded: the oldest are forgotten."""

    def __init__(self, free: int) -> None:
        self._free = free
        self._tries: OrderedDict[tuple[str, ...], _Tries] = OrderedDict()

    def wait_s(self, key: tuple[str, ...], now_s: float) -> float:
        """Seconds until the next try is looked at; 0: now."""
        tries = self._tries.get(key)
        if tries is None or tries.failed < self._free:
            return 0.0
        held_s = min(LONGEST_S, 2.0 ** min(tries.failed - self._free, 20))
        return max(0.0, tries.last_s + held_s - now_s)

    def failed(self, key: tuple[str, ...], now_s: float) -> None:
        """Count one failure. Counted before the hash is checked, so a burst gains nothing."""
        tries = self._tries.setdefault(key, _Tries())
        if now_s - tries.last_s > FORGET_S:
            tries.failed = 0
        tries.failed += 1
        tries.last_s = now_s
        self._tries.move_to_end(key)
        while len(self._tries) > REMEMBERED:
            self._tries.popitem(last=False)

    def succeeded(self, key: tuple[str, ...]) -> None:
        """The right password: start counting anew."""
        self._tries.pop(key, None)


class Passwords:
    """Checks passwords and makes their hashes, in threads. One for the whole server: failures are
    counted together, wherever a password is asked for.
    """

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self._hasher = PasswordHasher()
        self._hashing = asyncio.Semaphore(HASHES_AT_ONCE)
        self._by_user = BackOff(FREE_TRIES)
        self._by_address = BackOff(FREE_TRIES_OF_ADDRESS)

    async def check(self, user: str, password: str, address: str) -> Account:
        """The account of that name and password; ``Refused`` for any other, or too many tries."""
        now_s = asyncio.get_running_loop().time()
        one, all_of = (user, address), (address,)
        wait_s = max(self._by_user.wait_s(one, now_s), self._by_address.wait_s(all_of, now_s))
        if wait_s > 0:
            after_s = int(wait_s) + 1
            raise Refused(
                "too-many-attempts", headers={"Retry-After": str(after_s)}, retry_after_s=after_s
            )
        self._by_user.failed(one, now_s)
        self._by_address.failed(all_of, now_s)
        account = await self._accounts.account(AgentId(user))
        stored = account.password_hash if account else None
        async with self._hashing:
            is_right = await asyncio.to_thread(self._verify, stored, password)
        if account is None or not is_right:
            raise Refused("wrong-password")
        self._by_user.succeeded(one)
        self._by_address.succeeded(all_of)
        return account

    async def hashed(self, password: str) -> str:
        """The form in which a password is kept."""
        async with self._hashing:
            return await asyncio.to_thread(self._hasher.hash, password)

    def _verify(self, stored: str | None, said: str) -> bool:
        """Runs in a thread. As slow for a user who does not exist (None)."""
        if stored is None:
            self._hasher.hash(said)
            return False
        try:
            return self._hasher.verify(stored, said)
        except (VerificationError, InvalidHashError):
            return False
