"""What SQL holds. Every row carries its centre; everything that may be written twice has a key.

The migrations in ``records/migrations`` make exactly these tables; a test fails when they drift.
Text has no length limit, because a caller's number is whatever the network sent. What says who
called, and what they said, is sealed (``records.sealedtypes``).
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator

from records.sealedtypes import Sealed, SealedJson


class Instant(TypeDecorator[datetime]):
    """An aware datetime, kept as UTC and given back as UTC. A naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive datetime: nobody could say which hour it meant."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a naive datetime cannot be stored: {value}")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """SQLite gives naive UTC back, PostgreSQL aware: both leave here aware, in UTC."""
        if value is None:
            return None
        stored: datetime = value
        return stored.replace(tzinfo=UTC) if stored.tzinfo is None else stored.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

RowId = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up by itself only in INTEGER


def _centre(*, primary_key: bool = False) -> Column[str]:
    return Column("centre", String, nullable=False, primary_key=primary_key)


calls = Table(
    "calls",
    metadata,
    Column("call_id", String, primary_key=True),
    _centre(),
    Column("line", String, nullable=False),
    Column("dnis", String, nullable=False),
    Column("ani", Sealed, nullable=False),
    Column("arrived_at", Instant, nullable=False),
    Column("waited_since", Instant),
    Column("answered_at", Instant),
    Column("ended_at", Instant),
    Column("disposition", String, nullable=False),
    Column("cause", Integer, nullable=False),
    Column("has_fallen_back", Boolean, nullable=False),
    Column("source", String(16), nullable=False),
    Column("revision", Integer, nullable=False, server_default="0"),
    Column("satisfaction", Integer),
    Column("kept_at", Instant),
    Column("direction", String(8), nullable=False, server_default="in"),
    Column("about", String),  # the missed call that a call out answers
    Index(None, "arrived_at", "call_id"),
    Index(None, "centre", "arrived_at"),
    Index(None, "centre", "ani", "arrived_at"),
)

