/*
 * holdfast store diff A B: what one store says and the other does not. Compared by host, in whole seconds, for not all formats keep more.
 */
#include "cmd/store.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

typedef struct item {
    hf_row row; /* its texts copied */
} item;

typedef struct side {
    item *items;
    size_t count, capacity;
    base_arena arena;
} side;

static hf_span copy(side *s, hf_span text)
{
    return text.length > 0 ? (hf_span){base_arena_copy(&s->arena, text.data, text.length), text.length} : (hf_span){0};
}

static bool take(void *self, const hf_row *row)
{
    side *s = self;

    if (s->count == s->capacity) {
        s->capacity += s->capacity / 2 + 64;
        s->items = realloc(s->items, s->capacity * sizeof *s->items);
        if (s->items == NULL)
            base_out_of_memory();
    }
    hf_row *kept = &s->items[s->count++].row;
    *kept = *row;
    kept->host = copy(s, row->host.length > 0 ? row->host : row->host_hash);
    kept->partition = copy(s, row->partition);
    kept->host_hash = kept->raw = (hf_span){0};
    return true;
}

static int compare_spans(hf_span a, hf_span b)
{
    size_t length = a.length < b.length ? a.length : b.length;
    int order = length > 0 ? memcmp(a.data, b.data, length) : 0;

    return order != 0 ? order : (a.length > b.length) - (a.length < b.length);
}

/* Partitions and ports tell rows apart only where both stores may have them. */
static int by_host(const void *a, const void *b)
{
    const hf_row *one = &((const item *)a)->row, *other = &((const item *)b)->row;

    return compare_spans(one->host, other->host);
}

static int by_row(const void *a, const void *b)
{
    const hf_row *one = &((const item *)a)->row, *other = &((const item *)b)->row;
    int order = by_host(a, b);

    if (order == 0)
        order = compare_spans(one->partition, other->partition);
    if (order == 0)
        order = (one->port > other->port) - (one->port < other->port);
    return order != 0
               ? order
               : (one->expires.seconds > other->expires.seconds) - (one->expires.seconds < other->expires.seconds);
}

static bool says_same(const hf_row *a, const hf_row *b)
{
    return a->expires.seconds == b->expires.seconds && a->include_subdomains == b->include_subdomains &&
           a->state == b->state;
}

/* -- Output ------------------------------------------------------------------------------------------------------------------- */

typedef struct output {
    const cmd_store_settings *settings;
    int64_t now;
    base_term term;
    base_buffer out;
    base_json json;
    uint64_t only_a, only_b, differ, same;
} output;

static void print_row(output *o, char sign, base_style style, const hf_row *row)
{
    char expires[CMD_STORE_MOMENT_MAX];

    base_term_line(&o->term, style, "%c %-20s  %.*s%s%s%s", sign,
                   cmd_store_moment((hf_moment){row->expires.seconds, 0}, expires) ? expires : "never",
                   (int)row->host.length, row->host.data, row->include_subdomains ? " includeSubDomains" : "",
                   row->state != HF_ROW_SET ? " " : "", row->state != HF_ROW_SET ? hf_row_state_name(row->state) : "");
}

static void write_side(output *o, const char *key, const hf_row *row)
{
    base_json_key(&o->json, key);
    if (row == NULL) {
        base_json_null(&o->json);
        return;
    }
    base_json_object_begin(&o->json);
    cmd_store_key_moment(&o->json, "expires", row->expires);
    base_json_key(&o->json, "include_subdomains");
    base_json_bool(&o->json, row->include_subdomains);
    cmd_store_key_string(&o->json, "state", hf_row_state_name(row->state));
    cmd_store_key_span(&o->json, "partition", row->partition);
    base_json_object_end(&o->json);
}

static void tell(output *o, const hf_row *a, const hf_row *b)
{
    o->only_a += b == NULL;
    o->only_b += a == NULL;
    o->differ += a != NULL && b != NULL;
    if (o->settings->common.json) {
        const hf_row *either = a != NULL ? a : b;
        base_json_object_begin(&o->json);
        cmd_store_key_span(&o->json, "host", either != NULL ? either->host : (hf_span){0});
        write_side(o, "a", a);
        write_side(o, "b", b);
        base_json_object_end(&o->json);
        return;
    }
    if (a != NULL)
        print_row(o, '-', BASE_STYLE_BAD, a);
    if (b != NULL)
        print_row(o, '+', BASE_STYLE_GOOD, b);
}

/* -- Walking both --------------------------------------------------------------------------------------------------------------- */

