#include "stores/store.h"

#include "base/closest.h"
#include "stores/codec.h"
#include "stores/own.h"

#include <string.h>

#define PROGRESS_ROWS 16384

/* -- KIND:PATH ----------------------------------------------------------------------------------------------------- */

/* A path alone: what lies there tells its kind. */
static bool tell_kind(const char *path, base_error *error)
{
    const stores_store store = {.kind = "", .path = path};
    const hf_format *found;
    stores_file file;

    if (!stores_file_open(&file, &store, NULL))
        return false;
    found = stores_codec_detect(&file);
    stores_file_close(&file);
    if (found != NULL)
        stores_codec_tell_other(path, found, error);
    return found != NULL;
}

static bool refuse_kind(const char *text, const char *kind, base_error *error)
{
    if (tell_kind(text, error))
        return false;

    base_closest closest = {.word = kind};
    char kinds[160] = FACTS_STORE_OWN;

    base_closest_offer(&closest, FACTS_STORE_OWN);
    for (const hf_format *const *format = hf_formats(); *format != NULL; format++) {
        size_t length = strlen(kinds);
        base_closest_offer(&closest, (*format)->name);
        snprintf(kinds + length, sizeof kinds - length, ", %s", (*format)->name);
    }
    if (closest.found != NULL)
        base_error_set(error, "'%s' is not a kind of store: did you mean %s?", kind, closest.found);
    else
        base_error_set(error, "'%s' is not a kind of store: write KIND:PATH with one of %s", kind, kinds);
    return false;
}

static bool own_path(char *own, size_t size, stores_store *store, base_error *error)
{
    hf_status status = hf_store_default_path(own, size);

    if (status != HF_OK) {
        base_error_set(error, "%s: write " FACTS_STORE_OWN ":PATH", hf_status_text(status));
        return false;
    }
    *store = (stores_store){.kind = FACTS_STORE_OWN, .path = own};
    return true;
}

bool stores_store_parse(const char *text, char *own, size_t size, stores_store *store, base_error *error)
{
    const char *colon = strchr(text, ':');
    char kind[64];

    snprintf(kind, sizeof kind, "%.*s", colon != NULL ? (int)(colon - text) : 63, text);
    bool ours = strcmp(kind, FACTS_STORE_OWN) == 0;
    const hf_format *format = hf_format_find(kind);
    if (!ours && format == NULL)
        return refuse_kind(text, kind, error);
    if (ours && (colon == NULL || colon[1] == '\0'))
        return own_path(own, size, store, error);
    if (colon == NULL || colon[1] == '\0') {
        base_error_set(error, "'%s' names no file: write %s:PATH (holdfast store where finds them)", text, kind);
        return false;
    }
    *store = (stores_store){.kind = ours ? FACTS_STORE_OWN : format->name, .path = colon + 1, .format = format};
    return true;
}

/* -- Another program's --------------------------------------------------------------------------------------------- */

bool stores_explain(const stores_store *store, hf_status status, base_error *error)
{
    if (status == HF_OK)
        return true;
    if (status == HF_E_FORMAT)
        base_error_set(error, "%s is not a store of kind %s, or too damaged to be read", store->path, store->kind);
    else
        base_error_set(error, "%s: %s", store->path, hf_status_text(status));
    return false;
}

static bool read_foreign(const stores_store *store, const stores_reader *reader, base_error *error)
{
    stores_file file;

    if (!stores_file_open(&file, store, error))
        return false;
    bool is_read = stores_codec_read(store, &file, reader, error);
    stores_file_close(&file);
    return is_read;
}

/* -- Our own ------------------------------------------------------------------------------------------------------- */

static void pass_damage(void *self, const hf_damage *damage)
{
    const stores_reader *reader = self;

    if (damage->kind == HF_DAMAGE_EMPTY)
        return;
    hf_row_damage place = {damage->offset, 0, hf_damage_text(damage->kind)};

    if (reader->damage != NULL)
        reader->damage(reader->self, &place);
}

static bool walk(const stores_store *store, const hf_store *own, const stores_reader *reader, base_error *error)
{
    hf_entry entry = hf_entry_init();
    hf_store_walk *walk;
    hf_row row;
    uint64_t count = 0, all = hf_store_count(own);

    hf_status status = hf_store_walk_new(own, &walk);
    if (status != HF_OK)
        return stores_explain(store, status, error);
    while (hf_store_walk_next(walk, &entry)) {
        hf_row_from_entry(&entry, &row);
        if (!reader->row(reader->self, &row))
            break;
        if (++count % PROGRESS_ROWS == 0 && reader->progress != NULL)
            reader->progress(reader->self, count, all);
    }
    status = hf_store_walk_status(walk);
    hf_store_walk_free(walk);
    return stores_explain(store, status, error);
}

static bool read_own(const stores_store *store, const stores_reader *reader, base_error *error)
{
    const stores_own_options options = {.read_only = true, .damaged = pass_damage, .self = (void *)(uintptr_t)reader};
    stores_own own;

    if (!stores_own_open(&own, store, &options, error))
        return false;
    bool is_read = walk(store, own.store, reader, error);
    stores_own_close(&own);
    return is_read;
}

bool stores_store_read(const stores_store *store, const stores_reader *reader, base_error *error)
{
    return store->format != NULL ? read_foreign(store, reader, error) : read_own(store, reader, error);
}
