"""Calls as Asterisk logs them, for tests: a small script a call, written as CEL lines."""

import json
from dataclasses import dataclass, field
from typing import Any

EPOCH = 1795147200.0
"""NOON of the samples."""
MARKS = frozenset(
    (
        "ARRIVED",
        "WAIT",
        "FALLBACK",
        "OFFER",
        "MISSED",
        "OUTSIDE",
        "OUTSIDEEND",
        "SEATLOST",
        "RATED",
        "BYE",
        "HELD",
        "ROOM",
        "AWAY",
        "AWAYEND",
    )
)
"""The marks of our own dialplan."""


@dataclass
class Logged:
    """One call's events, in order. Each verb adds what Asterisk would log for it."""

    second: float = 0
    """When it comes in, after noon. Two calls of a log come in at different seconds."""
    life: float = -100
    """When Asterisk was started, after noon: it numbers its channels from then on."""
    ani: str = "13847652301"
    events: list[dict[str, Any]] = field(default_factory=list)
    legs: int = 0
    revision: str = "12"
    route: str = "queue"

    @property
    def call(self) -> str:
        return self.channel(0)

    def channel(self, at: float) -> str:
        """Name a channel born then. Later ones have higher numbers, as Asterisk gives them."""
        second = self.second + at
        return f"node1-{int(EPOCH + second)}.{round((second - self.life) * 1000)}"

    def log(
        self,
        kind: str,
        at: float,
        *,
        leg: str = "",
        seat: str = "",
        extra: Any = "",
        account: bool = True,
        root: str = "",
    ) -> "Logged":
        """``root``: the Linkedid, of a channel that is not the caller's nor dialled by it."""
        is_mark = kind in MARKS
        if is_mark:
            extra = {"extra": extra}
        is_birth = kind == "CHAN_START" and not seat
        self.events.append(
            {
                "eventtype": kind,
                "eventtime": f"{EPOCH + self.second + at:.6f}",
                "linkedid": root or self.call,
                "uniqueid": leg or self.call,
                "channame": f"PJSIP/{seat or 'trunk'}-{self.legs:08x}",
                "num": self.ani,
                "context": "from-trunk" if is_birth else "wait",
                "exten": "8337772" if is_birth else "s",
                "accountcode": self.call if account else "",
                "userdeftype": kind if is_mark else "",
                "eventextra": json.dumps(extra) if extra else "",
            }
        )
        return self

    def arrive(self) -> "Logged":
        mark = (
            f"rev={self.revision} centre=chifeng line=8337772 route={self.route}"
            f" dnis=04768337772 ani={self.ani}"
        )
        self.log("CHAN_START", 0, account=False)
        self.log("ANSWER", 0.01, account=False)
        return self.log("ARRIVED", 0.02, extra=mark)

    def wait(self, at: float) -> "Logged":
        return self.log("WAIT", at)

    def offer(self, seat: str, at: float) -> "Logged":
        self.log("OFFER", at, extra=f"seat={seat}")
        return self.ring(seat, at + 0.01)

    def outside(self, peer: str, at: float) -> "Logged":
        """Put through to the line's own seats at that peer."""
        self.log("OUTSIDE", at, extra=f"peer={peer}")
        return self.ring(f"peer-{peer}", at + 0.01)

    def outside_end(self, peer: str, at: float, status: str = "NOANSWER") -> "Logged":
        """The dialplan's ``Dial`` to the peer returned."""
        return self.log("OUTSIDEEND", at, extra=f"peer={peer} status={status}")

    def ring(self, seat: str, at: float) -> "Logged":
        self.legs += 1
        return self.log("CHAN_START", at, leg=self.channel(at), seat=seat, account=False)

    def leg(self) -> str:
        return str(next(e["uniqueid"] for e in self.events[::-1] if "trunk" not in e["channame"]))

    def missed(self, seat: str, at: float, status: str = "NOANSWER", cause: int = 16) -> "Logged":
        self.unring(seat, at, cause)
        return self.log("MISSED", at + 0.01, extra=f"seat={seat} status={status}")

    def unring(self, seat: str, at: float, cause: int = 16) -> "Logged":
        leg = self.leg()
        self.log("HANGUP", at, leg=leg, seat=seat, extra={"hangupcause": cause})
        return self.log("CHAN_END", at, leg=leg, seat=seat)

    def talk(self, seat: str, at: float, until: float | None) -> "Logged":
        leg, bridge = (
            self.leg(),
            {"bridge_id": f"{self.call}-{at}", "bridge_technology": "simple_bridge"},
        )
        self.log("ANSWER", at - 0.01, leg=leg, seat=seat)
        self.log("BRIDGE_ENTER", at, leg=leg, seat=seat, extra=bridge)
        self.log("BRIDGE_ENTER", at + 0.001, extra=bridge)
        if until is not None:
            self.log("BRIDGE_EXIT", until, leg=leg, seat=seat, extra=bridge)
            self.log("BRIDGE_EXIT", until + 0.001, extra=bridge)
            self.unring(seat, until + 0.002)
        return self

    # --- moves -------------------------------------------------------------------------------

    def recipient(self, name: str, at: float, n: int = 1) -> str:
        """The brain rings somebody; the leg's id."""
        leg = f"{self.call}-m{n}"
        self.legs += 1
        self.log("CHAN_START", at, leg=leg, seat=name, account=False, root=leg)
        return leg

    def joins(self, leg: str, name: str, at: float, target: str = "") -> "Logged":
        """It answers and comes into the room."""
        told = f"leg={leg}" + (f" target={target}" if target else "")
        self.log("ANSWER", at, leg=leg, seat=name, root=leg)
        self.log("ROOM", at + 0.001, leg=leg, seat=name, root=leg, extra=told)
        return self.enter(at + 0.002, leg, name)

    def enter(self, at: float, leg: str = "", name: str = "", bridge: str = "c") -> "Logged":
        """A leg (the caller's, if none is named) comes into the call's conference."""
        return self.log("BRIDGE_ENTER", at, leg=leg, seat=name, extra={"bridge_id": bridge})

    def leave(self, at: float, leg: str = "", name: str = "", bridge: str = "c") -> "Logged":
        """It goes out of it."""
        return self.log("BRIDGE_EXIT", at, leg=leg, seat=name, extra={"bridge_id": bridge})

    def gone(self, leg: str, name: str, at: float, cause: int = 16) -> "Logged":
        """A leg hangs up, in whatever it was."""
        self.log("HANGUP", at, leg=leg, seat=name, extra={"hangupcause": cause})
        return self.log("CHAN_END", at, leg=leg, seat=name)

    def rated(self, mark: str, at: float, seat: str) -> "Logged":
        """The caller pressed that key after the talk."""
        return self.log("RATED", at, extra=f"mark={mark} seat={seat}")

    def end(self, at: float, cause: int = 16, source: str = "PJSIP/trunk-0001") -> "Logged":
        told = {"hangupcause": cause, "hangupsource": source, "dialstatus": ""}
        self.log("HANGUP", at, extra=told)
        self.log("CHAN_END", at)
        return self.log("LINKEDID_END", at)

    def lines(self) -> list[bytes]:
        return [json.dumps(event).encode() + b"\n" for event in self.events]


SEAT = "chifeng-1001"
OTHER = "chifeng-1002"


def answered(second: float = 0, **more: Any) -> Logged:
    """A call that waits, is missed by one seat and answered by another."""
    call = Logged(second, **more).arrive().wait(3).offer(SEAT, 4).missed(SEAT, 9).wait(9.1)
    return call.offer(OTHER, 10).talk(OTHER, 12, 60).log("BYE", 60.1).end(62)


def abandoned(second: float = 0, **more: Any) -> Logged:
    """A caller who gave up waiting."""
    return Logged(second, **more).arrive().wait(3).end(20)
