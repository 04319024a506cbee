#include "invite.h"

#include <string.h>

static const struct mv_kind KINDS[] = {
    {"met", MV_LABEL_PURPOSE},
    {"referral", MV_LABEL_PURPOSE},
    {"question", MV_LABEL_PURPOSE},
    {"concrete-ask", MV_LABEL_PURPOSE},
    {"help", MV_LABEL_PURPOSE},
    {"offer", MV_LABEL_PURPOSE},
    {"job-application", MV_LABEL_PURPOSE},
    {"shared-work", MV_LABEL_PURPOSE},
    {"collaboration", MV_LABEL_PURPOSE},
    {"event", MV_LABEL_PURPOSE},
    {"default", MV_LABEL_NO_PURPOSE},
    {"courtesy", MV_LABEL_NO_PURPOSE},
    {"flattery", MV_LABEL_NO_PURPOSE},
    {"grow-network", MV_LABEL_NO_PURPOSE},
    {"empty-personalisation", MV_LABEL_NO_PURPOSE},
    {"mass-pitch", MV_LABEL_NO_PURPOSE},
    {"spam", MV_LABEL_NO_PURPOSE},
    {NULL, MV_LABEL_UNSURE},
};

static const char *const LABELS[] = {"no-purpose", "purpose", "unsure"};
static const char *const VERDICTS[] = {"no-purpose", "purpose", "unsure",
                                       "no-note"};
static const char *const ACTIONS[] = {"accept", "reply", "review"};
static const char *const ORIGINS[] = {"note", "opening", "mail", "text"};
static const char *const DIRECTIONS[] = {"incoming", "outgoing"};
static const char *const EVENTS[] = {"label", "undo", "note"};

const char *mv_label_name(enum mv_label label)
{
    return LABELS[label];
}

const char *mv_verdict_name(enum mv_verdict verdict)
{
    return VERDICTS[verdict];
}

const char *mv_action_name(enum mv_action action)
{
    return ACTIONS[action];
}

const char *mv_origin_name(enum mv_origin origin)
{
    return ORIGINS[origin];
}

const char *mv_direction_name(enum mv_direction direction)
{
    return DIRECTIONS[direction];
}

const char *mv_event_name(enum mv_event event)
{
    return EVENTS[event];
}

enum mv_status mv_label_parse(const char *word, enum mv_label *out)
{
    for (int i = 0; i < (int)(sizeof LABELS / sizeof *LABELS); i++)
        if (strcmp(word, LABELS[i]) == 0) {
            *out = (enum mv_label)i;
            return MV_OK;
        }
    return MV_NOTFOUND;
}

enum mv_action mv_verdict_action(enum mv_verdict verdict)
{
    switch (verdict) {
    case MV_VERDICT_PURPOSE: return MV_ACTION_REPLY;
    case MV_VERDICT_UNSURE: return MV_ACTION_REVIEW;
    case MV_VERDICT_NO_PURPOSE:
    case MV_VERDICT_NO_NOTE: break;
    }
    return MV_ACTION_ACCEPT;
}

const struct mv_kind *mv_kinds(void)
{
    return KINDS;
}

const struct mv_kind *mv_kind_find(const char *name)
{
    for (const struct mv_kind *kind = KINDS; name && kind->name; kind++)
        if (strcmp(kind->name, name) == 0)
            return kind;
    return NULL;
}
