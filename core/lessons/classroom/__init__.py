"""The answers of a class: their file, matching them with the predictions of a lesson, and statistics."""
