"""JMESPath expressions, compiled."""

from collections.abc import Callable

from gatlingpy.errors import CheckFailed, UsageError


def compile_jmes_path(path: str) -> Callable[[object], object]:
    """Compile a JMESPath expression; raises UsageError with the reason if it is none.

    What is returned gives ``None`` for what a document lacks, and raises CheckFailed where a
    function of the expression cannot take what the document holds.
    """
    import jmespath
    from jmespath.exceptions import JMESPathError

    try:
        search = jmespath.compile(path).search
    except JMESPathError as error:
        raise UsageError(_in_one_line(error)) from None

    def find(document: object) -> object:
        try:
            found: object = search(document)
        except JMESPathError as error:
            raise CheckFailed(_in_one_line(error)) from None
        return found

    return find


def _in_one_line(error: Exception) -> str:
    return " ".join(str(error).split())
