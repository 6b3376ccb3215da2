"""What a learner has done in each lesson, and what it means when a lesson is opened again."""
