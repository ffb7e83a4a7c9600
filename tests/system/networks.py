"""Telephones behind networks that can be cut: each in a namespace of its own, all at one switch.

A network that is cut drops every packet, both ways, and tells nobody: as a radio link does that is
gone. Needs the right to make namespaces; there is no other way to lose packets but the kernel's.
"""

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import pytest

from bench.phone import PhoneLine, Softphone

EVERYWHERE = "0.0.0.0"  # noqa: S104 - a hotline in a test, for as long as that lasts
FORWARDS, DROPS = "3", "0"
"""States of a switch's port, as the kernel counts them."""


@dataclass(frozen=True, slots=True)
class Network:
    """One telephone's. Made by ``networks``."""

    name: str
    port: str
    """At our switch."""
    address: str
    gateway: str
    """Where we are reached from there."""

    def cut(self) -> None:
        """Drop every packet from now on. Cut twice is cut."""
        _do("bridge", "link", "set", "dev", self.port, "state", DROPS)

    def mend(self) -> None:
        """Let packets through again. Harmless when they are."""
        _do("bridge", "link", "set", "dev", self.port, "state", FORWARDS)


@contextmanager
def networks(count: int) -> Iterator[Sequence[Network]]:
    """So many networks of one telephone each, while the block runs."""
    us = os.getpid() % 65536
    switch, net = f"hl{us}", f"10.{us // 256}.{us % 256}"
    made = [
        Network(f"{switch}-{n}", f"{switch}p{n}", f"{net}.{n + 10}", f"{net}.1")
        for n in range(count)
    ]
    try:
        _do("ip", "link", "add", switch, "type", "bridge")
    except PermissionError as error:
        pytest.fail(f"no right to make networks ({error}): run the tests as root")
    try:
        _do("ip", "address", "add", f"{net}.1/24", "dev", switch)
        _do("ip", "link", "set", switch, "up")
        for one in made:
            _open(one, switch)
        yield made
    finally:
        for one in made:
            subprocess.run(["ip", "netns", "delete", one.name], check=False, capture_output=True)
        subprocess.run(["ip", "link", "delete", switch], check=False, capture_output=True)


def _open(one: Network, switch: str) -> None:
    within = f"{one.port}i"
    _do("ip", "netns", "add", one.name)
    _do("ip", "link", "add", one.port, "type", "veth", "peer", within, "netns", one.name)
    _do("ip", "link", "set", one.port, "master", switch, "up")
    _do("ip", "-n", one.name, "address", "add", f"{one.address}/24", "dev", within)
    _do("ip", "-n", one.name, "link", "set", within, "up")
    _do("ip", "-n", one.name, "link", "set", "lo", "up")
    _do("ip", "-n", one.name, "route", "add", "default", "via", one.gateway)


def _do(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise PermissionError(f"{' '.join(command)}: {done.stderr.strip()}")


class FarPhones(Softphone):
    """Softphones of which some users' stand in networks of their own; all others as usual."""

    def __init__(self, homes: Mapping[str, Network]) -> None:
        super().__init__()
        self._homes = homes
        self._away = {
            user: Softphone(host=home.address, before=("ip", "netns", "exec", home.name))
            for user, home in homes.items()
        }

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        for phone in self._away.values():
            await phone.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for phone in self._away.values():
            await phone.__aexit__(kind, error, trace)
        await super().__aexit__(kind, error, trace)

    async def register(
        self, user: str, password: str, host: str, port: int, *, deadline_s: float = 5.0
    ) -> PhoneLine:
        """Make a phone of that user, wherever it stands, and register it."""
        home = self._homes.get(user)
        if home is None:
            return await super().register(user, password, host, port, deadline_s=deadline_s)
        phone = self._away[user]
        return await phone.register(user, password, home.gateway, port, deadline_s=deadline_s)
