#include "report/store_query.h"

#include "base/time.h"
#include "facts/list_words.h"
#include "report/store_row.h"

#include <string.h>

/* -- JSON ---------------------------------------------------------------------------------------------------------- */

static void write_list(const facts_store_listed *listed, bool asked, const hf_host *host, base_json *json)
{
    const hf_preload *list = listed->list;

    if (!asked) {
        base_json_null(json);
        return;
    }
    base_json_object_begin(json);
    base_json_key_string(json, "list", list != NULL ? list->source : NULL);
    base_json_key(json, "list_time");
    base_json_time(json, list != NULL ? list->list_time : HF_TIME_UNKNOWN);
    base_json_key(json, "own");
    base_json_bool(json, listed->is_own);
    base_json_key(json, "stale");
    base_json_bool(json, listed->stale);
    base_json_key(json, "listed");
    if (list != NULL)
        base_json_bool(json, listed->listed);
    else
        base_json_null(json);
    base_json_key_string(json, "matched", listed->listed ? host->name + listed->offset : NULL);
    base_json_key(json, "include_subdomains");
    base_json_bool(json, listed->listed && listed->include_subdomains);
    base_json_key(json, "overridden");
    base_json_bool(json, listed->overridden);
    base_json_key(json, "enforces");
    base_json_bool(json, listed->enforces);
    base_json_object_end(json);
}

static void write_row(const facts_store_answer *best, base_json *json)
{
    const hf_row *row = &best->row;
    const char *match = best->depth > 0 ? "inherited" : "exact";

    base_json_key_string(json, "match", best->found ? match : NULL);
    report_key_span(json, "matched", best->found ? row->host : (hf_span){0});
    base_json_key_string(json, "source", !best->found ? NULL : best->preloaded ? "preloaded" : "learned");
    base_json_key_string(json, "state", best->found ? hf_row_state_name(row->state) : NULL);
    base_json_key(json, "include_subdomains");
    base_json_bool(json, best->found && row->include_subdomains);
    report_key_moment(json, "observed", best->found ? row->observed : (hf_moment){HF_TIME_UNKNOWN, 0});
    report_key_moment(json, "expires", best->found ? row->expires : (hf_moment){HF_TIME_UNKNOWN, 0});
    base_json_key(json, "port");
    if (best->found && row->port != 0)
        base_json_int(json, row->port);
    else
        base_json_null(json);
    report_key_span(json, "partition", best->found ? row->partition : (hf_span){0});
}

/* What stands on a list has neither a beginning nor an end. */
static void write_listed(const facts_store_answer *asked, base_json *json)
{
    base_json_key_string(json, "match", asked->listed.offset > 0 ? "inherited" : "exact");
    base_json_key_string(json, "matched", asked->host->name + asked->listed.offset);
    base_json_key_string(json, "source", "preloaded");
    base_json_key(json, "include_subdomains");
    base_json_bool(json, asked->listed.include_subdomains);
    for (size_t i = 0; i < 5; i++) {
        static const char *const without[] = {"state", "observed", "expires", "port", "partition"};
        base_json_key_string(json, without[i], NULL);
    }
}

void report_store_answer_json(const facts_store_answer *asked, base_json *json)
{
    base_json_object_begin(json);
    base_json_key_string(json, "host", asked->host->name);
    base_json_key_string(json, "kind", asked->store.kind);
    base_json_key_string(json, "path", asked->store.path);
    base_json_key(json, "enforced");
    base_json_bool(json, asked->enforces || asked->listed.enforces);
    if (asked->listed.enforces && !asked->enforces)
        write_listed(asked, json);
    else
        write_row(asked, json);
    base_json_key(json, "preload");
    write_list(&asked->listed, asked->list_asked, asked->host, json);
    base_json_key_string(json, "lifted_by", asked->lifted_by);
    base_json_object_end(json);
}

/* -- Text: what a list says ---------------------------------------------------------------------------------------- */

static void print_entry(const facts_store_listed *listed, const hf_host *host, const char *words, base_term *term)
{
    base_term_line(term, BASE_STYLE_PLAIN, ": %s%s (%s)", host->name + listed->offset,
                   listed->include_subdomains ? " with includeSubDomains" : "", words);
}

static const char *what_of(const facts_store_listed *listed, const char *kind)
{
    if (listed->enforces)
        return "on its preload list";
    if (listed->overridden)
        return "on a preload list, but what the store says of the name counts more";
    if (listed->is_own)
        return strcmp(kind, FACTS_STORE_OWN) == 0 ? "on the preload list, which is too old to be obeyed"
                                                  : "on its preload list, in an edition that is too old to tell";
    if (listed->asks)
        return "on another browser's preload list; its own is not installed (holdfast preload update)";
    return strcmp(kind, "safari") == 0 ? "on the preload list of another browser; Safari's is much like it"
                                       : "on a browser's preload list, which this program does not ask";
}

