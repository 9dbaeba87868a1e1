"""Training: courses, cohorts, sessions, and the instructors and rooms that they need."""
