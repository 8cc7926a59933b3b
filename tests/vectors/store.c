/*
 * store: a scenario a line, run on a fresh table of known hosts. A scenario whose "disagree" says IMPLEMENTATION CHOICE
 * describes one way of several; it passes when it holds with the setting that stands for that way, and when what fails
 * under our defaults is just what our documented choice changes.
 */
#include "runner.h"

#include "base/idna.h"

#include <holdfast/formats.h>
#include <holdfast/holdfast.h>
#include <holdfast/store.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FIELDS_MAX 64
#define DAY INT64_C(86400)

/* Our documented choices that a setting can turn round. */
typedef struct choices {
    bool enforce_localhost;
    bool allow_cross_site;
} choices;

typedef struct scenario {
    choices choices;
    hf_hosts *hosts;
    hf_preload_table table;
    hf_preload preload;
    bool has_preload;
    const json_t *steps; /* all of them */
    bool zero_noted;     /* a max-age=0 was noted: the preload list is a floor below it */
    bool localhost_asked, cross_site_refused;
    size_t step;
    size_t wrong;       /* steps that failed */
    size_t wrong_floor; /* of these: enforced by the list after max-age=0, as documented */
    char message[512];  /* the first failure */
} scenario;

#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
static void
wrong(scenario *s, const char *format, ...)
{
    va_list arguments;
    int length;

    if (s->wrong++ > 0)
        return;
    length = snprintf(s->message, sizeof s->message, "step %zu: ", s->step);
    va_start(arguments, format);
    vsnprintf(s->message + length, sizeof s->message - (size_t)length, format, arguments);
    va_end(arguments);
}

static const char *text_of(const json_t *step, const char *key)
{
    const char *text = json_string_value(json_object_get(step, key));

    return text != NULL ? text : "";
}

static int64_t time_of(const json_t *step, const char *key)
{
    return (int64_t)json_number_value(json_object_get(step, key));
}

static bool flag_of(const json_t *step, const char *key)
{
    return json_is_true(json_object_get(step, key));
}

static bool parse_host(scenario *s, const json_t *step, hf_host *host)
{
    const char *text = text_of(step, "host");

    if (hf_host_parse(text, strlen(text), base_idna(), host, NULL) != HF_OK)
        return false;
    s->localhost_asked = s->localhost_asked || hf_host_is_localhost(host);
    return true;
}

/* -- note ---------------------------------------------------------------------------------------------------------- */

typedef struct response_fields {
    hf_field fields[FIELDS_MAX];
    char *blocks[FIELDS_MAX];
    size_t count;
} response_fields;

static void add_value(response_fields *f, hf_span name, char *block, size_t length)
{
    if (block == NULL || f->count == FIELDS_MAX)
        abort();
    f->blocks[f->count] = block;
    f->fields[f->count++] = (hf_field){name, {block, length}};
}

static void add_json(response_fields *f, const json_t *value)
{
    size_t length;
    char *octets = octets_of(json_string_value(value), json_string_length(value), &length);

    add_value(f, (hf_span){HF_HEADER_NAME, strlen(HF_HEADER_NAME)}, octets, length);
}

/* "Name: value" as on the wire. */
static void add_line(response_fields *f, const json_t *value)
{
    size_t length;
    char *octets = octets_of(json_string_value(value), json_string_length(value), &length);
    char *colon = octets != NULL ? memchr(octets, ':', length) : NULL;
    hf_span name = {octets, 0};

    if (colon == NULL) {
        free(octets);
        return;
    }
    name.length = (size_t)(colon - octets);
    add_value(f, name, octets, length);
    hf_span *field_value = &f->fields[f->count - 1].value;
    *field_value = (hf_span){colon + 1, length - name.length - 1};
    while (field_value->length > 0 && (*field_value->data == ' ' || *field_value->data == '\t')) {
        field_value->data++;
        field_value->length--;
    }
}

static void collect_fields(response_fields *f, const json_t *step)
{
    const json_t *item, *header = json_object_get(step, "header");
    size_t i;

    if (json_is_string(header))
        add_json(f, header);
    json_array_foreach(json_object_get(step, "headers"), i, item) add_json(f, item);
    json_array_foreach(json_object_get(step, "raw_headers"), i, item) add_line(f, item);
}

/* A field that a proxy sent on its own connection, or a <meta> element, did not come from the host over TLS. */
static bool came_from_host(const json_t *step)
{
    return strstr(text_of(step, "via"), "proxy") == NULL && !flag_of(step, "meta_http_equiv");
}

