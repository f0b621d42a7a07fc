"""The durable journal of pendings."""
