"""What every plot is made of: the canvas with its axes, ticks and ranges, pens and text, and the card around it.

Start at ``plot_card.PlotCard`` and ``canvas.Canvas``; the plots themselves are in ``plots`` and ``gradient_check``.
"""
