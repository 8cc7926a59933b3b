/*
 * holdfast header VALUE...: explains STS field values, or with --build writes one.
 */
#include "base/json.h"
#include "base/time.h"
#include "cmd/command.h"
#include "cmd/document.h"
#include "cmd/pipe.h"
#include "report/field.h"
#include "report/field_text.h"

#include <string.h>

#define DOCUMENT_MAX ((size_t)1 << 30)
#define YEAR INT64_C(31536000)

typedef struct settings {
    cmd_common common;
    const char *build;
    int fail_on; /* an hf_severity, or FAIL_NEVER */
} settings;

#define FAIL_NEVER (HF_SEVERITY_ERROR + 1)

/* The values that the operands hold. */
typedef struct given {
    hf_span *items;
    size_t count, capacity;
} given;

static void add(given *g, base_arena *arena, hf_span value)
{
    g->items = base_arena_grow(arena, g->items, g->count, &g->capacity, sizeof *g->items);
    g->items[g->count++] = value;
}

static int worse(int code, int other)
{
    return other > code ? other : code;
}

static int exit_code(const facts_sts_value *field, int fail_on)
{
    size_t i;

    for (i = 0; i < field->note_count; i++)
        if ((int)hf_note_severity(field->notes[i].id) >= fail_on)
            return BASE_EXIT_FINDINGS;
    return BASE_EXIT_CLEAN;
}

/* -- What is given ------------------------------------------------------------------------------------------------- */

/* Up to the end of the line, which CR LF or LF ends. */
static hf_span take_line(const char **at)
{
    size_t length = strcspn(*at, "\n");
    hf_span line = {*at, length};

    *at += length + ((*at)[length] != '\0');
    line.length -= line.length > 0 && line.data[line.length - 1] == '\r';
    return line;
}

/* "Strict-Transport-Security: VALUE", and the lines that fold on from there. */
static bool read_field_line(hf_span line, const char **rest, hf_span *value)
{
    const char *colon = line.length > 0 ? memchr(line.data, ':', line.length) : NULL;

    if (colon == NULL || !hf_header_is_sts(line.data, (size_t)(colon - line.data)))
        return false;
    while (**rest == ' ' || **rest == '\t') {
        hf_span folded = take_line(rest);

        line.length = (size_t)(folded.data + folded.length - line.data);
    }
    *value = (hf_span){colon + 1, (size_t)(line.data + line.length - (colon + 1))};
    while (value->length > 0 && (*value->data == ' ' || *value->data == '\t')) {
        value->data++;
        value->length--;
    }
    return true;
}

/*
 * A value, or what is copied from a response: header lines, with or without all the others of its head. Of a value
 * alone the end of the line is left out that $(...) keeps.
 */
static bool read_operand(const char *text, base_arena *arena, given *g)
{
    const char *at = text;
    size_t before = g->count;
    hf_span value;

    while (*at != '\0') {
        hf_span line = take_line(&at);

        if (read_field_line(line, &at, &value))
            add(g, arena, value);
    }
    if (g->count > before)
        return true;
    if (strncmp(text, "HTTP/", 5) == 0)
        return false;
    value = (hf_span){text, strlen(text)};
    value.length -= value.length > 0 && value.data[value.length - 1] == '\n';
    value.length -= value.length > 0 && value.data[value.length - 1] == '\r';
    add(g, arena, value);
    return true;
}

static int run_text(const settings *s, const given *values)
{
    const cmd_common *common = &s->common;
    base_arena arena = {0};
    facts_sts_value field;
    base_term term;
    int code = BASE_EXIT_CLEAN;
    size_t i;

    base_term_init(&term, stdout, common->color);
    if (values->count > 1 && !common->quiet)
        base_term_line(&term, BASE_STYLE_PLAIN,
                       "%zu fields: were they one response, a user agent would process only the first (RFC 6797 8.1)",
                       values->count);
    for (i = 0; i < values->count; i++) {
        if (values->count > 1)
            base_term_print(&term, BASE_STYLE_BOLD, "%zu: ", i + 1);
        field = facts_sts_read(values->items[i], &arena);
        report_field_text(&field, common->quiet, common->verbose, &term);
        code = worse(code, exit_code(&field, s->fail_on));
    }
    base_arena_done(&arena);
    return code;
}

