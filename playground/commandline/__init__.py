"""The headless commands train, render and schema, and the sources of their FILE argument.

Start at ``cli``.
"""
