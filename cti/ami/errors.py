"""What can go wrong with an order or a message. Few, made of data; none of them ends the link."""


class AmiError(Exception):
    """Anything the AMI link raises."""


class LinkDown(AmiError):  # noqa: N818 - an error is named for what is wrong
    """There is no link to Asterisk, or it went down before the answer came.

    In the second case the order may have been carried out: take the snapshot, don't ask again.
    """


class LoginRefused(AmiError):  # noqa: N818 - an error is named for what is wrong
    """Asterisk said no to the user name or the secret."""


class OrderTimedOut(AmiError):  # noqa: N818 - an error is named for what is wrong
    """No answer within the deadline. It may still be carried out; a late answer is dropped."""

    def __init__(self, action: str, deadline_s: float) -> None:
        super().__init__(f"{action}: no answer within {deadline_s:g} s")
        self.action = action
        self.deadline_s = deadline_s


class ListRefused(AmiError):  # noqa: N818 - an error is named for what is wrong
    """Asterisk did not answer a list action with a list; ``reason`` is its ``Message``."""

    def __init__(self, action: str, reason: str) -> None:
        super().__init__(f"{action}: {reason}")
        self.action = action
        self.reason = reason


class MalformedMessage(AmiError):  # noqa: N818 - an error is named for what is wrong
    """A message lacks a header it must have, or has it more than once."""


class StrangePeer(AmiError):  # noqa: N818 - an error is named for what is wrong
    """Whoever answers at that port does not speak AMI, or sends without end. Drop it."""
