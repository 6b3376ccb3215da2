"""What the picture is laid out as: its columns and names, the positions of nodes, the scale that fits, zoom and pan."""
