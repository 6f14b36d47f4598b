"""The kernel's measurements of the network path, and the network's share of a time."""

from __future__ import annotations

from dcmecho.diagnosis.counting import count
from dcmecho.diagnosis.evidence import Evidence, EvidenceKind, JsonValue
from dcmecho.diagnosis.network.association import Answer
from dcmecho.diagnosis.network.connection import TcpInfo

_SHOWN_FROM_MS = 0.05
"""Shorter times would be shown as 0.0 ms."""


def of_path(tcp: TcpInfo, at_ms: float) -> Evidence:
    """Return the network path as the TCP handshake measured it."""
    text = f"TCP round trip {_ms(_network_ms(tcp))}"
    if tcp.segment_bytes:
        text += f", segments of {tcp.segment_bytes} bytes"
    if tcp.path_mtu_bytes:
        text += f", path MTU {tcp.path_mtu_bytes}"
    return Evidence(EvidenceKind.TCP_INFO, at_ms, text + _sent_again(tcp), facts(tcp))


def of_answer(answer: Answer, tcp: TcpInfo) -> Evidence:
    """Return how much of an answer's time the network took."""
    network_ms = min(_network_ms(tcp), answer.elapsed_ms)
    rest_ms = answer.elapsed_ms - network_ms
    text = f"the network took {_ms(network_ms)} of {_ms(answer.elapsed_ms)} (TCP round trip)"
    data = facts(tcp) | {
        "elapsed_ms": round(answer.elapsed_ms, 3),
        "network_ms": round(network_ms, 3),
        "application_ms": None if tcp.total_retransmits else round(rest_ms, 3),
    }
    if tcp.total_retransmits:
        text += f"{_sent_again(tcp)}; the network might have taken the rest too"
    return Evidence(EvidenceKind.TCP_INFO, answer.at_ms, text, data)


def facts(tcp: TcpInfo) -> dict[str, JsonValue]:
    """Return all that the kernel measured, for JSON."""
    return {
        "rtt_ms": tcp.rtt_ms,
        "rtt_variance_ms": tcp.rtt_variance_ms,
        "min_rtt_ms": tcp.min_rtt_ms,
        "retransmits": tcp.retransmits,
        "total_retransmits": tcp.total_retransmits,
        "unacked": tcp.unacked,
        "bytes_acked": tcp.bytes_acked,
        "segment_bytes": tcp.segment_bytes,
        "path_mtu_bytes": tcp.path_mtu_bytes,
    }


def _network_ms(tcp: TcpInfo) -> float:
    return tcp.rtt_ms if tcp.min_rtt_ms is None else tcp.min_rtt_ms


def _sent_again(tcp: TcpInfo) -> str:
    if not tcp.total_retransmits:
        return ""
    return f", {count(tcp.total_retransmits, 'segment')} sent again"


def _ms(elapsed_ms: float) -> str:
    return f"{elapsed_ms:.1f} ms" if elapsed_ms >= _SHOWN_FROM_MS else "under 0.1 ms"
