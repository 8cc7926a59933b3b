#include "report/lab.h"

#include "base/memory.h"
#include "base/table.h"

#include <string.h>

#define WORDS_WIDTH 56 /* of the last column, so that a line is no wider than 120 */

static void begin_host(base_json *json, const facts_lab_host *host)
{
    base_json_object_begin(json);
    base_json_key_string(json, "host", host->name);
    base_json_key_string(json, "fault", host->fault);
    base_json_key(json, "connect_to");
    base_json_array_begin(json);
    for (size_t i = 0; host->connect_to[i] != NULL; i++)
        base_json_string(json, host->connect_to[i]);
    base_json_array_end(json);
    base_json_key_string(json, "expected", host->expected);
}

/* -- The hosts ----------------------------------------------------------------------------------------------------- */

static const char *command_for(const facts_lab *l, const facts_lab_host *host, base_arena *arena)
{
    const char *command = base_arena_format(arena, "holdfast check %s", host->name);

    for (size_t i = 0; host->connect_to[i] != NULL; i++)
        command = base_arena_format(arena, "%s --connect-to %s", command, host->connect_to[i]);
    return base_arena_format(arena, "%s --cafile %s --public-roots %s --dns %s", command, l->cafile, l->cafile, l->dns);
}

void report_lab_text(const facts_lab *l, base_term *term)
{
    base_arena arena_of_texts = {0}, *arena = &arena_of_texts;
    base_table table;
    const facts_lab_host *hosts = l->hosts;
    size_t count = l->count;

    base_term_line(term, BASE_STYLE_BOLD, "%zu hosts on port %d of 127.0.0.1, over HTTPS and HTTP; their DNS at %s",
                   count, l->port, l->dns);
    base_term_gap(term);
    base_table_init(&table, 2);
    for (size_t i = 0; i < count; i++) {
        base_table_add(&table, BASE_STYLE_BOLD, hosts[i].name);
        base_table_add(&table, BASE_STYLE_PLAIN,
                       hosts[i].connect_to[1] == NULL ? hosts[i].fault
                                                      : base_arena_format(arena, "%s (put --connect-to %s first)",
                                                                          hosts[i].fault, hosts[i].connect_to[0]));
    }
    base_table_print(&table, term, 2);
    base_table_done(&table);
    base_term_gap(term);
    base_term_line(term, BASE_STYLE_PLAIN, "Try, with any of them in place of the first:");
    base_term_line(term, BASE_STYLE_PLAIN, "  %s", command_for(l, &hosts[0], arena));
    base_term_line(term, BASE_STYLE_PLAIN, "  curl -v --cacert %s --connect-to %s https://%s/", l->cafile,
                   l->connect_to, hosts[0].name);
    base_term_gap(term);
    base_term_line(term, BASE_STYLE_DIM, "Serving until Ctrl-C.");
    base_arena_done(arena);
}

void report_lab_json(const facts_lab *l, base_json *json)
{
    base_arena arena = {0};

    base_json_object_begin(json);
    base_json_key_string(json, "cafile", l->cafile);
    base_json_key_int(json, "port", l->port);
    base_json_key_string(json, "connect_to", l->connect_to);
    base_json_key_string(json, "dns", l->dns);
    base_json_key(json, "hosts");
    base_json_array_begin(json);
    for (size_t i = 0; i < l->count; i++) {
        begin_host(json, &l->hosts[i]);
        base_json_key_string(json, "command", command_for(l, &l->hosts[i], &arena));
        base_json_object_end(json);
    }
    base_json_array_end(json);
    base_json_object_end(json);
    base_arena_done(&arena);
}

/* -- What was found ------------------------------------------------------------------------------------------------ */

/* How much of `text`, words with ", " between them, stands in one line; all that is left, or up to a comma. */
static size_t line_length(const char *text)
{
    size_t length = strcspn(text, ",");

    while (text[length] == ',') {
        size_t more = length + 1 + strcspn(text + length + 1, ",");

        if (more > WORDS_WIDTH)
            return length + 1;
        length = more;
    }
    return length;
}

/* What is too long for a line goes on below. */
static void add_result(base_table *table, const facts_lab_result *r, base_arena *arena)
{
    const char *name = r->host->name, *fault = r->host->fault;
    const char *text =
        r->agrees ? base_arena_format(arena, "expected and found %s", r->found)
                  : base_arena_format(arena, "expected %s, found %s: NOT AS EXPECTED", r->host->expected, r->found);

    while (*text != '\0') {
        size_t length = line_length(text);

        base_table_add(table, BASE_STYLE_BOLD, name);
        base_table_add(table, BASE_STYLE_PLAIN, fault);
        base_table_add(table, r->agrees ? BASE_STYLE_GOOD : BASE_STYLE_BAD,
                       base_arena_format(arena, "%s%.*s", *name != '\0' ? "" : "  ", (int)length, text));
        name = fault = "";
        text += length;
        text += *text == ' ';
    }
}

static void print_results(const facts_lab_result *results, size_t count, base_term *term)
{
    base_table table;
    base_arena arena = {0};

    base_table_init(&table, 3);
    for (size_t i = 0; i < count; i++)
        add_result(&table, &results[i], &arena);
    base_arena_done(&arena);
    base_table_print(&table, term, 0);
    base_table_done(&table);
}

static size_t count_agreed(const facts_lab_result *results, size_t count)
{
    size_t agreed = 0;

    for (size_t i = 0; i < count; i++)
        agreed += results[i].agrees;
    return agreed;
}

void report_lab_results_text(const facts_lab_result *results, size_t count, base_term *term)
{
    size_t agreed = count_agreed(results, count);

    print_results(results, count, term);
    base_term_line(term, agreed == count ? BASE_STYLE_GOOD : BASE_STYLE_BAD, "%zu of %zu hosts found as expected",
                   agreed, count);
}

void report_lab_results_json(const facts_lab_result *results, size_t count, base_json *json)
{
    base_json_object_begin(json);
    base_json_key_bool(json, "agreed", count_agreed(results, count) == count);
    base_json_key(json, "hosts");
    base_json_array_begin(json);
    for (size_t i = 0; i < count; i++) {
        begin_host(json, results[i].host);
        base_json_key_string(json, "found", results[i].found);
        base_json_key_bool(json, "agrees", results[i].agrees);
        base_json_key_string(json, "summary", results[i].summary);
        base_json_object_end(json);
    }
    base_json_array_end(json);
    base_json_object_end(json);
}
