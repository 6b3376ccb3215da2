"""Plots of several runs for LaTeX have common axes, each with the title of its own run."""

from __future__ import annotations

from playground.plotting.pins.pinned_plot import on_same_axes
from playground.widgets.plot import Axis, Curve, Pane, Plot


def test_axes_that_cover_all_runs_keep_their_titles() -> None:
    titles = ("principal direction 1 (95 %)", "principal direction 1 (88 %)")
    plots = [
        Plot((Pane(x=Axis(title, ends), y=Axis(f"loss, {title}"), layers=(Curve(x=ends, y=ends, colour="#123456"),)),))
        for title, ends in zip(titles, ((0.0, 2.0), (-1.0, 1.0)), strict=True)
    ]
    panes = [plot.panes[0] for plot in on_same_axes(plots)]
    assert [pane.x.title for pane in panes] == list(titles)
    assert [pane.y.title for pane in panes] == [f"loss, {title}" for title in titles]
    assert [pane.x.range for pane in panes] == [(-1.0, 2.0)] * 2
    assert panes[0].y.range == panes[1].y.range is not None


def test_coordinates_in_different_planes_share_no_axes() -> None:
    plots = [
        Plot((Pane(x=Axis("direction 1", ends), y=Axis("direction 2"), layers=(), plane=plane),))
        for plane, ends in (("a", (0.0, 2.0)), ("b", (-1.0, 1.0)))
    ]
    assert on_same_axes(plots) == plots
