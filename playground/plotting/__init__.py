"""Shared building blocks of the plots: the card, the canvas with axes, ticks and ranges, pens and text.

Start at ``plot_card.PlotCard`` and ``canvas.Canvas``; the plots themselves are in ``plots`` and ``gradient_check``.
"""
