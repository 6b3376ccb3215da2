"""Base classes of the plot cards, which differ in when and where their data are computed, and their small controls."""
