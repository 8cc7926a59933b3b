#include "report/text_certificate.h"

#include "report/row.h"

#include "base/time.h"

#include <stdio.h>

#define NAMES_SHOWN 8
#define DAY 86400
#define DAYS_MAX 40

static void add_names(base_table *table, const facts_certificate *certificate)
{
    base_buffer names;

    base_buffer_init(&names, REPORT_CELL_MAX);
    for (size_t i = 0; i < certificate->name_count && i < NAMES_SHOWN; i++)
        base_buffer_appendf(&names, "%s%s", i > 0 ? ", " : "", certificate->names[i]);
    if (certificate->name_count > NAMES_SHOWN)
        base_buffer_appendf(&names, " and %zu more", certificate->name_count - NAMES_SHOWN);
    report_row(table, BASE_STYLE_PLAIN, "names", "%s",
               certificate->name_count > 0 ? base_buffer_string(&names) : "none");
    base_buffer_done(&names);
}

static const char *days_text(int64_t seconds, const char *which, char text[static DAYS_MAX])
{
    long long days = (long long)(seconds / DAY);

    snprintf(text, DAYS_MAX, "%lld day%s%s", days, days == 1 ? "" : "s", which);
    return text;
}

static void add_validity(base_table *table, const facts_certificate *certificate, int64_t now)
{
    char from[BASE_TIME_MAX], until[BASE_TIME_MAX], days[DAYS_MAX];
    int64_t left;

    if (certificate->not_before == HF_TIME_UNKNOWN || certificate->not_after == HF_TIME_UNKNOWN) {
        report_row(table, BASE_STYLE_BAD, "valid", "its dates cannot be read");
        return;
    }
    left = certificate->not_after - now;
    base_time_format(certificate->not_before, from);
    base_time_format(certificate->not_after, until);
    if (now < certificate->not_before)
        report_row(table, BASE_STYLE_BAD, "valid", "%s to %s, not yet", from, until);
    else if (left < 0)
        report_row(table, BASE_STYLE_BAD, "valid", "%s to %s, expired %s", from, until, days_text(-left, " ago", days));
    else
        report_row(table, BASE_STYLE_PLAIN, "valid", "%s to %s, %s", from, until, days_text(left, " left", days));
}

static void add_chain(base_table *table, const facts_tls *tls)
{
    for (size_t i = 1; i < tls->certificate_count; i++) {
        const facts_certificate *certificate = &tls->certificates[i];
        bool usual = certificate->place == FACTS_PLACE_UNKNOWN || certificate->place == FACTS_PLACE_ISSUER;

        report_row(table, BASE_STYLE_PLAIN, i == 1 ? "sent with it" : "", "%s%s%s%s", certificate->subject,
                   usual ? "" : " (", usual ? "" : facts_place_name(certificate->place), usual ? "" : ")");
    }
}

/* What was not sent of the path to what is trusted, and whose root that is. */
static void add_path(base_table *table, const facts_tls *tls)
{
    static const char *const roots[] = {
        [FACTS_ROOT_UNKNOWN] = "", [FACTS_ROOT_PUBLIC] = ", a public root", [FACTS_ROOT_LOCAL] = ", no public root"};

    for (size_t i = 0; i < tls->path_count; i++)
        if (tls->path[i].sent < 0 || (i + 1 == tls->path_count && tls->root != FACTS_ROOT_UNKNOWN))
            report_row(table, BASE_STYLE_PLAIN, "trusted by", "%s%s", tls->path[i].subject,
                       i + 1 == tls->path_count ? roots[tls->root] : "");
    for (size_t i = 0; i < tls->verdict_count; i++)
        report_row(table, tls->verdicts[i].error_count == 0 ? BASE_STYLE_PLAIN : BASE_STYLE_BAD, "store", "%s: %s",
                   tls->verdicts[i].store, tls->verdicts[i].error_count == 0 ? "trusts it" : "does not trust it");
}

static void add_staple(base_table *table, const facts_tls *tls)
{
    const facts_staple *staple = tls->staple;
    const char *status = staple != NULL ? facts_revocation_name(staple->status) : NULL;
    const char *problem = staple != NULL ? facts_staple_problem_name(staple->problem) : NULL;
    size_t scts = tls->sct_count + tls->certificates[0].sct_count + (staple != NULL ? staple->sct_count : 0);
    char until[BASE_TIME_MAX] = "";

    if (staple != NULL && staple->next_update != HF_TIME_UNKNOWN)
        base_time_format(staple->next_update, until);
    if (staple != NULL)
        report_row(table, staple->problem == FACTS_STAPLE_NONE ? BASE_STYLE_PLAIN : BASE_STYLE_BAD, "OCSP staple",
                   "%s%s%s%s%s", status != NULL ? status : "no answer", problem != NULL ? ", but " : "",
                   problem != NULL ? problem : "", *until != '\0' ? ", for until " : "", until);
    if (scts > 0)
        report_row(table, BASE_STYLE_PLAIN, "timestamps", "%zu of certificate transparency", scts);
}

void report_text_certificate(base_table *table, const facts_tls *tls, int64_t now)
{
    const facts_certificate *leaf = tls->certificates;

    if (tls->certificate_count == 0)
        return;
    report_row(table, BASE_STYLE_PLAIN, "certificate", "%s", leaf->subject);
    add_names(table, leaf);
    report_row(table, BASE_STYLE_PLAIN, "issuer", "%s", leaf->issuer);
    add_validity(table, leaf, now);
    report_row(table, BASE_STYLE_PLAIN, "key", "%s %d, signed with %s", leaf->key_type, leaf->key_bits,
               leaf->signature);
    add_chain(table, tls);
    add_path(table, tls);
    add_staple(table, tls);
}
