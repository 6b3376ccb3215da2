"""Data sets: generators, shipped data, users' tables, and their preparation for a network.

Start at ``datasets.DATASETS`` (the registry), ``settings.DataSettings``, ``loading.load`` and ``prepared_data.prepare``.
"""
