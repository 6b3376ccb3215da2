"""PowerPoint decks: writing them, and drawing their figures again."""
