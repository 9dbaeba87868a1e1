"""The watch room: what an assessment rests on, and how that stands for a reader."""
