"""Requests whose topic each user names: they begin once that topic is read."""

from collections.abc import Callable
from functools import partial
from typing import TypeAlias

from gatlingpy.errors import ExpressionError
from gatlingpy.protocols.kafka.dynamic_topics import DynamicTopic
from gatlingpy.protocols.kafka.topic_reading import TopicReading
from gatlingpy.session import Session
from gatlingpy.spi import Perform, Resume, Services, Settled

Make: TypeAlias = Callable[[DynamicTopic, Settled | None], Perform]
"""Compiles the request for one topic; the second is called when one has ended whose user went on
before, if there are such."""


class DynamicAction:
    """Names a topic for each user, has it opened, and lets the request begin then.

    What is compiled for a topic is kept as long as the topic is open.
    """

    def __init__(
        self,
        place: str,
        topic: Callable[[Session], str],
        make: Make,
        reading: TopicReading,
        services: Services,
        *,
        replies: bool,
        detached: bool = False,
        settled: Settled | None = None,
    ) -> None:
        """``replies`` tells that replies are expected on the topic.

        ``detached`` and ``settled`` are as in ``spi``.
        """
        self._place = place
        self._topic = topic
        self._make = make
        self._reading = reading
        self._now_ns = services.clock.now_ns
        self._user_error = services.user_error
        self._replies = replies
        self._is_detached = detached
        self._settled = settled

    def perform(self, session: Session, intended_ns: int, resume: Resume) -> None:
        """Have the user's topic opened (``spi.Perform``)."""
        try:
            name = self._topic(session)
        except ExpressionError as error:
            self._user_error(f"{self._place}: {error}", session)
            self._skip(session.mark_as_failed(), resume)
            return
        begin = partial(self._begin, session, intended_ns, self._now_ns(), resume)
        self._reading.use(name, begin, replies=self._replies)

    def _skip(self, session: Session, resume: Resume) -> None:
        resume(session, self._now_ns())
        if self._settled is not None:
            self._settled()

    def _begin(
        self,
        session: Session,
        intended_ns: int,
        asked_ns: int,
        resume: Resume,
        topic: DynamicTopic,
    ) -> None:
        if topic.is_over:
            self._skip(session, resume)
            return
        perform = topic.actions.get(self)
        if perform is None:
            settled = partial(self._has_settled, topic) if self._is_detached else None
            perform = topic.actions[self] = self._make(topic, settled)
        # The wait for the topic is counted apart: it is neither response time nor lag.
        intended_ns += self._now_ns() - asked_ns
        if self._is_detached:
            perform(session, intended_ns, resume)
        else:
            perform(session, intended_ns, partial(self._ended, topic, resume))

    def _ended(self, topic: DynamicTopic, resume: Resume, session: Session, end_ns: int) -> None:
        resume(session, end_ns)
        self._reading.release(topic)

    def _has_settled(self, topic: DynamicTopic) -> None:
        self._reading.release(topic)
        if self._settled is not None:
            self._settled()
