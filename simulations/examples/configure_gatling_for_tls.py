"""Configure Gatling for TLS: an encrypted connection to a broker that is who it says.

scripts/generate-tls-certs.sh tls-certs
KAFKA_BOOTSTRAP_SERVERS=localhost:9093 \
    python -m gatlingpy run simulations.examples.configure_gatling_for_tls

The embedded broker knows no TLS: this one needs a Kafka.  Where the original names a truststore,
a CA's certificate in PEM is given; ``kafka.client.truststore.jks`` is refused with that advice.
"""

from datetime import timedelta

from gatlingpy import *
from simulations.examples.service import start_service

TOPICS = {"request_topic": 4, "response_topic": 4}


class SecureSimulation(Simulation):
    """One call secures every client of the cluster."""

    def __init__(self) -> None:
        self.ca = param("ca", str, default="tls-certs/ca-cert.pem", help="the CA's certificate")
        protocol = (
            kafka()
            .bootstrap_servers(env("KAFKA_BOOTSTRAP_SERVERS", "localhost:9093"))
            .create_topics(TOPICS)
            .tls(ca_location=self.ca, verify_hostname=False)  # not verified: it is localhost
            .producer_properties({"acks": "all", "compression.type": "lz4"})
        )
        ask = (
            kafka("Ask")
            .request_reply()
            .topics("request_topic", "response_topic")
            .value("nobody listens in")
            .check(response_equals())
        )
        duration = param("duration", timedelta, default="30s")
        load = constant_users_per_sec(10).during(duration)
        users = scenario("Discreet").exec(ask)
        self.set_up(users.inject_open(load)).protocols(protocol)

    def before(self, run: Run) -> None:
        """Start the application under test, which has to use TLS as well."""
        tls = {
            "security.protocol": "SSL",
            "ssl.ca.location": self.ca,
            "ssl.endpoint.identification.algorithm": "none",
        }
        start_service(run, "request_topic", "response_topic", properties=tls)
