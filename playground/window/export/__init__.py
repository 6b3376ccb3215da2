"""Where the figures of a window go: export dialog, clipboard, drag and drop, decks, animations, code."""
