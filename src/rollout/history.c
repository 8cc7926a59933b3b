#include "rollout/history.h"

#include "base/idna.h"
#include "base/lines.h"
#include "base/time.h"
#include "holdfast/host.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* -- One line ------------------------------------------------------------------------------------------------------ */

static bool refuse(base_error *error, const char *key, const char *why)
{
    base_error_set(error, "\"%s\" %s", key, why);
    return false;
}

/* A member that is misspelt would be missed without a word. */
static bool has_known_members(json_t *object, base_error *error)
{
    static const char *const known[] = {"name", "from", "at",           "sts",
                                        "down", "list", "last_release", "include_subdomains"};
    const char *key;
    json_t *value;

    json_object_foreach(object, key, value)
    {
        size_t i = 0;

        while (i < sizeof known / sizeof *known && strcmp(known[i], key) != 0)
            i++;
        if (i == sizeof known / sizeof *known) {
            base_error_set(error, "the member \"%s\" is not known", BASE_CUT(key));
            return false;
        }
    }
    return true;
}

static bool read_name(rollout_records *records, json_t *object, const char **name, base_error *error)
{
    const char *text = json_string_value(json_object_get(object, "name"));
    hf_diag diag = {0};
    hf_host host;

    if (text == NULL)
        return refuse(error, "name", "is missing, or not a string");
    if (hf_host_parse(text, strlen(text), base_idna(), &host, &diag) != HF_OK) {
        base_error_set(error, "\"name\": '%s' is not a host name: %s", BASE_CUT(text), diag.text);
        return false;
    }
    if (host.kind != HF_HOST_NAME)
        return refuse(error, "name", "is an address, for which no browser holds a policy");
    *name = base_arena_string(&records->arena, host.name);
    return true;
}

/* Unix seconds, or RFC 3339. */
static bool read_time(json_t *object, const char *key, int64_t *time, base_error *error)
{
    const json_t *value = json_object_get(object, key);

    if (json_is_string(value)) {
        if (base_time_parse(json_string_value(value), time, error))
            return true;
        base_error_wrap(error, "\"%s\"", key);
        return false;
    }
    if (!json_is_integer(value))
        return refuse(error, key, value == NULL ? "is missing" : "is neither Unix seconds nor a time as in RFC 3339");
    *time = json_integer_value(value);
    if (*time < BASE_TIME_FIRST || *time > BASE_TIME_LAST)
        return refuse(error, key, "is not between the years 0 and 9999");
    return true;
}

static bool read_flag(json_t *object, const char *key, bool *flag, base_error *error)
{
    const json_t *value = json_object_get(object, key);

    if (value != NULL && !json_is_boolean(value))
        return refuse(error, key, "is neither true nor false");
    *flag = json_is_true(value);
    return true;
}

/* The first field counts, however many came. While nothing answered none came, whatever is said of it. */
static bool read_sts(rollout_records *records, json_t *object, const char **sts, base_error *error)
{
    const json_t *value = json_object_get(object, "sts");
    bool down;
    size_t i;
    json_t *field;

    if (!read_flag(object, "down", &down, error))
        return false;
    if (value == NULL && !down)
        return refuse(error, "sts", "is missing: the field as it was sent, null for none, or \"down\": true");
    if (value != NULL && !json_is_null(value) && !json_is_string(value) && !json_is_array(value))
        return refuse(error, "sts", "is neither a string, nor an array of strings, nor null");
    json_array_foreach(value, i, field) if (!json_is_string(field)) return refuse(error, "sts",
                                                                                  "has a member that is "
                                                                                  "not a string");
    if (json_is_array(value))
        value = json_array_get(value, 0);
    *sts = down ? NULL : base_arena_string(&records->arena, json_string_value(value));
    return true;
}

static bool add_served(rollout_records *records, json_t *object, uint64_t number, base_error *error)
{
    bool from = json_object_get(object, "from") != NULL, at = json_object_get(object, "at") != NULL;
    rollout_record record = {.line = number};

    if (from == at) {
        base_error_set(error, "%s", from ? "\"from\" and \"at\" exclude each other" : "\"from\" or \"at\" is missing");
        return false;
    }
    if (json_object_get(object, "last_release") != NULL)
        return refuse(error, "last_release", "belongs to a line with \"list\"");
    if (json_object_get(object, "include_subdomains") != NULL)
        return refuse(error, "include_subdomains", "belongs to a line with \"list\"");
    if (!read_time(object, from ? "from" : "at", &record.served.from, error) ||
        !read_name(records, object, &record.name, error) || !read_sts(records, object, &record.served.sts, error))
        return false;
    records->items =
        base_arena_grow(&records->arena, records->items, records->count, &records->capacity, sizeof *records->items);
    records->items[records->count++] = record;
    return true;
}

