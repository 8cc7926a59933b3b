/*
 * preload/eligible.h: whether a header and a response satisfy the service behind the preload list, to the letter of its
 * own rules (preload/issues.h). Pure, but for the arena of the issues. The service's reading of the header is not RFC
 * 6797's: it knows no quoted string, wants no blank before '=', and takes the first of several max-ages.
 */
#ifndef PRELOAD_ELIGIBLE_H
#define PRELOAD_ELIGIBLE_H

#include "preload/issues.h"

#include "holdfast/host.h"

#include <stdint.h>

/* symbol, name in the list: under which rules a name was listed; those that the service itself lists. */
#define PRELOAD_POLICY_MAP(X)                                                                                          \
    X(1_YEAR, "bulk-1-year") /* what is asked of new submissions */                                                    \
    X(18_WEEKS, "bulk-18-weeks")

typedef enum preload_policy {
#define PRELOAD_X(symbol, name) PRELOAD_POLICY_##symbol,
    PRELOAD_POLICY_MAP(PRELOAD_X)
#undef PRELOAD_X
        PRELOAD_POLICIES
} preload_policy;

const char *preload_policy_name(preload_policy policy);

/* The service's reading. */
typedef struct preload_header {
    bool has_max_age;
    uint64_t max_age;
    bool include_subdomains, preload;
} preload_header;

preload_header preload_header_read(hf_span value, preload_issues *issues);

/* What is asked of a header: to be listed, to stay listed under the rules of `policy`, or to be removed. */
typedef enum preload_aim { PRELOAD_TO_BE_LISTED, PRELOAD_TO_BE_REMOVED } preload_aim;

void preload_judge_header(hf_span value, preload_aim aim, preload_policy policy, preload_issues *issues);

/* The Strict-Transport-Security fields of a response. Returns the value that counts: the only one. NULL: there is none.
 */
const hf_span *preload_judge_fields(const hf_span *values, size_t count, preload_aim aim, preload_policy policy,
                                    preload_issues *issues);

/*
 * Where the service and RFC 6797, with it browsers, read the header differently, in words: one of them takes it for
 * valid and the other does not. NULL: nowhere.
 */
const char *preload_header_dispute(hf_span value);

/* The name as it was typed: its form alone. */
void preload_judge_name(const char *name, preload_issues *issues);

/* Whether it is a registrable domain. */
void preload_judge_level(const char *name, preload_issues *issues);

#endif
