/* holdfast preload lookup HOST...: is it on the list, and by which entry? What the list says, whatever its age. */
#include "base/idna.h"
#include "base/lines.h"
#include "cmd/pipe.h"
#include "cmd/preload.h"
#include "facts/list_words.h"

#include <string.h>

typedef struct lookup {
    const cmd_preload_settings *settings;
    preload_lists lists;
    int64_t now;
} lookup;

typedef struct answer {
    hf_diag diag; /* why the name is refused; HF_OK: it is none */
    hf_host host;
    const hf_preload *list; /* that covers it; NULL: not preloaded */
    hf_preload_match match;
} answer;

static void ask(const lookup *l, const char *text, size_t length, answer *a)
{
    a->list = NULL;
    a->diag.status = HF_OK;
    if (hf_host_parse(text, length, base_idna(), &a->host, &a->diag) == HF_OK)
        a->list = preload_lists_cover(&l->lists, &a->host, &a->match);
}

static const char *matched(const answer *a)
{
    return a->list != NULL ? a->host.name + a->match.offset : NULL;
}

/* -- JSON --------------------------------------------------------------------------------------------------------------------- */

static void write_members(const answer *a, const char *text, size_t length, base_json *json)
{
    base_json_object_begin(json);
    base_json_key(json, "host");
    base_json_text(json, text, length);
    base_json_key(json, "preloaded");
    base_json_bool(json, a->list != NULL);
    base_json_key(json, "matched");
    base_json_string(json, matched(a));
    base_json_key(json, "include_subdomains");
    base_json_bool(json, a->list != NULL && a->match.include_subdomains);
    if (a->diag.status != HF_OK) {
        base_json_key(json, "error");
        base_json_string(json, a->diag.text);
    }
    base_json_object_end(json);
}

static char *put(char *out, const char *text, size_t length)
{
    memcpy(out, text, length);
    return out + length;
}
#define PUT(out, literal) put(out, literal, sizeof(literal) - 1)

/* A host that was given in canonical form has nothing that JSON would escape: millions of them are written as they are. */
static bool write_fast(const answer *a, const char *text, size_t length, base_buffer *buffer)
{
    char *start, *out;

    if (a->diag.status != HF_OK || length != a->host.length || memcmp(text, a->host.name, length) != 0 ||
        a->host.kind != HF_HOST_NAME || memchr(text, '\\', length) != NULL || memchr(text, '"', length) != NULL)
        return false;
    start = base_buffer_reserve(buffer, 2 * length + 128);
    if (start == NULL)
        return false;
    out = put(PUT(start, "{\"host\":\""), text, length);
    if (a->list == NULL) {
        out = PUT(out, "\",\"preloaded\":false,\"matched\":null,\"include_subdomains\":false}");
    } else {
        out = PUT(out, "\",\"preloaded\":true,\"matched\":\"");
        out = put(out, text + a->match.offset, length - a->match.offset);
        out = a->match.include_subdomains ? PUT(out, "\",\"include_subdomains\":true}")
                                          : PUT(out, "\",\"include_subdomains\":false}");
    }
    base_buffer_commit(buffer, (size_t)(out - start));
    return true;
}

/* A refused name is answered like any other: the answer is that no list can hold it. */
static bool answer_line(void *self, const char *item, size_t length, base_json *json)
{
    answer a;

    ask(self, item, length, &a);
    if (!write_fast(&a, item, length, json->out))
        write_members(&a, item, length, json);
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

static int run_json(const lookup *l, const base_operands *hosts)
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
        answer a;
        ask(l, hosts->items[i], strlen(hosts->items[i]), &a);
        write_members(&a, hosts->items[i], strlen(hosts->items[i]), &json);
    }
    base_json_array_end(&json);
    base_json_object_end(&json);
    base_buffer_char(&out, '\n');
    code = cmd_preload_write("lookup", &out);
    base_buffer_done(&out);
    return code;
}

/* -- text --------------------------------------------------------------------------------------------------------------------- */

static void print(const lookup *l, const answer *a, const char *text, base_term *term)
{
    char words[FACTS_LIST_WORDS_MAX];

    base_term_text(term, BASE_STYLE_BOLD, text, strlen(text));
    if (a->list == NULL) {
        base_term_line(term, BASE_STYLE_PLAIN, " is not preloaded");
        return;
    }
    base_term_print(term, BASE_STYLE_GOOD, " is preloaded");
    base_term_line(term, BASE_STYLE_PLAIN, ": %s, %s subdomains", matched(a),
                   a->match.include_subdomains ? "with its" : "without its");
    if (l->settings->common.quiet)
        return;
    facts_list_words(a->list, l->now, words);
    base_term_line(term, BASE_STYLE_DIM, "  list  %s", words);
}

static int run_text(const lookup *l, const base_operands *hosts)
{
    int code = BASE_EXIT_CLEAN;
    base_term term;

    base_term_init(&term, stdout, l->settings->common.color);
    for (size_t i = 0; i < hosts->count; i++) {
        answer a;
        ask(l, hosts->items[i], strlen(hosts->items[i]), &a);
        if (a.diag.status != HF_OK)
            code = cmd_refuse("preload lookup: '%s': offset %zu: %s", BASE_CUT(hosts->items[i]), a.diag.offset,
                              a.diag.text);
        else
            print(l, &a, hosts->items[i], &term);
    }
    return code;
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
    return code;
}

static const char *const options[] = {"image", "json", "jsonl", "at", "quiet", NULL};

const cmd_preload_sub cmd_preload_lookup = {"lookup", "HOST...", 0, SIZE_MAX, options, run};
