"""The jars of a real Kafka broker."""

from tests.services.maven import JavaProgram

KAFKA = JavaProgram(
    "Kafka",
    "4.3.1",
    java_needed=17,
    dependencies=(
        ("org.apache.kafka", "kafka_2.13", "4.3.1"),
        ("org.apache.logging.log4j", "log4j-slf4j-impl", "2.25.4"),
    ),
)

if __name__ == "__main__":
    KAFKA.fetch()
