"""The section Data: the data set, its noise, split and batch size."""
