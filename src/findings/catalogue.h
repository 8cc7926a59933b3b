/*
 * findings/catalogue.h: every conclusion that can be drawn. The rules are data, a text file a family in catalogue/; the
 * build makes the enum `rule_id` (RULE_CERT_EXPIRED is "cert-expired") and the table of them. The names reach users,
 * JSON and configurations, and are stable.
 */
#ifndef FINDINGS_CATALOGUE_H
#define FINDINGS_CATALOGUE_H

#include "findings/rule_ids.h"

#include "holdfast/header.h"

typedef struct rule_entry {
    const char *name;
    hf_severity severity;
    const char *section; /* of RFC 6797; "-": not of it */
    const char *title;   /* what is the case */
    const char *why;     /* why it matters */
    const char *fix;     /* what to do */
} rule_entry;

extern const rule_entry rule_entries[RULE_COUNT];

const rule_entry *rule_find(rule_id id);

#endif
