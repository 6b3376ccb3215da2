"""Parts of a neuron's page: the weighted sum term by term, the activation function, and the class probabilities."""
