#!/usr/bin/python3
# usage: scripts/bench-peers.py judge|speed|vectors ARGUMENT...
# The other programs that `make bench` sets beside motivo; scripts/bench calls
# it. TRAIN and TEST are CSV files with the columns text and label.
#   judge TRAIN TEST POSITIVE PEER...  trains each peer, lets it judge TEST,
#                                      prints JSON {"PEER": [tp, fp, fn, tn]}
#   speed TRAIN POSITIVE TEXTS         seconds of the scikit-learn pipeline for
#                                      the lines of TEXTS
#   vectors TRAIN POSITIVE OUT         the training vectors for svm-train
import csv
import json
import math
import os
import re
import subprocess
import sys
import tempfile
import time
import unicodedata
import warnings

import numpy as np
import scipy.sparse as sparse
from sklearn.datasets import dump_svmlight_file
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.metrics import matthews_corrcoef
from sklearn.model_selection import StratifiedKFold, train_test_split
from sklearn.naive_bayes import ComplementNB
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import normalize
from sklearn.svm import LinearSVC

warnings.filterwarnings("ignore", category=ConvergenceWarning)

TOKEN = r"(?u)\w+|[^\w\s]"  # punctuation and one-letter words count
BLOCKS = (
    {"analyzer": "word", "token_pattern": TOKEN, "ngram_range": (1, 2)},
    {"analyzer": "char_wb", "ngram_range": (2, 5)},
)
PATH_OF_C = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
WEIGHTS = (None, "balanced")
# learning rate and epochs of fastText
FASTTEXT_TRIALS = ((0.1, 25), (0.5, 25))
QUOTES = str.maketrans("\u2018\u2019\u201c\u201d", "''\"\"")


def read(path, positive):
    csv.field_size_limit(1 << 30)
    with open(path, encoding="utf-8", newline="") as f:
        rows = list(csv.DictReader(f))
    texts = [row["text"] for row in rows]
    return texts, np.array([row["label"] == positive for row in rows], int)


def fold(text):
    """What motivo's contract leaves of a text: neither case nor accents nor
    characters without width, curly quotes and blanks straightened."""
    text = unicodedata.normalize("NFKC", text).casefold().translate(QUOTES)
    text = "".join(c for c in unicodedata.normalize("NFD", text)
                   if unicodedata.category(c) not in ("Mn", "Cf"))
    return " ".join(unicodedata.normalize("NFC", text).split())


def confusion(truth, guess):
    truth, guess = np.asarray(truth, bool), np.asarray(guess, bool)
    return [int(np.sum(truth & guess)), int(np.sum(~truth & guess)),
            int(np.sum(truth & ~guess)), int(np.sum(~truth & ~guess))]


# --- scikit-learn -------------------------------------------------------------

class Counts:
    """The n-gram counts of all texts, made once; tf-idf of any of the rows is
    then what TfidfVectorizer(sublinear_tf=True) fitted on them alone gives."""

    def __init__(self, train, test):
        self.blocks, self.n = [], len(train)
        for options in BLOCKS:
            vectorizer = CountVectorizer(dtype=np.float64, **options)
            x = vectorizer.fit_transform(train)
            x = sparse.vstack([x, vectorizer.transform(test)]).tocsr()
            x.data = 1 + np.log(x.data)
            self.blocks.append(x)

    def vectors(self, fitted, wanted):
        """Rows `fitted` and rows `wanted`, idf from the former."""
        out = []
        for x in self.blocks:
            df = np.bincount(x[fitted].indices, minlength=x.shape[1])
            idf = 1 + np.log((1 + len(fitted)) / (1 + df))
            weight = sparse.diags(np.where(df > 0, idf, 0))
            out.append([normalize(x[rows] @ weight)
                        for rows in (fitted, wanted)])
        return [sparse.hstack(parts).tocsr() for parts in zip(*out)]


def machine(c, weight):
    return LinearSVC(C=c, class_weight=weight, random_state=0)


