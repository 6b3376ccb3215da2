"""The section All layers: settings of all hidden layers, of each one, and of the output layer."""
