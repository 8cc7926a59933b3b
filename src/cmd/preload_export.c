/* holdfast preload export FILE --to KIND:PATH: the list as policies in the store of a client that has none built in. */
#include "cmd/document.h"
#include "cmd/preload.h"

#include "base/time.h"
#include "report/store_outcome.h"
#include "stores/listed.h"
#include "stores/writer.h"

#define YEAR (INT64_C(365) * 86400)

/* The list's own end; of one that has none, a year from now. */
static bool find_end(const cmd_preload_settings *s, const preload_names *names, int64_t now, int64_t *ends,
                     base_error *error)
{
    char day[BASE_TIME_MAX];
    bool is_dated = names->list_time != HF_TIME_UNKNOWN && names->life != HF_TIME_NEVER;

    *ends = is_dated ? names->list_time + names->life : now + YEAR;
    if (s->life != HF_TIME_UNKNOWN)
        *ends = s->life > BASE_TIME_LAST - now ? BASE_TIME_LAST : now + s->life;
    if (*ends > now)
        return true;
    base_time_format(*ends, day);
    base_error_set(error, "the list ended on %.10s: get a newer one (holdfast preload update), or give --life", day);
    return false;
}

static int tell(const cmd_preload_settings *s, const facts_store_outcome *outcome)
{
    base_buffer out;
    base_json json;
    base_term term;
    base_error error;

    if (s->common.json) {
        cmd_document_begin(&out, &json, CMD_PRELOAD_DOCUMENT_MAX);
        base_json_object_begin(&json);
        report_store_outcome_json(outcome, &json);
        base_json_object_end(&json);
        return cmd_document_end(&out, &error) ? BASE_EXIT_CLEAN
                                              : cmd_preload_fail("export", &error, BASE_EXIT_UNCHECKED);
    }
    base_term_init(&term, stdout, s->common.color);
    if (!s->common.quiet)
        report_store_outcome_text(outcome, false, &term);
    return BASE_EXIT_CLEAN;
}

static int put(const cmd_preload_settings *s, const stores_store *target, const preload_names *names)
{
    static const preload_lists_options lists = {.none = true};
    const stores_context_options options = {.lists = &lists, .now = cmd_now(&s->common)};
    facts_store_outcome outcome = {.added = 0};
    stores_context context;
    base_error error;
    int64_t ends;
    int code;

    if (!find_end(s, names, options.now, &ends, &error))
        return cmd_preload_fail("export", &error, BASE_EXIT_UNCHECKED);
    if (!stores_context_init(&context, &options, &error))
        return cmd_preload_fail("export", &error, BASE_EXIT_UNCHECKED);
    code = stores_put_listed(target, &context, names, ends, &outcome, &error)
               ? tell(s, &outcome)
               : cmd_preload_fail("export", &error, BASE_EXIT_UNCHECKED);
    stores_outcome_done(&outcome);
    stores_context_done(&context);
    return code;
}

static int run(const cmd_preload_settings *s, const base_operands *operands)
{
    char own[STORES_PATH_MAX];
    stores_store target;
    preload_names names;
    base_error error;
    int code;

    if (s->to == NULL)
        return cmd_refuse("preload export: where to? --to KIND:PATH (wget:/home/me/.wget-hsts)");
    if (!stores_store_parse(s->to, own, sizeof own, &target, &error))
        return cmd_refuse("preload export: --to: %s", error.text);
    preload_names_init(&names);
    code = preload_names_load(&names, operands->items[0], &error) ? put(s, &target, &names)
                                                                  : cmd_preload_fail("export", &error, BASE_EXIT_USAGE);
    preload_names_done(&names);
    return code;
}

static const char *const options[] = {"to", "life", "json", "at", "quiet", NULL};

const cmd_preload_sub cmd_preload_export = {"export", "FILE --to KIND:PATH", 1, 1, false, options, run};