static bool is_cross_site(const json_t *step)
{
    const char *via = text_of(step, "via");

    return strstr(via, "cross-site") != NULL || strstr(via, "third-party") != NULL;
}

static void do_note(scenario *s, const json_t *step)
{
    response_fields f = {.count = 0};
    hf_response response = hf_response_init();
    hf_noted noted = HF_NOTED_IGNORED_NO_FIELD;
    hf_host host;

    if (!parse_host(s, step, &host))
        return;
    collect_fields(&f, step);
    response.now = time_of(step, "at");
    response.secure = flag_of(step, "secure") && came_from_host(step);
    response.tls_error = flag_of(step, "tls_error");
    response.allow_cross_site = s->choices.allow_cross_site;
    response.context = is_cross_site(step) ? HF_CONTEXT_CROSS_SITE : HF_CONTEXT_TOP_LEVEL;
    if (hf_hosts_note_fields(s->hosts, &host, f.fields, f.count, &response, &noted) != HF_OK)
        wrong(s, "note failed");
    s->zero_noted = s->zero_noted || noted == HF_NOTED_FORGOTTEN || noted == HF_NOTED_IGNORED_UNKNOWN;
    s->cross_site_refused = s->cross_site_refused || noted == HF_NOTED_IGNORED_CROSS_SITE;
    while (f.count > 0)
        free(f.blocks[--f.count]);
}

/* -- asking -------------------------------------------------------------------------------------------------------- */

static hf_known known_of(const scenario *s)
{
    return (hf_known){.hosts = s->hosts, .preload = s->has_preload ? &s->preload : NULL};
}

/* A wrong answer that our choice explains: the list goes on enforcing where a max-age=0 was noted. */
static void excuse_floor(scenario *s, const hf_verdict *v)
{
    if (s->zero_noted && v->preloaded && !v->learned)
        s->wrong_floor++;
}

static bool source_agrees(const json_t *expect, const hf_verdict *v)
{
    const char *source = json_string_value(json_object_get(expect, "source"));

    if (source == NULL)
        return true;
    if (strncmp(source, "preload", strlen("preload")) == 0)
        return v->preloaded;
    return v->learned && (strcmp(source, "learned") == 0 || strcmp(source, "dynamic") == 0);
}

static bool wants_preload(const json_t *expect, const hf_verdict *v)
{
    return !v->learned || strncmp(text_of(expect, "source"), "preload", strlen("preload")) == 0;
}

static bool match_agrees(const json_t *expect, const hf_host *host, const hf_verdict *v)
{
    bool listed = wants_preload(expect, v);
    const char *name = host->name + (listed ? v->preloaded_offset : v->learned_offset);
    bool include_subdomains = listed ? v->preloaded_include_subdomains : v->learned_include_subdomains;
    const json_t *matched = json_object_get(expect, "matched"), *flag = json_object_get(expect, "include_subdomains");

    if (json_is_string(matched) && strcmp(json_string_value(matched), name) != 0)
        return false;
    return !json_is_boolean(flag) || json_is_true(flag) == include_subdomains;
}

static void do_query(scenario *s, const json_t *step)
{
    hf_known known = known_of(s);
    hf_verdict v = hf_verdict_init();
    const json_t *expect = json_object_get(step, "expect");
    hf_host host;
    bool enforce = json_is_true(json_object_get(expect, "enforce"));

    if (parse_host(s, step, &host) && hf_decide(&known, &host, (hf_span){0}, time_of(step, "at"), &v) != HF_OK)
        wrong(s, "decide failed");
    if (v.enforce == enforce && (!enforce || (source_agrees(expect, &v) && match_agrees(expect, &host, &v))))
        return;
    wrong(s, "%s: expected enforce %d %s %s, got %d (%s)", text_of(step, "host"), enforce, text_of(expect, "source"),
          text_of(expect, "matched"), v.enforce, hf_reason_name(v.reason));
    excuse_floor(s, &v);
}

/* Drops ":443" behind the authority, which is as good as no port. */
static void drop_443(char *url)
{
    char *authority = strstr(url, "://");
    char *end = authority != NULL ? authority + 3 + strcspn(authority + 3, "/?#") : NULL;

    if (end != NULL && end - url > 4 && memcmp(end - 4, ":443", 4) == 0)
        memmove(end - 4, end, strlen(end) + 1);
}

