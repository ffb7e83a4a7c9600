"""What belongs to one action's answer, by its markers alone. Pure."""

from cti.ami.errors import ListRefused
from cti.ami.message import Headers


class Answer:
    """Collects the messages with one action's id until the answer is whole.

    Asterisk's wordings ("Added … to queue", "… successfully queued") are never looked at: a list
    begins with ``EventList: start`` and ends with ``EventList: Complete``, all else is one message.
    """

    def __init__(self, action: str, *, is_list: bool) -> None:
        self.is_list = is_list
        self.outcome: Headers | list[Headers] | ListRefused | None = None
        """What the asker gets, or is raised to him; None until ``add`` returned true."""
        self._action = action
        self._events: list[Headers] = []

    def wants(self, message: Headers) -> bool:
        """Whether a message with this action's id is part of its answer.

        The ``OriginateResponse`` of an order, for one, is not, though it has a ``Response``: it is
        an event for everybody.
        """
        return self.is_list or ("Response" in message and "Event" not in message)

    def add(self, message: Headers) -> bool:
        """Take a message; True when the answer is whole."""
        if not self.is_list:
            self.outcome = message
            return True
        mark = str(message.get("EventList", "")).lower()
        if "Response" in message:
            if mark != "start":
                self._refuse(message)
        elif not mark or not str(message.get("Event")).endswith("Complete"):
            # A marker in a piece of the list came out of a caller's number: it ends nothing.
            self._events.append(message)
        elif mark == "complete":
            self.outcome = self._events
        else:
            self._refuse(message)
        return self.outcome is not None

    def _refuse(self, message: Headers) -> None:
        reason = str(message.get("Message", "answered without a list"))
        self.outcome = ListRefused(self._action, reason)
