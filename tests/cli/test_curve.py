"""The curve in braille: where dots fall, what is empty, what is hot."""

from rich.text import Text

from glassworks.cli.display.curve import BLANK, LABEL_WIDTH, draw_curve

FALLING = [(step, 8 - step / 100) for step in range(1, 401)]


def dots(lines: list[Text]) -> list[str]:
    return [line.plain[LABEL_WIDTH:] for line in lines[:-2]]


def test_the_whole_planned_run_is_on_the_axis() -> None:
    lines = draw_curve(FALLING, last_step=800, width=50, height=6, is_live=True)
    assert len(lines) == 8
    assert lines[-1].plain.endswith("800 steps")
    assert all(line.cell_len <= 50 for line in lines)
    right = [row[25:] for row in dots(lines)]
    assert all(set(row) <= {chr(BLANK)} for row in right), "the second half means: not yet"
    left = [row[:20] for row in dots(lines)]
    assert any(set(row) - {chr(BLANK)} for row in left)


def test_it_falls_from_the_upper_left() -> None:
    rows = dots(draw_curve(FALLING, 400, 50, 6, is_live=False))
    assert ord(rows[0][0]) > BLANK and ord(rows[-1][-1]) > BLANK
    assert ord(rows[-1][0]) == BLANK and ord(rows[0][-1]) == BLANK


def test_only_the_newest_point_of_a_live_run_is_molten() -> None:
    for is_live in (True, False):
        lines = draw_curve(FALLING, 800, 50, 6, is_live)
        hot = [span for line in lines for span in line.spans if "molten" in str(span.style)]
        assert bool(hot) == is_live
        assert len({(span.start, span.end) for span in hot}) <= 2


def test_hollow_points_lie_over_the_line() -> None:
    lines = draw_curve(FALLING, 400, 50, 6, is_live=False, hollow=[(200, 6.0)])
    assert sum(line.plain.count("○") for line in lines) == 1


def test_no_points_no_curve_and_one_value_is_no_division_by_zero() -> None:
    assert draw_curve([], 10, 40, 4, is_live=True) == []
    assert len(draw_curve([(1, 2.0), (2, 2.0)], 10, 40, 4, is_live=True)) == 6
