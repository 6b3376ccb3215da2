"""General-purpose widgets: the card, the figure protocol, heat maps, and controls that ignore stray wheel events.

Start at ``card.Card``.
"""
