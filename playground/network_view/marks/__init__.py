"""What is marked in the network: dead, saturated, cloned and dropped neurons, hidden values, and the selected sample."""
