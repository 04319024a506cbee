# usage: import bench_labels   what labels bring: simulations of scripts/bench
import concurrent.futures
import csv
import hashlib
import math
import os
import random
import statistics
import subprocess

from bench_files import ROOT, WORK, load
from bench_page import figure, table

BUILT = ROOT / "build" / "plain" / "simulate_labels"
KEPT = WORK / "labels"
SIMULATED = ("choose", "feature", "text", "split", "svm", "model_matrix",
             "model_weigh", "calibrate_fit", "calibrate_threshold")
SETS = {  # the label that counts as purpose
    "sms_spam": "spam",
    "suggestion": "suggestion",
    "politeness_enes": "polite",
    "corpus": "purpose",
}
WARM = "corpus, half of the voices known"
MOST = {"old": 600, "pool": 2000, "test": 1200}  # messages
SEEDS, WARM_SEEDS = 20, 10
UNSURE = 1500  # labels to which this order is followed
STREAM = 1500
EVERY = 50
ORDERS = ("random", "unsure")
CUTS = ("own threshold", "best threshold")
SHARE, GAP = 0.95, 0.8
REPLICATES = 1000


# --- messages -----------------------------------------------------------------

def corpus():
    rows = []
    for path in sorted((ROOT / "corpus").glob("*.csv")):
        with open(path, encoding="utf-8", newline="") as f:
            rows += [row | {"holdout": row["split"]}
                     for row in csv.DictReader(f)]
    return rows


def some(rows, part, draw):
    return draw.sample(rows, min(len(rows), MOST[part]))


def rows_of(folder, name):
    """All rows of a set, in the order of its files, and its positive label."""
    base = name.split(",")[0]
    rows = corpus() if base == "corpus" else load(folder, base)
    return [r for r in rows if r["text"].split()], SETS[base]


