"""Figures as LaTeX: pgfplots, TikZ and tables."""
