"""The edges: the values they show, their curves and pens, and fast painting of many."""
