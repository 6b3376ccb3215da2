"""Normal ranges: the network's diagnostics beside those of networks that learned."""
