"""What shows that the records are true: anchors, checks, the audit and evidence to hand on."""
