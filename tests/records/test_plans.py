"""What is looked up at every tick and every message is found by an index, however many rows there are."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import Executable
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from surveys.records import alerts, audit, claims, contacts, deliveries, desk, inbox, interviews, invitations, links
from surveys.records.statements import Statements, UntypedParameter
from tests.databases import fresh_sqlite

from .cast import NOW

_STATEMENTS = Statements(SQLiteDialect_pysqlite(paramstyle="qmark"))
_LOOK_UPS: dict[str, tuple[Executable, str]] = {
    "anything due": (deliveries._IS_DUE, "ix_deliveries_due"),
    "claim": (claims._DUE, "ix_deliveries_due"),
    "abandoned": (deliveries._ABANDONED, "ix_deliveries_claimed"),
    "closing": (invitations._CLOSING, "ix_invitations_closing"),
    "sender": (contacts._FIND, "ix_contacts_address_index"),
    "interview": (interviews._LIVE, "ix_interviews_participant"),
    "link": (links._USE, "(token_hash=?)"),
    "inbox": (inbox._NEW, "ix_inbox_new"),
    "escalation": (alerts._UNANSWERED, "ix_alerts_open"),
    "responses of a centre": (desk._ANSWERED, "ix_invitations_answered"),
    "responses nobody read": (desk._UNREAD, "ix_invitations_unread"),
    "waiting alerts of a centre": (alerts._OF_CENTRE, "ix_alerts_waiting"),
    "audit": (audit._WANTED, "INTEGER PRIMARY KEY"),
}


@pytest.mark.parametrize("name", _LOOK_UPS)
def test_a_look_up_uses_its_index_and_scans_no_table(tmp_path: Path, name: str) -> None:
    statement, index = _LOOK_UPS[name]
    prepared = _STATEMENTS.prepare(statement)
    connection = sqlite3.connect(fresh_sqlite(tmp_path).removeprefix("sqlite:///"))
    plan = connection.execute("EXPLAIN QUERY PLAN " + prepared.sql, [None] * len(prepared.binds)).fetchall()
    connection.close()
    steps = [row[3] for row in plan]
    assert any(index in step for step in steps), steps
    assert not any(step.startswith("SCAN") and "INDEX" not in step for step in steps), steps


def test_an_instant_without_a_type_is_refused_rather_than_written_as_text() -> None:
    limited = _STATEMENTS.prepare(deliveries._ABANDONED)
    with pytest.raises(UntypedParameter):
        limited.values({"before": NOW, "most": NOW})
