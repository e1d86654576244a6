"""Money as people read it."""

from __future__ import annotations

FEN_PER_YUAN = 100


def yuan(fen: int) -> str:
    """Return an amount in yuan with two places: 3280 -> 32.80."""
    sign, amount = ("-" if fen < 0 else ""), abs(fen)
    return f"{sign}{amount // FEN_PER_YUAN:,}.{amount % FEN_PER_YUAN:02}"
