"""A port is taken exactly when it cannot be bound, and ``/proc`` tells by whom."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from cti.listeners import Transport, holder, is_taken

HOST = "127.0.0.1"
KINDS = {Transport.TCP: socket.SOCK_STREAM, Transport.UDP: socket.SOCK_DGRAM}


@pytest.fixture(params=list(Transport), ids=lambda transport: transport.value)
def taken(request: pytest.FixtureRequest) -> Iterator[tuple[int, Transport]]:
    transport: Transport = request.param
    with socket.socket(socket.AF_INET, KINDS[transport]) as server:
        server.bind((HOST, 0))
        if transport is Transport.TCP:
            server.listen()
        yield server.getsockname()[1], transport


def test_a_taken_port_names_its_holder(taken: tuple[int, Transport]) -> None:
    port, transport = taken
    assert is_taken(HOST, port, transport)
    by = holder(port, transport)
    assert by is not None
    assert by.pid == os.getpid()
    assert {os.getpid(), os.getppid()} <= by.ancestors


def test_a_port_let_go_is_free(taken: tuple[int, Transport]) -> None:
    port, transport = taken
    other = Transport.UDP if transport is Transport.TCP else Transport.TCP
    assert not is_taken(HOST, port, other)
    assert holder(port, other) is None


def test_a_port_whose_last_call_just_ended_is_free() -> None:
    """A connection in TIME_WAIT keeps no server from starting."""
    with socket.create_server((HOST, 0)) as server:
        port = server.getsockname()[1]
        client = socket.create_connection((HOST, port))
        accepted, _ = server.accept()
        accepted.close()  # the side that closes first waits
        client.close()
    assert not is_taken(HOST, port, Transport.TCP)


def test_who_only_calls_from_a_port_does_not_hold_it() -> None:
    with (
        socket.create_server((HOST, 0)) as server,
        socket.create_connection(server.getsockname()) as client,
    ):
        assert holder(client.getsockname()[1], Transport.TCP) is None


def test_an_address_of_another_machine_is_no_taken_port() -> None:
    with pytest.raises(OSError, match="assign"):
        is_taken("192.0.2.1", 20999, Transport.TCP)


def test_without_proc_nobody_is_named(tmp_path: Path, taken: tuple[int, Transport]) -> None:
    port, transport = taken
    assert holder(port, transport, proc=tmp_path) is None
