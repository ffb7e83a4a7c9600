"""A scriptable telephone: a program of its own, driven by JSON lines on standard input.

It stands alone because pjsua2 is GPL: the product never imports it and is never linked with it.
Tests, the demo and the benches start this package as a process (``bench.phone`` drives it) and talk
to it through pipes only. So nothing of ours is imported here, and nothing may import it.

One process has at most ``LINES`` lines (registered accounts; one more place is kept for trunk
calls) and ``CALLS`` calls: limits compiled into the library, which aborts when they are passed,
so they are refused here first.

Each command is one object: ``{"id": 1, "do": "call", …}``, answered by ``{"re": 1, "ok": true, …}``
or ``{"re": 1, "error": "…"}``. What happens is told by ``{"event": …, "at": …}``; ``at`` is
CLOCK_MONOTONIC in seconds, which all processes of one machine share.

=============  =================================================================================
register       line (the user name), password, host, port, expires_s
                                              → event registered {line, code}
auto-answer    line, after_s (null: off), play, loop, record
call           line (or ani), number, host, port, play, loop, record           → {"call": n}
answer         call, after_s, play, loop, record     (after_s: later, by itself)
reject         call, code
hangup         call
dtmf           call, digits
play           call, path, loop                                   → event played at its end
record         call, path
quit           (also end of input, SIGTERM): hangs up, unregisters, leaves
=============  =================================================================================

Events of a call, each with ``call``: incoming {line, ani, dialled}, ringing, connected,
media {port}, dtmf {digit}, played {path}, disconnected {code, reason, cause, by}. ``port`` is where
its sound leaves; ``cause`` is Q.850, from the Reason header, or null; ``by`` is local or remote. A
recording is whole once disconnected is told.
"""