static hf_verdict verdict_of_url(scenario *s, const json_t *step, const char *text, hf_url *url)
{
    hf_known known = known_of(s);
    hf_verdict v = hf_verdict_init();

    if (hf_url_parse(text, strlen(text), base_idna(), url, NULL) != HF_OK)
        return v;
    s->localhost_asked = s->localhost_asked || hf_host_is_localhost(&url->host);
    if (hf_decide_url(&known, url, (hf_span){0}, time_of(step, "at"), &v) != HF_OK)
        wrong(s, "decide failed");
    return v;
}

static void do_upgrade(scenario *s, const json_t *step)
{
    const char *text = text_of(step, "url"), *expect = text_of(step, "expect");
    char got[4096] = "-";
    size_t length;
    hf_url url;
    hf_verdict v = verdict_of_url(s, step, text, &url);

    if (v.upgrade && hf_url_upgrade(&url, text, strlen(text), got, sizeof got, &length) != HF_OK)
        wrong(s, "upgrade failed");
    if (strcmp(got, expect) == 0)
        return;
    drop_443(got);
    char *wanted = strdup(expect);
    drop_443(wanted);
    if (strcmp(got, wanted) != 0) {
        wrong(s, "%s: expected %s, got %s", text, expect, got);
        excuse_floor(s, &v);
    }
    free(wanted);
}

static void do_hardfail(scenario *s, const json_t *step)
{
    hf_known known = known_of(s);
    hf_verdict v = hf_verdict_init();
    bool expect = flag_of(step, "expect");
    hf_host host;
    hf_url url;

    if (json_object_get(step, "url") != NULL)
        v = verdict_of_url(s, step, text_of(step, "url"), &url);
    else if (parse_host(s, step, &host) && hf_decide(&known, &host, (hf_span){0}, time_of(step, "at"), &v) != HF_OK)
        wrong(s, "decide failed");
    if (v.tls_errors_fatal != expect) {
        wrong(s, "hardfail: expected %d, got %d", expect, v.tls_errors_fatal);
        excuse_floor(s, &v);
    }
}

static void do_count(scenario *s, const json_t *step)
{
    size_t count = hf_hosts_count_live(s->hosts, time_of(step, "at"));

    if ((json_int_t)count != json_integer_value(json_object_get(step, "expect")))
        wrong(s, "expected %" JSON_INTEGER_FORMAT " live entries, got %zu",
              json_integer_value(json_object_get(step, "expect")), count);
}

/* -- preload, delete ----------------------------------------------------------------------------------------------- */

static void free_table(scenario *s)
{
    for (size_t i = 0; i < s->table.count; i++)
        free((char *)s->table.entries[i].name);
    free((hf_preload_entry *)s->table.entries);
    s->table = (hf_preload_table){NULL, 0};
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const hf_preload_entry *)a)->name, ((const hf_preload_entry *)b)->name);
}

static void do_preload(scenario *s, const json_t *step)
{
    const json_t *item, *list = json_object_get(step, "entries"), *days = json_object_get(step, "valid_days");
    hf_preload_entry *entries = calloc(json_array_size(list) + 1, sizeof *entries);
    const json_t *listed = json_object_get(step, "list_time");
    size_t i;
    hf_host host;

    free_table(s);
    s->table.entries = entries;
    json_array_foreach(list, i, item)
    {
        if (entries == NULL || !parse_host(s, item, &host))
            continue;
        entries[s->table.count].name = strdup(host.name);
        entries[s->table.count++].include_subdomains = flag_of(item, "include_subdomains");
    }
    qsort(entries, s->table.count, sizeof *entries, by_name);
    s->preload = hf_preload_init();
    s->has_preload = hf_preload_from_table(
                         &s->table, "scenario", listed != NULL ? time_of(step, "list_time") : HF_TIME_UNKNOWN,
                         days != NULL ? (int64_t)json_number_value(days) * DAY : HF_TIME_NEVER, &s->preload) == HF_OK;
    if (!s->has_preload)
        wrong(s, "the preload entries are not unique");
}

static void do_delete(scenario *s, const json_t *step)
{
    hf_host host;

    if (!parse_host(s, step, &host))
        return;
    if (flag_of(step, "subtree"))
        hf_hosts_forget_subtree(s->hosts, &host);
    else
        hf_hosts_forget(s->hosts, &host, (hf_span){0});
}

static void do_delete_between(scenario *s, const json_t *step)
{
    hf_hosts_forget_between(s->hosts, time_of(step, "from"), time_of(step, "to"));
}

/* -- load ---------------------------------------------------------------------------------------------------------- */

typedef struct loading {
    int64_t now;
    size_t nameless; /* live rows of which only a hash is known */
} loading;

static bool count_nameless(void *self, const hf_row *row)
{
    loading *l = self;

    l->nameless += row->host.length == 0 && row->state == HF_ROW_SET && !hf_row_is_expired(row, l->now);
    return true;
}

