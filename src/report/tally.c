#include "report/tally.h"

#include "report/census.h"

#include <inttypes.h>

static void print_failures(const facts_tally *tally, base_term *term)
{
    for (uint32_t code = 1; code < FACTS_FAILURES; code++)
        if (tally->codes[code] > 0)
            base_term_line(term, BASE_STYLE_PLAIN, "  %-24s %" PRIu64, facts_code_name((facts_code)code),
                           tally->codes[code]);
    if (tally->refused > 0)
        base_term_line(term, BASE_STYLE_PLAIN, "  %-24s %" PRIu64, "lines refused", tally->refused);
}

void report_tally_text(const facts_tally *tally, const facts_cost *cost, base_term *term)
{
    base_term_line(term, BASE_STYLE_BOLD,
                   "%" PRIu64 " host%s: %" PRIu64 " answered, HSTS in force at %" PRIu64
                   ", certificate errors at %" PRIu64,
                   tally->hosts, tally->hosts == 1 ? "" : "s", tally->codes[FACTS_FAILURE_NONE], tally->in_force,
                   tally->tls_errors);
    print_failures(tally, term);
    if (tally->errors + tally->warnings > 0)
        base_term_line(term, BASE_STYLE_PLAIN,
                       "  %" PRIu64 " findings of severity error, %" PRIu64 " of severity warning", tally->errors,
                       tally->warnings);
    if (tally->partly > 0)
        base_term_line(term, BASE_STYLE_PLAIN, "  %" PRIu64 " seen in part", tally->partly);
    if (tally->again > 0)
        base_term_line(term, BASE_STYLE_PLAIN, "  %" PRIu64 " tried again", tally->again);
    base_term_line(term, BASE_STYLE_DIM, "%.1f s, %.0f hosts a second, %.2f s of CPU, %.2f ms a host", cost->seconds,
                   cost->seconds > 0 ? (double)cost->hosts / cost->seconds : 0.0, cost->cpu,
                   cost->hosts > 0 ? cost->cpu * 1000 / (double)cost->hosts : 0.0);
}

void report_tally_json(const facts_tally *tally, const finding_census *census, const facts_cost *cost, base_json *json)
{
    base_json_object_begin(json);
    base_json_key_int(json, "hosts", (int64_t)tally->hosts);
    base_json_key_int(json, "answered", (int64_t)tally->codes[FACTS_FAILURE_NONE]);
    base_json_key_int(json, "in_force", (int64_t)tally->in_force);
    base_json_key_int(json, "tls_errors", (int64_t)tally->tls_errors);
    base_json_key_int(json, "partly", (int64_t)tally->partly);
    base_json_key_int(json, "refused", (int64_t)tally->refused);
    base_json_key_int(json, "tried_again", (int64_t)tally->again);
    base_json_key(json, "failures");
    base_json_object_begin(json);
    for (uint32_t code = 1; code < FACTS_FAILURES; code++)
        if (tally->codes[code] > 0)
            base_json_key_int(json, facts_code_name((facts_code)code), (int64_t)tally->codes[code]);
    base_json_object_end(json);
    base_json_key_int(json, "milliseconds", (int64_t)(cost->seconds * 1000));
    base_json_key_int(json, "cpu_milliseconds", (int64_t)(cost->cpu * 1000));
    if (census != NULL) {
        base_json_key(json, "judged");
        report_census_json(census, tally->hosts, json);
    }
    base_json_object_end(json);
}
