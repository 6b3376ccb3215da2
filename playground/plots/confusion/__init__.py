"""The confusion matrix: true against predicted classes."""
