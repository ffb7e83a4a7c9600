"""How long the link waits before it tries again, and when it gives a connection up."""

from cti.ami.timing import Timing


def test_pauses_double_up_to_their_bound() -> None:
    """However long Asterisk stays away, it is looked for every few seconds."""
    timing = Timing(retry_first_s=0.25, retry_most_s=8)
    pauses = [timing.pause_s(failures, 0) for failures in (0, 1, 2, 5, 6, 1000)]
    assert pauses == [0.25, 0.5, 1.0, 8.0, 8.0, 8.0]


def test_a_refused_login_waits_longer() -> None:
    """Asterisk counts refused logins and shuts out who has too many."""
    timing = Timing(refused_first_s=5, refused_most_s=60)
    assert [timing.pause_s(9, refusals) for refusals in (1, 2, 1000)] == [5, 10, 60]


def test_a_dead_peer_is_silent_and_a_stuck_one_answers_no_ping() -> None:
    """A busy Asterisk that is late with its Ping is left alone."""
    timing = Timing(silence_s=3, deaf_s=10)
    assert timing.verdict(quiet_s=0.1, unanswered_s=9.9) == ""
    assert timing.verdict(quiet_s=3, unanswered_s=3) == "asterisk silent for 3 s"
    assert timing.verdict(quiet_s=0, unanswered_s=10) == "asterisk answers no Ping for 10 s"
