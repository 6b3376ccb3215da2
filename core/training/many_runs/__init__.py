"""Studies that train many networks: races, restarts, trials of the cures, and reference runs for normal ranges."""