static void add_name_and_parents(hf_names *names, const hf_host *host)
{
    const char *name = host->name;

    while (host->kind == HF_HOST_NAME && name != NULL && *name != '\0') {
        if (hf_names_add(names, (hf_span){name, strlen(name)}) != HF_OK)
            abort();
        name = strchr(name, '.');
        name = name != NULL ? name + 1 : NULL;
    }
}

/* Chromium's store holds hashes only: of these names, as the client that asks has them at hand. */
static hf_names *names_of(scenario *s)
{
    const json_t *step;
    hf_names *names;
    size_t i;

    if (hf_names_new(&names) != HF_OK)
        abort();
    json_array_foreach(s->steps, i, step)
    {
        const char *text = text_of(step, "url");
        hf_host host;
        hf_url url;
        if (json_object_get(step, "host") != NULL && parse_host(s, step, &host))
            add_name_and_parents(names, &host);
        if (*text != '\0' && hf_url_parse(text, strlen(text), base_idna(), &url, NULL) == HF_OK)
            add_name_and_parents(names, &url.host);
    }
    return names;
}

static void do_load(scenario *s, const json_t *step)
{
    const json_t *text = json_object_get(step, "text"), *expect = json_object_get(step, "expect_entries");
    const hf_format *format = hf_format_find(text_of(step, "format"));
    hf_span octets = {json_string_value(text), json_string_length(text)};
    hf_input input = hf_input_from(&octets);
    hf_format_options options = hf_format_options_init();
    loading l = {time_of(step, "at"), 0};
    hf_row_visitor visitor = {count_nameless, NULL, &l};

    if (format == NULL || !json_is_string(text)) {
        wrong(s, "no text, or no format \"%s\"", text_of(step, "format"));
        return;
    }
    hf_names *names = names_of(s);
    options.idna = base_idna();
    options.resolve = hf_names_resolve;
    options.self = names;
    /* What is no store of the format is an empty one to the client, too. */
    hf_status status = hf_format_load(format, &input, &options, l.now, &visitor, s->hosts, NULL);
    if (status != HF_OK && status != HF_E_FORMAT)
        wrong(s, "load failed: %s", hf_status_text(status));
    size_t entries = hf_hosts_count_live(s->hosts, l.now) + l.nameless;
    if (expect != NULL && (json_int_t)entries != json_integer_value(expect))
        wrong(s, "expected %" JSON_INTEGER_FORMAT " entries after loading, got %zu", json_integer_value(expect),
              entries);
    hf_names_free(names);
}

/* -- save_reload: through a file of our own ------------------------------------------------------------------------ */

typedef struct hosts_walk {
    const hf_hosts *hosts;
    uint64_t cursor;
} hosts_walk;

static bool next_host(void *self, hf_entry *entry)
{
    hosts_walk *walk = self;

    return hf_hosts_next(walk->hosts, &walk->cursor, entry);
}

static hf_status open_file(const char *path, bool read_only, hf_store **store)
{
    hf_store_options options = hf_store_options_init();

    options.path = path;
    options.read_only = read_only;
    options.enforce_localhost = true;
    return hf_store_open(&options, store, NULL);
}

static hf_status save(const scenario *s, const char *path)
{
    hosts_walk walk = {s->hosts, 0};
    hf_store *store;
    hf_status status = open_file(path, false, &store);

    if (status != HF_OK)
        return status;
    status = hf_store_put_all(store, next_host, &walk, 0, NULL, NULL);
    hf_store_close(store);
    return status;
}

static hf_status reload(const char *path, hf_hosts *hosts)
{
    hf_entry entry = hf_entry_init();
    hf_store *store;
    hf_store_walk *walk;
    hf_status status = open_file(path, true, &store);

    if (status != HF_OK)
        return status;
    status = hf_store_walk_new(store, &walk);
    if (status == HF_OK) {
        while (status == HF_OK && hf_store_walk_next(walk, &entry))
            status = hf_hosts_put(hosts, &entry, 0);
        if (status == HF_OK)
            status = hf_store_walk_status(walk);
        hf_store_walk_free(walk);
    }
    hf_store_close(store);
    return status;
}

static hf_hosts *new_hosts(choices turned)
{
    hf_hosts_options options = hf_hosts_options_init();
    hf_hosts *hosts;

    options.enforce_localhost = turned.enforce_localhost;
    if (hf_hosts_new(&options, &hosts) != HF_OK)
        abort();
    return hosts;
}

