"""The journal's tables. Anyone can open it with `sqlite3`; docs/batches.md explains the columns.

The states of a request, and what is on disk before each:

planned    nothing was sent, or what was sent was certainly refused by the account
intent     a submit is about to be sent, or has been: if the process dies now, nobody knows
submitted  Bria accepted it: `request_id` is its job, which is never submitted again
finished   the job has a result: `seed`, `result` and the name of its `file` are fixed
saved      the file is on disk, with its `sha256`. Final
failed     refused, or ended without a result. Final
unknown    a submit of unknown fate: listed in `unknown_submits`, settled by the user's policy
skipped    the policy was to leave an unknown one. Final
"""

from __future__ import annotations

APPLICATION_ID = 0x42524A4C
"""`BRJL`: how a journal is told from every other SQLite file."""

VERSION = 1
"""`PRAGMA user_version`. A change of the tables is a new version."""

PLANNED = "planned"
INTENT = "intent"
SUBMITTED = "submitted"
FINISHED = "finished"
SAVED = "saved"
FAILED = "failed"
UNKNOWN = "unknown"
SKIPPED = "skipped"

FINAL = (SAVED, FAILED, SKIPPED)
OPEN = (PLANNED, INTENT, SUBMITTED, FINISHED, UNKNOWN)

IS_OPEN = f"state IN ({', '.join(map(repr, OPEN))})"
"""In the very words of the index below: SQLite uses it for no others."""

CREATE = f"""
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {VERSION};

CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE runs (
    run INTEGER PRIMARY KEY,
    pid INTEGER NOT NULL,
    started_at REAL NOT NULL,
    ended_at REAL,
    ended TEXT
);

CREATE TABLE requests (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    digest BLOB NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    run INTEGER NOT NULL,
    submits INTEGER NOT NULL DEFAULT 0,
    unknowns INTEGER NOT NULL DEFAULT 0,
    cost INTEGER NOT NULL DEFAULT 0,
    request_id TEXT,
    intended_at REAL,
    submitted_at REAL,
    finished_at REAL,
    saved_at REAL,
    seed INTEGER,
    result TEXT,
    file TEXT,
    file_key TEXT UNIQUE,
    sha256 TEXT,
    bytes INTEGER,
    error_kind TEXT,
    error TEXT,
    error_facts TEXT
);

CREATE INDEX open_requests ON requests (number)
    WHERE {IS_OPEN};

CREATE TABLE unknown_submits (
    number INTEGER NOT NULL REFERENCES requests,
    run INTEGER NOT NULL,
    at REAL NOT NULL,
    reason TEXT NOT NULL
);

CREATE TABLE samples (
    run INTEGER NOT NULL,
    at REAL NOT NULL,
    submitted INTEGER NOT NULL,
    finished INTEGER NOT NULL,
    saved INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    polls INTEGER NOT NULL,
    refusals INTEGER NOT NULL
);
"""
