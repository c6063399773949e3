"""Writes paired_tests.json: paired tests of families of differences, by SciPy and statsmodels.

    python3 -m venv venv && venv/bin/pip install scipy==1.17.1 statsmodels==0.15.0
    venv/bin/python paired_tests.py

t and its p are scipy.stats.ttest_1samp's, sign flips scipy.stats.permutation_test's with permutation_type "samples" over
all 2^n choices, corrected p values statsmodels' multipletests with "holm", and interval ends scipy.stats.t.ppf's at
1 - 0.05 and at Bonferroni's 1 - 0.05 / m. Families are drawn by seed: losses of a few seeds, accuracies that touch 0 and
100 %, questions, and differences with ties and zeros.
"""

import json
import pathlib

import numpy
import scipy
import statsmodels
from scipy import stats
from statsmodels.stats.multitest import multipletests

LEVEL = 0.05


def line(differences, comparisons):
    n = len(differences)
    mean = float(numpy.mean(differences))
    error = float(numpy.std(differences, ddof=1) / numpy.sqrt(n))
    t = stats.ttest_1samp(differences, 0)
    flips = None
    if n <= 20:
        flips = float(
            stats.permutation_test(
                (numpy.array(differences),),
                lambda x, axis: numpy.mean(x, axis=axis),
                permutation_type="samples",
                vectorized=True,
                n_resamples=numpy.inf,
                batch=1 << 14,
            ).pvalue
        )

    def ends(level):
        half = float(stats.t.ppf(1 - level / 2, n - 1)) * error
        return [mean - half, mean + half]

    return {
        "differences": differences,
        "mean": mean,
        "standardError": error,
        "p": float(t.pvalue),
        "signFlipP": flips,
        "alone": ends(LEVEL),
        "together": ends(LEVEL / comparisons),
    }


def family(name, rows):
    lines = [line([float(value) for value in row], len(rows)) for row in rows]
    students = [one["p"] for one in lines]
    flipped = [one["p"] if one["signFlipP"] is None else one["signFlipP"] for one in lines]
    for one, student, flips in zip(
        lines, multipletests(students, method="holm")[1], multipletests(flipped, method="holm")[1]
    ):
        one["adjustedP"] = float(student)
        one["adjustedSignFlipP"] = None if one["signFlipP"] is None else float(flips)
    return {"name": name, "lines": lines}


random = numpy.random.default_rng(20240301)
families = [
    family("losses of five seeds", [random.normal(effect, 0.004, 5) for effect in (0, 0.001, -0.004, 0.02, 0.5, 0)]),
    family("accuracies of eight seeds", [100 * numpy.round(random.beta(8, 0.7, 8) - random.beta(6, 0.7, 8), 2) for _ in range(10)]),
    family("questions of 0 or 100", [100.0 * (random.integers(0, 2, n) - random.integers(0, 2, n)) for n in (12, 20, 50, 200)]),
    family("ties and zeros", [[0, 0, 0, 1, 0, 0, 1, 1], [2, -2, 2, -2, 2, 2], [0.1, 0.2, 0.3, 0.1, 0.2, 0.3, 9]]),
    family("two units", [[1.0, 1.1], [1.0, -1.0]]),
    family("a single comparison", [random.normal(1, 1, 17)]),
]
pathlib.Path(__file__).with_suffix(".json").write_text(
    json.dumps(
        {
            "versions": {"numpy": numpy.__version__, "scipy": scipy.__version__, "statsmodels": statsmodels.__version__},
            "families": families,
        },
        indent=1,
    )
    + "\n"
)
