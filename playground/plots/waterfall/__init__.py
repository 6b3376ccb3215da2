"""Each layer's change of the gradient, split into the parts due to φ′ and to the weights."""
