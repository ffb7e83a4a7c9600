"""A supervisor in somebody else's talk: the words and the one table of it. Pure. Ring 1.

The table goes from (phase, what happened) to (phase, what to do). It is total: ``ROWS`` say what
is answered, ``NOTHING`` what changes nothing, and there is no third. Whatever is asked for is
carried out, or refused with a word; whatever was ordered is answered, refused, or late.
"""

from collections.abc import Mapping
from enum import Enum

from transfer.step import Phase


class Input(Enum):
    """What can happen to it."""

    MODE = "mode"
    """Another mode is wanted (a key), for which only the own channel has to move."""
    BARGE = "barge"
    """It wants to be heard by both (a key), and agent and caller are not in the room yet."""
    TAKE = "take"
    """It wants the caller (a key)."""
    STARTED = "started"
    """The phone hears the talk, in the mode that it tells."""
    ENDED = "ended"
    """The phone hears no more; it may be on its way to the room."""
    GONE = "gone"
    """A look shows no channel of it."""
    AGENT_CAME = "agent-came"
    """The agent is in the call's room."""
    CAME = "came"
    """The supervisor itself is."""
    REFUSED = "refused"
    """What was ordered was not carried out."""
    LATE = "late"
    """It has not shown in time."""
    TOO_LATE = "too-late"
    """Nor has it after a look."""
    SIGNED_OUT = "signed-out"
    """Nobody's name is on the phone any more."""


KEYS = frozenset({Input.MODE, Input.BARGE, Input.TAKE})
"""What a supervisor may ask for."""

REFUSALS = (
    *("not-signed-in", "call-unknown", "not-talking", "hears-another", "not-hearing"),
    *("move-under-way", "supervise-under-way", "seat-busy", "phone-missing", "switch-away"),
)
"""Why a wish is not begun. The edge answers with the same before it asks."""
FAILURES = ("unanswered", "refused", "late")
"""Why one that was begun has come to nothing."""


class Act(Enum):
    """What is to be done. Each is one order at most."""

    WANT = "want"
    """Keep in mind which mode is wanted."""
    NEXT = "next"
    """Go on to the mode that is wanted, if it is another than the one told."""
    CHANGE = "change"
    """The own channel into the mode that is wanted."""
    GATHER = "gather"
    """The agent into the room; the caller follows by its own dialplan."""
    TAKE = "take"
    """The own channel into the room; the caller is armed to follow when its talk ends."""
    RELEASE = "release"
    """Let the agent go."""
    DISARM = "disarm"
    """The caller stays when its talk ends."""
    NAMELESS = "nameless"
    """Let the own phone go if nobody is signed in there any more."""
    HANG_UP = "hang-up"
    """Let the own phone go, also one that rings."""
    LOOK = "look"
    """Look at Asterisk."""
    REFUSE = "refuse"
    """Tell the supervisor why not."""


Answer = tuple[Phase, tuple[Act, ...]]
Table = Mapping[tuple[Phase, Input], Answer]
_P, _I, _A = Phase, Input, Act

