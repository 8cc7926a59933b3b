/*
 * What codecs do not know by themselves: names in Unicode, registrable domains, and the names of Chromium's hashes. Those come from
 * the arguments, --names, our own store, and, when a hash is still without a name, from the preload lists at hand.
 */
#include "base/domain.h"
#include "base/idna.h"
#include "cmd/store.h"

#include <stdlib.h>
#include <string.h>

/* Of two lists most names are the same. */
static bool is_known(const cmd_store_codec *codec, size_t lists, const char *name)
{
    hf_preload_match match;
    hf_host host;

    for (size_t i = 0; i < lists; i++) {
        const preload_file *file = &codec->lists.files[i];
        if (file->image != NULL && hf_host_parse(name, strlen(name), NULL, &host, NULL) == HF_OK &&
            file->preload.cover(file->preload.self, &host, &match) && match.offset == 0)
            return true;
    }
    return false;
}

/* All names of the lists: hashed once, and only when a hash has no other name. */
static void add_listed(cmd_store_codec *codec)
{
    char name[HF_HOST_MAX + 1];
    bool include_subdomains;

    if (hf_names_new(&codec->listed) != HF_OK)
        base_out_of_memory();
    for (size_t i = 0; i < PRELOAD_WHICHES; i++) {
        hf_preload_cursor cursor = {0};
        const hf_preload_image *image = codec->lists.files[i].image;
        while (image != NULL && hf_preload_next(image, &cursor, name, &include_subdomains)) {
            if (!is_known(codec, i, name) && hf_names_add(codec->listed, (hf_span){name, strlen(name)}) != HF_OK)
                base_out_of_memory();
        }
    }
}

static bool resolve(void *self, const unsigned char hash[32], hf_host *host)
{
    cmd_store_codec *codec = self;

    if (hf_names_resolve(codec->names, hash, host) || stores_names_resolve(&codec->file, hash, host))
        return true;
    if (!codec->asks_lists)
        return false;
    if (codec->listed == NULL)
        add_listed(codec);
    return hf_names_resolve(codec->listed, hash, host);
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

void cmd_store_codec_add(cmd_store_codec *codec, const char *name)
{
    if (hf_names_add(codec->names, (hf_span){name, strlen(name)}) != HF_OK)
        base_out_of_memory();
}

void cmd_store_codec_add_parents(cmd_store_codec *codec, const hf_host *host)
{
    const char *name = host->name;

    for (; name != NULL; name = strchr(name, '.') != NULL ? strchr(name, '.') + 1 : NULL)
        cmd_store_codec_add(codec, name);
}

static bool add_row_name(void *self, const hf_row *row)
{
    cmd_store_codec *codec = self;

    if (row->host.length > 0 && hf_names_add(codec->names, row->host) != HF_OK)
        base_out_of_memory();
    return true;
}

/* A help only: when our own store cannot be read, hashes stay hashes. */
static void add_own_names(cmd_store_codec *codec)
{
    stores_reader reader = {.row = add_row_name, .self = codec};
    char path[CMD_STORE_PATH_MAX];
    stores_store own;

    if (stores_store_parse(STORES_OWN, path, sizeof path, &own, NULL) && !stores_store_read(&own, &reader, NULL))
        return;
}

bool cmd_store_codec_init(cmd_store_codec *codec, const cmd_store_settings *settings, const cmd_store_sources *sources,
                          base_error *error)
{
    *codec = (cmd_store_codec){.options = hf_format_options_init()};
    if (hf_names_new(&codec->names) != HF_OK)
        base_out_of_memory();
    codec->options.idna = base_idna();
    codec->options.resolve = resolve;
    codec->options.to_unicode = to_unicode;
    codec->options.site = site_of;
    codec->options.self = codec;
    codec->options.now = cmd_now(&settings->common);
    for (size_t i = 0; sources != NULL && i < sources->count && !codec->asks_lists; i++)
        codec->asks_lists = strcmp(sources->items[i].kind, "chromium") == 0;
    if (codec->asks_lists)
        add_own_names(codec);
    if ((settings->names == NULL || stores_names_open(&codec->file, settings->names, error)) &&
        (!codec->asks_lists || preload_lists_open(&codec->lists, &settings->lists, codec->options.now, error)))
        return true;
    cmd_store_codec_done(codec);
    return false;
}

void cmd_store_codec_done(cmd_store_codec *codec)
{
    hf_names_free(codec->names);
    hf_names_free(codec->listed);
    stores_names_close(&codec->file);
    preload_lists_close(&codec->lists);
    codec->names = codec->listed = NULL;
}
