/*
 * eligibility: what the service behind the preload list finds, in a header, in the headers of a response, and in a
 * site, which is started on this machine and scanned by what `holdfast preload check` scans with. Errors and warnings
 * are compared in order.
 */
#include "runner.h"

#include "base/ascii.h"
#include "preload/names.h"
#include "preload/scan.h"
#include "sites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define FIELDS_MAX 64
#define WORDS_MAX 1024

typedef struct vector {
    tally *tally;
    const char *id;
    const json_t *line, *expect;
    base_arena arena;
    preload_issues issues;
    preload_aim aim; /* of the operation, where that has one */
    bool wrong;
} vector;

static const char *text_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static hf_span span_of(const json_t *text)
{
    return (hf_span){json_string_value(text), json_string_length(text)};
}

#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
static void
wrong(vector *v, const char *format, ...)
{
    char text[2 * WORDS_MAX + 200];
    va_list arguments;

    if (v->wrong)
        return;
    v->wrong = true;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    vector_fail(v->tally, "%s: %s", v->id, text);
}

static preload_policy policy_of(const vector *v)
{
    const char *name = text_of(v->line, "policy");

    for (preload_policy policy = 0; name != NULL && policy < PRELOAD_POLICIES; policy++)
        if (strcmp(name, preload_policy_name(policy)) == 0)
            return policy;
    return PRELOAD_POLICY_1_YEAR;
}

static void add_word(char words[WORDS_MAX], const char *word)
{
    size_t length = strlen(words);

    snprintf(words + length, WORDS_MAX - length, "%s%s", length > 0 ? " " : "", word);
}

/* Those of one kind, in order. */
static void expect_codes(vector *v, const char *key, bool errors)
{
    char wanted[WORDS_MAX] = "", got[WORDS_MAX] = "";
    const json_t *list = json_object_get(v->expect, key), *code;
    size_t i;

    json_array_foreach(list, i, code) add_word(wanted, json_is_string(code) ? json_string_value(code) : "?");
    for (i = 0; i < v->issues.count; i++)
        if (preload_issue_is_error(v->issues.items[i].id) == errors)
            add_word(got, preload_issue_code(v->issues.items[i].id));
    if (!json_is_array(list) || strcmp(wanted, got) != 0)
        wrong(v, "%s: wanted [%s], got [%s]", key, wanted, got);
}

static void expect_header(vector *v, const hf_span *header)
{
    const json_t *wanted = json_object_get(v->expect, "header");
    hf_span span = json_is_string(wanted) ? span_of(wanted) : (hf_span){"", 0};

    if (wanted == NULL)
        return;
    if (json_is_null(wanted) != (header == NULL) ||
        (header != NULL && (header->length != span.length || memcmp(header->data, span.data, span.length) != 0)))
        wrong(v, "header: wanted %s, got %.*s", json_is_null(wanted) ? "none" : span.data,
              header != NULL ? (int)header->length : 4, header != NULL ? header->data : "none");
}

/* -- The operations ------------------------------------------------------------------------------------------------ */

static void expect_flag(vector *v, const json_t *parsed, const char *key, bool got)
{
    if (json_is_true(json_object_get(parsed, key)) != got)
        wrong(v, "%s: got %s", key, got ? "true" : "false");
}

static void parse_header(vector *v)
{
    preload_header header = preload_header_read(span_of(json_object_get(v->line, "header")), &v->issues);
    const json_t *parsed = json_object_get(v->expect, "parsed"), *max_age = json_object_get(parsed, "max_age");

    expect_codes(v, "errors", true);
    expect_codes(v, "warnings", false);
    if (parsed == NULL)
        return;
    expect_flag(v, parsed, "include_subdomains", header.include_subdomains);
    expect_flag(v, parsed, "preload", header.preload);
    if (header.has_max_age != json_is_number(max_age) ||
        (header.has_max_age && (double)header.max_age != json_number_value(max_age)))
        wrong(v, "max_age: got %s %llu", header.has_max_age ? "a number," : "none,",
              (unsigned long long)header.max_age);
}

static void judge_header(vector *v)
{
    preload_judge_header(span_of(json_object_get(v->line, "header")), v->aim, policy_of(v), &v->issues);
    expect_codes(v, "errors", true);
    expect_codes(v, "warnings", false);
}

static void judge_response(vector *v)
{
    const json_t *headers = json_object_get(v->line, "headers"), *header;
    hf_span values[FIELDS_MAX];
    size_t count = 0, i;

    json_array_foreach(headers, i, header) if (count < FIELDS_MAX) values[count++] = span_of(header);
    expect_header(v, preload_judge_fields(values, count, v->aim, policy_of(v), &v->issues));
    expect_codes(v, "errors", true);
    expect_codes(v, "warnings", false);
}

typedef struct scanning {
    io_loop *loop;
    bool over;
} scanning;

static void on_scanned(void *self)
{
    scanning *s = self;

    s->over = true;
    io_loop_stop(s->loop);
}

