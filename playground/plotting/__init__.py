"""The parts of all plots: the canvas with axes, ticks and ranges, pens and text, and the card.

Start at ``plot_card.PlotCard`` and ``canvas.Canvas``; the plots themselves are in ``plots`` and ``gradient_check``.
"""
