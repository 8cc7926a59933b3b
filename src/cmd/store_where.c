/*
 * holdfast store where: the stores that are there.
 */
#include "report/store_where.h"
#include "cmd/store.h"
#include "stores/survey.h"

#include <stdlib.h>

/* Is everything in them known? What cannot be read is in the list. */
static bool are_sound(const facts_store_place *places, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!places[i].readable || places[i].damaged > 0)
            return false;
    return true;
}

static int show(const facts_store_place *places, size_t count, const cmd_store_settings *s)
{
    base_buffer out;
    base_error error;
    base_term term;
    bool written;

    if (!s->common.json && !s->jsonl && !s->csv) {
        base_term_init(&term, stdout, s->common.color);
        report_store_places_text(places, count, &term);
        return BASE_EXIT_CLEAN;
    }
    base_buffer_init(&out, CMD_STORE_OUTPUT_MAX);
    if (s->common.json)
        report_store_places_json(places, count, &out);
    else if (s->jsonl)
        report_store_places_lines(places, count, &out);
    else
        report_store_places_csv(places, count, &out);
    written = base_buffer_flush(&out, stdout, &error);
    base_buffer_done(&out);
    return written ? BASE_EXIT_CLEAN : cmd_store_fail(&error);
}

static int run(void *storage, const base_operands *operands)
{
    const cmd_store_settings *s = storage;
    stores_context context;
    stores_list list;
    base_error error;

    if (operands->count > 0)
        return cmd_refuse("store where: '%s' is one too many: where takes no operand", operands->items[0]);
    if (!cmd_store_one_output("store where", s))
        return BASE_EXIT_USAGE;
    if (!cmd_store_root(s, &error))
        return cmd_refuse("store where: %s", error.text);
    if (!cmd_store_context(s, NULL, &context, &error))
        return cmd_store_fail(&error);
    stores_find(s->root, &list);
    facts_store_place *places = base_allocate((list.count + 1) * sizeof *places);
    for (size_t i = 0; i < list.count; i++)
        stores_survey(&list.items[i], &context, &places[i]);
    int code = show(places, list.count, s);
    if ((!cmd_store_saw_all(&list) || !are_sound(places, list.count)) && code == BASE_EXIT_CLEAN)
        code = BASE_EXIT_PARTLY;
    free(places);
    stores_list_done(&list);
    stores_context_done(&context);
    return code;
}

static const base_option options[] = {CMD_STORE_ROOT, CMD_STORE_JSONL, CMD_STORE_CSV, {0}};

const cmd_command cmd_store_where = {
    .name = "store where",
    .summary = "the stores of this user: kind, path, entries, size, is the program running",
    .usage = "[options]",
    .common = CMD_JSON,
    .options = options,
    .settings_size = sizeof(cmd_store_settings),
    .defaults = &cmd_store_defaults,
    .run = run,
};
