"""What is said of a run when others have its cores."""

from playground.config.cpu.cores import Use
from playground.worker.slowdown import RecentRate, Slowdown

FREE, TAKEN = Use(2, 0.1, 0.0, 2, 0.2, {}), Use(2, 1.0, 0.0, 2, 1.1, {})


def told(*seconds: tuple[float, Use]) -> list[str]:
    """What is said after each second of training at so many steps/s, on a machine of such use."""
    run, recent, step, said = Slowdown(), RecentRate(), 0.0, []
    for at, (rate, use) in enumerate(seconds):
        step += rate
        said.append(run.check(recent.now((at, round(step))), use))
    return said


def test_a_run_that_others_slow_says_so_until_they_go():
    said = told(*[(100, FREE)] * 6, *[(40, TAKEN)] * 8, *[(100, FREE)] * 4)
    assert said[:8] == [""] * 8
    assert said[8] == said[13] == "Another program uses this machine's cores (1.0 of 2): this run makes 40 steps/s, it made 100 before."
    assert said[-1] == ""


def test_it_is_said_of_a_run_that_never_had_its_cores_and_of_a_host():
    says = "Another program uses this machine's cores (1.0 of 2): this run makes 40 steps/s, alone it would be faster."
    assert told(*[(40, TAKEN)] * 8)[-1] == says
    stolen = told(*[(40, TAKEN._replace(others=0.1, stolen=0.9))] * 8)
    assert stolen[-1].startswith("This machine's host gives its cores to others (0.9 of 2): ")


def test_nobody_is_blamed_who_does_nothing_or_does_no_harm():
    assert told(*[(100, FREE)] * 6, *[(10, FREE)] * 10) == [""] * 16            # a phase whose steps cost more
    assert told(*[(100, FREE)] * 6, *[(95, TAKEN)] * 10) == [""] * 16           # slower by less than it says
    assert told(*[(100, TAKEN._replace(wanted=1))] * 10) == [""] * 10           # one core is enough for it
    assert told(*[(50, FREE._replace(wanted=3))] * 10) == [""] * 10             # another run of this server has the rest