static int run_json(const settings *s, const given *values)
{
    base_arena arena = {0};
    facts_sts_value field;
    base_buffer out;
    base_error error;
    base_json json;
    int code = BASE_EXIT_CLEAN;
    size_t i;

    cmd_document_begin(&out, &json, DOCUMENT_MAX);
    base_json_object_begin(&json);
    base_json_key(&json, "fields");
    base_json_array_begin(&json);
    for (i = 0; i < values->count; i++) {
        field = facts_sts_read(values->items[i], &arena);
        report_field_json(&field, &json);
        code = worse(code, exit_code(&field, s->fail_on));
    }
    base_json_array_end(&json);
    base_json_object_end(&json);
    if (!cmd_document_end(&out, &error)) {
        base_error_print(&error, stderr);
        code = BASE_EXIT_UNCHECKED;
    }
    base_arena_done(&arena);
    return code;
}

typedef struct line_reader {
    int fail_on;
    int code;
} line_reader;

static bool answer_line(void *self, const char *item, size_t length, base_json *answer)
{
    line_reader *reader = self;
    base_arena arena = {0};
    facts_sts_value field = facts_sts_read((hf_span){item, length}, &arena);

    report_field_json(&field, answer);
    reader->code = worse(reader->code, exit_code(&field, reader->fail_on));
    base_arena_done(&arena);
    return true;
}

static int run_jsonl(const settings *s)
{
    line_reader reader = {.fail_on = s->fail_on};
    cmd_pipe pipe = {.octets = true, .answer = answer_line, .self = &reader};
    int code = cmd_pipe_run(&pipe, s->common.jsonl);

    return worse(code, reader.code);
}

/* RFC 6797 6.1: "All directives MUST appear only once in an STS header field." */
static bool refuse_repeated(const char *part, base_error *error)
{
    base_error_set(error, "'%s': a directive must appear only once (RFC 6797 6.1)", part);
    return false;
}

static bool build_flag(const char *part, bool *flag, base_error *error)
{
    if (*flag)
        return refuse_repeated(part, error);
    *flag = true;
    return true;
}

/* One part of --build's list. */
static bool build_part(const char *part, hf_policy *policy, base_error *error)
{
    if (strncmp(part, "max-age=", 8) == 0)
        return policy->max_age >= 0 ? refuse_repeated(part, error)
                                    : base_duration_parse(part + 8, &policy->max_age, error);
    if (strcmp(part, "include-subdomains") == 0 || strcmp(part, "includeSubDomains") == 0)
        return build_flag(part, &policy->include_subdomains, error);
    if (strcmp(part, "preload") == 0)
        return build_flag(part, &policy->preload, error);
    base_error_set(error, "'%s' is not one of max-age=DURATION, include-subdomains, preload", part);
    return false;
}

static bool build_policy(const char *list, hf_policy *policy, base_error *error)
{
    char part[64];

    *policy = (hf_policy){.max_age = -1};
    for (;;) {
        size_t length = strcspn(list, ",");
        snprintf(part, sizeof part, "%.*s", (int)(length < sizeof part ? length : sizeof part), list);
        if (length >= sizeof part) {
            base_error_set(error, "'%s...' is longer than the %zu octets of any part", part, sizeof part - 1);
            return false;
        }
        if (!build_part(part, policy, error))
            return false;
        if (list[length] == '\0')
            break;
        list += length + 1;
    }
    if (policy->max_age < 0)
        base_error_set(error, "max-age is required: --build max-age=1y,include-subdomains");
    return policy->max_age >= 0;
}

