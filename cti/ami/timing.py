"""How long the AMI link waits for what. Tests shorten these; nobody else needs to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Every wait of the link, in seconds."""

    connect_s: float = 3.0
    """For the TCP connection."""
    order_s: float = 2.0
    """For the answer to one action, the login included."""
    list_s: float = 5.0
    """For a whole list."""
    boot_s: float = 60.0
    """From login to FullyBooted: Asterisk loads its modules meanwhile."""
    ping_every_s: float = 1.0
    silence_s: float = 3.0
    """A Ping unanswered for so long, with nothing else heard either, is a dead peer."""
    deaf_s: float = 10.0
    """A Ping unanswered for so long is a stuck Asterisk, whatever else it says."""
    retry_first_s: float = 0.25
    retry_most_s: float = 8.0
    refused_first_s: float = 5.0
    """After a refused login: Asterisk's ``authlimit`` counts those."""
    refused_most_s: float = 60.0
    settled_s: float = 5.0
    """A link that stood for so long starts its back-off from the beginning."""

    def pause_s(self, failures: int, refusals: int) -> float:
        """The longest to wait before connecting again, after so many failures on end."""
        if refusals:
            return min(self.refused_most_s, self.refused_first_s * 2.0 ** min(refusals - 1, 16))
        return min(self.retry_most_s, self.retry_first_s * 2.0 ** min(failures, 16))

    def verdict(self, quiet_s: float, unanswered_s: float) -> str:
        """Why a link with nothing heard and no Ping answered for so long is dead; or empty."""
        if quiet_s >= self.silence_s:
            return f"asterisk silent for {self.silence_s:g} s"
        if unanswered_s >= self.deaf_s:
            return f"asterisk answers no Ping for {self.deaf_s:g} s"
        return ""
