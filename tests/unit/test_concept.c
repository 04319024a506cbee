#include "concept.h"
#include "concept_parts.h"
#include "test.h"
#include "text.h"

#include <stdbool.h>
#include <stdlib.h>

static struct mv_concept *concept;

static const char *of(const char *word)
{
    const char *name =
        mv_concept_name(mv_concept_of(concept, mv_span_of(word)));

    return name ? name : "";
}

static int by_text(const void *a, const void *b)
{
    return strcmp(a, b);
}

enum { ENTRY_MAX = 24, ENTRIES_MAX = 8192 };

static char entry[ENTRIES_MAX][ENTRY_MAX + 2];

/* Copies the entries of a table; each is folded text, and can be found. */
static size_t check_rows(const struct mv_concept_row *row, size_t n)
{
    for (; row->name; row++) {
        const char *at = row->words;

        while (*at) {
            size_t len = strcspn(at, " ");
            bool alone = at[len - 1] == '$';
            size_t letters = len - alone;

            OK(letters >= (alone ? 1u : 3u) && letters <= ENTRY_MAX);
            OK(strspn(at, "abcdefghijklmnopqrstuvwxyz0123456789'") >= letters);
            if (n < ENTRIES_MAX && letters <= ENTRY_MAX) {
                memcpy(entry[n], at, letters);
                entry[n][letters] = '\0';
                STR(of(entry[n]), row->name);
                n++;
            }
            OK(at[len] != ' ' || (at[len + 1] && at[len + 1] != ' '));
            at += len + (at[len] == ' ');
        }
    }
    return n;
}

static void check_table(void)
{
    size_t n = check_rows(mv_concept_talk, check_rows(mv_concept_work, 0));

    OK(n > 4000 && n < ENTRIES_MAX); /* the hash table has twice the room */
    qsort(entry, n, sizeof *entry, by_text);
    for (size_t i = 1; i < n; i++)
        OK(strcmp(entry[i - 1], entry[i]) != 0);
}

static void check_names(void)
{
    uint8_t n = 0;

    OK(!mv_concept_name(0));
    while (n < 255 && mv_concept_name((uint8_t)(n + 1)))
        n++;
    OK(n > 60 && n < 255); /* a concept is a byte */
    for (uint8_t i = 1; i <= n; i++)
        for (uint8_t k = 1; k < i; k++)
            OK(strcmp(mv_concept_name(i), mv_concept_name(k)) != 0);
}

int main(void)
{
    OK(mv_concept_new(&concept) == MV_OK);
    TEST("a profession is one in every language, form and number")
    {
        STR(of("enfermera"), "role");
        STR(of("nurses"), "role");
        STR(of("abogadas"), "role");
        STR(of("solicitor"), "role");
        STR(of("infermiera"), "role");
        STR(of("buchhalterin"), "role");
    }
    TEST("own need and a seller's offering are apart")
    {
        STR(of("necesito"), "need");
        STR(of("necesitamos"), "hire");
        STR(of("ofrecemos"), "sell");
        STR(of("clientes"), "client");
        STR(of("platform"), "product");
    }
    TEST("an entry with $ stands for that word alone")
    {
        STR(of("may"), "");
        STR(of("mayo"), "date");
        STR(of("dr"), "title");
        STR(of("drought"), "");
    }
    TEST("the longest entry decides")
    {
        STR(of("quimico"), "role");
        STR(of("quimica"), "field");
        STR(of("quimicas"), "field");
        STR(of("estudiante"), "study");
    }
    TEST("an article or 's is seen through")
    {
        STR(of("l'ingegnere"), "role");
        STR(of("d'experience"), "skill");
        STR(of("teacher's"), "role");
        STR(of("university's"), "organisation");
        STR(of("l'"), "");
        STR(of("'s"), "");
    }
    TEST("other words have none")
    {
        STR(of(""), "");
        STR(of("a"), "");
        STR(of("xyzzy"), "");
        STR(of("once"), "");
        STR(of("come"), "");
        STR(of("\xD0\xBC\xD0\xB8\xD1\x80"), "");
        STR(of("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
            "");
    }
    TEST("the lexicon is well-formed, and no entry stands twice") check_table();
    TEST("names") check_names();
    TEST("the fingerprint")
    {
        OK(mv_concept_fingerprint() != 0);
        OK(mv_concept_fingerprint() == mv_concept_fingerprint());
    }
    mv_concept_free(concept);
    mv_concept_free(NULL);
    return test_end();
}
