"""The reform programme: projects with their milestones, and the evidence that others verify."""
