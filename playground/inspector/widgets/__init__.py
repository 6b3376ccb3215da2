"""Small widgets that several pages of the inspector use."""
