"""The headless commands train, render and schema, and the sources of their FILE argument.

Start at ``cli``: each command is in a file of its own, and each group of options in another.
"""
