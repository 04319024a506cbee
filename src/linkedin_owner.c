/* Whose export is it? In Invitations.csv the one who is in every row, in
 * messages.csv the one who takes part in most conversations. */
#include "linkedin_read.h"

#include <string.h>

void mv_linkedin_vote_put(struct mv_linkedin_vote *vote, struct mv_span url,
                          struct mv_span name)
{
    struct mv_linkedin_owner *owner = &vote->owner;
    char key[MV_LINKEDIN_KEY_SIZE] = "";
    bool same;

    name = mv_span_trim(name);
    if (mv_linkedin_key(url, key) != MV_OK)
        key[0] = '\0';
    if (name.len >= sizeof owner->name)
        name.len = 0;
    if (vote->votes == 0) {
        memcpy(owner->url, key, sizeof key);
        if (name.len)
            memcpy(owner->name, name.at, name.len);
        owner->name[name.len] = '\0';
    }
    same = key[0] ? strcmp(owner->url, key) == 0
                  : mv_span_equal(mv_span_of(owner->name), name);
    vote->votes += same ? 1 : -1;
}

void mv_linkedin_vote_end(const struct mv_linkedin_vote *vote,
                          struct mv_linkedin_owner *owner)
{
    if (owner && vote->votes > 0)
        *owner = vote->owner;
}

static bool is_owner(const struct mv_linkedin_owner *owner,
                     struct mv_span folded,
                     const struct mv_linkedin_person *person)
{
    if (owner->url[0] && person->url)
        return strcmp(owner->url, person->url) == 0;
    return folded.len && person->folded &&
           mv_span_equal(mv_span_of(person->folded), folded);
}

/* Sets the other side of each thread; how many threads the owner is in. */
static size_t set_others(struct mv_linkedin_threads *threads,
                         const struct mv_linkedin_owner *owner,
                         struct mv_span folded)
{
    size_t found = 0;

    for (size_t i = 0; i < threads->n; i++) {
        struct mv_linkedin_thread *thread = &threads->list[i];
        int self = -1;

        for (int k = 0; k < thread->n && self < 0; k++)
            if (is_owner(owner, folded, &thread->people[k]))
                self = k;
        thread->other = self >= 0 && thread->n == 2 ? 1 - self : -1;
        found += self >= 0;
    }
    return found;
}

/* Counts in how many threads each key is: by URL, or by folded name. */
static enum mv_status count(struct mv_linkedin_run *run,
                            const struct mv_linkedin_threads *threads,
                            bool by_url, struct mv_linkedin_map *map)
{
    bool added;

    for (size_t i = 0; i < threads->n; i++)
        for (int k = 0; k < threads->list[i].n; k++) {
            const struct mv_linkedin_person *person =
                &threads->list[i].people[k];
            const char *key = by_url ? person->url : person->folded;
            size_t *n;

            if (!key)
                continue;
            n = mv_linkedin_map_put(map, &run->arena, mv_span_of(key), &added);
            if (!n)
                return MV_NOMEM;
            ++*n;
        }
    return MV_OK;
}

/* The key of the single highest count; NULL when two share it or when it is
 * not in more than half of the threads. */
static const char *most_common(const struct mv_linkedin_map *map,
                               size_t threads, size_t *count_out)
{
    const char *best = NULL;
    size_t most = 0;
    bool tie = false;

    for (size_t i = 0; i < map->size; i++) {
        const struct mv_linkedin_map_slot *slot = &map->slots[i];

        if (!slot->key || slot->value < most)
            continue;
        tie = slot->value == most;
        most = slot->value;
        best = slot->key;
    }
    *count_out = most;
    return tie || 2 * most <= threads ? NULL : best;
}

/* Fills in name or URL of the owner from a thread that has both. */
static void complete(const struct mv_linkedin_threads *threads, const char *url,
                     const char *folded, struct mv_linkedin_owner *owner)
{
    for (size_t i = 0; i < threads->n; i++)
        for (int k = 0; k < threads->list[i].n; k++) {
            const struct mv_linkedin_person *p = &threads->list[i].people[k];
            bool same = url ? p->url && strcmp(p->url, url) == 0
                            : p->folded && strcmp(p->folded, folded) == 0;

            if (!same)
                continue;
            if (!owner->url[0] && p->url && strlen(p->url) < sizeof owner->url)
                memcpy(owner->url, p->url, strlen(p->url) + 1);
            if (!owner->name[0] && p->name &&
                strlen(p->name) < sizeof owner->name)
                memcpy(owner->name, p->name, strlen(p->name) + 1);
            if (owner->url[0] && owner->name[0])
                return;
        }
}

/* By URL and by name: exports before 2023 have the URL of senders only, so
 * that an owner who seldom writes is found by name. */
static enum mv_status guess(struct mv_linkedin_run *run,
                            const struct mv_linkedin_threads *threads,
                            struct mv_linkedin_owner *owner)
{
    struct mv_linkedin_map urls = {0}, names = {0};
    enum mv_status status = count(run, threads, true, &urls);
    const char *url = NULL, *name = NULL;
    size_t with_url = 0, with_name = 0;

    if (status == MV_OK)
        status = count(run, threads, false, &names);
    if (status == MV_OK) {
        url = most_common(&urls, threads->n, &with_url);
        name = most_common(&names, threads->n, &with_name);
        if (name && (!url || with_name > with_url))
            complete(threads, NULL, name, owner);
        else if (url)
            complete(threads, url, NULL, owner);
        else
            status = MV_NOTFOUND;
    } else {
        mv_error_set(run->error, status, run->name, 0,
                     "no memory to find the owner");
    }
    mv_linkedin_map_release(&urls);
    mv_linkedin_map_release(&names);
    return status;
}

enum mv_status mv_linkedin_find_owner(struct mv_linkedin_run *run,
                                      struct mv_linkedin_threads *threads)
{
    struct mv_linkedin_owner owner = {{0}, {0}};
    struct mv_span folded = {NULL, 0};
    enum mv_status status;

    if (run->options->owner)
        owner = *run->options->owner;
    status = mv_linkedin_fold(run, mv_span_of(owner.name), &folded);
    if (status != MV_OK)
        return status;
    if ((owner.url[0] || owner.name[0]) &&
        2 * set_others(threads, &owner, folded) > threads->n)
        return MV_OK; /* else these are somebody else's messages */
    owner = (struct mv_linkedin_owner){{0}, {0}};
    status = guess(run, threads, &owner);
    if (status != MV_OK)
        return status;
    status = mv_linkedin_fold(run, mv_span_of(owner.name), &folded);
    if (status != MV_OK)
        return status;
    set_others(threads, &owner, folded);
    if (run->options->owner && !run->options->owner->url[0] &&
        !run->options->owner->name[0])
        *run->options->owner = owner;
    return MV_OK;
}
