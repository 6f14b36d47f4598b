"""The rules that compare two answers of one peer: tables that a DICOM person can read.

A rule never trusts a reject reason alone. It compares two answers of the same peer to requests that
differ only in the one thing that the experiment changed.
"""

from __future__ import annotations

from dcmecho.diagnosis.experiments.connection_rules import CONNECTION_RULES
from dcmecho.diagnosis.experiments.rule import Rule
from dcmecho.diagnosis.experiments.title_rules import TITLE_RULES

RULES: tuple[Rule, ...] = (*TITLE_RULES, *CONNECTION_RULES)
