"""One call as the switch sees it, from arrival to the end of its last leg."""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum

from config.dialled import key
from cti.happened import OfferOutcome
from cti.ids import AgentId, CallId, CentreId, ChannelId, LegId, LineId, OfferId, PeerId, SeatId
from cti.move import Move, Stand, Where
from cti.plan import Overflow
from queues.waiting import Told
from records.callrecord import CallRecord, Direction, Disposition, Offered, Source, Talk

_DIALLABLE = re.compile(r"1[3-9]\d{9}|0[1-9]\d{8,10}|[2-8]\d{6,7}", re.ASCII)
"""A mobile, a number with its area code, or one of the centre's own area, as ``key`` has them."""


NO_LEG = LegId("")
"""Of a channel that no move rang."""


class CallState(Enum):
    """Where the caller is."""

    ARRIVED = "arrived"
    WAITING = "waiting"
    OFFERED = "offered"
    """Ordered to a seat; the offer exists once its ``OfferStarted`` came."""
    TALKING = "talking"
    FALLEN_BACK = "fallen-back"
    """In Asterisk's own queue: the brain was away, or the overflow plan sent it there."""
    OUTSIDE = "outside"
    """Put through to the line's own seats at another exchange, by the dialplan: rung or talking.
    Neither waiting nor at a seat, and nobody we may offer or move."""
    HELD = "held"
    """A move is under way, or has just ended, and nobody hears the caller: it is on hold, or on
    its way to somebody."""
    KEPT = "kept"
    """Off the line, to be called back: its place in the queue goes on as if it held the line."""
    LEAVING = "leaving"
    """Between a talk and either the end or the wait again."""


@dataclass(frozen=True, slots=True)
class Party:
    """Whose a leg is: a seat's, a peer's, a recipient's, or the caller's own or a stranger's."""

    seat: SeatId | None = None
    peer: PeerId | None = None
    leg: LegId = LegId("")
    """Of a recipient whom a move rang, whatever else it is."""

    @property
    def is_other_side(self) -> bool:
        """Whether the caller talks with it when both are in one bridge."""
        return self.seat is not None or self.peer is not None or self.leg != ""


@dataclass(slots=True, kw_only=True)
class Promise:
    """A call-back owed to a caller, as Asterisk's database has it."""

    attempts: int = 0
    tried_at: datetime | None = None
    """When the citizen was dialled last."""
    is_off_line: bool = False
    """The caller has hung up since."""
    is_dialled: bool = False
    """The attempt under way was counted, and the citizen's phone may ring."""
    met_by: set[CallId] = field(default_factory=set)
    """Later calls of the same caller; while one of them lives nobody is called back."""


