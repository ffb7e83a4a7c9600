"""What ``explain`` promises for a call, in the words in which it can be met: sounds and marks."""

from dataclasses import dataclass

from config.numberplan import Plan
from tests.system.itinerary import Call

BYE = "bye"
THEIR_VOICE = "them"
"""Stands for what the peer's people say."""
CALLER, THERE, HERE = "caller", "there", "here"
"""Who ends the call: the caller, the peer's people, or the dialplan."""


@dataclass(frozen=True, slots=True)
class Promise:
    """One call as it must go."""

    sounds: tuple[str, ...]
    """Prompt ids and ``THEIR_VOICE``, in the order in which the caller hears them."""
    marks: tuple[str, ...]
    """What Asterisk's log tells, each thing once."""
    rung: tuple[tuple[str, str], ...]
    """Peer and number, for each time somebody elsewhere is rung."""
    ended_by: str


def promised(plan: Plan, call: Call) -> Promise:
    """What a plan comes to for a call without a brain, with people elsewhere as it has them."""
    sounds: list[str] = []
    marks = [
        f"ARRIVED rev={plan.revision} centre={plan.centre} line={plan.line.number}"
        f" route={plan.route} dnis={call.number} ani={call.ani}"
    ]
    rung: list[tuple[str, str]] = []
    for step in plan.steps:
        match step.do:
            case "say":
                sounds.append(step.prompt)
            case "dial":
                rung.append((step.peer, step.number))
                status = "ANSWER" if call.is_answered else "BUSY"
                marks += [f"OUTSIDE peer={step.peer}"]
                marks += [f"OUTSIDEEND peer={step.peer} status={status}"]
                if call.is_answered:
                    sounds += [THEIR_VOICE, BYE]
                    return _made(sounds, [*marks, "BYE"], rung, THERE)
            case "queue":
                return _made(sounds, [*marks, "WAIT", "FALLBACK"], rung, CALLER)
            case "hangup":
                return _made(sounds, marks, rung, HERE)
    raise AssertionError(f"the plan for {plan.dialled} leads nowhere")


def _made(
    sounds: list[str], marks: list[str], rung: list[tuple[str, str]], ended_by: str
) -> Promise:
    return Promise(tuple(sounds), tuple(marks), tuple(rung), ended_by)
