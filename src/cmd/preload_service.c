/*
 * holdfast preload status|submit|remove HOST...: what the service behind the preload list says of a name, and what is
 * asked of it. Submitting and removing have effects that last for months: each is confirmed by hand.
 */
#include "preload/service.h"

#include "base/idna.h"
#include "cmd/document.h"
#include "cmd/preload.h"
#include "report/eligibility.h"
#include "report/wrap.h"

#include <string.h>
#include <unistd.h>

#define DOCUMENT_MAX ((size_t)16 << 20)
#define ANSWER_MAX 512 /* octets of a line that a person types */

typedef struct asking {
    const cmd_preload_settings *settings;
    preload_service service;
    base_arena arena;
    base_term term;
    base_json *json; /* NULL: text */
} asking;

static void begin(asking *a, const cmd_preload_settings *s)
{
    *a = (asking){.settings = s, .service = {s->url, s->wire.cafile, &s->wire.connect_to}};
    base_term_init(&a->term, stdout, s->common.color);
}

/* False, with the reason printed: it cannot be on any list. */
static bool read_name(const char *sub, const char *text, hf_host *host)
{
    hf_diag diag;

    if (!cmd_preload_is_host(sub, text))
        return false;
    if (hf_host_parse(text, strlen(text), base_idna(), host, &diag) != HF_OK)
        cmd_refuse("preload %s: '%s': offset %zu: %s", sub, BASE_CUT(text), diag.offset, diag.text);
    else if (host->kind != HF_HOST_NAME)
        cmd_refuse("preload %s: '%s' is an address: the list holds names", sub, BASE_CUT(text));
    else if (strspn(host->name, "abcdefghijklmnopqrstuvwxyz0123456789-.") != host->length)
        cmd_refuse("preload %s: '%s': a name on the list has letters, digits, hyphens and dots", sub, BASE_CUT(text));
    else
        return true;
    return false;
}

/* -- status -------------------------------------------------------------------------------------------------------- */

static bool tell_status(asking *a, const char *name, base_error *error)
{
    facts_submission submission = {.host = name};

    if (!preload_service_status(&a->service, &a->arena, &submission, error)) {
        if (a->json != NULL)
            report_submission_error_json(name, error->text, a->json);
        base_error_wrap(error, "%s", name);
        return false;
    }
    if (a->json != NULL)
        report_submission_json(&submission, a->json);
    else
        report_submission_text(&submission, &a->term);
    return true;
}

static int tell_all(asking *a, const base_operands *hosts)
{
    size_t missed = 0;

    for (size_t i = 0; i < hosts->count; i++) {
        base_error error;
        hf_host host;

        if (!read_name("status", hosts->items[i], &host))
            return BASE_EXIT_USAGE;
        if (!tell_status(a, base_arena_string(&a->arena, host.name), &error)) {
            (void)cmd_preload_fail("status", &error, BASE_EXIT_UNCHECKED);
            missed++;
        }
    }
    if (missed == 0)
        return BASE_EXIT_CLEAN;
    return missed == hosts->count ? BASE_EXIT_UNCHECKED : BASE_EXIT_PARTLY;
}

static int run_status(const cmd_preload_settings *s, const base_operands *hosts)
{
    base_error error;
    base_buffer out;
    base_json json;
    asking a;
    int code;

    begin(&a, s);
    if (s->common.json) {
        cmd_document_begin(&out, &json, DOCUMENT_MAX);
        a.json = &json;
        base_json_array_begin(&json);
    }
    code = tell_all(&a, hosts);
    if (s->common.json) {
        base_json_array_end(&json);
        if (!cmd_document_end(&out, &error))
            code = cmd_preload_fail("status", &error, BASE_EXIT_UNCHECKED);
    }
    base_arena_done(&a.arena);
    return code;
}

/* -- submit, remove ------------------------------------------------------------------------------------------------ */

