#include "report/eligibility.h"

#include "report/wrap.h"

#include <string.h>

static void write_heading(const facts_eligibility *e, base_term *term)
{
    base_term_print(term, BASE_STYLE_BOLD, "%s", e->host);
    if (!e->seen)
        base_term_line(term, BASE_STYLE_WARN, ": could not be checked from this machine");
    else if (e->eligible)
        base_term_line(term, BASE_STYLE_GOOD,
                       e->removal ? ": may be removed from the preload list"
                                  : ": may be submitted to the preload list");
    else
        base_term_line(term, BASE_STYLE_BAD, ": %s%zu error%s",
                       e->removal ? "may not be removed from the preload list: "
                                  : "may not be submitted to the preload list: ",
                       e->errors, e->errors == 1 ? "" : "s");
}

static void write_issue(const facts_issue *issue, base_term *term)
{
    base_term_print(term, issue->error ? BASE_STYLE_BAD : BASE_STYLE_WARN, "  %-9s",
                    issue->error ? "error" : "warning");
    base_term_line(term, BASE_STYLE_PLAIN, "%s", issue->code);
    report_wrap(term, 11, issue->text);
    if (issue->proof != NULL)
        base_term_line(term, BASE_STYLE_DIM, "           seen: %s", issue->proof);
}

void report_eligibility_text(const facts_eligibility *e, bool quiet, base_term *term)
{
    write_heading(e, term);
    if (quiet)
        return;
    if (e->header != NULL)
        base_term_line(term, BASE_STYLE_DIM, "  header   %s", e->header);
    for (size_t i = 0; i < e->count; i++)
        write_issue(&e->issues[i], term);
    if (e->dispute != NULL) {
        base_term_line(term, BASE_STYLE_WARN, "  browsers");
        report_wrap(term, 11, e->dispute);
    }
}

static void write_issues(const facts_eligibility *e, const char *key, bool errors, base_json *json)
{
    base_json_key(json, key);
    base_json_array_begin(json);
    for (size_t i = 0; i < e->count; i++) {
        if (e->issues[i].error != errors)
            continue;
        base_json_object_begin(json);
        base_json_key_string(json, "code", e->issues[i].code);
        base_json_key_string(json, "text", e->issues[i].text);
        base_json_key_string(json, "proof", e->issues[i].proof);
        base_json_object_end(json);
    }
    base_json_array_end(json);
}

void report_eligibility_json(const facts_eligibility *e, base_json *json)
{
    base_json_object_begin(json);
    base_json_key_string(json, "host", e->host);
    base_json_key(json, e->removal ? "removable" : "eligible");
    if (e->seen)
        base_json_bool(json, e->eligible);
    else
        base_json_null(json);
    base_json_key_string(json, "header", e->header);
    write_issues(e, "errors", true, json);
    write_issues(e, "warnings", false, json);
    base_json_key_string(json, "dispute", e->dispute);
    base_json_object_end(json);
}

/* -- The service --------------------------------------------------------------------------------------------------- */

void report_submission_text(const facts_submission *submission, base_term *term)
{
    bool parent = submission->by != NULL && strcmp(submission->by, submission->host) != 0;

    base_term_print(term, BASE_STYLE_BOLD, "%s", submission->host);
    base_term_print(term, BASE_STYLE_PLAIN, " %s", facts_submission_text(submission->status));
    if (parent)
        base_term_print(term, BASE_STYLE_PLAIN, ", and is covered by the entry of %s", submission->by);
    base_term_line(term, BASE_STYLE_DIM, " (%s)", facts_submission_name(submission->status));
    if (submission->message != NULL)
        base_term_line(term, BASE_STYLE_PLAIN, "  the service says: %s", submission->message);
    if (submission->status == FACTS_SUBMISSION_PRELOADED && !submission->bulk)
        base_term_line(term, BASE_STYLE_PLAIN, "  not submitted through the form: its removal is arranged by hand");
}

void report_submission_json(const facts_submission *submission, base_json *json)
{
    base_json_object_begin(json);
    base_json_key_string(json, "host", submission->host);
    base_json_key_string(json, "status", facts_submission_name(submission->status));
    base_json_key_bool(json, "bulk", submission->bulk);
    base_json_key_string(json, "by", submission->by);
    base_json_key_string(json, "message", submission->message);
    base_json_object_end(json);
}

void report_submission_error_json(const char *host, const char *message, base_json *json)
{
    base_json_object_begin(json);
    base_json_key_string(json, "host", host);
    base_json_key(json, "error");
    base_json_object_begin(json);
    base_json_key_string(json, "message", message);
    base_json_object_end(json);
    base_json_object_end(json);
}

void report_service_text(const facts_eligibility *answer, const char *done, base_term *term)
{
    base_term_print(term, BASE_STYLE_BOLD, "%s", answer->host);
    if (answer->errors == 0)
        base_term_line(term, BASE_STYLE_GOOD, " %s", done);
    else
        base_term_line(term, BASE_STYLE_BAD, ": the service refuses: %zu error%s", answer->errors,
                       answer->errors == 1 ? "" : "s");
    for (size_t i = 0; i < answer->count; i++)
        write_issue(&answer->issues[i], term);
}

void report_service_json(const facts_eligibility *answer, const char *request, base_json *json)
{
    base_json_object_begin(json);
    base_json_key_string(json, "host", answer->host);
    base_json_key_string(json, "request", request);
    base_json_key_bool(json, "accepted", answer->eligible);
    write_issues(answer, "errors", true, json);
    write_issues(answer, "warnings", false, json);
    base_json_object_end(json);
}
