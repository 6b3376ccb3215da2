"""Shared building blocks of the plots; the plots themselves are in ``plots`` and ``gradient_check``.

Start at ``cards.plot_card.PlotCard`` and ``canvas.canvas.Canvas``. A card draws a ``pictures.picture.Picture`` on a canvas, with
the curves of pinned runs (``pins``) behind it; ``drawing`` has the pens and text that all of them use.
"""
