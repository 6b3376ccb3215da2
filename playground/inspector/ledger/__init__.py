"""The path ledger: every path from a weight to the loss, with its factors and the running sum."""
