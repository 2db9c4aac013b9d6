"""Vocabulary: the words that the story is told with. Data only, no logic beyond taking it apart."""


def rows(table: str) -> list[str]:
    """The rows of a table written as text; an indented line continues the one before."""
    result: list[str] = []
    for line in table.strip().splitlines():
        if line.startswith(" "):
            result[-1] += " " + line.strip()
        else:
            result.append(line)
    return result


def lists(text: str) -> dict[str, tuple[str, ...]]:
    """Lists of texts by name: `# name`, then a line `- text` for each; an indented line continues the one before."""
    result: dict[str, tuple[str, ...]] = {}
    for part in text.strip().split("\n\n"):
        name, *lines = rows(part)
        result[name.removeprefix("#").strip()] = tuple(line.removeprefix("-").strip() for line in lines)
    return result