ROWS: Table = {
    (_P.RINGING, _I.MODE): (_P.RINGING, (_A.WANT,)),
    (_P.RINGING, _I.BARGE): (_P.RINGING, (_A.WANT,)),
    (_P.RINGING, _I.TAKE): (_P.RINGING, (_A.REFUSE,)),
    (_P.RINGING, _I.STARTED): (_P.HEARING, (_A.NEXT,)),
    (_P.RINGING, _I.ENDED): (_P.OVER, ()),
    (_P.RINGING, _I.REFUSED): (_P.OVER, ()),
    (_P.RINGING, _I.LATE): (_P.OVER, (_A.LOOK,)),
    (_P.RINGING, _I.SIGNED_OUT): (_P.RINGING, (_A.HANG_UP,)),
    # one that hears
    (_P.HEARING, _I.MODE): (_P.CHANGING, (_A.WANT, _A.CHANGE)),
    (_P.HEARING, _I.BARGE): (_P.GATHERING, (_A.WANT, _A.GATHER)),
    (_P.HEARING, _I.TAKE): (_P.TAKING, (_A.TAKE,)),
    (_P.HEARING, _I.STARTED): (_P.HEARING, ()),
    (_P.HEARING, _I.ENDED): (_P.OVER, ()),
    (_P.HEARING, _I.GONE): (_P.OVER, ()),
    (_P.HEARING, _I.CAME): (_P.OVER, (_A.HANG_UP,)),  # too late, and the agent was not let go
    (_P.HEARING, _I.SIGNED_OUT): (_P.HEARING, (_A.HANG_UP,)),
    # another mode
    (_P.CHANGING, _I.MODE): (_P.CHANGING, (_A.WANT,)),
    (_P.CHANGING, _I.BARGE): (_P.CHANGING, (_A.WANT,)),
    (_P.CHANGING, _I.TAKE): (_P.CHANGING, (_A.REFUSE,)),
    (_P.CHANGING, _I.STARTED): (_P.HEARING, (_A.NEXT,)),
    (_P.CHANGING, _I.ENDED): (_P.OVER, ()),
    (_P.CHANGING, _I.GONE): (_P.OVER, ()),
    (_P.CHANGING, _I.REFUSED): (_P.HEARING, ()),
    (_P.CHANGING, _I.LATE): (_P.HEARING, (_A.LOOK,)),
    (_P.CHANGING, _I.SIGNED_OUT): (_P.CHANGING, (_A.HANG_UP,)),
    # both to the room
    (_P.GATHERING, _I.MODE): (_P.GATHERING, (_A.WANT,)),
    (_P.GATHERING, _I.BARGE): (_P.GATHERING, (_A.WANT,)),
    (_P.GATHERING, _I.TAKE): (_P.GATHERING, (_A.REFUSE,)),
    (_P.GATHERING, _I.AGENT_CAME): (_P.CHANGING, (_A.CHANGE,)),
    (_P.GATHERING, _I.ENDED): (_P.BRINGING, ()),
    (_P.GATHERING, _I.GONE): (_P.BRINGING, ()),
    (_P.GATHERING, _I.REFUSED): (_P.HEARING, (_A.DISARM,)),
    (_P.GATHERING, _I.LATE): (_P.GATHERING, (_A.LOOK,)),
    (_P.GATHERING, _I.TOO_LATE): (_P.HEARING, (_A.DISARM,)),
    (_P.GATHERING, _I.SIGNED_OUT): (_P.GATHERING, (_A.HANG_UP,)),
    (_P.BRINGING, _I.MODE): (_P.BRINGING, (_A.REFUSE,)),
    (_P.BRINGING, _I.BARGE): (_P.BRINGING, (_A.REFUSE,)),
    (_P.BRINGING, _I.TAKE): (_P.BRINGING, (_A.REFUSE,)),
    (_P.BRINGING, _I.AGENT_CAME): (_P.OVER, ()),
    (_P.BRINGING, _I.REFUSED): (_P.OVER, (_A.DISARM,)),
    (_P.BRINGING, _I.LATE): (_P.BRINGING, (_A.LOOK,)),
    (_P.BRINGING, _I.TOO_LATE): (_P.OVER, (_A.DISARM,)),
    # the caller is taken over
    (_P.TAKING, _I.MODE): (_P.TAKING, (_A.REFUSE,)),
    (_P.TAKING, _I.BARGE): (_P.TAKING, (_A.REFUSE,)),
    (_P.TAKING, _I.TAKE): (_P.TAKING, (_A.REFUSE,)),
    (_P.TAKING, _I.CAME): (_P.OVER, (_A.RELEASE,)),
    (_P.TAKING, _I.ENDED): (_P.ON_WAY, ()),
    (_P.TAKING, _I.GONE): (_P.OVER, (_A.DISARM,)),
    (_P.TAKING, _I.REFUSED): (_P.HEARING, (_A.DISARM, _A.NAMELESS)),
    (_P.TAKING, _I.LATE): (_P.TAKING, (_A.LOOK,)),
    (_P.TAKING, _I.TOO_LATE): (_P.HEARING, (_A.DISARM, _A.NAMELESS)),
    (_P.ON_WAY, _I.MODE): (_P.ON_WAY, (_A.REFUSE,)),
    (_P.ON_WAY, _I.BARGE): (_P.ON_WAY, (_A.REFUSE,)),
    (_P.ON_WAY, _I.TAKE): (_P.ON_WAY, (_A.REFUSE,)),
    (_P.ON_WAY, _I.CAME): (_P.OVER, (_A.RELEASE,)),
    (_P.ON_WAY, _I.GONE): (_P.OVER, (_A.DISARM,)),
    (_P.ON_WAY, _I.REFUSED): (_P.OVER, (_A.DISARM,)),
    (_P.ON_WAY, _I.LATE): (_P.ON_WAY, (_A.LOOK,)),
    (_P.ON_WAY, _I.TOO_LATE): (_P.OVER, (_A.DISARM,)),
}
"""Nobody is disarmed while agent and caller are on their way to the room: the agent may be there
already, and the caller must follow."""

NOTHING: Mapping[Phase, frozenset[Input]] = {
    _P.RINGING: frozenset({_I.GONE, _I.AGENT_CAME, _I.CAME, _I.TOO_LATE}),
    _P.HEARING: frozenset({_I.AGENT_CAME, _I.REFUSED, _I.LATE, _I.TOO_LATE}),
    _P.CHANGING: frozenset({_I.AGENT_CAME, _I.CAME, _I.TOO_LATE}),
    _P.GATHERING: frozenset({_I.STARTED, _I.CAME}),
    _P.BRINGING: frozenset({_I.STARTED, _I.ENDED, _I.GONE, _I.CAME, _I.SIGNED_OUT}),
    _P.TAKING: frozenset({_I.STARTED, _I.AGENT_CAME, _I.SIGNED_OUT}),
    _P.ON_WAY: frozenset({_I.STARTED, _I.ENDED, _I.AGENT_CAME, _I.SIGNED_OUT}),
    _P.OVER: frozenset(Input),
}
"""What changes nothing in a phase. Whoever signs out on the way to the room talks there: the agent
is let go for it, and the caller must not be left alone."""

TABLE: Table = {
    **ROWS,
    **{(phase, what): (phase, ()) for phase, left in NOTHING.items() for what in left},
}
"""All of it: every phase has an answer to everything."""


def advance(phase: Phase, what: Input) -> Answer:
    """What follows: the next phase, and what to do in order."""
    return TABLE[phase, what]
