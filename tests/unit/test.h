/* A test program is a main() of TEST(name) {...} blocks, run in order. No check
 * stops the run: all failures are told. The last line counts the checks. */
#ifndef MV_TEST_H
#define MV_TEST_H

#include <math.h>
#include <stdio.h>
#include <string.h>

static int test_passed, test_failed;
static const char *test_name = "";

static inline void test_count(int ok, const char *file, int line,
                              const char *what)
{
    if (ok) {
        test_passed++;
        return;
    }
    test_failed++;
    printf("%s:%d: %s: failed: %s\n", file, line, test_name, what);
}

static inline void test_string(const char *got, const char *want,
                               const char *file, int line)
{
    int ok = got && want ? strcmp(got, want) == 0 : got == want;

    test_count(ok, file, line, "strings differ");
    if (!ok)
        printf("    got  '%s'\n    want '%s'\n", got ? got : "(null)",
               want ? want : "(null)");
}

static inline void test_integer(long long got, long long want, const char *file,
                                int line)
{
    test_count(got == want, file, line, "integers differ");
    if (got != want)
        printf("    got  %lld\n    want %lld\n", got, want);
}

static inline void test_near(double got, double want, double tolerance,
                             const char *file, int line)
{
    int ok = fabs(got - want) <= tolerance || (isnan(got) && isnan(want));

    test_count(ok, file, line, "numbers differ");
    if (!ok)
        printf("    got  %.12g\n    want %.12g +- %g\n", got, want, tolerance);
}

#define TEST(name) for (test_name = (name); test_name; test_name = NULL)
#define OK(condition) test_count(!!(condition), __FILE__, __LINE__, #condition)
#define EQ(got, want)                                                          \
    test_integer((long long)(got), (long long)(want), __FILE__, __LINE__)
#define STR(got, want) test_string((got), (want), __FILE__, __LINE__)
#define NEAR(got, want, tolerance)                                             \
    test_near((got), (want), (tolerance), __FILE__, __LINE__)

static inline int test_end(void)
{
    printf("%d passed, %d failed\n", test_passed, test_failed);
    return test_failed != 0;
}

#endif
