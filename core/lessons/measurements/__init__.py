"""What a lesson can measure, and the conditions on it; start at ``registry``."""
