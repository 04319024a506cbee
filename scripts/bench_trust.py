# usage: import bench_trust   the simulations of scripts/bench: what figures promise
import subprocess

from bench_files import ROOT, load
from bench_page import figure, table

BUILT = ROOT / "build" / "plain" / "simulate"


def simulate(part, *options, rows=None, positive=None):
    """The lines of numbers that build/plain/simulate prints."""
    text = "".join(f"{int(r['label'] == positive)}\t{' '.join(r['text'].split())}\n"
                   for r in rows or [] if r["text"].split())
    got = subprocess.run([BUILT, part, *map(str, options)], input=text,
                         capture_output=True, text=True, check=True)
    return [line.split("\t") for line in got.stdout.splitlines()[1:]]


def build():
    subprocess.run(["make", "-s", "-C", ROOT, BUILT.relative_to(ROOT)],
                   check=True)


def coverage():
    build()
    head = ["interval of 95 %", "n", "mean over p", "least within ± .05",
            "most", "least at one p", "most"]
    rows = [[line[0], line[1], *(figure(float(x)) if x else "" for x in line[2:])]
            for line in simulate("coverage")]
    return table(head, rows) + (
        "\nHow often the interval holds the truth: for proportions the exact "
        "sum over the binomial, p = .02, .022, ... .98; for F1 and MCC 900 "
        "draws at nine combinations of rates. A count is discrete, so no "
        "interval of it keeps 95 % at every single p; averaged over p within "
        "± .05 of any point, Wilson's is always between 94 and 96.5 %, "
        "Clopper and Pearson's is not. Hence Wilson's for figures that "
        "describe, Clopper and Pearson's where a bound is promised.\n")


def share(folder, sets, seeds):
    build()
    body, total = [], [0.0] * 4
    for name, positive in sets.items():
        lines = [list(map(float, line)) for line in simulate(
            "share", seeds, rows=load(folder, name), positive=positive)]
        n = len(lines)
        mean = [sum(line[i] for line in lines) / n for i in range(len(lines[0]))]
        body.append([name, *(figure(mean[i], 4) for i in (2, 3, 4, 5)),
                     figure(mean[8]), figure(min(line[8] for line in lines)),
                     figure(mean[9])])
        total = [t + mean[i] / len(sets)
                 for t, i in zip(total, (2, 5, 8, 9))]
    body.append(["mean", figure(total[0], 4), "", "", figure(total[1], 4),
                 figure(total[2]), "", figure(total[3])])
    head = ["error of the share", "raw count", "adjusted count",
            "median sweep", "EM (quoted)", "in the interval",
            "at the worst share", "width"]
    return table(head, body) + (
        f"\nMean absolute error in batches of 400 messages with 2, 5, 10, 20, "
        f"30, 40, 50 and 60 % purpose, 20 batches each from the held-out half "
        f"of {seeds} splits, by a model of 2,000 messages or fewer; how often "
        "the interval that is shown (it holds those of EM and of the sweep) "
        "holds the share. Target: half of the raw count's error, and 92 %.\n")


def promise(folder, sets, seeds):
    build()
    body = []
    for name, positive in sets.items():
        for line in simulate("promise", seeds, rows=load(folder, name),
                             positive=positive):
            n, met = int(line[2]), int(line[3])
            below = round(float(line[5]) * met)
            body.append([name, line[0], line[1], n, met, line[4], below,
                         figure(below / n),
                         figure(float(line[6])) if met else "-",
                         figure(float(line[7])) if met else "-"])
    head = ["set", "splits", "target", "n", "promised", "refused: too few",
            "below", "share below", "precision", "recall"]
    return table(head, body) + (
        "\nHow often the precision on other rows fell below the target that "
        "was promised. halves: the out-of-fold rows of one fit on up to 2,000 "
        "messages, halved at random: the threshold is chosen on one half and "
        "looked at on the other; refits: models fitted anew on one half of "
        "the messages (up to 2,000), looked at on the other. Target: at most "
        ".05. Where nothing is promised, train says so, and how many labels "
        "are missing.\n")
