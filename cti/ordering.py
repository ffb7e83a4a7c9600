"""Gives Asterisk the switch's orders. Ring 3, no rules.

An order is answered, refused or timed out; what comes of it returns through the inbox as an
event. None is ever given a second time by itself, or by a brain that stood still.
"""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any, assert_never

import structlog

from cti import dialwire, keptwire, moveorders
from cti.ami.errors import AmiError, LinkDown, OrderTimedOut
from cti.announced import Announced
from cti.effects import (
    AdoptCaller,
    AnswerAsk,
    CallBack,
    DialOut,
    FallBack,
    ForgetKept,
    HandPlace,
    HangUp,
    OfferCall,
    PressPhone,
    RemoveMember,
    SendOutside,
    SetMember,
    TellCaller,
)
from cti.events import MemberUnknown, OrderRefused
from cti.happened import PhoneKey, Refusal
from cti.ids import CallId, ChannelId, OfferId
from cti.inbox import Inbox
from cti.ports import Message, Orders
from cti.wire import leg_of, seat_at

log = structlog.get_logger()

KEEP_OFFER = "keep-offer"
"""The prompt that asks a waiting caller whether to be called back."""
NORMAL, BUSY = "16", "17"
"""Q.850: somebody hung up; who is rung refuses."""

Order = (
    AnswerAsk
    | TellCaller
    | HandPlace
    | HangUp
    | PressPhone
    | ForgetKept
    | OfferCall
    | CallBack
    | DialOut
    | AdoptCaller
    | SendOutside
    | FallBack
    | SetMember
    | RemoveMember
    | moveorders.MoveOrder
)
"""The effects that Asterisk carries out."""