/* The table is a new one afterwards: all it knows has been in the file. */
static void do_save_reload(scenario *s, const json_t *step)
{
    char folder[] = "/tmp/holdfast-vectors.XXXXXX", path[64];
    hf_hosts *hosts = new_hosts(s->choices);
    size_t before = hf_hosts_count(s->hosts);

    (void)step;
    if (mkdtemp(folder) == NULL)
        abort();
    snprintf(path, sizeof path, "%s/known-hosts", folder);
    hf_status status = save(s, path);
    if (status == HF_OK)
        status = reload(path, hosts);
    if (status != HF_OK)
        wrong(s, "save_reload failed: %s", hf_status_text(status));
    else if (hf_hosts_count(hosts) != before)
        wrong(s, "%zu entries were saved, %zu came back", before, hf_hosts_count(hosts));
    hf_hosts_free(s->hosts);
    s->hosts = hosts;
    unlink(path);
    rmdir(folder);
}

/* -- the scenario -------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    json_type expect; /* JSON_NULL: none; JSON_TRUE: either boolean; JSON_OBJECT: one with "enforce" */
    void (*run)(scenario *s, const json_t *step);
} ops[] = {
    {"note", JSON_NULL, do_note},         {"query", JSON_OBJECT, do_query},
    {"upgrade", JSON_STRING, do_upgrade}, {"hardfail", JSON_TRUE, do_hardfail},
    {"count", JSON_INTEGER, do_count},    {"preload", JSON_NULL, do_preload},
    {"delete", JSON_NULL, do_delete},     {"delete_between", JSON_NULL, do_delete_between},
    {"load", JSON_NULL, do_load},         {"save_reload", JSON_NULL, do_save_reload},
};

/* An expectation that is left out or of the wrong type must not pass for one that holds. */
static bool expects(const json_t *step, json_type wanted)
{
    const json_t *expect = json_object_get(step, "expect");

    if (wanted == JSON_NULL)
        return true;
    if (wanted == JSON_OBJECT)
        return json_is_boolean(json_object_get(expect, "enforce"));
    return wanted == JSON_TRUE ? json_is_boolean(expect) : expect != NULL && json_typeof(expect) == wanted;
}

static void run_step(scenario *s, const json_t *step)
{
    const char *op = text_of(step, "op");

    for (size_t i = 0; i < sizeof ops / sizeof ops[0]; i++) {
        if (strcmp(ops[i].name, op) != 0)
            continue;
        if (expects(step, ops[i].expect))
            ops[i].run(s, step);
        else
            wrong(s, "%s without an expectation that it could hold", op);
        return;
    }
    wrong(s, "unknown op \"%s\"", op);
}

static scenario run_steps(const json_t *steps, choices turned)
{
    scenario s = {.choices = turned, .hosts = new_hosts(turned), .steps = steps};
    const json_t *step;
    size_t i;

    json_array_foreach(steps, i, step)
    {
        s.step = i + 1;
        run_step(&s, step);
    }
    hf_hosts_free(s.hosts);
    free_table(&s);
    return s;
}

/* Both halves of a documented choice: under our defaults it shows, and with its setting the scenario holds. */
static bool choice_explains(const json_t *steps, const scenario *by_default)
{
    choices turned = {.enforce_localhost = by_default->localhost_asked,
                      .allow_cross_site = by_default->cross_site_refused};

    if (by_default->wrong == by_default->wrong_floor)
        return true;
    if (!turned.enforce_localhost && !turned.allow_cross_site)
        return false;
    scenario again = run_steps(steps, turned);
    return again.wrong == again.wrong_floor;
}

static void judge(tally *t, const json_t *root)
{
    const json_t *steps = json_object_get(root, "steps");
    const char *name = text_of(root, "name");

    if (json_array_size(steps) == 0) {
        vector_fail(t, "%s: a scenario needs steps", name);
        return;
    }
    scenario s = run_steps(steps, (choices){0});
    bool is_choice = strstr(text_of(root, "disagree"), "IMPLEMENTATION CHOICE") != NULL;
    if (s.wrong == 0 || (is_choice && choice_explains(steps, &s)))
        vector_pass(t);
    else
        vector_fail(t, "%s: %s", name, s.message);
}

static void run(tally *t, char *line)
{
    json_error_t error;
    json_t *root = json_loads(line, JSON_ALLOW_NUL, &error);

    if (root == NULL)
        vector_fail(t, "no JSON object: %s at column %d", error.text, error.column);
    else
        judge(t, root);
    json_decref(root);
}

const vector_kind vector_store = {"store", run};
