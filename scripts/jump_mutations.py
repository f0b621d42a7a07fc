"""Faults in what users jump out of, and from where: each must break a test (``mutate.py``)."""

from scripts.mutation import Mutation

_LINKER = "gatlingpy/engine/linker.py"
_GUARDS = "gatlingpy/engine/guards.py"
_LOOPS = "gatlingpy/engine/loops.py"
_TRIES = "gatlingpy/engine/tries.py"
_GROUPS = "gatlingpy/engine/groups.py"
_NODES = "gatlingpy/engine/nodes.py"
_USERS = "gatlingpy/engine/users.py"
_NEVER = "(RendezVous, ExitHere, ExitHereIfFailed, StopLoadGenerator)"

JUMP_MUTATIONS = (
    # --- places to jump from ----------------------------------------------------------------------
    Mutation(
        "a meeting is a place to leave from", _LINKER,
        _NEVER, "(ExitHere, ExitHereIfFailed, StopLoadGenerator)",
    ),
    Mutation(
        "an exit is a place to leave from", _LINKER, _NEVER, "(RendezVous, StopLoadGenerator)",
    ),
    Mutation(
        "a stop is a place to leave from", _LINKER,
        _NEVER, "(RendezVous, ExitHere, ExitHereIfFailed)",
    ),
    Mutation(
        "loops forget the try around them", _LINKER,
        "Scope((*scope.guards, guard), scope.tries)", "Scope((*scope.guards, guard))",
    ),
    Mutation(
        "loops forget the loops around them", _LINKER,
        "Scope((*scope.guards, guard), scope.tries)", "Scope((guard,), scope.tries)",
    ),
    Mutation(
        "tries forget the loops around them", _LINKER,
        "Scope(scope.guards, tries=True)", "Scope(tries=True)",
    ),
    Mutation(
        "no loop is left at the end of an attempt", _LINKER,
        "check = Scope(scope.guards).check()", "check = None",
    ),
    Mutation(
        "no loop is left at the end of a round", _LOOPS,
        "    if node.check is not None:\n", "    if False:\n",
    ),
    Mutation(
        "a counter that the user sets steers no loop", _LOOPS,
        "following(inside.attributes, node.counter, done) if node.named else done + 1", "done + 1",
    ),
    # --- where they go ----------------------------------------------------------------------------
    Mutation(
        "the innermost loop is left", _GUARDS,
        "for guard in node.guards:", "for guard in reversed(node.guards):",
    ),
    Mutation(
        "tries go before loops", _GUARDS,
        "    for guard in node.guards:\n",
        "    if node.tries and session.has_to_try_again():\n"
        "        raise Jump(RETRY, session, due_ns)\n    for guard in node.guards:\n",
    ),
    Mutation(
        "a guard that cannot be told fails nobody", _GUARDS,
        "            session = failed(error,", "            failed(error,",
    ),
    Mutation(
        "a try is not left by a jump through it", _TRIES,
        "                jump.session = inside.leave_try(node.counter)\n", "",
    ),
    Mutation(
        "any failure begins a try again", _TRIES,
        "not inside.has_to_try_again()", "not inside.is_failed",
    ),
    Mutation(
        "attempts are not counted", _TRIES,
        "inside.mark_as_succeeded().set(node.counter, done)", "inside.mark_as_succeeded()",
    ),
    Mutation(
        "groups end from the outside in", _GROUPS,
        "range(len(session.blocks), 0, -1)", "range(1, len(session.blocks) + 1)",
    ),
    # --- giving way -------------------------------------------------------------------------------
    Mutation(
        "a branch waits if one way does", _NODES,
        "if all(map(waits, ways))", "if any(map(waits, ways))",
    ),
    Mutation(
        "users that meet outlive a stop", _USERS,
        "                resume(session, due_ns)\n", "                pass\n",
    ),
    Mutation(
        "users go on after one of them has stopped the run", _USERS,
        "        self._stopping = True\n        self._backstage.stop_load",
        "        self._backstage.stop_load",
    ),
)  # fmt: skip
