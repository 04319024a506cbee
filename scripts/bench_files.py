# usage: import bench_files   the input of scripts/bench: data sets, large files
import csv
import random
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "build" / "bench-data"

GIVEN = "Ana Luis Marta Pablo Eva Hugo Nora Iker Sara Leo Olga Raul".split()
LAST = "Vidal Soto Prats Leal Moya Rey Gil Cano Font Sanz Pardo Rico".split()


def load(folder, name):
    """The rows of a set, each with its place in the splits."""
    with open(folder / f"{name}.csv", encoding="utf-8", newline="") as f:
        rows = list(csv.DictReader(f))
    with open(folder / "splits" / f"{name}.csv", newline="") as f:
        for row, place in zip(rows, csv.DictReader(f), strict=True):
            row.update({k: place[k] for k in ("official", "holdout", "fold")})
    return rows


def write(path, rows):
    with open(path, "w", encoding="utf-8", newline="") as f:
        out = csv.writer(f, lineterminator="\n")
        out.writerow(["text", "label"])
        out.writerows([row["text"], row["label"]] for row in rows)
    return path


def halves(folder, names, low, high):
    """First and second halves of the messages between two lengths."""
    first, second = [], []
    for name in names:
        for row in load(folder, name):
            words = row["text"].split()
            size = len(" ".join(words).encode())
            if low <= size <= high and len(words) > 3:
                first.append(" ".join(words[:len(words) // 2]))
                second.append(" ".join(words[len(words) // 2:]))
    return first, second


def texts(folder, kind, n):
    """n distinct messages: half of one message and half of another."""
    draw = random.Random(kind)
    if kind == "short":  # about 85 bytes
        first, second = halves(folder, ["sms_spam"], 15, 300)
    else:  # about 220 bytes
        first, second = halves(folder, ["politeness_enes",
                                        "politeness_requests"], 120, 300)
    seen = set()
    while len(seen) < n:
        text = f"{draw.choice(first)} {draw.choice(second)}"
        if text not in seen:
            seen.add(text)
            yield text


def invitations(folder, kind, n):
    """A file in the shape of Invitations.csv and one with its texts alone,
    made once: (path, path of the texts, mean bytes a text)."""
    path, plain = WORK / f"{kind}-{n}.csv", WORK / f"{kind}-{n}.txt"
    if not path.exists():
        part = path.with_suffix(".part")
        with open(part, "w", encoding="utf-8", newline="") as f, \
                open(plain, "w", encoding="utf-8") as g:
            out = csv.writer(f, lineterminator="\n")
            out.writerow("From,To,Sent At,Message,Direction,inviterProfileUrl,"
                         "inviteeProfileUrl".split(","))
            for i, text in enumerate(texts(folder, kind, n)):
                who = GIVEN[i % 12], LAST[i // 12 % 12]
                sent = (f"{1 + i % 12}/{1 + i % 28}/25, "
                        f"{1 + i % 12}:{i % 60:02d} {'AP'[i % 2]}M")
                out.writerow([" ".join(who), "Maria Example", sent, text,
                              "INCOMING", "https://www.linkedin.com/in/"
                              f"{'-'.join(who).lower()}-{i:07d}",
                              "https://www.linkedin.com/in/maria-example"])
                g.write(text + "\n")
        part.rename(path)
    return path, plain, plain.stat().st_size / n - 1
