"""The workspaces: which cards stand where, their splitters and places, what is shown in each."""
