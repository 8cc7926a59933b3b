/*
 * findings/catalogue.h: every conclusion that can be drawn. The rules are data, a text file a family in catalogue/; the
 * build makes the enum `rule_id` (RULE_CERT_EXPIRED is "cert-expired") and the table of them. The names reach users,
 * JSON and configurations, and are stable.
 */
#ifndef FINDINGS_CATALOGUE_H
#define FINDINGS_CATALOGUE_H

#include "findings/rule_ids.h"

#include "holdfast/header.h"

/* symbol, name, what it is called: the servers whose configuration can be shown. */
#define FINDING_SERVER_MAP(X)                                                                                          \
    X(NGINX, "nginx", "nginx")                                                                                         \
    X(APACHE, "apache", "Apache")                                                                                      \
    X(CADDY, "caddy", "Caddy")

typedef enum finding_server {
#define FINDINGS_X(symbol, name, text) FINDING_SERVER_##symbol,
    FINDING_SERVER_MAP(FINDINGS_X)
#undef FINDINGS_X
        FINDING_SERVERS
} finding_server;

/* Lines to paste into the configuration of a server; "POLICY" in them stands for a policy. */
typedef struct finding_block {
    const char *name;
    struct {
        const char *text; /* NULL: none for this server */
        const char *trap; /* what goes wrong with it; NULL: nothing known */
    } servers[FINDING_SERVERS];
} finding_block;

/* A file of the catalogue. */
typedef struct finding_family {
    const char *name;
    const char *heading;
} finding_family;

typedef struct rule_entry {
    const char *name;
    hf_severity severity;
    hf_severity configuration;  /* the severity where a configuration is judged, and no site */
    const char *section;        /* of RFC 6797; "-": not of it */
    const char *title;          /* what is the case */
    const char *why;            /* why it matters */
    const char *fix;            /* what to do */
    const char *visitor;        /* what a visitor can do; NULL: no visitor is hurt */
    const char *others;         /* where other tools or guides say something else; NULL: nowhere */
    const finding_block *block; /* what mends it; NULL: none */
    const char *policy;         /* what stands for "POLICY" in the block where the site has no policy; NULL: the same */
    const finding_family *family;
} rule_entry;

extern const rule_entry rule_entries[RULE_COUNT];

const rule_entry *rule_find(rule_id id);
/* NULL: no rule has this name. */
const rule_entry *rule_find_name(const char *name);

#endif