def choose(counts, y):
    """The C and the class weight of the best MCC over five inner folds, fewer
    where a label is too rare for five: of all held-out verdicts together, as
    the MCC of a fold says little when it holds one message of a label."""
    folds = min(5, int(np.bincount(y, minlength=2).min()))
    if folds < 2:
        return 1.0, None
    guess = {(c, w): np.zeros(len(y)) for c in PATH_OF_C for w in WEIGHTS}
    split = StratifiedKFold(folds, shuffle=True, random_state=0)
    for fitted, held in split.split(np.zeros(len(y)), y):
        x, z = counts.vectors(fitted, held)
        for c, w in guess:
            guess[c, w][held] = machine(c, w).fit(x, y[fitted]).predict(z)
    mcc = {key: matthews_corrcoef(y, value) for key, value in guess.items()}
    best = max(mcc.values())
    good = [key for key, value in mcc.items() if value > best - 1e-12]
    # few messages tie often; equal weights then overlook the rare label
    good = [key for key in good if key[1]] or good
    return good[(len(good) - 1) // 2]


def svc(train, y, test, tuned=True):
    counts = Counts(train, test)
    c, weight = choose(counts, y) if tuned else (1.0, None)
    rows = np.arange(counts.n)
    x, z = counts.vectors(rows, np.arange(counts.n, counts.n + len(test)))
    return machine(c, weight).fit(x, y).predict(z)


def svc_folded(train, y, test):
    return svc([fold(t) for t in train], y, [fold(t) for t in test])


def svc_plain(train, y, test):
    return svc(train, y, test, tuned=False)


def cnb(train, y, test):
    model = make_pipeline(CountVectorizer(token_pattern=TOKEN), ComplementNB())
    return model.fit(train, y).predict(test)


# --- fastText -----------------------------------------------------------------

def line(text):
    """One line of fastText's input, prepared as its manual advises."""
    return " ".join(re.findall(TOKEN, fold(text)))


def fasttext_run(folder, train, y, test, rate, epochs):
    source, model = f"{folder}/train", f"{folder}/model"
    with open(source, "w", encoding="utf-8") as f:
        f.writelines(f"__label__{v} {line(t)}\n" for t, v in zip(train, y))
    # fewer buckets than the 2,000,000 of the default: the texts are few, and
    # it would spend its time clearing 800 MB for every fold
    subprocess.run(["fasttext", "supervised", "-input", source, "-output",
                    model, "-wordNgrams", "2", "-minn", "2", "-maxn", "5",
                    "-bucket", "200000", "-lr", str(rate), "-epoch",
                    str(epochs), "-thread", "1", "-verbose", "0"],
                   check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    got = subprocess.run(["fasttext", "predict", model + ".bin", "-"],
                         input="".join(line(t) + "\n" for t in test),
                         check=True, capture_output=True, text=True).stdout
    return np.array([g.strip() == "__label__1"
                     for g in got.split("\n")[:len(test)]], int)


def fasttext(train, y, test):
    with tempfile.TemporaryDirectory() as folder:
        rows = np.arange(len(train))
        fitted, held = train_test_split(rows, test_size=0.2, random_state=0,
                                        stratify=y)
        score = [matthews_corrcoef(y[held], fasttext_run(
            folder, [train[i] for i in fitted], y[fitted],
            [train[i] for i in held], *trial)) for trial in FASTTEXT_TRIALS]
        best = FASTTEXT_TRIALS[int(np.argmax(score))]
        return fasttext_run(folder, train, y, test, *best)


# --- bogofilter ---------------------------------------------------------------

def bogofilter_run(folder, train, y, test):
    """Scores in [0, 1], 1 is spam."""
    command = ["bogofilter", "-C", "-d", folder, "--unicode=yes"]

    def files(name, texts):
        os.makedirs(f"{folder}/{name}")
        for i, text in enumerate(texts):
            path = f"{folder}/{name}/{i}"
            with open(path, "w", encoding="utf-8") as f:
                f.write("\n" + text + "\n")  # no header lines: all is body
            yield path + "\n"

    for value, flag in ((1, "-s"), (0, "-n")):
        texts = [t for t, v in zip(train, y) if v == value]
        subprocess.run([*command, flag, "-b"], check=True, text=True,
                       input="".join(files(f"train{value}", texts)))
    got = subprocess.run([*command, "-e", "-v", "-T", "-b"], check=True,
                         input="".join(files("test", test)), text=True,
                         capture_output=True).stdout
    return np.array([float(row.split()[-1]) for row in got.splitlines()])


def bogofilter(train, y, test):
    """Its own cut-offs leave an unsure band; the one cut-off that a decision
    needs comes from a fifth of the training part."""
    rows = np.arange(len(train))
    fitted, held = train_test_split(rows, test_size=0.2, random_state=0,
                                    stratify=y)
    with tempfile.TemporaryDirectory() as folder:
        score = bogofilter_run(folder, [train[i] for i in fitted], y[fitted],
                               [train[i] for i in held])
    cuts = np.unique(score)
    mcc = [matthews_corrcoef(y[held], score >= cut) for cut in cuts]
    with tempfile.TemporaryDirectory() as folder:
        return bogofilter_run(folder, train, y, test) >= cuts[np.argmax(mcc)]


PEERS = {"svc": svc, "svc-folded": svc_folded, "svc-plain": svc_plain,
         "cnb": cnb, "fasttext": fasttext, "bogofilter": bogofilter}


# --- commands -----------------------------------------------------------------

def judge(train, test, positive, *peers):
    texts, y = read(train, positive)
    asked, truth = read(test, positive)
    print(json.dumps({peer: confusion(truth, PEERS[peer](texts, y, asked))
                      for peer in peers}))


def speed(train, positive, lines):
    texts, y = read(train, positive)
    blocks = [TfidfVectorizer(sublinear_tf=True, **b) for b in BLOCKS]
    model = make_pipeline(make_union(*blocks), machine(1.0, None))
    model.fit(texts, y)
    with open(lines, encoding="utf-8") as f:
        asked = f.read().splitlines()
    taken = []
    for _ in range(3):
        start = time.perf_counter()
        model.predict(asked)
        taken.append(time.perf_counter() - start)
    print(json.dumps({"rows": len(asked), "seconds": sorted(taken)[1]}))


def vectors(train, positive, out):
    texts, y = read(train, positive)
    rows = np.arange(len(texts))
    x, _ = Counts(texts, texts[:1]).vectors(rows, rows[:1])
    dump_svmlight_file(x / math.sqrt(2), 2 * y - 1, out, zero_based=False)


COMMANDS = {"judge": judge, "speed": speed, "vectors": vectors}

if __name__ == "__main__":
    if len(sys.argv) < 5 or sys.argv[1] not in COMMANDS:
        sys.exit("usage: scripts/bench-peers.py judge|speed|vectors "
                 "ARGUMENT...")
    COMMANDS[sys.argv[1]](*sys.argv[2:])