static void walk(output *o, const side *a, const side *b)
{
    size_t i = 0, j = 0;

    while (i < a->count || j < b->count) {
        int order = i == a->count ? 1 : j == b->count ? -1 : by_host(&a->items[i], &b->items[j]);
        const hf_row *one = order <= 0 ? &a->items[i++].row : NULL, *other = order >= 0 ? &b->items[j++].row : NULL;
        if (one != NULL && other != NULL && says_same(one, other))
            o->same++;
        else
            tell(o, one, other);
    }
}

static bool print(output *o, const cmd_store_sources *sources, const side *a, const side *b, base_error *error)
{
    bool json = o->settings->common.json, written = true;

    base_term_init(&o->term, stdout, o->settings->common.color);
    base_buffer_init(&o->out, (size_t)1 << 30);
    base_json_init(&o->json, &o->out, true);
    base_json_object_begin(&o->json);
    base_json_key(&o->json, "differences");
    base_json_array_begin(&o->json);
    if (!json && !o->settings->common.quiet) {
        base_term_line(&o->term, BASE_STYLE_BOLD, "--- %s:%s", sources->items[0].kind, sources->items[0].path);
        base_term_line(&o->term, BASE_STYLE_BOLD, "+++ %s:%s", sources->items[1].kind, sources->items[1].path);
    }
    walk(o, a, b);
    base_json_array_end(&o->json);
    base_json_key(&o->json, "same");
    base_json_int(&o->json, (int64_t)o->same);
    base_json_object_end(&o->json);
    base_buffer_char(&o->out, '\n');
    if (json)
        written = base_buffer_flush(&o->out, stdout, error);
    else if (!o->settings->common.quiet)
        base_term_line(&o->term, BASE_STYLE_DIM,
                       "%" PRIu64 " the same, %" PRIu64 " different, %" PRIu64 " only in the first, %" PRIu64
                       " only in the second",
                       o->same, o->differ, o->only_a, o->only_b);
    base_buffer_done(&o->out);
    return written;
}

/* Names of one store resolve the hashes of the other. */
static bool add_name(void *self, const hf_row *row)
{
    cmd_store_codec *codec = self;

    if (row->host.length > 0 && hf_names_add(codec->names, row->host) != HF_OK)
        base_out_of_memory();
    return true;
}

static bool read_sides(const cmd_store_sources *sources, cmd_store_codec *codec, side sides[2], base_error *error)
{
    for (size_t i = 0; i < 2; i++) {
        stores_reader reader = {.options = &codec->options, .row = add_name, .self = codec};
        if (strcmp(sources->items[1 - i].kind, "chromium") == 0 && strcmp(sources->items[i].kind, "chromium") != 0 &&
            !stores_store_read(&sources->items[i], &reader, error))
            return false;
    }
    for (size_t i = 0; i < 2; i++) {
        stores_reader reader = {.options = &codec->options, .row = take, .self = &sides[i]};
        if (!stores_store_read(&sources->items[i], &reader, error))
            return false;
        if (sides[i].count > 1)
            qsort(sides[i].items, sides[i].count, sizeof(item), by_row);
    }
    return true;
}

static int run(void *storage, const base_operands *operands)
{
    const cmd_store_settings *s = storage;
    output o = {.settings = s, .now = cmd_now(&s->common)};
    side sides[2] = {{0}, {0}};
    cmd_store_sources sources;
    cmd_store_codec codec;
    base_error error;

    if (operands->count != 2)
        return cmd_refuse("store diff: two stores: holdfast store diff KIND:PATH KIND:PATH");
    if (!cmd_store_sources_open(s, operands->items, 2, &sources, &error))
        return cmd_refuse("store diff: %s", error.text);
    bool done = cmd_store_codec_init(&codec, s, &sources, &error);
    if (done) {
        done = read_sides(&sources, &codec, sides, &error) && print(&o, &sources, &sides[0], &sides[1], &error);
        cmd_store_codec_done(&codec);
    }
    for (size_t i = 0; i < 2; i++) {
        free(sides[i].items);
        base_arena_done(&sides[i].arena);
    }
    cmd_store_sources_close(&sources);
    return done ? BASE_EXIT_CLEAN : cmd_store_fail(&error);
}

static const base_option options[] = {CMD_STORE_TRIED, {0}};

const cmd_command cmd_store_diff = {
    .name = "store diff",
    .summary = "what one store says and the other does not",
    .usage = "[options] KIND:PATH KIND:PATH",
    .common = CMD_JSON | CMD_QUIET | CMD_AT,
    .options = options,
    .settings_size = sizeof(cmd_store_settings),
    .defaults = &cmd_store_defaults,
    .run = run,
};
