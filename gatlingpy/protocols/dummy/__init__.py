"""The dummy protocol: requests that cross no wire and take the time they are told to."""