class OrderBook:
    """Turns orders into AMI actions. Those that must be answered are given by who awaits them."""

    def __init__(
        self, link: Orders, inbox: Inbox, stands_still: Callable[[], bool], announced: Announced
    ) -> None:
        """``stands_still``: whether the brain stood still, so that what it wished is too old."""
        self._link = link
        self._inbox = inbox
        self._stands_still = stands_still
        self._announced = announced

    def give(self, order: Order) -> Coroutine[Any, Any, None] | None:
        """Give an order that needs no answer; of any other, return what is to be awaited."""
        if isinstance(order, moveorders.MoveOrder):
            return moveorders.give(self, order)
        match order:
            case AnswerAsk():
                self.tell("Setvar", Channel=order.channel, Variable="ANSWER", Value=order.answer)
            case TellCaller():
                self._say(order)
            case HandPlace():
                epoch = str(int(order.since.timestamp()))
                self.tell("Setvar", Channel=order.channel, Variable="SINCE", Value=epoch)
            case HangUp():
                self.tell("Hangup", Channel=order.channel, Cause="16")
            case PressPhone():
                self._press(order)
            case ForgetKept():
                self.tell("DBDel", Family=keptwire.FAMILY, Key=order.call)
            case OfferCall():
                return self._offer(order)
            case CallBack():
                asked = keptwire.originate(order)
                return self.ring(order.call, order.offer, order.offer, "Originate", asked)
            case DialOut():
                asked = dialwire.originate(order)
                return self.ring(order.call, order.offer, order.offer, "Originate", asked)
            case AdoptCaller():
                return self._move(order.call, None, order.channel, "wait")
            case SendOutside():
                return self._send_outside(order)
            case FallBack():
                return self._move(order.call, None, order.channel, "fallback")
            case SetMember() | RemoveMember():
                return self._member(order)
            case _:
                assert_never(order)
        return None

    def _say(self, order: TellCaller) -> None:
        if order.keeps:
            self.tell("Setvar", Channel=order.channel, Variable="KEEP", Value="yes")
        said = ",".join((*order.prompts, *([KEEP_OFFER] if order.keeps else [])))
        self.tell("Setvar", Channel=order.channel, Variable="SAY", Value=said)

    def _press(self, order: PressPhone) -> None:
        """A telephone answers and holds when it is told in its own dialogue (``Event: talk``,
        ``hold``, as desk telephones know it); that it is mute or gone Asterisk sees to itself.
        """
        match order.key:
            case PhoneKey.HANG_UP:
                # Who is named has hung up; a leg that ends without a name was lost.
                named = {"Variable": "CHANNEL(hangupsource)", "Value": order.channel}
                self.tell("Setvar", Channel=order.channel, **named)
                cause = BUSY if order.rings else NORMAL
                self.tell("Hangup", Channel=order.channel, Cause=cause)
            case PhoneKey.MUTE | PhoneKey.UNMUTE:
                state = "on" if order.key is PhoneKey.MUTE else "off"
                self.tell("MuteAudio", Channel=order.channel, Direction="in", State=state)
            case PhoneKey.ANSWER | PhoneKey.HOLD | PhoneKey.RESUME:
                what = "hold" if order.key is PhoneKey.HOLD else "talk"
                self.tell("PJSIPNotify", Channel=order.channel, Variable=f"Event={what}")

    def tell(self, action: str, **headers: str) -> None:
        """Send an action whose answer nobody waits for."""
        try:
            self._link.tell(action, **headers)
        except LinkDown:
            log.warning("order not sent, no link", action=action)

    async def _offer(self, wish: OfferCall) -> None:
        ring = str(int(wish.ring.total_seconds()))
        where = {"Channel": wish.channel, "Context": "connect", "Exten": "s", "Priority": "1"}
        facts = {"OFFER": f"{wish.offer},{wish.seat},{ring}"}
        await self.ring(wish.call, wish.offer, wish.offer, "Redirect", where, facts=facts)

    async def _send_outside(self, wish: SendOutside) -> None:
        ring = str(int(wish.ring.total_seconds()))
        facts = {"PEER": wish.peer, "DEST": wish.number, "RING": ring}
        self.write(wish.channel, facts | {"HOST": wish.host, "PORT": str(wish.port)})
        await self._move(wish.call, None, wish.channel, "outside")

    async def _move(self, call: CallId, offer: OfferId | None, channel: str, context: str) -> None:
        where = {"Channel": channel, "Context": context, "Exten": "s", "Priority": "1"}
        await self.order(call, offer, "Redirect", where)

    def write(self, channel: str, facts: Mapping[str, str]) -> None:
        """Set variables of a channel, unless the brain stood still since they were wished."""
        for name, value in facts.items() if not self._stands_still() else ():
            self.tell("Setvar", Channel=channel, Variable=name, Value=value)

    async def ring(
        self,
        call: CallId,
        offer: OfferId | None,
        card: OfferId,
        action: str,
        headers: Mapping[str, str],
        name: str = "",
        facts: Mapping[str, str] | None = None,
    ) -> None:
        """Give an order that rings a seat, once its card is seen; ``facts`` are written before.

        What has ended meanwhile is not ordered any more, and is said to be refused.
        """
        why = await self._announced.why_not(call, card)
        if why is not None:
            log.info("not rung any more", call=call, why=why.value)
            self._refuse(call, offer, action, headers, name, why)
            return
        self.write(headers["Channel"], facts or {})
        await self.order(call, offer, action, headers, name)

    async def order(
        self,
        call: CallId,
        offer: OfferId | None,
        action: str,
        headers: Mapping[str, str],
        name: str = "",
    ) -> None:
        """Give an order; if it is not carried out, an ``OrderRefused`` says so, and ``name``."""
        try:
            if self._stands_still():
                raise LinkDown("ordered before the brain stood still")
            if action == "Originate":
                headers = {**headers, "Channel": await self._phone(headers["Channel"])}
            answer = await self._link.ask(action, **headers)
        except OrderTimedOut:
            why = Refusal.TIMED_OUT
        except LinkDown:
            why = Refusal.OTHER  # the snapshot of the next link will show what came of it
        else:
            if answer.get("Response") == "Success":
                return
            why = _refusal(str(answer.get("Message", "")))
        context = headers.get("Context", action)
        # whom a move sends somewhere may hang up at any moment
        tell = log.info if name and why is Refusal.GONE else log.warning
        tell("order refused", call=call, context=context, why=why.value)
        self._refuse(call, offer, action, headers, name, why)

    def _refuse(
        self,
        call: CallId,
        offer: OfferId | None,
        action: str,
        headers: Mapping[str, str],
        name: str,
        why: Refusal,
    ) -> None:
        at = self._inbox.now()
        self._inbox.put(
            OrderRefused(
                at=at,
                call=call,
                offer=offer,
                why=why,
                order=name,
                channel=ChannelId(headers["Channel"]) if action == "Redirect" else None,
                leg=leg_of(headers.get("ChannelId", "")),
            )
        )

    async def _phone(self, channel: str) -> str:
        """The phone to ring for that channel's name: a seat's is the one in its page, if any."""
        seat = seat_at(channel)
        if seat is None:
            return channel
        there = await self._link.ask("Getvar", Variable=f"PJSIP_AOR({seat}-web,contact)")
        return f"{channel}-web" if there.get("Value") else channel

    async def _member(self, wish: SetMember | RemoveMember) -> None:
        """Both phones of the seat are members; either is as busy as the seat."""
        try:
            for phone in (f"PJSIP/{wish.seat}", f"PJSIP/{wish.seat}-web"):
                answer = await self._told(wish, f"fallback-{wish.centre}", phone)
                said = str(answer.get("Message", ""))
                if answer.get("Response") != "Success" and not _is_away(wish, said):
                    why = Refusal.OTHER
                    break
            else:
                return
        except LinkDown:
            return  # the snapshot of the next link shows the members
        except AmiError as error:
            why, said = Refusal.TIMED_OUT, str(error)
        log.error("fall-back queue not told", seat=wish.seat, why=said)
        self._inbox.put(MemberUnknown(at=self._inbox.now(), seat=wish.seat, why=why))

    async def _told(self, wish: SetMember | RemoveMember, queue: str, phone: str) -> Message:
        where = {"Queue": queue, "Interface": phone}
        if isinstance(wish, RemoveMember):
            return await self._link.ask("QueueRemove", **where)
        paused = "true" if wish.is_paused else "false"
        state = f"hint:{wish.seat}@phones"
        await self._link.ask(
            "QueueAdd", **where, MemberName=wish.agent, StateInterface=state, Paused=paused
        )  # "Already there" is as good: the pause below sets what it should be
        return await self._link.ask("QueuePause", **where, Paused=paused, Reason=wish.reason)


def _is_away(wish: SetMember | RemoveMember, said: str) -> bool:
    """Whether a refusal says that what is to be removed is not there."""
    return isinstance(wish, RemoveMember) and ("Not there" in said or "No such queue" in said)


def _refusal(message: str) -> Refusal:
    if "not up" in message:
        return Refusal.NOT_UP
    if "does not exist" in message or "No such channel" in message:
        return Refusal.GONE
    return Refusal.OTHER
