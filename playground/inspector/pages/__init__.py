"""The pages of the inspector: a base class, one module per kind of selection, and the registry that chooses among them."""
