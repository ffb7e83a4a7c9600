"""The change of the table in force: flip, tell Asterisk, read back; or put the old one back. Edge.

For ``config.apply`` alone, which holds the lock. Whatever ends the process in here, ``settle``
finds what it left and ends it one way or the other.
"""

import subprocess
from collections.abc import Callable, Mapping
from contextlib import suppress

from config.readback import differences, is_running, told
from config.render import NUMBERS, SEATS, DialplanRefused, cli
from config.revisions import Revision, Revisions
from config.settings import Settings

RELOADED_BY: Mapping[str, str] = {
    # A number may lead to a peer or a queue that is new as well, so these come first.
    SEATS: "module reload res_pjsip.so",
    "queues.conf": "queue reload all",
    "extensions.conf": "dialplan reload",
    NUMBERS: "dialplan reload",
}
"""Which console command has Asterisk take that file anew, in the order in which they are given."""

NoAnswer = (subprocess.SubprocessError, OSError)
"""What asking an Asterisk raises that is gone, stands still, or is too busy."""

OnStep = Callable[[str], None]


class Changeover:
    """One change under the lock. ``on_step`` is told after each step, by its name."""

    def __init__(self, settings: Settings, revisions: Revisions, on_step: OnStep) -> None:
        self._settings, self._revisions, self._on_step = settings, revisions, on_step

    def put_in_force(self, revision: Revision) -> Revision:
        """Put a placed revision in force and return it as applied.

        Raises ``DialplanRefused`` when Asterisk does not come to hold it: the old one is in force
        again then, and the revision is kept as refused.
        """
        try:
            self._revisions.point(revision.number)
            self._on_step("flipped")
            done = self._take(revision)
            self._revisions.remember(done)
        except BaseException as error:
            self._put_back(revision, f"{type(error).__name__}: {error}")
            if isinstance(error, DialplanRefused):
                raise
            if isinstance(error, NoAnswer):
                raise DialplanRefused(
                    "Asterisk could not be told, the old table is in force", why=str(error)
                ) from error
            raise
        self._on_step("applied")
        return done

    def _take(self, revision: Revision) -> Revision:
        """Have a running Asterisk take what is pointed to."""
        if not is_running(self._settings):
            return revision.model_copy(update={"state": "applied", "waits": ()})
        before = self._rendered(revision.before)
        files = self._revisions.rendered(revision.number)
        names = files.keys() | before.keys()
        changed = {name for name in names if files.get(name) != before.get(name)}
        self._reload(changed)
        self._on_step("reloaded")
        self._compare(files)
        self._on_step("compared")
        waits = tuple(sorted(changed - RELOADED_BY.keys()))
        return revision.model_copy(update={"state": "applied", "is_live": True, "waits": waits})

    def _rendered(self, number: int | None) -> dict[str, str]:
        return {} if number is None else self._revisions.rendered(number)

    def _reload(self, changed: set[str]) -> None:
        commands = [command for name, command in RELOADED_BY.items() if name in changed]
        # One that is just starting may have read some of its files and others not yet.
        for command in dict.fromkeys(["core waitfullybooted", *commands]):
            cli(self._settings, command)

    def _compare(self, files: Mapping[str, str]) -> None:
        wrong = differences(self._settings, files)
        if wrong:
            raise DialplanRefused(f"Asterisk holds something else than given: {told(wrong)}")

    def _put_back(self, revision: Revision, problem: str) -> None:
        """The one before is in force again; that Asterisk could not be asked is remembered."""
        self._revisions.point(revision.before)
        self._on_step("flipped back")
        self._refuse(revision, problem, is_doubtful=not self._holds_pointed())
        self._on_step("refused")

    def _refuse(self, revision: Revision, problem: str, *, is_doubtful: bool) -> None:
        refused = {"state": "refused", "problem": problem, "is_doubtful": is_doubtful}
        with suppress(OSError):  # a full disk: it stays pending and is settled later
            self._revisions.remember(revision.model_copy(update=refused))

    def _holds_pointed(self) -> bool:
        """Have Asterisk take what is pointed to, whatever it holds; whether it said so."""
        number = self._revisions.pointed()
        if number is None or not is_running(self._settings):
            return True  # it reads it at its start
        files = self._revisions.rendered(number)
        try:
            self._reload(set(files))
            self._compare(files)
        except (DialplanRefused, *NoAnswer):
            return False
        return True

    def confirm(self, revision: Revision) -> None:
        """Make sure that a running Asterisk holds the one in force. Raises ``DialplanRefused``."""
        if not is_running(self._settings):
            return
        try:
            try:
                self._compare(self._revisions.rendered(revision.number))
            except DialplanRefused:
                self._reload(set(RELOADED_BY))
                self._compare(self._revisions.rendered(revision.number))
        except NoAnswer as error:
            raise DialplanRefused("Asterisk does not answer", why=str(error)) from error

    def settle(self) -> None:
        """End what an earlier process left open: forward if it was flipped, else back.

        Raises ``DialplanRefused`` when Asterisk runs and cannot be asked: then it stays open.
        """
        open_one = self._revisions.newest()
        if open_one is None or not is_open(open_one):
            return
        if open_one.state == "pending" and open_one.number == self._revisions.pointed():
            self._go_on(open_one)
        elif not self._holds_pointed():
            raise DialplanRefused("Asterisk does not answer, an earlier change is still open")
        else:
            problem = open_one.problem or "it was interrupted before it was in force"
            self._refuse(open_one, problem, is_doubtful=False)

    def _go_on(self, revision: Revision) -> None:
        """It was pointed to: it is in force once Asterisk holds it."""
        is_live = is_running(self._settings)
        if self._holds_pointed():
            applied = {"state": "applied", "is_live": is_live}
            self._revisions.remember(revision.model_copy(update=applied))
            return
        try:
            cli(self._settings, "core show version")
        except NoAnswer as error:
            raise DialplanRefused("Asterisk does not answer, a change is still open") from error
        self._put_back(revision, "interrupted, and Asterisk does not take it")


def is_open(revision: Revision) -> bool:
    """Whether the newest revision was left in the middle by a process that ended."""
    return revision.state == "pending" or revision.is_doubtful