static const struct {
    const char *name, *before, *after, *effect, *done;
} requests[] = {
    [PRELOAD_SUBMIT] = {"submit", "asks the service to put", "on the preload list of all browsers",
                        "Then every name below it must answer over HTTPS, for everybody, and for months: a removal "
                        "takes 6 to 12 weeks to reach most people.",
                        "was submitted"},
    [PRELOAD_REMOVE] = {"remove", "asks the service to take", "off the preload list",
                        "Browsers that are not updated go on enforcing it, and so do learned policies: keep HTTPS on "
                        "all of its names.",
                        "will be removed"},
};

static bool is_same(const char *typed, const char *name)
{
    size_t length = strcspn(typed, "\r\n");

    return length == strlen(name) && memcmp(typed, name, length) == 0;
}

/* The name is typed once more: "y" is typed without reading. */
static bool is_confirmed(asking *a, preload_request request, const char *name)
{
    char line[ANSWER_MAX];
    base_term term;

    if (a->settings->yes)
        return true;
    if (isatty(STDIN_FILENO) != 1 || isatty(STDERR_FILENO) != 1) {
        cmd_refuse("preload %s: no terminal to confirm it on: use --yes", requests[request].name);
        return false;
    }
    base_term_init(&term, stderr, a->settings->common.color);
    base_term_line(&term, BASE_STYLE_PLAIN, "This %s %s %s.", requests[request].before, name, requests[request].after);
    report_wrap(&term, 0, requests[request].effect);
    base_term_print(&term, BASE_STYLE_BOLD, "Type %s to go on: ", name);
    fflush(stderr);
    if (fgets(line, sizeof line, stdin) != NULL && is_same(line, name))
        return true;
    cmd_refuse("preload %s: not confirmed: nothing was sent", requests[request].name);
    return false;
}

static int tell_answer(asking *a, preload_request request, const facts_eligibility *answer)
{
    if (a->settings->common.json) {
        base_buffer out;
        base_json json;
        base_error error;

        cmd_document_begin(&out, &json, DOCUMENT_MAX);
        report_service_json(answer, requests[request].name, &json);
        if (!cmd_document_end(&out, &error))
            return cmd_preload_fail(requests[request].name, &error, BASE_EXIT_UNCHECKED);
    } else {
        report_service_text(answer, requests[request].done, &a->term);
    }
    return answer->errors > 0 ? BASE_EXIT_FINDINGS : BASE_EXIT_CLEAN;
}

static int ask_for(const cmd_preload_settings *s, preload_request request, const base_operands *hosts)
{
    facts_eligibility answer = {.removal = request == PRELOAD_REMOVE};
    base_error error;
    hf_host host;
    asking a;
    int code = BASE_EXIT_USAGE;

    if (!read_name(requests[request].name, hosts->items[0], &host))
        return BASE_EXIT_USAGE;
    begin(&a, s);
    answer.host = host.name;
    if (is_confirmed(&a, request, host.name))
        code = preload_service_send(&a.service, request, &a.arena, &answer, &error)
                   ? tell_answer(&a, request, &answer)
                   : cmd_preload_fail(requests[request].name, &error, BASE_EXIT_UNCHECKED);
    base_arena_done(&a.arena);
    return code;
}

static int run_submit(const cmd_preload_settings *s, const base_operands *hosts)
{
    return ask_for(s, PRELOAD_SUBMIT, hosts);
}

static int run_remove(const cmd_preload_settings *s, const base_operands *hosts)
{
    return ask_for(s, PRELOAD_REMOVE, hosts);
}

static const char *const status_options[] = {"url", "column", "json", "cafile", "connect-to", NULL};
static const char *const send_options[] = {"url", "yes", "json", "cafile", "connect-to", NULL};

const cmd_preload_sub cmd_preload_status = {"status", "HOST...", 1, SIZE_MAX, true, status_options, run_status};
const cmd_preload_sub cmd_preload_submit = {"submit", "HOST", 1, 1, false, send_options, run_submit};
const cmd_preload_sub cmd_preload_remove = {"remove", "HOST", 1, 1, false, send_options, run_remove};