@dataclass(slots=True, kw_only=True)
class Call:
    """A live call. Only ``Switch`` holds and changes these."""

    id: CallId
    channel: ChannelId
    centre: CentreId
    line: LineId
    dnis: str
    ani: str
    arrived_at: datetime
    revision: int = 0
    line_state: str = ""
    prompt: str = ""
    is_farewell: bool = False
    is_blocked: bool = False
    direction: Direction = Direction.IN
    about: CallId | None = None
    """The missed call that a call out answers. Its ``channel`` is '' until the citizen is dialled:
    the first leg that is neither a seat's nor a peer's."""
    is_handed_over: bool = False
    is_emergency: bool = False
    """These two as in ``CallArrived``."""
    state: CallState = CallState.ARRIVED
    since: datetime | None = None
    has_fallen_back: bool = False
    offer: OfferId | None = None
    offer_seat: SeatId | None = None
    is_offer_seen: bool = False
    ordered_at: datetime | None = None
    """When the last offer was ordered."""
    offers_made: int = 0
    legs: dict[ChannelId, Party] = field(default_factory=dict)
    bridges: dict[ChannelId, str] = field(default_factory=dict)
    last_seat: SeatId | None = None
    """Where the caller talked last about a demand that is still open, and with whom: '' when
    nobody noted who sat there."""
    last_agent: AgentId = AgentId("")
    was_lost: bool = False
    """A seat's page went away in its talk, or while it rang: it goes before everybody."""
    kept_for: SeatId | None = None
    """That seat, while the caller is kept for it, from when (the next two) and until when."""
    kept_from: datetime | None = None
    kept_until: datetime | None = None
    offers: list[Offered] = field(default_factory=list)
    talks: list[Talk] = field(default_factory=list)
    told: Told | None = None
    """What the caller heard last of its place in the queue."""
    tells_at: datetime | None = None
    """When to look again whether there is something to tell."""
    pause: timedelta = timedelta(0)
    """How long the next waiting is not offered: two calls met at one seat."""
    tried: frozenset[PeerId] = frozenset()
    """To whose exchanges it was put through before this brain knew it."""
    overflowed: set[Overflow] = field(default_factory=set)
    """The steps of the overflow plan that it has taken."""
    overflows_at: datetime | None = None
    """When to look again whether it takes another."""
    is_sent: bool = False
    """Ordered out of the queue by such a step; nothing has shown yet that it went."""
    is_sent_back: bool = False
    """In Asterisk's own queue by our order: not to be taken back."""
    promise: Promise | None = None
    """The call-back that is owed; None: none is, or none any more."""
    kept_at: datetime | None = None
    """When the caller chose to be called back, if it left the line for that."""
    queued_at: datetime | None = None
    """When the caller itself began to wait, if it got the place that an earlier call kept."""
    meets: CallId | None = None
    """The earlier call of the same caller whose place was kept when this one came."""
    has_met: bool = False
    """It has got such a place; of two places of one number it takes one."""
    satisfaction: int | None = None
    """The key that the caller pressed after the talk."""
    move: Move | None = None
    """The move under way."""
    stand: Stand = field(default_factory=Stand)
    """Where everybody stands since the first move."""
    is_submitted: bool = False
    """Its work order has been handed in: nobody has anything left to wrap up."""
    is_partial: bool = False
    """Part of it went unseen, so the replay of CEL writes its row in the end."""
    left_at: datetime | None = None
    cause: int = 0

    def next_offer(self) -> OfferId:
        """Name the next offer: the call's id and a count, so it is never used twice."""
        self.offers_made += 1
        return OfferId(f"{self.id}/{self.offers_made}")

    def recall_offers(self, offer: OfferId) -> None:
        """Go on counting after the offer found on the caller's channel, made by a brain before."""
        count = offer.rpartition("/")[2]
        if count.isdecimal():
            self.offers_made = max(self.offers_made, int(count))

    @property
    def partners(self) -> list[Party]:
        """Who hears the caller now, each once: seats, peers', recipients."""
        mine = self.bridges.get(self.channel)
        if mine is None:
            return []
        heard = (self.legs.get(one) for one, bridge in self.bridges.items() if bridge == mine)
        return list(dict.fromkeys(one for one in heard if one is not None and one.is_other_side))

    def is_heard_by(self, channel: ChannelId) -> bool:
        """Whether that leg and the caller are in one bridge."""
        mine = self.bridges.get(self.channel)
        return mine is not None and channel != self.channel and self.bridges.get(channel) == mine

    @property
    def partner(self) -> Party | None:
        """Who hears the caller now, or the first of several."""
        return next(iter(self.partners), None)

    @property
    def talk_partners(self) -> list[Party]:
        """With whom the talks that are noted as going on are."""
        return [party_of(talk) for talk in self.talks if talk.until is None]

    @property
    def talk_partner(self) -> Party | None:
        """With whom a talk is noted as going on, or the first of several."""
        return next(iter(self.talk_partners), None)

    @property
    def is_in_room(self) -> bool:
        """Whether the caller is in the room or on hold: its first talk's end ends nothing."""
        return self.stand.caller in (Where.ROOM, Where.HOLD)

    def channel_of(self, seat: SeatId) -> ChannelId | None:
        """The leg of that seat's phone, if it has one in this call."""
        return next((one for one, party in self.legs.items() if party.seat == seat), None)

    def leg_channel(self, leg: LegId) -> ChannelId | None:
        """The channel of a leg that a move rang; None: it has not come, or has gone."""
        return next((one for one, party in self.legs.items() if leg and party.leg == leg), None)

    def keeps(self, seat: SeatId) -> bool:
        """Whether the seat is in this call though the caller does not hear it now.

        It has a leg, and that came to the room, or is on its way there, or is the initiator's of a
        move under way.
        """
        channel = self.channel_of(seat)
        if channel is None:
            return False
        is_there = channel in self.stand.room | self.stand.brought
        return is_there or (self.move is not None and self.move.initiator == seat)

    @property
    def is_nothing_yet(self) -> bool:
        """A call out whose citizen has not been dialled: it has no row, and may never get one."""
        return self.direction is Direction.OUT and not self.is_offer_seen

    @property
    def ringing_seat(self) -> SeatId | None:
        """A seat whose phone rings or talks for this call."""
        legs = (party for party in self.legs.values() if not party.leg)
        return next((party.seat for party in legs if party.seat), None)

    @property
    def ringing_peer(self) -> PeerId | None:
        """A peer that is being dialled, or talks, for this call."""
        legs = (party for party in self.legs.values() if not party.leg)
        return next((party.peer for party in legs if party.peer), None)

    @property
    def party_line(self) -> tuple[CentreId, str]:
        """Centre and caller: what tells that a caller calls again."""
        return self.centre, key(self.ani)

    @property
    def can_be_called_back(self) -> bool:
        """Whether the number shown is the caller's own and can be dialled.

        Not one that is withheld, a seat's, short, or abroad; and not who is handed over by
        another exchange, an emergency line first of all: that number may be the exchange's.
        """
        return not self.is_handed_over and _DIALLABLE.fullmatch(key(self.ani)) is not None

    @property
    def went_outside_at(self) -> datetime | None:
        """When the caller was first put through to another exchange."""
        return next((one.at for one in self.offers if one.peer and not one.leg), None)

    @property
    def first_answered_at(self) -> datetime | None:
        """When somebody first talked with the caller who had waited; None: nobody has yet.

        A citizen whom we called talks before it may have to wait.
        """
        since = self.since or self.arrived_at
        return next((talk.since for talk in self.talks if talk.since >= since), None)

    def begin_talk(self, party: Party, agent: AgentId, at: datetime) -> None:
        """Note that the other side and the caller hear each other."""
        self.talks.append(
            Talk(
                seat=party.seat or SeatId(""),
                agent=agent,
                since=at,
                until=None,
                peer=party.peer or PeerId(""),
                leg=party.leg,
                target=self.stand.recipients.get(party.leg, ""),
            )
        )

    def talked_since(self, channel: ChannelId, at: datetime) -> None:
        """Let the talks that a look showed begin when it was, told late, that this leg came."""
        party = self.legs.get(channel)
        for place, talk in enumerate(self.talks):
            is_its = channel == self.channel or party_of(talk) == party
            if talk.until is None and talk.since > at and is_its:
                self.talks[place] = replace(talk, since=at)

    def end_talk(self, party: Party, at: datetime) -> None:
        """Close the open talk with that one, if there is one."""
        for place, talk in enumerate(self.talks):
            if talk.until is None and party_of(talk) == party:
                self.talks[place] = replace(talk, until=at)

    def close_offer(self, outcome: OfferOutcome, leg: LegId = NO_LEG) -> None:
        """Say how the last ringing ended, if that has not been said: the queue's, or a leg's."""
        for place in reversed(range(len(self.offers))):
            offered = self.offers[place]
            if offered.leg == leg:
                if offered.outcome == "live":
                    self.offers[place] = replace(offered, outcome=outcome.value)
                return

    def end_offers(self) -> None:
        """Say how each ringing ended, when the call is over and nobody has said so.

        Whoever hangs up in mid-ring or mid-talk leaves the dialplan before it can tell. A ringing
        that another one followed went unseen to its end, and was missed.
        """
        for place, offered in enumerate(self.offers):
            if offered.outcome != "live":
                continue
            is_last = offered.leg or all(later.leg for later in self.offers[place + 1 :])
            outcome = OfferOutcome.CALLER_LEFT if is_last else OfferOutcome.MISSED
            who = (offered.seat, offered.peer, offered.leg)
            is_nobodys = not (offered.seat or offered.peer or offered.leg)
            is_citizen = self.direction is Direction.OUT and is_nobodys
            if (is_citizen and self.talks) or any(
                (talk.seat, talk.peer, talk.leg) == who and talk.since >= offered.at
                for talk in self.talks
            ):
                outcome = OfferOutcome.ANSWERED
            self.offers[place] = replace(offered, outcome=outcome.value)

    def shift_clock(self, by: timedelta) -> None:
        """Keep every deadline as far away as it was, now that the clock was set."""
        self.ordered_at = self.ordered_at and self.ordered_at + by
        self.tells_at = self.tells_at and self.tells_at + by
        self.kept_from = self.kept_from and self.kept_from + by
        self.kept_until = self.kept_until and self.kept_until + by
        self.overflows_at = self.overflows_at and self.overflows_at + by
        if self.move is not None and self.move.until is not None:
            self.move.until += by
        self.stand.shift_clock(by)
        self.told = self.told and replace(self.told, at=self.told.at + by)
        if self.promise is not None and self.promise.tried_at is not None:
            self.promise.tried_at += by

    def record(self) -> CallRecord:
        """Return the call's row as it stands; ended once ``left_at`` is set."""
        return CallRecord(
            call=self.id,
            centre=self.centre,
            line=self.line,
            dnis=self.dnis,
            ani=self.ani,
            arrived_at=self.arrived_at,
            waited_since=self.queued_at or self.since,
            ended_at=self.left_at,
            disposition=self._disposition(),
            cause=self.cause,
            has_fallen_back=self.has_fallen_back,
            offers=tuple(self.offers),
            talks=tuple(sorted(self.talks, key=lambda t: (t.since, t.seat, t.peer, t.leg))),
            source=Source.GLIMPSED if self.is_partial else Source.LIVE,
            revision=self.revision,
            direction=self.direction,
            about=self.about,
            satisfaction=self.satisfaction,
            kept_at=self.kept_at,
        )

    def _disposition(self) -> Disposition:
        if self.left_at is None:
            return Disposition.LIVE
        if self.talks:
            return Disposition.ANSWERED
        if self.direction is Direction.OUT:
            return Disposition.UNREACHED
        if self.is_blocked:
            return Disposition.BLOCKED
        if self.cause in NETWORK_FAILED:
            return Disposition.CUT
        return Disposition.TOLD if self.is_farewell else Disposition.ABANDONED


def party_of(talk: Talk) -> Party:
    """With whom that talk is."""
    return Party(talk.seat or None, talk.peer or None, talk.leg)


NETWORK_FAILED = frozenset({27, 34, 38, 41, 42, 44, 47})
"""Q.850 causes that say the network, not the caller, ended it."""