static void warn(const char *text)
{
    fprintf(stderr, "holdfast: warning: %s\n", text);
}

static int run_build(const settings *s)
{
    char value[HF_HEADER_MAX];
    hf_policy policy;
    base_error error;
    size_t length;

    if (!build_policy(s->build, &policy, &error))
        return cmd_refuse("header: --build: %s", error.text);
    if (hf_header_format(&policy, value, sizeof value, &length) != HF_OK)
        return cmd_refuse("header: --build: the value does not fit");
    printf("%s\n", value);
    if (policy.preload && policy.max_age < YEAR && !s->common.quiet)
        warn(hf_note_message(HF_NOTE_PRELOAD_SHORT_MAX_AGE));
    if (policy.preload && !policy.include_subdomains && !s->common.quiet)
        warn(hf_note_message(HF_NOTE_PRELOAD_WITHOUT_SUBDOMAINS));
    return BASE_EXIT_CLEAN;
}

static int run_values(const settings *s, const base_operands *operands)
{
    base_arena arena = {0};
    given values = {.count = 0};
    int code = BASE_EXIT_CLEAN;

    for (size_t i = 0; i < operands->count && code == BASE_EXIT_CLEAN; i++)
        if (!read_operand(operands->items[i], &arena, &values))
            code = cmd_refuse("header: the response has no Strict-Transport-Security header");
    if (code == BASE_EXIT_CLEAN)
        code = s->common.json ? run_json(s, &values) : run_text(s, &values);
    base_arena_done(&arena);
    return code;
}

static int run(void *storage, const base_operands *values)
{
    const settings *s = storage;
    bool reads_elsewhere = s->build != NULL || s->common.jsonl != NULL;

    if (s->build != NULL && (s->common.jsonl != NULL || s->common.json))
        return cmd_refuse("header: --build writes a field value, and goes with neither --json nor --jsonl");
    if (s->build != NULL && s->fail_on != FAIL_NEVER)
        return cmd_refuse("header: --build writes a field value, and --fail-on judges one");
    if (reads_elsewhere && values->count > 0)
        return cmd_refuse("header: '%s' is one too many: --build and --jsonl take no VALUE",
                          BASE_CUT(values->items[0]));
    if (s->build != NULL)
        return run_build(s);
    if (s->common.jsonl != NULL)
        return run_jsonl(s);
    if (values->count == 0)
        return cmd_refuse("header: a VALUE is missing: holdfast header 'max-age=31536000'");
    return run_values(s, values);
}

static bool read_fail_on(const char *text, void *target, base_error *error)
{
    int severity = HF_SEVERITY_INFO;

    while (severity < FAIL_NEVER && strcmp(text, hf_severity_name((hf_severity)severity)) != 0)
        severity++;
    if (severity == FAIL_NEVER && strcmp(text, "never") != 0) {
        base_error_set(error, "'%s' is not one of error, warning, info, never", BASE_CUT(text));
        return false;
    }
    *(int *)target = severity;
    return true;
}

static const base_option options[] = {
    {"build", 'b', "LIST", "write a field value: max-age=1y,include-subdomains,preload", base_read_text,
     offsetof(settings, build)},
    {"fail-on", 0, "SEVERITY", "exit with 1 from this on: error, warning, info, never (the default)", read_fail_on,
     offsetof(settings, fail_on)},
    {0},
};

static const settings defaults = {.fail_on = FAIL_NEVER};

const cmd_command cmd_header = {
    .name = "header",
    .summary = "explain or write a Strict-Transport-Security field",
    .usage = "[options] VALUE...",
    .common = CMD_JSON | CMD_JSONL | CMD_QUIET | CMD_VERBOSE,
    .options = options,
    .settings_size = sizeof(settings),
    .defaults = &defaults,
    .run = run,
};
