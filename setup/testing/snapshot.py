# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is in a database, to be compared with what is in it later."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace

from setup.postgres import Server, executing

_SCHEMA = """
SELECT 'column ' || table_name || '.' || column_name || ' ' || udt_name || ' '
       || is_nullable || ' ' || COALESCE(column_default, '')
  FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL
SELECT 'constraint ' || conrelid::regclass || '.' || conname || ' '
       || pg_get_constraintdef(oid)
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL
SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL
SELECT 'sequence ' || sequencename FROM pg_sequences WHERE schemaname = 'public'
   AND sequencename !~ '^ir_sequence_[0-9]'
 UNION ALL
-- Those of numbered documents are called by the number of a row.
SELECT 'sequences of documents: ' || count(*) FROM pg_sequences
 WHERE schemaname = 'public' AND sequencename ~ '^ir_sequence_[0-9]'
UNION ALL
SELECT 'function ' || proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""
_TABLES = """
SELECT table_name, bool_or(column_name = 'id')
  FROM information_schema.columns JOIN information_schema.tables
 USING (table_schema, table_name)
 WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
 GROUP BY table_name
"""
#: Who wrote last and when is no content, nor is the number of a row that was written
#: again, nor what a view was before.
_NO_CONTENT = "{id,write_uid,write_date,create_uid,create_date,arch_prev,arch_updated}"
#: Tables in which the host itself keeps what it did and what it compiled.
_OWN_BOOKS = {
    "bus_bus",
    "ir_attachment",
    "ir_cron_progress",
    "ir_cron_trigger",
    "ir_logging",
    "ir_module_category",
    "ir_module_module",
    "ir_module_module_dependency",
    "ir_profile",
    "orm_signaling_assets",
    "orm_signaling_default",
    "orm_signaling_groups",
    "orm_signaling_registry",
    "orm_signaling_routing",
    "orm_signaling_stable",
    "orm_signaling_templates",
    "res_device_log",
    "res_users_log",
}
#: The host forgets rows about foreign keys; that the keys are gone, the schema shows.
_NOT_TIDIED_BY_THE_HOST = {"ir_model_constraint"}


@dataclass(frozen=True)
class Snapshot:
    schema: frozenset[str]
    #: A digest of each row, by table and key of the row.
    rows: Mapping[str, Mapping[str, str]]
    #: What to call a row, by table and key.
    names: Mapping[tuple[str, str], str]


def take(server: Server, db: str) -> Snapshot:
    rows: dict[str, dict[str, str]] = {}
    names: dict[tuple[str, str], str] = {}
    with executing(server, db) as execute:
        schema = frozenset(text for (text,) in execute(_SCHEMA))
        for table, has_id in execute(_TABLES):
            if table not in _OWN_BOOKS:
                rows[table] = {}
                for key, digest, name in execute(_rows_query(table, has_id)):
                    rows[table][key] = digest
                    names[table, key] = name or key[:80]
        query = "SELECT model, res_id, module || '.' || name FROM ir_model_data"
        for model, row, name in execute(query):
            names[model.replace(".", "_"), str(row)] = name
    return Snapshot(schema, rows, names)


def _rows_query(table: str, has_id: bool) -> str:
    """Query for key, digest and name of each row of a table."""
    content = f"(to_jsonb(t) - '{_NO_CONTENT}'::text[])"
    name, key, where = "to_jsonb(t)->>'name'", f"{content}::text", ""
    if table == "ir_model_data":
        name = key = "module || '.' || name"
        books = ", ".join(f"'{book.replace('_', '.')}'" for book in sorted(_OWN_BOOKS))
        where = f"WHERE model NOT IN ({books})"
    elif has_id:
        key = "id::text"
    return f'SELECT {key}, md5({content}::text), {name} FROM "{table}" t {where}'


def without_numbers(snapshot: Snapshot) -> Snapshot:
    """The same, without the ids that the host puts into the names of columns.

    An analytic plan has a column that is called after its id, which is another one when
    the plan is made again.
    """
    schema = (re.sub(r"x_plan\d+_", "x_plan_", text) for text in snapshot.schema)
    return replace(snapshot, schema=frozenset(schema))


def changes(before: Snapshot, after: Snapshot, rows: bool = True) -> Iterator[str]:
    """What is in one of the two only, or differs."""
    yield from (f"gone: {text}" for text in sorted(before.schema - after.schema))
    yield from (f"new: {text}" for text in sorted(after.schema - before.schema))
    if rows:
        for table in sorted(set(before.rows) & set(after.rows)):
            old, new = before.rows[table], after.rows[table]
            changed = {key for key in old.keys() & new.keys() if old[key] != new[key]}
            yield from _rows("changed", after, table, changed)
            # Rows that are written anew with the same content are no change.
            gone = Counter(old[key] for key in old.keys() - new.keys())
            come = Counter(new[key] for key in new.keys() - old.keys())
            yield from _rows("gone", before, table, _of(old, new, gone - come))
            yield from _rows("new", after, table, _of(new, old, come - gone))


def _of(
    rows: Mapping[str, str], others: Mapping[str, str], digests: Container[str]
) -> set[str]:
    return {key for key in rows.keys() - others.keys() if rows[key] in digests}


def leftovers(
    before: Snapshot, after: Snapshot, addon: str, meant: Container[str] = ()
) -> Iterator[str]:
    """What an addon brought and has stayed, or what was there and has gone.

    :param meant: tables in which rows stay on purpose.
    """
    yield from changes(before, after, rows=False)
    for table in sorted(set(before.rows) & set(after.rows)):
        old, new = before.rows[table].keys(), after.rows[table].keys()
        yield from _rows("gone", before, table, old - new)
        left = new - old
        if table == "ir_model_data":
            # For a mixin's fields the host also writes rows in the mixin's name.
            left = {key for key in left if key.startswith(f"{addon}.")}
        if table not in meant and table not in _NOT_TIDIED_BY_THE_HOST:
            yield from _rows("left", after, table, left)


def _rows(
    what: str, snapshot: Snapshot, table: str, keys: set[str], shown: int = 5
) -> Iterator[str]:
    if keys:
        names = [snapshot.names.get((table, key), key) for key in sorted(keys)]
        more = f" and {len(keys) - shown} more" if len(keys) > shown else ""
        yield f"{what} in {table}: {', '.join(names[:shown])}{more}"
