/*
 * holdfast preload forecast HOST: when a submission or a removal that reaches Chromium's list now reaches the people
 * who use each browser.
 */
#include "base/idna.h"
#include "base/time.h"
#include "browsers/releases.h"
#include "cmd/document.h"
#include "cmd/preload.h"
#include "preload/eligible.h"
#include "report/wrap.h"

#include <string.h>

#define DOCUMENT_MAX 65536
#define DATE_LENGTH 10 /* of a time in RFC 3339 */
#define CAVEAT                                                                                                         \
    "These are the dates of the release calendar, not a promise: the list may take a change later, and people update " \
    "when they do."

typedef struct forecast {
    const char *host;
    bool removal;
    int64_t landed;
    browsers_release chromium;
    int64_t firefox_until;
} forecast;

static const char *date(int64_t time, char text[BASE_TIME_MAX])
{
    base_time_format(time, text);
    text[DATE_LENGTH] = '\0';
    return text;
}

static void tell(base_term *term, const char *browser, const char *format, const char *day)
{
    base_term_print(term, BASE_STYLE_BOLD, "  %-9s", browser);
    base_term_line(term, BASE_STYLE_PLAIN, "%s%s%s", format, *day != '\0' ? " " : "", day);
}

static void tell_removal(const forecast *f, base_term *term)
{
    char text[BASE_TIME_MAX];

    tell(term, "Chrome", "updated: free from", date(f->chromium.stable, text));
    tell(term, "", "not updated: free at the latest on", date(f->chromium.before_until, text));
    tell(term, "", "extended stable: free at the latest on", date(f->chromium.extended_until, text));
    tell(term, "Firefox",
         "free at the latest 18 weeks after its last list with the entry:", date(f->firefox_until, text));
    tell(term, "Safari", "not known: its calendar is not public", "");
    report_wrap(term, 2,
                "Keep HTTPS on every name below it until the last of these dates, and until the last learned "
                "policy has run out: a removal from the list does not end learned policies.");
}

static void tell_submission(const forecast *f, base_term *term)
{
    char text[BASE_TIME_MAX];

    tell(term, "Chrome", "updated: enforced from", date(f->chromium.stable, text));
    tell(term, "Firefox", "not known: Mozilla's own scan must confirm it (max-age of 18 weeks or more)", "");
    tell(term, "Safari", "not known: its calendar is not public", "");
}

static void print(const forecast *f, const cmd_preload_settings *s)
{
    char text[BASE_TIME_MAX];
    base_term term;

    base_term_init(&term, stdout, s->common.color);
    base_term_print(&term, BASE_STYLE_BOLD, "%s", f->host);
    base_term_line(&term, BASE_STYLE_PLAIN, ": if Chromium's list %s on %s", f->removal ? "drops it" : "takes it",
                   date(f->landed, text));
    if (f->removal)
        tell_removal(f, &term);
    else
        tell_submission(f, &term);
    if (!s->common.quiet)
        report_wrap(&term, 2, CAVEAT);
}

static bool write_document(const forecast *f, base_error *error)
{
    base_buffer out;
    base_json json;

    cmd_document_begin(&out, &json, DOCUMENT_MAX);
    base_json_object_begin(&json);
    base_json_key_string(&json, "host", f->host);
    base_json_key_string(&json, "change", f->removal ? "removal" : "submission");
    base_json_key_time(&json, "landed", f->landed);
    base_json_key(&json, "chromium");
    base_json_object_begin(&json);
    base_json_key_time(&json, "branch", f->chromium.branch);
    base_json_key_time(&json, "stable", f->chromium.stable);
    base_json_key_time(&json, "free_without_updates", f->removal ? f->chromium.before_until : HF_TIME_UNKNOWN);
    base_json_key_time(&json, "free_on_extended_stable", f->removal ? f->chromium.extended_until : HF_TIME_UNKNOWN);
    base_json_object_end(&json);
    base_json_key(&json, "firefox");
    base_json_object_begin(&json);
    base_json_key_time(&json, "free_without_updates", f->removal ? f->firefox_until : HF_TIME_UNKNOWN);
    base_json_object_end(&json);
    base_json_object_end(&json);
    return cmd_document_end(&out, error);
}

/*
 * False, with the reason printed: no list takes the name, and for a removal, it can be on none. Names below a
 * registrable domain, and public suffixes, were listed by hand, and leave the list as others do.
 */
static bool is_for_lists(const hf_host *host, bool removal)
{
    preload_issues issues = {.arena = &(base_arena){0}};
    bool refused;

    preload_judge_name(host->name, &issues);
    if (issues.count == 0)
        preload_judge_level(host->name, &issues);
    refused = host->kind != HF_HOST_NAME || (!removal && issues.count > 0);
    if (host->kind != HF_HOST_NAME)
        cmd_refuse("preload forecast: %s: %s", host->name, preload_issue_text(PRELOAD_ISSUE_IP_ADDRESS));
    else if (refused && issues.items[0].proof != NULL)
        cmd_refuse("preload forecast: %s: %s: %s", host->name, preload_issue_text(issues.items[0].id),
                   issues.items[0].proof);
    else if (refused)
        cmd_refuse("preload forecast: %s: %s", host->name, preload_issue_text(issues.items[0].id));
    base_arena_done(issues.arena);
    return !refused;
}

static int run(const cmd_preload_settings *s, const base_operands *operands)
{
    forecast f = {.removal = s->removal, .landed = cmd_now(&s->common)};
    const char *text = operands->items[0];
    base_error error;
    hf_host host;
    hf_diag diag;

    if (!cmd_preload_is_host("forecast", text))
        return BASE_EXIT_USAGE;
    if (hf_host_parse(text, strlen(text), base_idna(), &host, &diag) != HF_OK)
        return cmd_refuse("preload forecast: '%s': offset %zu: %s", BASE_CUT(text), diag.offset, diag.text);
    if (!is_for_lists(&host, s->removal))
        return BASE_EXIT_USAGE;
    f.host = host.name;
    f.chromium = browsers_release_with(f.landed);
    f.firefox_until = browsers_list_end(FACTS_ENGINE_FIREFOX, f.landed);
    if (!s->common.json)
        print(&f, s);
    else if (!write_document(&f, &error))
        return cmd_preload_fail("forecast", &error, BASE_EXIT_UNCHECKED);
    return BASE_EXIT_CLEAN;
}

static const char *const options[] = {"removal", "json", "at", "quiet", NULL};

const cmd_preload_sub cmd_preload_forecast = {"forecast", "HOST", 1, 1, false, options, run};
