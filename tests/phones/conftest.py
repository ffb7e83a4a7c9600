"""A bare Asterisk with three seats, and softphones, both on ports of this run's own."""

import shutil
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bench.bare import HOST, BareAsterisk
from bench.phone import Softphone

SEATS = ("bare-1001", "bare-1002", "bare-1003")


def free_port(kind: int) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@pytest.fixture
async def switch(tmp_path: Path) -> AsyncIterator[BareAsterisk]:
    bare = BareAsterisk(
        tmp_path / "bare",
        sip_port=free_port(socket.SOCK_DGRAM),
        ami_port=free_port(socket.SOCK_STREAM),
        rtp=(24500, 24599),
        seats=SEATS,
    )
    async with bare:
        yield bare
    shutil.rmtree(bare.home, ignore_errors=True)


@pytest.fixture
async def phone() -> AsyncIterator[Softphone]:
    async with Softphone(rtp_first=24200) as drawer:
        yield drawer
