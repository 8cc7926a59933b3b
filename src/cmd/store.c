/*
 * holdfast store: the stores of all programs, ours among them.
 */
#include "cmd/store.h"

#include "base/domain.h"
#include "base/idna.h"
#include "base/lines.h"
#include "cmd/commands.h"

#include <stdlib.h>
#include <string.h>

static const cmd_command *const parts[] = {
    &cmd_store_where,
    &cmd_store_list,
    &cmd_store_query,
    &cmd_store_add,
    &cmd_store_delete,
    &cmd_store_clear,
    &cmd_store_import,
    &cmd_store_export,
    &cmd_store_convert,
    &cmd_store_diff,
    NULL,
};

const cmd_command cmd_store = {
    .name = "store",
    .summary = "find, read, change and convert the HSTS stores of all programs",
    .usage = "COMMAND [options] [arguments]",
    .parts = parts,
};

const cmd_store_settings cmd_store_defaults = {.between = HF_TIME_UNKNOWN};

bool cmd_store_one_output(const char *command, const cmd_store_settings *settings)
{
    if (settings->common.json + settings->jsonl + settings->csv <= 1)
        return true;
    cmd_refuse("%s: --json, --jsonl and --csv: one of them at a time", command);
    return false;
}

int cmd_store_fail(const base_error *error)
{
    base_error_print(error, stderr);
    return CMD_UNCHECKED;
}

/* -- Which stores ------------------------------------------------------------------------------------------------------------- */

static bool open_all(const cmd_store_settings *settings, cmd_store_sources *sources)
{
    profile_find(settings->root, &sources->found);
    sources->items = base_allocate((sources->found.count + 1) * sizeof *sources->items);
    for (size_t i = 0; i < sources->found.count; i++) {
        const profile_found *found = &sources->found.items[i];
        sources->items[sources->count++] = (profile_store){found->kind, found->path, hf_format_find(found->kind)};
    }
    return true;
}

bool cmd_store_sources_open(const cmd_store_settings *settings, char *const *more, size_t more_count,
                            cmd_store_sources *sources, base_error *error)
{
    size_t named = settings->from.count + more_count;

    *sources = (cmd_store_sources){.count = 0};
    if (settings->all && named > 0) {
        base_error_set(error, "--all is every store: name none besides");
        return false;
    }
    if (settings->root != NULL && !settings->all) {
        base_error_set(error, "--root says where --all looks: add --all");
        return false;
    }
    if (settings->all)
        return open_all(settings, sources);
    sources->items = base_allocate((named + 1) * sizeof *sources->items);
    for (size_t i = 0; i < named || (named == 0 && i == 0); i++) {
        const char *text = i < settings->from.count ? settings->from.items[i]
                           : named > 0              ? more[i - settings->from.count]
                                                    : PROFILE_OWN;
        if (!profile_store_parse(text, sources->own, sizeof sources->own, &sources->items[i], error)) {
            cmd_store_sources_close(sources);
            return false;
        }
        sources->count++;
    }
    return true;
}

void cmd_store_sources_close(cmd_store_sources *sources)
{
    free(sources->items);
    profile_list_done(&sources->found);
    *sources = (cmd_store_sources){.count = 0};
}

/* -- What codecs do not know -------------------------------------------------------------------------------------------------- */

static bool resolve(void *self, const unsigned char hash[32], hf_host *host)
{
    const cmd_store_codec *codec = self;
    return hf_names_resolve(codec->names, hash, host);
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

bool cmd_store_host(const char *text, hf_host *host, base_error *error)
{
    hf_diag diag;

    if (hf_host_parse(text, strlen(text), base_idna(), host, &diag) != HF_OK) {
        base_error_set(error, "'%s' is no host: %s", text, diag.text);
        return false;
    }
    if (host->kind != HF_HOST_NAME) {
        base_error_set(error, "'%s' is an IP address: no policy may apply to one (RFC 6797 8.1.1)", text);
        return false;
    }
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

static bool add_names(cmd_store_codec *codec, const char *path, base_error *error)
{
    base_lines lines;
    hf_span line;
    hf_host host;
    base_line got;
    char text[HF_HOST_TEXT_MAX + 1];

    if (!base_lines_open(&lines, path, HF_HOST_TEXT_MAX, error))
        return false;
    while ((got = base_lines_next(&lines, &line, error)) == BASE_LINE_GOOD || got == BASE_LINE_TOO_LONG) {
        if (got == BASE_LINE_TOO_LONG || line.length == 0 || *line.data == '#')
            continue;
        snprintf(text, sizeof text, "%.*s", (int)line.length, line.data);
        if (cmd_store_host(text, &host, NULL))
            cmd_store_codec_add(codec, host.name);
    }
    base_lines_close(&lines);
    return got == BASE_LINE_END;
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
    profile_reader reader = {.row = add_row_name, .self = codec};
    char path[CMD_STORE_PATH_MAX];
    profile_store own;

    if (profile_store_parse(PROFILE_OWN, path, sizeof path, &own, NULL) && !profile_store_read(&own, &reader, NULL))
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
    for (size_t i = 0; sources != NULL && i < sources->count; i++) {
        if (strcmp(sources->items[i].kind, "chromium") == 0) {
            add_own_names(codec);
            break;
        }
    }
    if (settings->names == NULL || add_names(codec, settings->names, error))
        return true;
    cmd_store_codec_done(codec);
    return false;
}

void cmd_store_codec_done(cmd_store_codec *codec)
{
    hf_names_free(codec->names);
    codec->names = NULL;
}
