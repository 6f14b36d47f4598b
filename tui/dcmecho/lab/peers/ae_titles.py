"""Peers that check AE titles, each in its own way."""

from __future__ import annotations

from dcmecho.diagnosis.cause import CauseId
from dcmecho.lab.behaviour import (
    APPLICATION_CONTEXT_NOT_SUPPORTED,
    Application,
    Caller,
    Close,
    KnownTitles,
    abort,
    reject,
)
from dcmecho.lab.peer import OUR_TITLE, THEIR_TITLE, Group, LabPeer

AE_TITLES = (
    LabPeer(
        id="called-unknown",
        port=11114,
        group=Group.AE_TITLES,
        name="Called title unknown",
        story="An archive that is called only MAIN_PACS: correct the called title, then it passes",
        behaviour=Application(
            on_other_application_context=APPLICATION_CONTEXT_NOT_SUPPORTED,
            titles=KnownTitles(called="MAIN_PACS"),
        ),
        causes=(CauseId.AE_CALLED_UNKNOWN,),
    ),
    LabPeer(
        id="calling-unknown",
        port=11115,
        group=Group.AE_TITLES,
        name="Calling title unknown",
        story="An archive that knows only WORKSTATION_1: correct the calling title, then it passes",
        behaviour=Application(
            on_other_application_context=APPLICATION_CONTEXT_NOT_SUPPORTED,
            titles=KnownTitles(THEIR_TITLE, (Caller("WORKSTATION_1"),)),
        ),
        causes=(CauseId.AE_CALLING_UNKNOWN, CauseId.AE_HOST_NOT_ALLOWED),
    ),
    LabPeer(
        id="ambiguous-rejection",
        port=11116,
        group=Group.AE_TITLES,
        name="Rejects everything as 1/1/7",
        story=(
            "Like dcmqrscp: blames the called title for any wrong title, case or host. Here the "
            "calling title is wrong, it knows WORKSTATION_1"
        ),
        behaviour=Application(
            on_other_application_context=reject(2, 1, 2, then=Close()),
            titles=KnownTitles(
                THEIR_TITLE,
                (Caller("WORKSTATION_1", address="127.0.0.1"),),
                called_refused=reject(1, 1, 7, then=Close()),
                caller_refused=reject(1, 1, 7, then=Close()),
            ),
        ),
        causes=(
            CauseId.AE_CALLED_UNKNOWN,
            CauseId.AE_CALLING_UNKNOWN,
            CauseId.AE_HOST_NOT_ALLOWED,
            CauseId.AE_CASE,
        ),
    ),
    LabPeer(
        id="wrong-address",
        port=11117,
        group=Group.AE_TITLES,
        name="Registered with another address",
        story=(
            "An archive that knows MY_WORKSTATION only at 127.0.0.2, and blames the calling title "
            "for the wrong address"
        ),
        behaviour=Application(
            on_other_application_context=APPLICATION_CONTEXT_NOT_SUPPORTED,
            titles=KnownTitles(THEIR_TITLE, (Caller(OUR_TITLE, address="127.0.0.2"),)),
        ),
        causes=(CauseId.AE_CALLING_UNKNOWN, CauseId.AE_HOST_NOT_ALLOWED),
    ),
    LabPeer(
        id="title-case",
        port=11118,
        group=Group.AE_TITLES,
        name="Upper and lower case",
        story="An archive named MAIN_PACS that is called as main_pacs",
        behaviour=Application(titles=KnownTitles(called="MAIN_PACS")),
        causes=(CauseId.AE_CASE, CauseId.AE_CALLED_UNKNOWN),
        called_ae="main_pacs",
    ),
    LabPeer(
        id="title-space",
        port=11119,
        group=Group.AE_TITLES,
        name="Space before the title",
        story="An archive named MAIN_PACS that is called with a space before it",
        behaviour=Application(titles=KnownTitles(called="MAIN_PACS")),
        causes=(CauseId.AE_SPACES, CauseId.AE_CALLED_UNKNOWN),
        called_ae=" MAIN_PACS",
    ),
    LabPeer(
        id="aborts-first-command",
        port=11120,
        group=Group.AE_TITLES,
        name="Accepts, then aborts",
        story="Like a strict Orthanc: accepts the association, then aborts at the first command",
        behaviour=Application(on_echo=abort(0, 0)),
        causes=(CauseId.AUTH_PER_COMMAND, CauseId.ECHO_ABORTED),
    ),
    LabPeer(
        id="echo-forbidden",
        port=11151,
        group=Group.AE_TITLES,
        name="C-ECHO not allowed",
        story=(
            "Like a strict Orthanc with AllowEcho false: accepts only MY_WORKSTATION, aborts its "
            "C-ECHO"
        ),
        behaviour=Application(
            on_other_application_context=APPLICATION_CONTEXT_NOT_SUPPORTED,
            titles=KnownTitles(THEIR_TITLE, (Caller(OUR_TITLE),)),
            on_echo=abort(0, 0),
        ),
        causes=(CauseId.AUTH_PER_COMMAND, CauseId.ECHO_ABORTED),
    ),
)
