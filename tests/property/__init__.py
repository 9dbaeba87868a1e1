"""What must hold for all values that Hypothesis can think of, judged by the oracle where it can."""
