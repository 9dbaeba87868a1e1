"""Training: courses, cohorts with their sessions, and the instructors and rooms that they need."""
