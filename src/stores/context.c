/*
 * What codecs do not know by themselves: names in Unicode, registrable domains, and the names of Chromium's hashes.
 * Those come from the arguments, --names, our own store, and, when a hash is still without a name, from the preload
 * lists at hand.
 */
#include "stores/context.h"

#include "base/domain.h"
#include "base/idna.h"
#include "base/memory.h"
#include "stores/store.h"

#include <stdlib.h>
#include <string.h>

/* Of two lists most names are the same. */
static bool is_known(const stores_context *context, size_t lists, const char *name)
{
    hf_preload_match match;
    hf_host host;

    for (size_t i = 0; i < lists; i++) {
        const preload_file *file = &context->lists.files[i];
        if (file->image != NULL && hf_host_parse(name, strlen(name), NULL, &host, NULL) == HF_OK &&
            file->preload.cover(file->preload.self, &host, &match) && match.offset == 0)
            return true;
    }
    return false;
}

/* All names of the lists: hashed once, and only when a hash has no other name. */
static void add_listed(stores_context *context)
{
    char name[HF_HOST_MAX + 1];
    bool include_subdomains;

    if (hf_names_new(&context->listed) != HF_OK)
        base_out_of_memory();
    for (size_t i = 0; i < PRELOAD_WHICHES; i++) {
        hf_preload_cursor cursor = {0};
        const hf_preload_image *image = context->lists.files[i].image;
        while (image != NULL && hf_preload_next(image, &cursor, name, &include_subdomains)) {
            if (!is_known(context, i, name) && hf_names_add(context->listed, (hf_span){name, strlen(name)}) != HF_OK)
                base_out_of_memory();
        }
    }
}

static bool resolve(void *self, const unsigned char hash[32], hf_host *host)
{
    stores_context *context = self;

    if (hf_names_resolve(context->names, hash, host) || stores_names_resolve(&context->file, hash, host))
        return true;
    if (!context->asks_lists)
        return false;
    if (context->listed == NULL)
        add_listed(context);
    return hf_names_resolve(context->listed, hash, host);
}

static bool to_unicode(void *self, hf_span name, char *out, size_t capacity, size_t *length)
{
    (void)self;
    return base_idna_to_unicode(name, out, capacity, length);
}

static bool site_of(void *self, hf_span name, hf_host *site)
{
    hf_host host;

    (void)self;
    if (hf_host_parse(name.data, name.length, NULL, &host, NULL) != HF_OK)
        return false;
    base_domain_of(&host, site);
    return true;
}

void stores_context_add(stores_context *context, const char *name)
{
    if (hf_names_add(context->names, (hf_span){name, strlen(name)}) != HF_OK)
        base_out_of_memory();
}

void stores_context_add_parents(stores_context *context, const hf_host *host)
{
    const char *name = host->name;

    for (; name != NULL; name = strchr(name, '.') != NULL ? strchr(name, '.') + 1 : NULL)
        stores_context_add(context, name);
}

bool stores_context_add_row(void *self, const hf_row *row)
{
    stores_context *context = self;

    if (row->host.length > 0 && hf_names_add(context->names, row->host) != HF_OK)
        base_out_of_memory();
    return true;
}

/* A help only: when our own store cannot be read, hashes stay hashes. */
static void add_own_names(stores_context *context, uint32_t lock_wait)
{
    stores_reader reader = {.row = stores_context_add_row, .self = context};
    char path[STORES_PATH_MAX];
    stores_store own;

    if (!stores_store_parse(FACTS_STORE_OWN, path, sizeof path, &own, NULL))
        return;
    own.lock_wait = lock_wait;
    (void)stores_store_read(&own, &reader, NULL);
}

bool stores_context_init(stores_context *context, const stores_context_options *options, base_error *error)
{
    *context = (stores_context){.options = hf_format_options_init(), .asks_lists = options->hashed};
    if (hf_names_new(&context->names) != HF_OK)
        base_out_of_memory();
    context->options.idna = base_idna();
    context->options.resolve = resolve;
    context->options.to_unicode = to_unicode;
    context->options.site = site_of;
    context->options.self = context;
    context->options.now = options->now;
    if (context->asks_lists)
        add_own_names(context, options->lock_wait);
    if ((options->names == NULL || stores_names_open(&context->file, options->names, error)) &&
        (!context->asks_lists || preload_lists_open(&context->lists, options->lists, options->now, error)))
        return true;
    stores_context_done(context);
    return false;
}

void stores_context_done(stores_context *context)
{
    hf_names_free(context->names);
    hf_names_free(context->listed);
    stores_names_close(&context->file);
    preload_lists_close(&context->lists);
    context->names = context->listed = NULL;
}
