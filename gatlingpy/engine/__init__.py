"""How a plan is run: users, timers, arrivals, the life of a run."""
