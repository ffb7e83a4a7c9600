"""The verbs of stories about a seat whose telephone is in its page."""

from dataclasses import replace
from typing import Any, Self

from cti.effects import Effect
from cti.events import Event, LegStarted, PhoneChanged
from cti.happened import Phone
from cti.ids import ChannelId, LegId
from cti.moveevents import CallerHeld, PartyLost, RoomEntered
from tests.cti.moved import EXPERT, M1, POLICE, Moves, bridged
from tests.cti.playbook import CALL, SEAT, after, leg
from transfer.step import Kind

PAGE = ChannelId(f"PJSIP/{SEAT}-web-00000007")
BACK = ChannelId(f"PJSIP/{SEAT}-web-00000008")


class Pages(Moves):
    """``Moves`` in which Anna's telephone is her page."""

    def _tell(self, event: Event) -> list[Effect]:
        told: Any = event
        if getattr(event, "channel", None) == leg(SEAT):
            told = replace(told, channel=PAGE)
        return super()._tell(told)

    def consulting(self) -> Self:
        """Anna talks with the expert, the caller holds."""
        return self.in_talk().asks(Kind.CONSULT, EXPERT).aside(6).rings(M1, 7).answers(M1, 8)

    def calling_police(self) -> Self:
        """Anna talks with the caller, and 110 rings."""
        return self.in_talk().asks(Kind.EMERGENCY, POLICE).rings(M1, 6)

    def page_leaves(self, at: float, channel: ChannelId = PAGE) -> Self:
        """The page goes away in the midst of it."""
        self.phone(at, Phone.GONE)
        self.tell(PartyLost(at=after(at), call=CALL, channel=channel))
        return self.gone(channel, at, SEAT)

    def leaves_plain_talk(self, at: float) -> Self:
        """It goes away while it talks with the caller alone, who is armed and holds then."""
        self.page_leaves(at)
        return self.tell(CallerHeld(at=after(at), call=CALL))

    def phone(self, at: float, how: Phone = Phone.FREE) -> Self:
        """Its telephone, as Asterisk tells it."""
        return self.tell(PhoneChanged(at=after(at), seat=SEAT, phone=how))

    def comes_back(self, of: LegId, at: float) -> Self:
        """The page answers, and is in the room again."""
        return self.tell(
            LegStarted(at=after(at), call=CALL, channel=BACK, seat=SEAT, leg=of),
            RoomEntered(at=after(at), call=CALL, channel=BACK, seat=SEAT, leg=of),
            bridged(BACK, at, SEAT, of),
        )
