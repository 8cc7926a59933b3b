/*
 * holdfast store query HOST...: what each store says about a host: which entry covers it, since when, until when, and
 * what would lift it.
 */
#include "report/store_query.h"
#include "cmd/store.h"
#include "stores/query.h"

#include <stdlib.h>

typedef struct querying {
    const cmd_store_settings *settings;
    hf_host *hosts;
    facts_store_answer *answers;
    size_t count;
    stores_context context;
    preload_lists lists;
    int64_t now;
    uint64_t damaged; /* entries of all stores */
    base_term term;
    base_json json;
} querying;

static void show(querying *q)
{
    for (size_t i = 0; i < q->count; i++) {
        if (q->settings->common.json)
            report_store_answer_json(&q->answers[i], &q->json);
        else
            report_store_answer_text(&q->answers[i], q->now, &q->term);
    }
}

static bool query_store(querying *q, const stores_store *store)
{
    uint64_t damaged;
    base_error error;
    bool read = stores_query(store, q->hosts, q->count, &q->context, &q->lists, q->answers, &damaged, &error);

    if (read)
        show(q);
    else
        base_error_print(&error, stderr);
    cmd_store_tell_damage(store->path, damaged);
    q->damaged += damaged;
    for (size_t i = 0; i < q->count; i++)
        stores_answer_done(&q->answers[i]);
    return read;
}

static int query_all(querying *q, const cmd_store_sources *sources)
{
    base_buffer out;
    base_error error;
    size_t unread = 0;

    cmd_document_begin(&out, &q->json, CMD_STORE_OUTPUT_MAX);
    base_json_object_begin(&q->json);
    base_json_key_time(&q->json, "at", q->now);
    base_json_key(&q->json, "answers");
    base_json_array_begin(&q->json);
    for (size_t i = 0; i < sources->count; i++)
        unread += !query_store(q, &sources->items[i]);
    base_json_array_end(&q->json);
    base_json_object_end(&q->json);
    if (!q->settings->common.json) {
        base_buffer_done(&out);
        if (sources->count == 0)
            base_term_line(&q->term, BASE_STYLE_PLAIN, "no store was found");
    } else if (!cmd_document_end(&out, &error)) {
        return cmd_store_fail(&error);
    }
    return cmd_store_code(unread, q->damaged, sources);
}

static bool read_hosts(querying *q, const base_operands *operands, base_error *error)
{
    q->hosts = base_allocate((operands->count + 1) * sizeof *q->hosts);
    q->answers = base_allocate((operands->count + 1) * sizeof *q->answers);
    for (; q->count < operands->count; q->count++) {
        if (!stores_host(operands->items[q->count], &q->hosts[q->count], error))
            return false;
        stores_context_add_parents(&q->context, &q->hosts[q->count]);
    }
    return true;
}

static int run(void *storage, const base_operands *operands)
{
    const cmd_store_settings *s = storage;
    querying q = {.settings = s, .now = cmd_now(&s->common)};
    cmd_store_sources sources;
    base_error error;
    int code;

    if (operands->count == 0)
        return cmd_refuse("store query: a HOST is missing: holdfast store query example.com");
    if (!cmd_store_sources_open(s, NULL, 0, &sources, &error))
        return cmd_refuse("store query: %s", error.text);
    if (!cmd_store_context(s, NULL, &q.context, &error))
        return cmd_store_fail(&error);
    base_term_init(&q.term, stdout, s->common.color);
    if (!read_hosts(&q, operands, &error))
        code = cmd_refuse("store query: %s", error.text);
    else if (!preload_lists_open(&q.lists, &s->lists, q.now, &error))
        code = cmd_refuse("store query: --preload: %s", error.text);
    else
        code = query_all(&q, &sources);
    free(q.hosts);
    free(q.answers);
    preload_lists_close(&q.lists);
    stores_context_done(&q.context);
    cmd_store_sources_close(&sources);
    return code;
}

static const base_option options[] = {
    CMD_STORE_FROM, CMD_STORE_ALL, CMD_STORE_ROOT, PRELOAD_LISTS_OPTIONS(cmd_store_settings), CMD_STORE_TIMEOUT, {0},
};

const cmd_command cmd_store_query = {
    .name = "store query",
    .summary = "what stores say about a host: since when, until when, and what would lift it",
    .usage = "[options] HOST...",
    .common = CMD_JSON | CMD_AT,
    .options = options,
    .settings_size = sizeof(cmd_store_settings),
    .defaults = &cmd_store_defaults,
    .run = run,
};
