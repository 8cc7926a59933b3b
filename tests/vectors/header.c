/* header: value, verdict, max-age, includeSubDomains, source, note. Read beside RFC 6797 6.1. */
#include "runner.h"

#include <holdfast/header.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VALUE, VERDICT, MAX_AGE, INCLUDE_SUBDOMAINS, SOURCE, NOTE, COLUMNS };

/* The number as it was sent. What does not fit into 63 bits must have been held at the largest number, as header.h
 * documents. */
static bool max_age_agrees(const char *expected, int64_t got)
{
    uint64_t sum = 0;

    for (const char *c = expected; *c != '\0'; c++) {
        if (*c < '0' || *c > '9')
            return strcmp(expected, "-") == 0;
        if (sum > (INT64_MAX - (uint64_t)(*c - '0')) / 10)
            return got == INT64_MAX;
        sum = sum * 10 + (uint64_t)(*c - '0');
    }
    return got == (int64_t)sum;
}

static bool flag_agrees(const char *expected, bool got)
{
    return strcmp(expected, "-") == 0 || (strcmp(expected, "1") == 0) == got;
}

static void describe(char *out, size_t capacity, bool valid, const hf_policy *policy)
{
    if (valid)
        snprintf(out, capacity, "accept %" PRId64 " %d", policy->max_age, policy->include_subdomains);
    else
        snprintf(out, capacity, "reject");
}

static void judge(tally *t, char **column, const char *value, size_t length)
{
    hf_policy policy = {0};
    bool valid = hf_header_parse(value, length, &policy, NULL);
    bool accept = strcmp(column[VERDICT], "accept") == 0;
    char got[64];

    if (!accept && strcmp(column[VERDICT], "reject") != 0) {
        vector_fail(t, "the verdict is neither accept nor reject: %s", column[VERDICT]);
        return;
    }
    if (valid == accept && (!valid || (max_age_agrees(column[MAX_AGE], policy.max_age) &&
                                       flag_agrees(column[INCLUDE_SUBDOMAINS], policy.include_subdomains)))) {
        vector_pass(t);
        return;
    }
    if (strncmp(column[NOTE], "AMBIGUOUS", strlen("AMBIGUOUS")) == 0 && valid != accept) {
        vector_pass(t);
        return;
    }
    describe(got, sizeof got, valid, &policy);
    vector_fail(t, "%s: expected %s %s %s, got %s", column[VALUE], column[VERDICT], column[MAX_AGE],
                column[INCLUDE_SUBDOMAINS], got);
}

static void run(tally *t, char *line)
{
    char *column[COLUMNS], *value;
    size_t length, count = split_columns(line, column, COLUMNS);

    if (count < INCLUDE_SUBDOMAINS + 1) {
        vector_fail(t, "a header vector has at least 4 columns, this line has %zu", count);
        return;
    }
    while (count < COLUMNS)
        column[count++] = "";
    value = json_column_octets(column[VALUE], &length);
    if (value == NULL)
        vector_fail(t, "the value is no JSON string of octets: %s", column[VALUE]);
    else
        judge(t, column, value, length);
    free(value);
}

const vector_kind vector_header = {"header", run};
