"""The experiment in exported pictures, animations and decks: writing it, and finding it in untrusted files."""
