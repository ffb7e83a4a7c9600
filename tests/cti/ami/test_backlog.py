"""When the link stops reading, and when it goes on."""

from cti.ami.backlog import Backlog


def test_reading_goes_on_when_half_of_the_most_is_worked_off() -> None:
    """Else it would stop and go on with every message while the consumer is just behind."""
    sizes = iter([10, 11, 10, 6, 5, 6, 10, 11])
    backlog = Backlog(lambda: next(sizes), 10)
    answers = [backlog.is_long() for _ in range(8)]
    assert answers == [False, True, True, True, False, False, False, True]


def test_who_gives_no_size_is_never_behind() -> None:
    """A consumer that works everything off at once need not count."""
    assert Backlog(None, 0).is_long() is False
