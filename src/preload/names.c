#include "preload/names.h"

#include "base/file.h"
#include "base/idna.h"
#include "base/time.h"
#include "preload/reader.h"

#include <stdlib.h>
#include <string.h>

#define NAMES_MAX ((size_t)1 << 22) /* as many as an image holds */

void preload_names_init(preload_names *names)
{
    *names = (preload_names){.list_time = HF_TIME_UNKNOWN, .life = HF_TIME_NEVER};
}

void preload_names_done(preload_names *names)
{
    base_arena_done(&names->arena);
    free(names->entries);
    *names = (preload_names){0};
}

static hf_preload_entry *next_entry(preload_names *names)
{
    if (names->count == names->capacity) {
        names->capacity = names->capacity > 0 ? 2 * names->capacity : 1024;
        names->entries = realloc(names->entries, names->capacity * sizeof *names->entries);
        if (names->entries == NULL)
            base_out_of_memory();
    }
    return &names->entries[names->count++];
}

bool preload_names_add(preload_names *names, const char *name, size_t length, bool include_subdomains,
                       base_error *error)
{
    hf_host host;
    hf_status status = hf_host_parse(name, length, base_idna(), &host, NULL);

    if (status != HF_OK) {
        base_error_set(error, "'%.*s' is not a host name: %s", length < 100 ? (int)length : 100, name,
                       hf_status_text(status));
        return false;
    }
    if (host.kind != HF_HOST_NAME && host.kind != HF_HOST_IPV4) {
        base_error_set(error, "'%s' is not a host name", host.name);
        return false;
    }
    if (names->count == NAMES_MAX) {
        base_error_set(error, "the list has more than %zu names", NAMES_MAX);
        return false;
    }
    *next_entry(names) = (hf_preload_entry){base_arena_copy(&names->arena, host.name, host.length), include_subdomains};
    return true;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const hf_preload_entry *)a)->name, ((const hf_preload_entry *)b)->name);
}

bool preload_names_sort(preload_names *names, base_error *error)
{
    size_t kept = 0;

    if (names->count > 0)
        qsort(names->entries, names->count, sizeof *names->entries, by_name);
    for (size_t i = 0; i < names->count; i++) {
        hf_preload_entry *last = kept > 0 ? &names->entries[kept - 1] : NULL;

        if (last == NULL || strcmp(last->name, names->entries[i].name) != 0) {
            names->entries[kept++] = names->entries[i];
        } else if (last->include_subdomains != names->entries[i].include_subdomains) {
            base_error_set(error, "'%s' stands in the list twice, with its subdomains and without them", last->name);
            return false;
        }
    }
    names->count = kept;
    return true;
}

bool preload_names_load(preload_names *names, const char *path, base_error *error)
{
    base_buffer text;
    bool is_read;

    base_buffer_init(&text, PRELOAD_TEXT_MAX);
    is_read = base_file_read(path, &text, error);
    if (is_read) {
        is_read = preload_read(base_buffer_string(&text), text.length, names, error);
        if (!is_read)
            base_error_wrap(error, "%s", strcmp(path, "-") == 0 ? "standard input" : path);
    }
    base_buffer_done(&text);
    return is_read;
}

const char *preload_names_source(preload_names *names)
{
    char time[BASE_TIME_MAX];

    if (names->source != NULL)
        return names->source;
    if (names->list_time == HF_TIME_UNKNOWN)
        return names->maker != NULL ? names->maker : "";
    base_time_format(names->list_time, time);
    return base_arena_format(&names->arena, "%s %.10s", names->maker != NULL ? names->maker : "a list of", time);
}

bool preload_names_compile(preload_names *names, base_buffer *image, base_error *error)
{
    preload_list list = {.entries = names->entries,
                         .count = names->count,
                         .source = preload_names_source(names),
                         .list_time = names->list_time,
                         .life = names->life};

    return preload_compile(&list, image, error);
}
