"""The samples a network learns from: generators, shipped data, tables, and their preparation for a network.

Start at ``datasets.DATASETS`` (the registry), ``settings.DataSettings``, ``loading.load`` and ``prepared_data.prepare``.
"""
