"""What a running Asterisk really holds, compared with the files it was given. Edge.

Asterisk answers "reloaded" to a broken file as well, and takes a cut one in silence. So it is
asked for all it holds, extension by extension, and what each of them does.
"""

import re
import socket
from collections.abc import Iterator, Mapping
from itertools import islice

from config.dialplan import read_dialplan
from config.render import NUMBERS, SEATS, cli
from config.settings import Settings

Dialplan = Mapping[str, Mapping[str, list[str]]]
"""Context → extension → what its priorities do, in order."""

SHOWN_AT_MOST = 1023
"""Characters of "1. Application(data)" that Asterisk prints; it cuts the rest off."""
NAMED_AT_MOST = 5
"""Differences that are named in full; the rest are counted."""
CONNECT_WITHIN_S = 2.0


def is_running(settings: Settings) -> bool:
    """Whether an Asterisk of this home listens on its control socket, answering or not."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(CONNECT_WITHIN_S)
        try:
            probe.connect(str(settings.home / "asterisk-run" / "run" / "asterisk.ctl"))
        except (TimeoutError, BlockingIOError):
            return True  # it stands still, and others wait at its door
        except OSError:
            return False
    return True


def differences(settings: Settings, files: Mapping[str, str]) -> list[str]:
    """Ask the running Asterisk what it holds; every difference from the rendered ``files``.

    Compared are all generated contexts of the dialplan, in full, and who may register or call:
    endpoints, their passwords' names, their places and trunks' addresses.
    Raises what ``cli`` raises when Asterisk does not answer.
    """
    held = shown_dialplan(cli(settings, "dialplan show"))
    wrong = list(_dialplan_differences(read_dialplan(files[NUMBERS]), held))
    given, has = _identities(files[SEATS]), shown_identities(cli(settings, "pjsip show endpoints"))
    wrong += [f"{fact} is missing in PJSIP" for fact in sorted(given - has)]
    wrong += [f"{fact} is too many in PJSIP" for fact in sorted(has - given)]
    return wrong


def told(wrong: list[str]) -> str:
    """Differences in one line: the first few, and how many more."""
    more = f" and {len(wrong) - NAMED_AT_MOST} more" if len(wrong) > NAMED_AT_MOST else ""
    return "; ".join(islice(wrong, NAMED_AT_MOST)) + more


def shown_dialplan(output: str) -> dict[str, dict[str, list[str]]]:
    """Read what ``dialplan show`` prints."""
    contexts: dict[str, dict[str, list[str]]] = {}
    context: dict[str, list[str]] = {}
    steps: list[str] = []
    for line in output.splitlines():
        if found := re.match(r"\[ Context '([^']+)' created by ", line):
            context = contexts.setdefault(found[1], {})
        elif found := re.match(r"  '([^']+)' =>\s+(\d+\..*)$", line):
            steps = context.setdefault(found[1], [])
            steps.append(_step(found[2]))
        elif re.match(r"\s+\d+\. ", line):
            steps.append(_step(line.strip()))
    return contexts


def _step(text: str) -> str:
    """``1. Goto(s,1)    [numbers.conf:4]``, without the place."""
    return text[: text.rindex(" [")].rstrip() if text.endswith("]") else text


def _dialplan_differences(given: Dialplan, held: Dialplan) -> Iterator[str]:
    for context, extensions in given.items():
        has = held.get(context, {})
        for extension, steps in extensions.items():
            numbered = [f"{n}. {step}"[:SHOWN_AT_MOST] for n, step in enumerate(steps, 1)]
            if extension not in has:
                yield f"{extension}@{context} is missing"
            elif has[extension] != numbered:
                yield f"{extension}@{context} does something else"
        for extension in has.keys() - extensions.keys():
            yield f"{extension}@{context} is too many"


def shown_identities(output: str) -> set[str]:
    """Who is known, of what ``pjsip show endpoints`` prints."""
    facts: set[str] = set()
    endpoint = ""
    for kind, what in re.findall(r"^ +(Endpoint|InAuth|Aor|Match): +([^\s<]\S*)", output, re.M):
        name = what.partition("/")[0]
        if kind == "Endpoint":
            endpoint = name
            facts.add(f"endpoint {name}")
        else:
            facts.add(f"{kind} {what if kind == 'Match' else name} of {endpoint}")
    return facts


def _identities(text: str) -> set[str]:
    """The same facts, as the rendered file gives them."""
    facts: set[str] = set()
    for kind, name, values in _sections(text):
        if kind == "endpoint":
            facts.add(f"endpoint {name}")
            facts |= {f"InAuth {value} of {name}" for value in values.get("auth", [])}
            facts |= {f"Aor {value} of {name}" for value in values.get("aors", [])}
        elif kind == "identify":
            for value in values.get("match", []):
                facts |= {f"Match {value} of {end}" for end in values.get("endpoint", [])}
    return facts


def _sections(text: str) -> Iterator[tuple[str, str, dict[str, list[str]]]]:
    """Sections of a configuration file with their type, templates filled in."""
    templates: dict[str, dict[str, list[str]]] = {}
    found = re.split(r"^\[([^\]]+)\](?:\(([^)]*)\))?[ \t]*$", text, flags=re.M)
    for name, after, body in zip(found[1::3], found[2::3], found[3::3], strict=True):
        values: dict[str, list[str]] = {}
        for parent in (after or "").split(","):
            for key, inherited in templates.get(parent.strip(), {}).items():
                values.setdefault(key, []).extend(inherited)
        for key, value in re.findall(r"^(\w+)\s*=>?\s*(.*?)\s*$", body, re.M):
            values.setdefault(key, []).append(value)
        if "!" in (after or ""):
            templates[name] = values
        else:
            yield values.get("type", [""])[-1], name, values
