"""The headers of the columns and the controls inside the picture: where they are, and painting them."""