def known(rows, draw):
    """The rows of one half of the voices, and those of the other half."""
    voices = sorted({r["source"] for r in rows})
    half = set(draw.sample(voices, len(voices) // 2))
    return ([r for r in rows if r["source"] in half],
            [r for r in rows if r["source"] not in half])


def lines(parts, positive):
    return "".join(
        f"{part}\t{int(r['label'] == positive)}\t{' '.join(r['text'].split())}\n"
        for part, rows in parts.items() for r in rows)


def draw_curve(folder, name, seed):
    draw = random.Random(f"{name} {seed}")
    rows, positive = rows_of(folder, name)
    parts = {}
    if name == WARM:
        old, rows = known(rows, draw)
        parts["old"] = some([r for r in old if r["holdout"] == "train"], "old",
                            draw)
    for part, holdout in (("pool", "train"), ("test", "test")):
        parts[part] = some([r for r in rows if r["holdout"] == holdout], part,
                           draw)
    return lines(parts, positive)


def draw_stream(folder, name):
    """The first messages of a set in its own order; of the corpus, voice by
    voice, in any order of voices."""
    draw = random.Random(name)
    rows, positive = rows_of(folder, name)
    parts = {}
    if name.startswith("corpus"):
        if name == WARM:
            old, rows = known(rows, draw)
            parts["old"] = some(old, "old", draw)
        voices = sorted({r["source"] for r in rows})
        draw.shuffle(voices)
        few = STREAM // len(voices) + 1
        rows = [r for v in voices
                for r in [r for r in rows if r["source"] == v][:few]]
    parts["pool"] = rows[:STREAM]
    return lines(parts, positive)


# --- running ------------------------------------------------------------------

def simulate(text, fresh, *arguments):
    """The lines that simulate_labels prints; each asked once only, as long as
    what is simulated stays the same."""
    arguments = list(map(str, arguments))
    key = hashlib.sha256(" ".join(arguments).encode() + b"\0" + text.encode())
    for name in SIMULATED:
        key.update((ROOT / "src" / f"{name}.c").read_bytes())
    kept = KEPT / f"{key.hexdigest()[:24]}.tsv"
    if fresh or not kept.exists():
        got = subprocess.run([BUILT, *arguments], input=text, text=True,
                             capture_output=True)
        if got.returncode:
            raise OSError(got.stderr.strip())
        kept.write_text(got.stdout)
    return [line.split("\t") for line in kept.read_text().splitlines()[1:]]


def build():
    subprocess.run(["make", "-s", "-C", ROOT, BUILT.relative_to(ROOT)],
                   check=True)
    KEPT.mkdir(parents=True, exist_ok=True)


def curves(folder, name, seeds, fresh):
    """[{order: {labels: (F1 at either threshold)}}], one a seed."""
    def one(seed):
        got = {order: {} for order in ORDERS}
        for line in simulate(draw_curve(folder, name, seed), fresh, "curve",
                             seed, "random", f"unsure:{UNSURE}"):
            got[line[0]][int(line[1])] = (float(line[2]), float(line[3]))
        every = max(got["random"])  # labels of all messages, in any order
        got["unsure"][every] = got["random"][every]
        return got

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(one, range(1, seeds + 1)))


# --- figures ------------------------------------------------------------------

def mean_curve(runs, order, cut):
    return [(n, statistics.fmean(r[order][n][cut] for r in runs))
            for n in sorted(set.intersection(*(set(r[order]) for r in runs)))]


def needed(curve, target):
    """Labels at which a curve first reaches the target; between two sizes on
    a straight line over the logarithm."""
    before = None
    for n, f1 in curve:
        if f1 >= target:
            if not before or before[0] == 0:
                return float(n)
            part = (target - before[1]) / (f1 - before[1])
            return before[0] * (n / before[0]) ** part
        before = n, f1
    return math.inf


def measure(runs, cut, warm):
    """What is estimated: full F1, labels needed in either order, their ratio,
    the mean difference of F1 over the sizes up to half of the pool."""
    curve = {order: mean_curve(runs, order, cut) for order in ORDERS}
    full = curve["random"][-1][1]
    start = curve["random"][0][1]
    target = start + GAP * (full - start) if warm else SHARE * full
    need = [needed(curve[order], target) for order in ORDERS]
    gain = [u - r for (n, r), (_, u) in zip(curve["random"], curve["unsure"])
            if 0 < n <= curve["random"][-1][0] / 2]
    return [full, *need, need[1] / need[0], statistics.fmean(gain)]


def quantile(values, q):
    values = sorted(values)
    at = q * (len(values) - 1)
    low = math.floor(at)
    high = min(low + 1, len(values) - 1)
    if values[high] == values[low]:
        return values[low]
    return values[low] + (at - low) * (values[high] - values[low])


def estimate(runs, cut, warm):
    """Each figure of measure with its interval, by drawing seeds again."""
    draw = random.Random(1)
    value = measure(runs, cut, warm)
    again = [measure(draw.choices(runs, k=len(runs)), cut, warm)
             for _ in range(REPLICATES)]
    return [(v, quantile([a[i] for a in again], 0.025),
             quantile([a[i] for a in again], 0.975))
            for i, v in enumerate(value)]


def said(interval, form):
    return (f"{form(interval[0])} ({form(interval[1])} to "
            f"{form(interval[2])})")


def percent(x, digits=0):
    return f"{100 * x:.{digits}f} %"


def signed(x):
    return f"{x:+.3f}".replace("0.", ".", 1)


def sizes(runs, cut):
    """At how many sizes a paired t-test of 5 % finds unsure better, and worse,
    and of how many."""
    better = worse = of = 0
    critical = 1.96 + 2.6 / (len(runs) - 1)  # within .02 from 8 runs on
    for n in set.intersection(*(set(r[order]) for r in runs
                                for order in ORDERS)):
        gain = [r["unsure"][n][cut] - r["random"][n][cut] for r in runs]
        error = statistics.stdev(gain) / math.sqrt(len(gain))
        of += error > 0
        better += statistics.fmean(gain) > critical * error > 0
        worse += -statistics.fmean(gain) > critical * error > 0
    return better, worse, of


def row(name, cut, runs):
    full, by_chance, unsure, ratio, gain = estimate(runs, cut, name == WARM)
    return [name, CUTS[cut], figure(full[0]), said(by_chance, "{:.0f}".format),
            said(unsure, "{:.0f}".format), said(ratio, "{:.2f}".format),
            said(gain, signed), "{} / {} of {}".format(*sizes(runs, cut))
            ], ratio, gain


def verdict(figures, cut):
    """How the target is met, by one kind of threshold."""
    half = sum(ratio[0] <= 0.5 for ratio, _ in figures)
    worse = sum(ratio[1] > 1 or gain[2] < 0 for ratio, gain in figures)
    return (f"at its {CUTS[cut]} `unsure` needs at most half the labels on "
            f"{half} of {len(figures)}, and is significantly worse in labels "
            f"or mean on {worse}")


def labels(folder, seeds, fresh, plot):
    build()
    body, results, met = [], {}, {0: [], 1: []}
    for name in [*SETS, WARM]:
        few = seeds if name != WARM else min(seeds, WARM_SEEDS)
        results[name] = curves(folder, name, few, fresh)
        for cut in (0, 1):
            cells, ratio, gain = row(name, cut, results[name])
            body.append(cells)
            if name != WARM:
                met[cut].append((ratio, gain))
    draw_plot(results, plot)
    head = ["labels needed", "F1 at the", "F1, all", "random", "unsure",
            "unsure / random", "F1, unsure minus random",
            "sizes better / worse"]
    return table(head, body) + (
        f"\nLabels until F1 is {percent(SHARE)} of what all labels of the pool "
        f"bring; with half of the voices known, until {percent(GAP)} of the way "
        "from the model that begins to the one of all labels. Each of "
        f"{seeds} seeds ({WARM_SEEDS} with half of the voices known) draws up to "
        f"{MOST['pool']:,} messages of the training "
        f"part as the pool and {MOST['test']:,} of the test part to judge by; "
        f"with half of the voices known, {MOST['old']:,} messages of theirs "
        "are labelled already, and pool and test are of the others. The first "
        "20 labels are asked for without a model; it learns again after every "
        "10 (up to 100 labels), 25 (up to 200), 50 (up to 1,000) or 500, "
        "with half of the voices known after every 100. Fixed C, four folds. Intervals of 95 % by the bootstrap over seeds; the "
        "difference: mean over the sizes up to half the pool; at how many sizes "
        "it is significant by a paired t-test of 5 % each. Target: at most half the "
        f"labels on three of four, never significantly worse; "
        f"{verdict(met[0], 0)}; {verdict(met[1], 1)}.\n\n"
        "![F1 over labels, by order of asking](labels.svg)\n")


# --- plot ---------------------------------------------------------------------

def plot_lines(runs):
    """Labels, then mean and standard error of either order."""
    for n in sorted(runs[0]["random"]):
        cells = [str(n)]
        for order in ORDERS:
            f1 = [r[order][n][1] for r in runs if n in r[order]]
            error = (statistics.stdev(f1) / math.sqrt(len(f1))
                     if len(f1) > 1 else 0)
            cells += [f"{statistics.fmean(f1):.5f}", f"{error:.5f}"]
        if n > 0:
            yield " ".join(cells)


PLOT = """
set terminal svg size 900,620 font "sans-serif,12" background "#ffffff"
set output "{out}"
set multiplot layout 2,3
set logscale x
set xrange [30:2000]
set xtics (30, 100, 300, 1000)
set format y "%.2f"
set xlabel "labels"
set ylabel "F1"
set grid lc rgb "#dddddd"
set key bottom right samplen 1
"""
PANEL = """
set title "{name}"
plot "{data}" u 1:($2-1.96*$3):($2+1.96*$3) w filledcurves notitle \
fs solid 0.2 noborder lc rgb "#888888", \
"" u 1:($4-1.96*$5):($4+1.96*$5) w filledcurves notitle \
fs solid 0.2 noborder lc rgb "#0060ad", \
"" u 1:2 w l lw 2 lc rgb "#888888" title "random", \
"" u 1:4 w l lw 2 lc rgb "#0060ad" title "unsure"
"""


def draw_plot(results, out):
    script = PLOT.format(out=out)
    for i, (name, runs) in enumerate(results.items()):
        data = KEPT / f"plot-{i}.dat"
        data.write_text("\n".join(plot_lines(runs)) + "\n")
        script += PANEL.format(name=name.replace("_", "\\\\_"), data=data)
    subprocess.run(["gnuplot"], input=script, text=True, check=True)


# --- stream -------------------------------------------------------------------

def stream(folder, fresh):
    build()
    names = [*SETS, WARM]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        got = dict(zip(names, pool.map(lambda name: simulate(
            draw_stream(folder, name), fresh, "stream", EVERY), names)))
    body = []
    for name, run in got.items():
        first = 0 if name == WARM else EVERY
        for seen in (500, 1000, STREAM):
            line = next((x for x in run if int(x[0]) == seen), run[-1])
            n = int(line[0]) - first
            body.append([name, line[0], *(percent(float(line[i]) / n, 1)
                                          for i in (1, 3)),
                         figure(float(line[2])), figure(float(line[4])),
                         line[5]])
    head = ["predict, then learn", "messages", "wrong, never", f"wrong, every "
            f"{EVERY}", "F1, never", f"F1, every {EVERY}", "p"]
    return table(head, body) + (
        "\nThe protocol of TREC's spam track: each message is judged when it "
        "comes, then its label is known. Never: the model of the first "
        f"{EVERY} labels stays (with half of the voices known: the one of "
        f"their {MOST['old']:,} labels); every {EVERY}: it learns again from "
        "all labels so far. Order of the file, and of the corpus one voice "
        "after the other, so that what comes is not what came. p: exact "
        "McNemar test over all messages so far.\n")