offers = Table(
    "offers",
    metadata,
    Column("call_id", String, ForeignKey(calls.c.call_id), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    _centre(),
    Column("seat", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("outcome", String, nullable=False),
    Column("peer", String, nullable=False, server_default=""),
    Column("leg", String, nullable=False, server_default=""),
    Column("target", String, nullable=False, server_default=""),
)

talks = Table(
    "talks",
    metadata,
    Column("call_id", String, ForeignKey(calls.c.call_id), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    _centre(),
    Column("seat", String, nullable=False),
    Column("agent", String, nullable=False),
    Column("since", Instant, nullable=False),
    Column("until", Instant),
    Column("peer", String, nullable=False, server_default=""),
    Column("leg", String, nullable=False, server_default=""),
    Column("target", String, nullable=False, server_default=""),
)

journal = Table(
    "journal",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("digest", String, nullable=False, unique=True),  # the same fact again changes nothing
    Column("call_id", String, nullable=False, index=True),  # may come before its call: no key
    _centre(),
    Column("at", Instant, nullable=False),
    Column("what", String, nullable=False),
    Column("data", SealedJson, nullable=False),
)

recordings = Table(
    "recordings",
    metadata,
    Column("call_id", String, ForeignKey(calls.c.call_id), primary_key=True),
    _centre(),
    Column("rx", String),
    Column("tx", String),
    Column("stereo", String),
    Column("seconds", Float, nullable=False),
)

work_orders = Table(
    "work_orders",
    metadata,
    Column("id", String, primary_key=True),
    Column("call_id", String, ForeignKey(calls.c.call_id), nullable=False, unique=True),
    _centre(),
    Column("status", String, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("caller_number", Sealed, nullable=False),
    Column("draft", SealedJson, nullable=False),
    Column("is_complete", Boolean, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Index(None, "centre", "received_at"),
    Index(None, "caller_number", "received_at"),
)

segments = Table(
    "segments",
    metadata,
    Column("call_id", String, ForeignKey(calls.c.call_id), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    _centre(),
    Column("channel", String, nullable=False),
    Column("start_s", Float, nullable=False),
    Column("end_s", Float, nullable=False),
    Column("text", Sealed, nullable=False),
    Column("confidence", Float),
    Column("part", String, nullable=False, server_default=""),
    Column("raw", Sealed, nullable=False, server_default=""),
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("call_id", String, nullable=False),
    Column("kind", String, nullable=False),
    _centre(),
    Column("state", String, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("lease_until", Instant),
    Column("worker", String),
    Column("attempts", Integer, nullable=False),
    Column("error", String, nullable=False),
    Column("updated_at", Instant, nullable=False),
    UniqueConstraint("call_id", "kind"),
    Index(None, "state", "due_at"),
)

users = Table(
    "users",
    metadata,
    Column("name", String, primary_key=True),
    _centre(),
    Column("role", String, nullable=False),
    Column("password", String, nullable=False),  # argon2, with its own salt and costs
    Column("is_active", Boolean, nullable=False),
)

tokens = Table(
    "tokens",
    metadata,
    Column("digest", String, primary_key=True),  # the token itself is shown once and never kept
    Column("name", String, nullable=False, unique=True),
    _centre(),
    Column("role", String, nullable=False),
    Column("created_at", Instant, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", RowId, primary_key=True),
    _centre(),
    Column("at", Instant, nullable=False),
    Column("who", String, nullable=False),
    Column("what", String, nullable=False),
    Column("data", JSON, nullable=False),
)

callbacks = Table(
    "callbacks",
    metadata,
    Column("call_id", String, ForeignKey(calls.c.call_id), primary_key=True),
    _centre(),
    Column("line", String, nullable=False),
    Column("number", Sealed, nullable=False),
    Column("missed_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("is_short", Boolean, nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", JSON, nullable=False),
    Column("claimed_by", String),
    Column("claimed_until", Instant),
    Column("closed_by", String),
    Index(None, "centre", "number"),
    Index(None, "centre", "state", "due_at"),
)

follow_ups = Table(
    "follow_ups",
    metadata,
    Column("order_id", String, ForeignKey(work_orders.c.id), primary_key=True),
    Column("call_id", String, nullable=False),
    _centre(),
    Column("line", String, nullable=False),
    Column("number", Sealed, nullable=False),
    Column("office", String, nullable=False),
    Column("result", Sealed, nullable=False),
    Column("handled_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("state", String(16), nullable=False),
    Column("dials", JSON, nullable=False),
    Column("attempts", JSON, nullable=False),
    Column("claimed_by", String),
    Column("claimed_until", Instant),
    Column("mark", Integer),
    Column("remark", Sealed, nullable=False),
    Column("answered_by", String),
    Column("answered_at", Instant),
    Index(None, "call_id"),
    Index(None, "centre", "state", "due_at"),
    Index(None, "centre", "handled_at"),
)

seat_times = Table(
    "seat_times",
    metadata,
    Column("seat", String, primary_key=True),
    Column("since", Instant, primary_key=True),
    _centre(),
    Column("agent", String, nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", String, nullable=False),
    Column("call_id", String),  # may come before its call: no key
    Column("until", Instant),
    Index(None, "centre", "since"),
)

nuisance = Table(
    "nuisance",
    metadata,
    Column("id", RowId, primary_key=True),
    _centre(),
    Column("number", Sealed, nullable=False),
    Column("reason", Sealed, nullable=False),
    Column("added_by", String, nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("removed_by", String),
    Column("removed_at", Instant),
    Index(None, "centre", "number"),
)

notes = Table(
    "notes",
    metadata,
    Column("id", RowId, primary_key=True),
    _centre(),
    Column("sender", String, nullable=False),
    Column("sender_name", String, nullable=False),
    Column("recipient", String, nullable=False),
    Column("text", Sealed, nullable=False),
    Column("sent_at", Instant, nullable=False),
    Column("read_at", Instant),
    Index(None, "centre", "recipient"),
)

article_reports = Table(
    "article_reports",
    metadata,
    Column("id", RowId, primary_key=True),
    _centre(),
    Column("article", String, nullable=False),
    Column("why", String, nullable=False),
    Column("by", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("closed_by", String),
    Column("closed_at", Instant),
    Index(None, "centre", "article"),
)
"""What agents say is outdated in the knowledge base."""

told = Table(
    "told",
    metadata,
    _centre(primary_key=True),
    Column("kind", String(8), primary_key=True),
    Column("line", String, primary_key=True),
    Column("number", String, primary_key=True),
    Column("call_id", String, ForeignKey(calls.c.call_id), nullable=False, index=True),
    Column("digest", String, nullable=False),
    Column("at", Instant, nullable=False),
)
"""What other houses told us, and of which call it is the order."""

handed = Table(
    "handed",
    metadata,
    Column("call_id", String, primary_key=True),  # may come before its call: no key
    _centre(),
    Column("number", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("came_from", String, nullable=False, server_default=""),
    Index(None, "centre", "number"),
)
"""Calls that were handed over to us with the number of a case, and from which address."""

messages = Table(
    "messages",
    metadata,
    Column("key", String, primary_key=True),
    _centre(),
    Column("kind", String(8), nullable=False),
    Column("line", String, nullable=False),
    Column("call_id", String, nullable=False),
    Column("body", SealedJson, nullable=False),
    Column("state", String(8), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("sent_at", Instant),
    Column("error", String, nullable=False),
    Column("answer", JSON),
    Column("answered_at", Instant),
    Index(None, "state", "due_at"),
)
"""What we tell other houses, each once, and what they answered."""

cursors = Table(
    "cursors",
    metadata,
    Column("name", String, primary_key=True),
    _centre(),
    Column("inode", BigInteger, nullable=False),
    Column("offset", BigInteger, nullable=False),
)
