"""The NumPy core of NN Playground: data, networks, training and the mathematics shown on screen; knows no GUI."""
