"""The tables of the journal. Times are whole milliseconds since 1970 (UTC), durations whole µs."""

from __future__ import annotations

APPLICATION_ID = 0x44434D45
"""``DCME``: tells file(1) and us whose database it is."""

VERSION = 1

TABLES = """
CREATE TABLE target (
    id INTEGER PRIMARY KEY,
    book TEXT NOT NULL,        -- path of its profile file, empty for the command line
    name TEXT NOT NULL,
    host TEXT NOT NULL,        -- these as in its last run
    port INTEGER NOT NULL,
    called_ae TEXT NOT NULL,
    calling_ae TEXT NOT NULL,
    merged_until INTEGER NOT NULL DEFAULT 0 -- spans before it are hours
);
CREATE INDEX target_by_name ON target (name, book);
CREATE INDEX target_by_values ON target (host, port, called_ae, calling_ae);

-- One row for all runs of a target that are equal in verdict and facts.
CREATE TABLE report (
    id INTEGER PRIMARY KEY,
    target INTEGER NOT NULL REFERENCES target ON DELETE CASCADE,
    kind TEXT NOT NULL,        -- see Kind
    status TEXT NOT NULL,
    stage TEXT NOT NULL,
    cause TEXT NOT NULL,       -- id of the first cause, empty if there is none
    facts TEXT NOT NULL,       -- JSON: what is compared
    checksum INTEGER NOT NULL, -- of verdict and facts, to find an equal report
    program TEXT NOT NULL,     -- version of dcmecho
    body BLOB NOT NULL         -- the first report, JSON, zlib
);
CREATE INDEX report_by_checksum ON report (target, checksum);

-- Runs of equal reports, one after the other: one run, five minutes of a watch, or an hour of old.
CREATE TABLE span (
    id INTEGER PRIMARY KEY,
    target INTEGER NOT NULL REFERENCES target ON DELETE CASCADE,
    report INTEGER NOT NULL REFERENCES report ON DELETE CASCADE,
    began INTEGER NOT NULL,
    ended INTEGER NOT NULL,
    runs INTEGER NOT NULL,
    ok INTEGER NOT NULL,       -- how many of them worked
    is_change INTEGER NOT NULL, -- 1 if the target's run before has another report
    way TEXT NOT NULL,         -- see Way
    user TEXT,                 -- only with history_user
    tcp INTEGER, tls INTEGER, association INTEGER, echo INTEGER,           -- medians
    tcp_95 INTEGER, tls_95 INTEGER, association_95 INTEGER, echo_95 INTEGER -- 95th of 100
);
CREATE INDEX span_by_target ON span (target, began, runs, ok);
CREATE INDEX span_by_report ON span (report);
CREATE INDEX span_by_time ON span (began);

CREATE TABLE tidied (
    at INTEGER NOT NULL,       -- when the last round ended
    target INTEGER             -- where this round stands, null between two
);
INSERT INTO tidied VALUES (0, NULL);
"""
