/* Dates of the export. Calendar arithmetic is on the proleptic Gregorian
 * calendar, in seconds, as in Howard Hinnant's "chrono-compatible low-level
 * date algorithms". */
#include "linkedin.h"

#include <string.h>

enum { DAY = 86400, HOUR = 3600 };

struct date {
    int year, month, day;
};

/* --- calendar ------------------------------------------------------------ */

static int64_t days_of(struct date date)
{
    int64_t y = date.month <= 2 ? date.year - 1 : date.year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t month = (date.month + 9) % 12;
    int64_t day_of_year = (153 * month + 2) / 5 + date.day - 1;

    return era * 146097 + year_of_era * 365 + year_of_era / 4 -
           year_of_era / 100 + day_of_year - 719468;
}

static int year_of(int64_t days)
{
    int year = 1970 + (int)(days / 366);

    while (days_of((struct date){year + 1, 1, 1}) <= days)
        year++;
    while (days_of((struct date){year, 1, 1}) > days)
        year--;
    return year;
}

static bool is_valid(struct date date)
{
    static const int LENGTHS[] = {31, 29, 31, 30, 31, 30,
                                  31, 31, 30, 31, 30, 31};
    bool leap =
        (date.year % 4 == 0 && date.year % 100 != 0) || date.year % 400 == 0;

    if (date.year < 1900 || date.year > 2999 || date.month < 1 ||
        date.month > 12 || date.day < 1 || date.day > LENGTHS[date.month - 1])
        return false;
    return leap || date.month != 2 || date.day < 29;
}

/* The first Sunday on or after a day. 1970-01-01 was a Thursday. */
static int64_t sunday_from(int year, int month, int day)
{
    int64_t days = days_of((struct date){year, month, day});
    int64_t weekday = ((days + 4) % 7 + 7) % 7; /* 0: Sunday */

    return days + (7 - weekday) % 7;
}

int64_t mv_linkedin_time_offset(int64_t local)
{
    int year = year_of((local - (local < 0 ? DAY - 1 : 0)) / DAY);
    int64_t from =
        year >= 2007 ? sunday_from(year, 3, 8) : sunday_from(year, 4, 1);
    int64_t to =
        year >= 2007 ? sunday_from(year, 11, 1) : sunday_from(year, 10, 25);
    bool daylight =
        local >= from * DAY + 3 * HOUR && local < to * DAY + 2 * HOUR;

    return daylight ? -7 * HOUR : -8 * HOUR;
}

/* --- scanning ------------------------------------------------------------ */

/* The length of the blank at the start: 0 when there is none. */
static size_t blank_length(struct mv_span text)
{
    if (text.len && (text.at[0] == ' ' || text.at[0] == '\t'))
        return 1;
    if (text.len >= 2 && memcmp(text.at, "\xc2\xa0", 2) == 0)
        return 2;
    if (text.len >= 3 && memcmp(text.at, "\xe2\x80\xaf", 3) == 0)
        return 3;
    return 0;
}

static void skip(struct mv_span *text, size_t n)
{
    text->at += n;
    text->len -= n;
}

static bool take_blanks(struct mv_span *text)
{
    size_t before = text->len, n;

    while ((n = blank_length(*text)) > 0)
        skip(text, n);
    return text->len < before;
}

static bool at_end(struct mv_span text)
{
    take_blanks(&text);
    return mv_span_trim(text).len == 0;
}

static bool take_char(struct mv_span *text, char c)
{
    if (text->len == 0 || text->at[0] != c)
        return false;
    skip(text, 1);
    return true;
}

/* A number of least to most digits. */
static bool take_number(struct mv_span *text, size_t least, size_t most,
                        int *out)
{
    size_t n = 0;
    int value = 0;

    while (n < text->len && n < most && text->at[n] >= '0' &&
           text->at[n] <= '9')
        value = 10 * value + (text->at[n++] - '0');
    if (n < least)
        return false;
    skip(text, n);
    *out = value;
    return true;
}

static bool take_word(struct mv_span *text, const char *word)
{
    size_t len = strlen(word);

    if (text->len < len)
        return false;
    for (size_t i = 0; i < len; i++)
        if ((text->at[i] | 0x20) != (word[i] | 0x20))
            return false;
    skip(text, len);
    return true;
}

static bool take_month(struct mv_span *text, int *month)
{
    static const char *const NAMES[] = {"Jan", "Feb", "Mar", "Apr",
                                        "May", "Jun", "Jul", "Aug",
                                        "Sep", "Oct", "Nov", "Dec"};

    for (int i = 0; i < 12; i++)
        if (take_word(text, NAMES[i])) {
            *month = i + 1;
            return true;
        }
    return false;
}

/* --- LinkedIn's own forms ------------------------------------------------ */

