"""What can end a dialogue from outside. A dialogue that lets these pass simply ends."""


class AgiError(Exception):
    """Anything an AGI session raises."""


class CallerLeft(AgiError):  # noqa: N818 - an error is named for what is wrong
    """The caller hung up, or Asterisk closed the session. Nothing more can be played or asked."""


class CommandRefused(AgiError):  # noqa: N818 - an error is named for what is wrong
    """Asterisk did not accept a command, or could not carry it out; ``code`` is AGI's."""

    def __init__(self, command: str, code: int, text: str) -> None:
        super().__init__(f"{command}: {code} {text}")
        self.command = command
        self.code = code


class ReplyTimedOut(AgiError):  # noqa: N818 - an error is named for what is wrong
    """Asterisk gave no reply in time. Replies are out of step from now on: end the session."""


class StrangePeer(AgiError):  # noqa: N818 - an error is named for what is wrong
    """Whoever connected does not speak AGI. Its bytes were not believed."""
