"""The data table: every sample with its raw values, target, prediction and loss."""

from __future__ import annotations

from playground.samples.card import SamplesCard

__all__ = ["SamplesCard"]
