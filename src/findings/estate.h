/*
 * findings/estate.h: many sites together: which of them to mend first, which policies they have, and when their
 * certificates end. Pure; all that it points to is the sites' and judgements' own.
 */
#ifndef FINDINGS_ESTATE_H
#define FINDINGS_ESTATE_H

#include "facts/site.h"
#include "findings/judgement.h"

#define FINDING_SHORT (180 * 86400) /* seconds of max-age: what checkers and MDN ask for at least */

/* symbol, name, who is hurt: from what can wait to what cannot. The names are stable. */
#define FINDINGS_HARM_MAP(X)                                                                                           \
    X(NONE, "none", "nobody is hurt")                                                                                  \
    X(NOTICE, "notice", "nobody is hurt today")                                                                        \
    X(UNSEEN, "unseen", "it is not known who gets in")                                                                 \
    X(FAULT, "fault", "visitors get in, but are not protected as they should be")                                      \
    X(SOON, "soon", "returning visitors will be blocked")                                                              \
    X(WARNED, "warned", "first visitors see a certificate warning")                                                    \
    X(WWW, "www", "www is blocked for visitors who hold the policy")                                                   \
    X(SOME, "some", "some visitors do not get in")                                                                     \
    X(RETURNING, "returning", "returning visitors are blocked")                                                        \
    X(EVERYBODY, "everybody", "nobody gets in")

typedef enum finding_harm {
#define FINDINGS_X(symbol, name, text) FINDING_HARM_##symbol,
    FINDINGS_HARM_MAP(FINDINGS_X)
#undef FINDINGS_X
} finding_harm;

#define FINDING_HARMS (FINDING_HARM_EVERYBODY + 1)

const char *finding_harm_name(finding_harm harm);
const char *finding_harm_text(finding_harm harm);

/* Who is hurt at this site; *worst is the gravest warning or error, or NULL. */
finding_harm finding_harm_of(const facts_site *site, const finding_judgement *judgement, const finding **worst);

/* symbol, name, in words: what the STS field of https://HOST comes to. The names are stable. */
#define FINDING_POLICY_MAP(X)                                                                                          \
    X(READY, "preload-ready", "one year or more, with subdomains and preload")                                         \
    X(YEAR_SUBDOMAINS, "year-with-subdomains", "one year or more, with subdomains")                                    \
    X(YEAR, "year", "one year or more, without subdomains")                                                            \
    X(MONTHS, "half-year", "180 days or more, less than a year")                                                       \
    X(SHORT, "short", "less than 180 days")                                                                            \
    X(DISABLED, "disabled", "max-age=0: forgotten")                                                                    \
    X(IGNORED, "ignored", "sent, but browsers ignore it")                                                              \
    X(INVALID, "invalid", "invalid header")                                                                            \
    X(NONE, "none", "no header")                                                                                       \
    X(UNSEEN, "unseen", "no answer was seen")

typedef enum finding_policy {
#define FINDINGS_X(symbol, name, text) FINDING_POLICY_##symbol,
    FINDING_POLICY_MAP(FINDINGS_X)
#undef FINDINGS_X
        FINDING_POLICIES
} finding_policy;

const char *finding_policy_name(finding_policy policy);
const char *finding_policy_text(finding_policy policy);
finding_policy finding_policy_of(const facts_site *site, const finding_judgement *judgement);

/* One site of an estate. */
typedef struct finding_ranked {
    const facts_site *site;
    const finding_judgement *judgement;
    size_t index; /* in the order given */
    finding_harm harm;
    const finding *worst; /* of warning or error; NULL: none */
} finding_ranked;

/* Sites that send the same policy. */
typedef struct finding_policy_class {
    bool in_force;
    hf_policy policy; /* of those in force */
    size_t count;
} finding_policy_class;

#define FINDING_EXPIRY_MAP(X)                                                                                          \
    X(EXPIRED, 0, "expired")                                                                                           \
    X(WEEK, 7, "within 7 days")                                                                                        \
    X(MONTH, 30, "within 30 days")                                                                                     \
    X(QUARTER, 90, "within 90 days")                                                                                   \
    X(LATER, INT32_MAX, "later")

typedef enum finding_expiry {
#define FINDINGS_X(symbol, days, text) FINDING_EXPIRY_##symbol,
    FINDING_EXPIRY_MAP(FINDINGS_X)
#undef FINDINGS_X
        FINDING_EXPIRIES
} finding_expiry;

const char *finding_expiry_text(finding_expiry expiry);
/* `left`: seconds until the end. */
finding_expiry finding_expiry_of(int64_t left);

typedef struct finding_estate {
    finding_ranked *ranked; /* all sites, the worst first; of equals, the one with more findings of that severity */
    size_t count, urgent;   /* of these, how many have a finding of warning or error, or were not seen */
    finding_policy_class *classes; /* the most frequent first */
    size_t class_count;
    size_t policies[FINDING_POLICIES];
    bool everywhere[RULE_COUNT]; /* found at every site that could be looked at, of three or more */
    size_t expiries[FINDING_EXPIRIES];
} finding_estate;

finding_estate finding_estate_of(const facts_site *const *sites, const finding_judgement *const *judgements,
                                 size_t count, base_arena *arena);

#endif
