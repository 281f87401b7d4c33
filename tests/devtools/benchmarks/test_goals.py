import dev
from devtools.benchmarks.bench import GOALS
from devtools.benchmarks.goals import Measured, at_least, at_most
from devtools.benchmarks.timing import Ratio, Timing


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


def test_goal_whose_interval_holds_the_limit_is_undecided():
    line = Measured("list", "15 ms", 1.49, at_most(1.5), (1.45, 1.53))

    assert (line.outcome, line.is_undecided) == ("undecided", True)
    assert Measured("list", "15 ms", 1.4, at_most(1.5), (1.38, 1.42)).outcome == "met"
    assert Measured("list", "15 ms", 1.6, at_most(1.5), (1.58, 1.62)).outcome == "NOT MET"


def test_interval_of_a_ratio_holds_its_median_and_narrows_with_turns():
    noisy = [1 + (place * 7 % 10) / 10 for place in range(400)]
    few, many = (Ratio.of(Timing(noisy[:n]), Timing([1] * n)) for n in (20, 400))

    for ratio in (few, many):
        assert ratio.low <= ratio.middle <= ratio.high
    assert many.high - many.low < few.high - few.low
