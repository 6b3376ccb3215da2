"""Widgets that know nothing of networks: the card, the figure protocol and the heat map.

Start at ``card.Card``.
"""
