/* layer 7: pages about labelling: agreement of annotators, what more would
 * bring.
 *
 * As report.h in all else.
 *
 * Thread-safety: as struct mv_page.
 */
#ifndef MV_REPORT_LABEL_H
#define MV_REPORT_LABEL_H

#include "advise.h"
#include "report.h"

/* Two annotators, or one who was asked again. */
struct mv_report_pair {
    const char *first, *second; /* the same name: asked again */
    struct mv_agreement agreement;
};

/* A message that they do not agree about. */
struct mv_report_dispute {
    int64_t id;
    const char *name;
    struct mv_span message;
    const char *says; /* "ana: purpose, me: no-purpose" */
};

/* JSON: pairs [{first, second, again, n, same {value, low, high}, kappa
 * {...}}], disputes [{id, name, text, says}]. */
enum mv_status mv_report_agreement(struct mv_page *page,
                                   const struct mv_report_pair *pairs, size_t n,
                                   const struct mv_report_dispute *disputes,
                                   size_t n_disputes);

/* JSON: labels, used, curve [{labels, f1 {...}}], more, gain {...}, enough. */
enum mv_status mv_report_advice(struct mv_page *page,
                                const struct mv_curve *curve);

#endif
