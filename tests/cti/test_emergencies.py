"""Emergencies: asked while the caller is elsewhere, while another rings, while nobody can see it."""

from dataclasses import replace
from datetime import timedelta

from cti.call import CallState
from cti.effects import ArmCaller, SendOutside, SendTo, ShowMove
from cti.events import LegBridged, LegStarted, LegUnbridged, OutsideEnded, OutsideStarted
from cti.happened import OfferOutcome
from cti.ids import ChannelId, MoveId
from cti.plan import Overflow
from tests.cti.moved import M1, M2, MOVE_PLAN, POLICE, TAX, Moves
from tests.cti.playbook import CALL, CENTRE, CHANNEL, LINE, Wish, after, hung_up
from transfer.step import Kind, Step

SECOND = MoveId("move-2")
PEER_LEG = ChannelId("PJSIP/peer-tax-0000002a")


# --- a caller who talks with the line's own seats, elsewhere ------------------------------------


def outside(p: Moves, at: float, *, talks_at: float) -> Moves:
    """The line's own seats are rung by the dialplan, and answer."""
    return p.tell(
        OutsideStarted(at=after(at), call=CALL, peer=TAX, line=LINE),
        LegStarted(at=after(at), call=CALL, channel=PEER_LEG, seat=None, peer=TAX),
        LegBridged(
            at=after(talks_at), call=CALL, channel=PEER_LEG, seat=None, bridge="b9", peer=TAX
        ),
        LegBridged(at=after(talks_at), call=CALL, channel=CHANNEL, seat=None, bridge="b9"),
    )


def lets_go(p: Moves, at: float) -> Moves:
    """The line's own seats hang up: the caller is armed, so it goes on hold."""
    return p.tell(
        LegUnbridged(at=after(at), call=CALL, channel=PEER_LEG, seat=None, bridge="b9"),
        LegUnbridged(at=after(at), call=CALL, channel=CHANNEL, seat=None, bridge="b9"),
        hung_up(PEER_LEG, at),
        OutsideEnded(at=after(at), call=CALL, peer=TAX, outcome=OfferOutcome.ANSWERED),
    ).held(at)


def test_own_seats_that_go_while_110_rings_leave_the_caller_on_hold_for_it() -> None:
    """Answered by 110 it is fetched from there; in vain it comes to the queue."""
    p = outside(Moves().call_in(), 3, talks_at=4).asks(Kind.EMERGENCY, POLICE)
    p << Wish(ArmCaller, to="hold")
    lets_go(p.rings(M1, 6), 7).answers(M1, 8) << Wish(SendTo, channel=CHANNEL, to="room")
    p << Wish(ShowMove, step=Step.COMPLETED)
    p = outside(Moves().call_in(), 3, talks_at=4).asks(Kind.EMERGENCY, POLICE)
    lets_go(p.rings(M1, 6), 7).unanswered(M1, 16)
    p.unanswered(M2, 26) << Wish(SendTo, channel=CHANNEL, to="wait")


def test_own_seats_that_answer_while_110_rings_do_not_end_the_call_with_their_talk() -> None:
    """The caller was armed for nothing when they were rung; disarmed again if 110 is in vain."""
    p = outside(Moves().call_in().asks(Kind.EMERGENCY, POLICE, 2), 3, talks_at=4)
    p << Wish(ArmCaller, channel=CHANNEL, to="hold")
    p.rings(M1, 6).unanswered(M1, 12).unanswered(M2, 22) << Wish(ArmCaller, to="")
    p.none(SendTo)
    assert p.switch.call_state(CALL) is CallState.OUTSIDE


def test_nobody_overflows_from_under_an_emergency() -> None:
    """Who is rung for it fetches it from the queue; once that is over it goes where it would."""
    out = Overflow(
        after=timedelta(seconds=10),
        peer=TAX,
        number="12366",
        host="10.0.0.7",
        port=5060,
        ring=timedelta(seconds=25),
    )
    p = Moves(replace(MOVE_PLAN, overflows={CENTRE: (out,)})).call_in()
    p.asks(Kind.EMERGENCY, POLICE, 8).rings(M1, 9)
    p.tick(after(16)).none(SendOutside)
    p.unanswered(M1, 17).unanswered(M2, 18).tick(after(40)) << Wish(SendOutside, peer=TAX)
