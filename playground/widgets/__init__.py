"""Widgets independent of networks: the card, the figure protocol, heat maps and quiet controls.

Start at ``card.Card``.
"""
