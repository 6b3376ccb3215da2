"""Print a lesson as a classroom sheet, and its answers for the teacher."""
