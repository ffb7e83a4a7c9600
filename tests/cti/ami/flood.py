"""A process that speaks AMI and sends events at a steady rate: ``python -m … <rate> <seconds>``.

In a process of its own, so that its work is not measured as the link's. Prints its port, then,
when all is sent, how many events and in how many seconds. A Ping's ``Number`` comes back with its
answer.
"""

import select
import socket
import sys
import time

TICK_S = 0.01
EVENT = (
    "Event: Newstate\r\nPrivilege: call,all\r\nTimestamp: 1795310090.123456\r\n"
    "Channel: PJSIP/chifeng-1001-0000002a\r\nChannelState: 6\r\nChannelStateDesc: Up\r\n"
    "CallerIDNum: 04760000000\r\nCallerIDName: 坐席一号\r\nConnectedLineNum: <unknown>\r\n"
    "ConnectedLineName: <unknown>\r\nLanguage: zh\r\nAccountCode: node1-1795310090.4\r\n"
    "Context: connect\r\nExten: s\r\nPriority: 12\r\nUniqueid: node1-1795310090.5\r\n"
    "Linkedid: node1-1795310090.4\r\nN: {number}\r\nSent: {sent}\r\n\r\n"
)


def main(rate: int, seconds: float) -> None:
    """Serve one link: log it in, send, answer its pings meanwhile and for 2 s afterwards."""
    listener = socket.create_server(("127.0.0.1", 0))
    say(str(listener.getsockname()[1]))
    peer, _ = listener.accept()
    peer.sendall(b"Asterisk Call Manager/11.0.0\r\n")
    orders = Orders(peer)
    orders.answer()
    peer.sendall(b"Event: FullyBooted\r\n\r\n")
    began = time.monotonic()
    sent = 0
    total = int(rate * seconds)
    while sent < total:
        due = min(total, int((time.monotonic() - began + TICK_S) * rate))
        stamp = time.monotonic()
        batch = "".join(EVENT.format(number=n, sent=stamp) for n in range(sent, due))
        peer.sendall(batch.encode())
        sent = due
        while select.select([peer], [], [], 0)[0]:
            orders.answer()
        time.sleep(max(0.0, sent / rate - (time.monotonic() - began)))
    say(f"{sent} {time.monotonic() - began:.3f}")
    until = time.monotonic() + 2
    while time.monotonic() < until:
        if select.select([peer], [], [], 0.1)[0]:
            orders.answer()


class Orders:
    """What the link asks for; each whole action is answered with Success, once."""

    def __init__(self, peer: socket.socket) -> None:
        self._peer = peer
        self._rest = b""

    def answer(self) -> None:
        """Read what has come and answer the whole actions in it; end when the link has gone."""
        asked = self._peer.recv(65536)
        if not asked:
            sys.exit()
        *actions, self._rest = (self._rest + asked).split(b"\r\n\r\n")
        for action in actions:
            kept = [b"Response: Success"]
            kept += [
                line
                for line in action.split(b"\r\n")
                if line.startswith((b"ActionID: ", b"Number: "))
            ]
            self._peer.sendall(b"\r\n".join(kept) + b"\r\n\r\n")


def say(line: str) -> None:
    """Tell the test."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
