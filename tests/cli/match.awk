# usage: awk -f match.awk [-v golden=1] EXPECTED ACTUAL
# Says by its status whether ACTUAL is what EXPECTED describes, line by line:
#   ~0.93   a number that is at most 0.02, or 2 %, away
#   [..]    any text within the line
#   ...     alone in a line: any lines, none included
# Blanks count as one in a line that has a ~number. golden=1 prints ACTUAL with
# the marks of EXPECTED kept where they still fit.

FILENAME == ARGV[1] { want[++wants] = $0; next }
{ got[++gots] = $0 }

END {
    if (!golden)
        exit !(same(1, 1))
    rewrite()
}

function same(w, g,    i) {
    for (; w <= wants; w++) {
        if (want[w] == "...") {
            for (i = g; i <= gots + 1; i++)
                if (same(w + 1, i))
                    return 1
            return 0
        }
        if (g > gots || !line(want[w], got[g], 0))
            return 0
        g++
    }
    return g > gots
}

function squeeze(text) {
    gsub(/ +/, " ", text)
    return text
}

# any: numbers may be what they like. made: the mark line with new numbers.
function line(w, g, any) {
    if (w ~ /~-?[0-9]/) {
        w = squeeze(w)
        g = squeeze(g)
    }
    made = ""
    return fits(w, g, any)
}

function fits(w, g, any,    number, text, at, len, n, rest, i) {
    number = match(w, /~-?[0-9]+(\.[0-9]+)?/) ? RSTART : 0
    len = RLENGTH
    text = index(w, "[..]")
    if (!number && !text)
        return w == g
    at = number && (!text || number < text) ? number : text
    if (substr(w, 1, at - 1) != substr(g, 1, at - 1))
        return 0
    rest = substr(g, at)
    if (at == number) {
        if (!match(rest, /^-?[0-9]+(\.[0-9]+)?/))
            return 0
        n = RLENGTH
        if (!any && !near(substr(w, at + 1, len - 1), substr(rest, 1, n)))
            return 0
        return fits(substr(w, at + len), substr(rest, n + 1), any)
    }
    for (i = 1; i <= length(rest) + 1; i++)
        if (fits(substr(w, at + 4), substr(rest, i), any))
            return 1
    return 0
}

function near(w, g,    gap, room) {
    w += 0
    gap = w - g
    room = w < 0 ? -w * 0.02 : w * 0.02
    if (room < 0.02)
        room = 0.02
    return (gap < 0 ? -gap : gap) <= room + 1e-9
}

# The line with a ~ wherever the old one had its numbers; blanks as printed.
function remark(w, g,    out, at, len) {
    out = ""
    while (match(w, /~-?[0-9]+(\.[0-9]+)?/)) {
        at = RSTART
        len = RLENGTH
        out = out take(g, substr(w, 1, at - 1)) "~"
        g = taken
        match(g, /^-?[0-9]+(\.[0-9]+)?/)
        out = out substr(g, 1, RLENGTH)
        g = substr(g, RLENGTH + 1)
        w = substr(w, at + len)
    }
    return out g
}

# The start of g that reads as head but for its blanks; taken: what follows.
function take(g, head,    i) {
    for (i = 0; i <= length(g); i++)
        if (squeeze(substr(g, 1, i)) == squeeze(head) &&
            substr(g, i + 1) ~ /^-?[0-9]/)
            break
    taken = substr(g, i + 1)
    return substr(g, 1, i)
}

# The next of the wanted lines, from w on, that reads like g; 0: none is near.
function like(w, g,    i) {
    for (i = w; i <= wants && i < w + 12; i++)
        if (want[i] != "..." && line(want[i], g, 1))
            return i
    return 0
}

function rewrite(    w, g, i) {
    w = 1
    for (g = 1; g <= gots; g++) {
        if (w <= wants && want[w] == "...") {
            print "..."
            while (g <= gots && !(w < wants && line(want[w + 1], got[g], 1)))
                g++
            w++
            if (g > gots)
                break
        }
        i = like(w, got[g])
        if (i && line(want[i], got[g], 0))
            print want[i]
        else if (i && want[i] !~ /\[\.\.\]/)
            print remark(want[i], got[g])
        else
            print got[g]
        if (i)
            w = i + 1
    }
}
