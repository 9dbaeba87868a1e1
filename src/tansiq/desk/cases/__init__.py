"""Cases: the steps that each side takes in lanes and circles, and how they stand."""
