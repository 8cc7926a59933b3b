/* holdfast preload lookup HOST...: is it on the list, and by which entry? What the list says, whatever its age. */
#include "base/idna.h"
#include "cmd/pipe.h"
#include "cmd/preload.h"
#include "report/preload.h"

#include <string.h>

typedef struct lookup {
    const cmd_preload_settings *settings;
    preload_lists lists;
    int64_t now;
    size_t asked, unknown;
} lookup;

/* A name can only be told to be on no list if there is a list; what no list can hold is on none. */
static void ask(lookup *l, const char *text, size_t length, facts_preloaded *a)
{
    a->text = (hf_span){text, length};
    a->list = NULL;
    a->diag.status = HF_OK;
    if (hf_host_parse(text, length, base_idna(), &a->host, &a->diag) == HF_OK)
        a->list = preload_lists_cover(&l->lists, &a->host, &a->match);
    a->unknown = a->diag.status == HF_OK && a->host.kind == HF_HOST_NAME && a->list == NULL && l->lists.image == NULL;
    l->asked++;
    l->unknown += a->unknown;
}

/* A refused name is answered like any other: the answer is that no list can hold it. */
static bool answer_line(void *self, const char *item, size_t length, base_json *json)
{
    facts_preloaded a;

    ask(self, item, length, &a);
    report_preloaded_line(&a, json);
    return true;
}

static void write_list(const hf_preload *list, base_json *json)
{
    base_json_object_begin(json);
    base_json_key(json, "source");
    base_json_string(json, list->source);
    base_json_key(json, "date");
    base_json_time(json, list->list_time);
    base_json_object_end(json);
}

static int run_json(lookup *l, const base_operands *hosts)
{
    base_buffer out;
    base_json json;
    int code;

    base_buffer_init(&out, CMD_PRELOAD_DOCUMENT_MAX);
    base_json_init(&json, &out, true);
    base_json_object_begin(&json);
    base_json_key(&json, "at");
    base_json_time(&json, l->now);
    base_json_key(&json, "list");
    write_list(l->lists.image != NULL ? l->lists.image : &l->lists.builtin, &json);
    base_json_key(&json, "hosts");
    base_json_array_begin(&json);
    for (size_t i = 0; i < hosts->count; i++) {
        facts_preloaded a;
        ask(l, hosts->items[i], strlen(hosts->items[i]), &a);
        report_preloaded_json(&a, &json);
    }
    base_json_array_end(&json);
    base_json_object_end(&json);
    base_buffer_char(&out, '\n');
    code = cmd_preload_write("lookup", &out);
    base_buffer_done(&out);
    return code;
}

static int refuse(const facts_preloaded *a, const char *text)
{
    if (!cmd_preload_is_host("lookup", text))
        return BASE_EXIT_USAGE;
    return cmd_refuse("preload lookup: '%s': offset %zu: %s", BASE_CUT(text), a->diag.offset, a->diag.text);
}

static int run_text(lookup *l, const base_operands *hosts)
{
    int code = BASE_EXIT_CLEAN;
    base_term term;

    base_term_init(&term, stdout, l->settings->common.color);
    for (size_t i = 0; i < hosts->count; i++) {
        facts_preloaded a;
        ask(l, hosts->items[i], strlen(hosts->items[i]), &a);
        if (a.diag.status != HF_OK)
            code = refuse(&a, hosts->items[i]);
        else
            report_preloaded_text(&a, l->now, l->settings->common.quiet, &term);
    }
    return code;
}

static int code_of(const lookup *l)
{
    if (l->unknown == 0)
        return BASE_EXIT_CLEAN;
    return l->unknown == l->asked ? BASE_EXIT_UNCHECKED : BASE_EXIT_PARTLY;
}

static int run(const cmd_preload_settings *s, const base_operands *hosts)
{
    const preload_lists_options options = {.image = s->image, .max_age = HF_TIME_UNKNOWN};
    lookup l = {.settings = s, .now = cmd_now(&s->common)};
    const cmd_pipe pipe = {.octets = false, .answer = answer_line, .self = &l};
    base_error error;
    int code;

    if ((s->common.jsonl != NULL) != (hosts->count == 0))
        return cmd_refuse("preload lookup: give a HOST or more, or --jsonl FILE");
    if (!preload_lists_open(&l.lists, &options, l.now, &error))
        return cmd_preload_fail("lookup", &error, BASE_EXIT_USAGE);
    if (s->common.jsonl != NULL)
        code = cmd_pipe_run(&pipe, s->common.jsonl);
    else
        code = s->common.json ? run_json(&l, hosts) : run_text(&l, hosts);
    if (s->common.jsonl == NULL && !s->common.json && !s->common.quiet && code == BASE_EXIT_CLEAN)
        preload_lists_mention(&l.lists, l.now);
    preload_lists_close(&l.lists);
    return code == BASE_EXIT_CLEAN ? code_of(&l) : code;
}

static const char *const options[] = {"image", "column", "json", "jsonl", "at", "quiet", NULL};

const cmd_preload_sub cmd_preload_lookup = {"lookup", "HOST...", 0, SIZE_MAX, true, options, run};