/* An entry of a preload list, and the last release that has it. */
static bool add_listed(rollout_records *records, json_t *object, base_error *error)
{
    const char *browser = json_string_value(json_object_get(object, "list"));
    rollout_listed listed = {0};

    if (browser == NULL || !facts_engine_find(browser, &listed.engine) ||
        (listed.engine != FACTS_ENGINE_CHROMIUM && listed.engine != FACTS_ENGINE_FIREFOX))
        return refuse(error, "list", "is neither \"chromium\" nor \"firefox\"");
    if (json_object_get(object, "sts") != NULL || json_object_get(object, "from") != NULL ||
        json_object_get(object, "at") != NULL || json_object_get(object, "down") != NULL)
        return refuse(error, "list", "does not go with \"sts\", \"from\", \"at\" or \"down\"");
    if (!read_time(object, "last_release", &listed.last_release, error) ||
        !read_name(records, object, &listed.name, error) ||
        !read_flag(object, "include_subdomains", &listed.include_subdomains, error))
        return false;
    records->listed = base_arena_grow(&records->arena, records->listed, records->listed_count,
                                      &records->listed_capacity, sizeof *records->listed);
    records->listed[records->listed_count++] = listed;
    return true;
}

static bool is_blank(const char *line, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (line[i] != ' ' && line[i] != '\t')
            return false;
    return true;
}

bool rollout_records_add(rollout_records *records, const char *line, size_t length, uint64_t number, base_error *error)
{
    json_error_t why;
    json_t *object;
    bool good;

    if (is_blank(line, length))
        return true;
    object = json_loadb(line, length, JSON_REJECT_DUPLICATES, &why);
    if (object == NULL) {
        base_error_set(error, "not JSON, at octet %d: %s", why.position, why.text);
        return false;
    }
    good = json_is_object(object);
    if (!good)
        base_error_set(error, "not a JSON object");
    good = good && has_known_members(object, error) &&
           (json_object_get(object, "list") != NULL ? add_listed(records, object, error)
                                                    : add_served(records, object, number, error));
    json_decref(object);
    return good;
}

/* -- All of them --------------------------------------------------------------------------------------------------- */

static int by_name_and_time(const void *one, const void *other)
{
    const rollout_record *a = one, *b = other;
    int order = strcmp(a->name, b->name);

    if (order != 0)
        return order;
    return a->served.from < b->served.from ? -1 : a->served.from > b->served.from;
}

static bool is_same_field(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

bool rollout_records_sort(rollout_records *records, base_error *error)
{
    rollout_served *served = base_arena_take(&records->arena, (records->count + 1) * sizeof *served);
    rollout_name *name = NULL;

    if (records->count > 0)
        qsort(records->items, records->count, sizeof *records->items, by_name_and_time);
    records->names = base_arena_take(&records->arena, (records->count + 1) * sizeof *records->names);
    for (size_t i = 0; i < records->count; i++) {
        const rollout_record *record = &records->items[i], *before = i > 0 ? record - 1 : NULL;

        served[i] = record->served;
        if (before != NULL && by_name_and_time(before, record) == 0 &&
            !is_same_field(before->served.sts, record->served.sts)) {
            base_error_set(error, "lines %" PRIu64 " and %" PRIu64 " contradict each other: %s at one moment",
                           before->line < record->line ? before->line : record->line,
                           before->line < record->line ? record->line : before->line, record->name);
            return false;
        }
        if (name == NULL || strcmp(name->name, record->name) != 0) {
            name = &records->names[records->name_count++];
            *name = (rollout_name){.name = record->name, .served = &served[i]};
        }
        name->count++;
    }
    return true;
}

bool rollout_records_read(rollout_records *records, const char *path, base_error *error)
{
    base_lines lines;
    base_line got = BASE_LINE_GOOD;
    hf_span line;
    bool good = true;

    if (!base_lines_open(&lines, path, ROLLOUT_HISTORY_LINE_MAX, error))
        return false;
    lines.octets_max = ROLLOUT_HISTORY_MAX;
    while (good && (got = base_lines_next(&lines, &line, error)) == BASE_LINE_GOOD) {
        good = rollout_records_add(records, line.data, line.length, lines.number, error);
        if (!good)
            base_error_wrap(error, "%s: line %" PRIu64, lines.name, lines.number);
    }
    base_lines_close(&lines);
    if (!good || got != BASE_LINE_END)
        return false;
    if (records->count == 0 && records->listed_count == 0) {
        base_error_set(error, "%s: the history is empty", path);
        return false;
    }
    if (rollout_records_sort(records, error))
        return true;
    base_error_wrap(error, "%s", path);
    return false;
}

void rollout_records_done(rollout_records *records)
{
    base_arena_done(&records->arena);
    *records = (rollout_records){0};
}

static int compare_name(const void *key, const void *item)
{
    return strcmp(key, ((const rollout_name *)item)->name);
}

const rollout_name *rollout_records_find(const rollout_records *records, const char *name)
{
    return records->name_count == 0
               ? NULL
               : bsearch(name, records->names, records->name_count, sizeof *records->names, compare_name);
}