static void print_list(const facts_store_listed *listed, const char *kind, const hf_host *host, int64_t now,
                       base_term *term)
{
    char words[FACTS_LIST_WORDS_MAX];

    if (listed->list == NULL) {
        if (listed->asks && strcmp(kind, FACTS_STORE_OWN) != 0)
            base_term_line(
                term, BASE_STYLE_DIM,
                "  its preload list is not installed (holdfast preload update): it may enforce the host all the same");
        return;
    }
    facts_list_words(listed->list, now, words);
    if (!listed->listed) {
        base_term_line(term, BASE_STYLE_DIM, "  not on %s (%s)",
                       listed->is_own ? "its preload list" : "the installed preload list", words);
        return;
    }
    base_term_print(term, listed->enforces ? BASE_STYLE_PLAIN : BASE_STYLE_WARN, "  %s", what_of(listed, kind));
    print_entry(listed, host, words, term);
}

/* -- Text: what the store says ------------------------------------------------------------------------------------- */

static const char *why_not(const hf_row *row)
{
    switch (row->state) {
    case HF_ROW_UNSET:
        return "noted as having no HSTS";
    case HF_ROW_KNOCKOUT:
        return "preloaded, but the host sent max-age=0 and this browser lets that win";
    case HF_ROW_NEGATIVE:
        return "was asked, and has no HSTS";
    case HF_ROW_SET:
    case HF_ROW_HPKP:
        break;
    }
    return row->max_age == 0 ? "max-age=0: never in force" : "expired";
}

static void print_times(const hf_row *row, int64_t now, base_term *term)
{
    char since[REPORT_MOMENT_MAX], until[REPORT_MOMENT_MAX], left[BASE_WORDS_MAX];
    bool ends = report_moment((hf_moment){row->expires.seconds, 0}, until);

    base_term_print(
        term, BASE_STYLE_PLAIN, "  since %s, until %s",
        report_moment((hf_moment){row->observed.seconds, 0}, since) ? since : "a time that this store does not keep",
        ends ? until : "never");
    if (ends && row->expires.seconds >= now) {
        base_duration_words((row->expires.seconds - now) / 86400 * 86400, left);
        base_term_print(term, BASE_STYLE_DIM, " (%s left)",
                        row->expires.seconds - now < 86400 ? "less than a day" : left);
    }
    base_term_gap(term);
}

static void print_found(const facts_store_answer *best, int64_t now, base_term *term)
{
    const hf_row *row = &best->row;

    if (!best->enforces) {
        base_term_line(term, BASE_STYLE_PLAIN, "not enforced: %s", why_not(row));
    } else {
        base_term_print(term, BASE_STYLE_GOOD, "enforced");
        base_term_print(term, BASE_STYLE_PLAIN,
                        best->depth > 0 ? ": inherited from %.*s (includeSubDomains)" : ": exact, %.*s",
                        (int)row->host.length, row->host.data);
        base_term_line(term, BASE_STYLE_PLAIN, "%s, %s",
                       best->depth == 0 && row->include_subdomains ? " with includeSubDomains" : "",
                       best->preloaded ? "preloaded" : "learned");
    }
    print_times(row, now, term);
    if (row->port != 0)
        base_term_line(term, BASE_STYLE_PLAIN, "  for port %u alone: this program keeps policies by port", row->port);
    if (row->partition.length > 0)
        base_term_line(term, BASE_STYLE_DIM, "  in the partition %.*s", (int)row->partition.length,
                       row->partition.data);
}

static void print_listed(const facts_store_answer *asked, base_term *term)
{
    base_term_print(term, BASE_STYLE_GOOD, "enforced");
    base_term_line(term, BASE_STYLE_PLAIN,
                   asked->listed.offset > 0 ? ": inherited from %s (includeSubDomains), preloaded"
                                            : ": exact, %s, preloaded",
                   asked->host->name + asked->listed.offset);
    base_term_line(term, BASE_STYLE_PLAIN, "  since it came onto the list, until it leaves it");
}

void report_store_answer_text(const facts_store_answer *asked, int64_t now, base_term *term)
{
    const char *lifted = asked->lifted_by;
    bool unasked = !asked->list_asked && asked->browser;

    base_term_print(term, BASE_STYLE_BOLD, "%s", asked->host->name);
    base_term_print(term, BASE_STYLE_PLAIN, " in %s:%s: ", asked->store.kind, asked->store.path);
    if (asked->listed.enforces && !asked->enforces)
        print_listed(asked, term);
    else if (asked->found)
        print_found(asked, now, term);
    else
        base_term_line(term, BASE_STYLE_PLAIN, "not known%s",
                       unasked ? " (the list that is built into the browser may enforce it all the same)" : "");
    if (asked->list_asked)
        print_list(&asked->listed, asked->store.kind, asked->host, now, term);
    if (lifted != NULL)
        base_term_line(term, BASE_STYLE_PLAIN, "  lifted by: %s", lifted);
    if (asked->liftable)
        base_term_line(term, BASE_STYLE_DIM, "  it returns as soon as the host sends its policy again");
}
