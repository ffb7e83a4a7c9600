"""A bare Asterisk with three seats, and softphones, both on ports of this run's own."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bench.bare import BareAsterisk
from bench.phone import Softphone
from bench.ports import free_port
from tests.asterisk.world import find_root, free_rtp_range

SEATS = ("bare-1001", "bare-1002", "bare-1003")


@pytest.fixture
async def switch(tmp_path: Path) -> AsyncIterator[BareAsterisk]:
    rtp = free_rtp_range()
    bare = BareAsterisk(
        tmp_path / "bare",
        sip_port=free_port(),
        ami_port=free_port(),
        rtp=(rtp, rtp + 99),
        seats=SEATS,
        root=find_root(),
    )
    async with bare:
        yield bare
    shutil.rmtree(bare.home, ignore_errors=True)


@pytest.fixture
async def phone() -> AsyncIterator[Softphone]:
    async with Softphone() as drawer:
        yield drawer
