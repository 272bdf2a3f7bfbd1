"""A model's text never controls the terminal."""

from glassworks.cli.display.sample import one_line, printable, wrapped


def test_control_characters_never_reach_the_terminal() -> None:
    hostile = "a\x1b[2Jb\x07c\rd\x9be\u202ef\u200bg\th\ni"
    assert printable(hostile) == "a[2Jbcdefg    h\ni"


def test_one_line_draws_line_ends_and_cuts() -> None:
    assert one_line("\nROMEO.\nMy lord", 40) == "ROMEO.¶My lord"
    assert one_line("abcdef", 4) == "abc…"


def test_wrapping_keeps_words_and_cuts_long_ones() -> None:
    assert wrapped("one two three", 7, 5) == ["one two", "three"]
    assert wrapped("x" * 10, 4, 2) == ["xxxx", "xxxx"]
    assert wrapped("a\n\nb", 9, 9) == ["a", "", "b"]
