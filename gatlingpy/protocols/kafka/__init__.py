"""Request-reply, send and consume over Kafka."""
