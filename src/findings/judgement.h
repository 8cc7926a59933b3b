/*
 * findings/judgement.h: all that follows from the facts about one site. Rules fill it in, reports print it.
 */
#ifndef FINDINGS_JUDGEMENT_H
#define FINDINGS_JUDGEMENT_H

#include "facts/sts_field.h"
#include "findings/finding.h"

typedef struct finding_judgement {
    int64_t now;
    const char *summary;     /* the verdict on the site in one or two sentences, and the worst of the findings */
    finding_list findings;   /* the worst first, otherwise in the order in which they were made */
    facts_sts_field *fields; /* of every HTTPS response on the site, each URL once */
    size_t field_count;
    const facts_sts_field *own; /* that of https://HOST, the hop that must carry it; NULL: no response */
} finding_judgement;

#endif