/* The answer must come from the servers of the vector: of one that needs them each was asked. */
static void scan_sites(vector *v, const sites *here)
{
    const preload_scan_options options = {
        .client = sites_client(here), .now = (int64_t)time(NULL), .aim = v->aim, .policy = policy_of(v)};
    scanning state = {.loop = sites_client(here)->loop};
    preload_scan scan = {0};

    preload_scan_site(&options, text_of(v->line, "domain"), &scan, on_scanned, &state);
    if (!state.over)
        io_loop_run(state.loop);
    v->issues = scan.issues;
    expect_codes(v, "errors", true);
    expect_codes(v, "warnings", false);
    expect_header(v, scan.header);
    if (scan.header != NULL && sites_connections(here) == 0)
        wrong(v, "a header came, and no server was asked");
    v->issues = (preload_issues){.arena = &v->arena};
    base_arena_done(&scan.arena);
}

static void judge_domain(vector *v)
{
    base_error error;
    sites *here;

    if (text_of(v->line, "domain") == NULL) {
        wrong(v, "the domain is missing");
        return;
    }
    here = sites_new(json_object_get(v->line, "hosts"), &error);
    if (here == NULL) {
        wrong(v, "%s", error.text);
        return;
    }
    scan_sites(v, here);
    sites_free(here);
}

/* As the entry is written in the list. */
static const char *written_as(const json_t *list, const char *name)
{
    const json_t *entry;
    size_t i;

    json_array_foreach(list, i, entry)
    {
        const char *written = text_of(entry, "name");

        if (written != NULL && base_ascii_is(written, strlen(written), name))
            return written;
    }
    return "";
}

static bool read_list(const json_t *list, preload_names *names)
{
    const json_t *entry;
    size_t i;

    json_array_foreach(list, i, entry)
    {
        const json_t *name = json_object_get(entry, "name");

        if (!preload_names_add(names, span_of(name).data, json_string_length(name),
                               json_is_true(json_object_get(entry, "include_subdomains")), NULL))
            return false;
    }
    return preload_names_sort(names, NULL);
}

static void expect_entry(vector *v, const preload_names *names)
{
    const char *query = text_of(v->line, "query"), *found = text_of(v->expect, "found"), *got = "none";
    const hf_preload_table table = {names->entries, names->count};
    hf_preload preload = hf_preload_init();
    hf_preload_match match;
    hf_host host;

    if (query == NULL || hf_host_parse(query, strlen(query), NULL, &host, NULL) != HF_OK ||
        hf_preload_from_table(&table, NULL, HF_TIME_UNKNOWN, HF_TIME_NEVER, &preload) != HF_OK) {
        wrong(v, "the query is not a host name");
        return;
    }
    if (preload.cover(preload.self, &host, &match))
        got = match.offset == 0 ? "exact" : "ancestor";
    if (found == NULL || strcmp(found, got) != 0)
        wrong(v, "found: wanted %s, got %s", found != NULL ? found : "null", got);
    else if (strcmp(got, "none") != 0 &&
             strcmp(written_as(json_object_get(v->line, "list"), host.name + match.offset),
                    text_of(v->expect, "entry") != NULL ? text_of(v->expect, "entry") : "?") != 0)
        wrong(v, "entry: got %s", host.name + match.offset);
}

static void list_lookup(vector *v)
{
    preload_names names;

    preload_names_init(&names);
    if (read_list(json_object_get(v->line, "list"), &names))
        expect_entry(v, &names);
    else
        wrong(v, "the list is not one");
    preload_names_done(&names);
}

static const struct {
    const char *name;
    void (*run)(vector *v);
    preload_aim aim;
} operations[] = {
    {"parse_header", parse_header, PRELOAD_TO_BE_LISTED},
    {"preloadable_header", judge_header, PRELOAD_TO_BE_LISTED},
    {"removable_header", judge_header, PRELOAD_TO_BE_REMOVED},
    {"preloadable_response", judge_response, PRELOAD_TO_BE_LISTED},
    {"removable_response", judge_response, PRELOAD_TO_BE_REMOVED},
    {"preloadable_domain", judge_domain, PRELOAD_TO_BE_LISTED},
    {"removable_domain", judge_domain, PRELOAD_TO_BE_REMOVED},
    {"list_lookup", list_lookup, PRELOAD_TO_BE_LISTED},
};

static bool run_operation(vector *v, const char *name)
{
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++) {
        if (strcmp(operations[i].name, name) == 0) {
            v->aim = operations[i].aim;
            operations[i].run(v);
            return true;
        }
    }
    return false;
}

static void run(tally *t, char *line)
{
    json_t *object = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
    const char *operation = text_of(object, "op");
    vector v = {.tally = t, .id = text_of(object, "id"), .line = object, .expect = json_object_get(object, "expect")};

    v.issues.arena = &v.arena;
    if (v.id == NULL || operation == NULL || !json_is_object(v.expect))
        vector_fail(t, "not a vector: id, op or expect is missing");
    else if (!run_operation(&v, operation))
        vector_skip(t, v.id, "this operation is not part of the scan");
    else if (!v.wrong)
        vector_pass(t);
    base_arena_done(&v.arena);
    json_decref(object);
}

const vector_kind vector_eligibility = {"eligibility", run};
