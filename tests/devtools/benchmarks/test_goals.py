import dev
from devtools.benchmarks.bench import GOALS
from devtools.benchmarks.goals import Measured, at_least, at_most
from devtools.benchmarks.timing import Timing


def test_the_command_line_knows_the_goals_that_there_are():
    assert list(GOALS) == dev.GOALS


def test_a_goal_is_met_up_to_its_limit_and_not_beyond():
    assert Measured("list", "15 ms", 1.5, at_most(1.5)).is_met
    assert not Measured("list", "15 ms", 1.51, at_most(1.5)).is_met
    assert Measured("export", "7 rows/s", 0.7, at_least(0.7)).is_met
    assert not Measured("export", "7 rows/s", 0.69, at_least(0.7)).is_met


def test_what_has_no_limit_is_told_and_not_judged():
    line = Measured("the tutorial way", "900 ms", 70)

    assert line.is_met
    assert line.outcome == "told"


def test_of_few_times_the_95th_percentile_is_one_that_was_taken():
    assert Timing([1, 2, 7]).p95 <= 7
