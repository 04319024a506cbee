# usage: import bench_page   the tables of scripts/bench and where they go
import math
import re
import statistics


def table(head, rows):
    text = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "".join("| " + " | ".join(map(str, r)) + " |\n" for r in text)


def figure(value, digits=3):
    return "-" if value is None else f"{value:.{digits}f}".replace("0.", ".", 1)


def pair(values):
    """Mean and standard error of paired differences."""
    mean = statistics.fmean(values)
    if len(values) < 2:
        return f"{mean:+.3f}"
    error = statistics.stdev(values) / math.sqrt(len(values))
    return f"{mean:+.3f} ± {error:.3f}"


def parse_sections(text):
    """{heading: section}, in order."""
    return {part.split("\n", 1)[0]: "### " + part
            for part in text.split("### ")[1:]}


def save(card, sections, order, where, mark="bench"):
    """The sections of this run replace those with the same heading between
    the marks in the file card; order: all headings; where: what the figures
    depend on, None: as it was. **Errors:** ValueError."""
    page = card.read_text(encoding="utf-8")
    found = re.search(rf"(<!-- {mark} -->\n)(.*?)(<!-- /{mark} -->)", page, re.S)
    if not found:
        raise ValueError(f"{card.name} has no line '<!-- {mark} -->' with a "
                         f"line '<!-- /{mark} -->' below it")
    kept = parse_sections(found.group(2)) | parse_sections("".join(sections))
    where = where or found.group(2).split("\n", 1)[0]
    block = f"{where}\n\n" + "".join(
        kept[h].rstrip() + "\n\n" for h in order if h in kept)
    card.write_text(page[:found.start(2)] + block + page[found.end(2):],
                    encoding="utf-8")
