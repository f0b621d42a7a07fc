"""The part of a line that repeats: what stands around the numbers of a request, leg or user.

A few frames serve millions of lines, since a run has few names and most messages are empty.
"""

from functools import lru_cache

from gatlingpy.stats.escapes import escape, escape_groups, escape_message


@lru_cache(maxsize=8192)
def request_frame(
    groups: tuple[str, ...], name: str, ending: str, message: str, scenario: str
) -> tuple[str, str, str]:
    """Return what surrounds a request's numbers: before, between and after them."""
    status = "OK" if ending == "ok" else "KO"
    return (
        f"REQUEST\t{escape_groups(groups)}\t{escape(name)}\t",
        f"\t{status}\t{escape_message(message)}\t",
        f"\t{ending}\t{escape(scenario)}\t\t",
    )


@lru_cache(maxsize=8192)
def leg_frame(name: str, ending: str, message: str, scenario: str) -> tuple[str, str]:
    """Return what surrounds a leg's numbers.

    Gatling ignores legs, so its own columns hold no times; a leg is intended when it starts.
    """
    status = "OK" if ending == "ok" else "KO"
    return (
        f"LEG\t\t{escape(name)}\t\t\t{status}\t{escape_message(message)}\t",
        f"\t{ending}\t{escape(scenario)}\t\t",
    )


@lru_cache(maxsize=1024)
def user_frame(scenario: str, what: str) -> tuple[str, str]:
    """Return what surrounds a user's numbers."""
    name = escape(scenario)
    return f"USER\t{name}\t{what}\t", f"\t\t{name}\t\t"