/* "M/D/YY, h:mm AM" to local seconds. */
static bool take_us(struct mv_span text, int64_t *local)
{
    struct date date;
    int hour, minute;
    bool pm;

    take_blanks(&text);
    if (!take_number(&text, 1, 2, &date.month) || !take_char(&text, '/') ||
        !take_number(&text, 1, 2, &date.day) || !take_char(&text, '/') ||
        !take_number(&text, 2, 2, &date.year) || !take_char(&text, ',') ||
        !take_blanks(&text) || !take_number(&text, 1, 2, &hour) ||
        !take_char(&text, ':') || !take_number(&text, 2, 2, &minute) ||
        !take_blanks(&text))
        return false;
    pm = take_word(&text, "PM");
    if (!pm && !take_word(&text, "AM"))
        return false;
    date.year += 2000;
    if (!at_end(text) || !is_valid(date) || hour < 1 || hour > 12 ||
        minute > 59)
        return false;
    hour = hour % 12 + (pm ? 12 : 0);
    *local = days_of(date) * DAY + hour * HOUR + minute * 60;
    return true;
}

enum mv_status mv_linkedin_time_pacific(struct mv_span text, int64_t *out)
{
    int64_t local;

    if (!take_us(text, &local))
        return MV_FORMAT;
    *out = local - mv_linkedin_time_offset(local);
    return MV_OK;
}

/* What follows a time: its zone, as seconds east of UTC. */
static bool take_zone(struct mv_span *text, int *offset)
{
    int sign, hours, minutes = 0;

    *offset = 0;
    take_blanks(text);
    if (take_word(text, "UTC") || take_word(text, "GMT") ||
        take_char(text, 'Z'))
        return true;
    sign = take_char(text, '+') ? 1 : take_char(text, '-') ? -1 : 0;
    if (!sign)
        return true;
    if (!take_number(text, 2, 2, &hours))
        return false;
    take_char(text, ':');
    if (text->len && !take_number(text, 2, 2, &minutes))
        return false;
    *offset = sign * (hours * HOUR + minutes * 60);
    return hours <= 14 && minutes <= 59;
}

/* "HH:MM[:SS[.fff]][zone]" to seconds of the day in UTC. */
static bool take_clock(struct mv_span *text, int64_t *seconds)
{
    int hour, minute, second = 0, offset, ignored;

    if (!take_number(text, 1, 2, &hour) || !take_char(text, ':') ||
        !take_number(text, 2, 2, &minute))
        return false;
    if (take_char(text, ':') && !take_number(text, 2, 2, &second))
        return false;
    if (take_char(text, '.') && !take_number(text, 1, 9, &ignored))
        return false;
    if (hour > 23 || minute > 59 || second > 60 || !take_zone(text, &offset))
        return false;
    *seconds = hour * HOUR + minute * 60 + second - offset;
    return true;
}

enum mv_status mv_linkedin_time_utc(struct mv_span text, int64_t *out)
{
    struct date date;
    int64_t seconds = 0;
    char mark;

    take_blanks(&text);
    if (!take_number(&text, 4, 4, &date.year) || text.len == 0)
        return MV_FORMAT;
    mark = text.at[0];
    if ((mark != '-' && mark != '/') || !take_char(&text, mark) ||
        !take_number(&text, 1, 2, &date.month) || !take_char(&text, mark) ||
        !take_number(&text, 1, 2, &date.day) || !is_valid(date))
        return MV_FORMAT;
    if (!at_end(text)) {
        if (!take_char(&text, 'T') && !take_blanks(&text))
            return MV_FORMAT;
        if (!take_clock(&text, &seconds) || !at_end(text))
            return MV_FORMAT;
    }
    *out = days_of(date) * DAY + seconds;
    return MV_OK;
}

/* "04 Apr 2021" or "4-Apr-21". */
static bool take_named_day(struct mv_span text, struct date *date)
{
    bool dashes;

    take_blanks(&text);
    if (!take_number(&text, 1, 2, &date->day))
        return false;
    dashes = take_char(&text, '-');
    if ((!dashes && !take_blanks(&text)) || !take_month(&text, &date->month))
        return false;
    if (dashes ? !take_char(&text, '-') : !take_blanks(&text))
        return false;
    if (!take_number(&text, 4, 4, &date->year)) {
        if (!take_number(&text, 2, 2, &date->year))
            return false;
        date->year += 2000;
    }
    return at_end(text) && is_valid(*date);
}

enum mv_status mv_linkedin_time_day(struct mv_span text, int64_t *out)
{
    struct date date;
    int64_t seconds;

    if (take_named_day(text, &date)) {
        *out = days_of(date) * DAY;
        return MV_OK;
    }
    if (!take_us(text, &seconds) &&
        mv_linkedin_time_utc(text, &seconds) != MV_OK)
        return MV_FORMAT;
    *out = seconds - (seconds % DAY + DAY) % DAY;
    return MV_OK;
}
