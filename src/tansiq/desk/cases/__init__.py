"""One act of this node: the desk and its transaction, who does it, when, and who hears of it."""
