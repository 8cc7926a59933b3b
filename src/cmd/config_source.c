/* Which files of which server program are meant. */
#include "base/file.h"
#include "base/folder.h"
#include "base/listing.h"
#include "cmd/config.h"

#include <errno.h>
#include <string.h>

typedef struct opening {
    const cmd_config_source *source;
    const config_platform *platform;
    config_estate *estate;
    config_file **files;
    size_t count, capacity;
} opening;

bool cmd_config_read_platform(const char *text, void *target, base_error *error)
{
    const config_platform **platform = target;

    *platform = config_platform_find(text);
    if (*platform == NULL)
        base_error_set(error, "'%s' is no server program that is known here: nginx", BASE_CUT(text));
    return *platform != NULL;
}

bool cmd_config_read_version(const char *text, void *target, base_error *error)
{
    return config_version_parse(text, target, error);
}

/* -- Files --------------------------------------------------------------------------------------------------------- */

static bool open_file(opening *o, const char *path, base_error *error)
{
    config_file *file = config_estate_read(o->estate, path, error);

    if (file == NULL)
        return false;
    for (size_t i = 0; i < o->count; i++)
        if (o->files[i] == file)
            return true;
    o->files = base_arena_grow(&o->estate->arena, (void *)o->files, o->count, &o->capacity, sizeof(config_file *));
    o->files[o->count++] = file;
    return true;
}

static bool is_of(const char *const *names, const char *name)
{
    for (size_t i = 0; names[i] != NULL; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static bool ends_as(const char *const *endings, const char *name)
{
    const size_t length = strlen(name);

    for (size_t i = 0; endings[i] != NULL; i++) {
        const size_t size = strlen(endings[i]);

        if (length > size && strcmp(name + length - size, endings[i]) == 0)
            return true;
    }
    return false;
}

static const char *join(opening *o, const char *folder, const char *name)
{
    const size_t length = strlen(folder);

    return base_arena_format(&o->estate->arena, length > 0 && folder[length - 1] == '/' ? "%s%s" : "%s/%s", folder,
                             name);
}

static bool open_listed(opening *o, const char *path, const base_listing *listing, base_error *error)
{
    const size_t before = o->count;

    for (size_t i = 0; i < listing->count; i++)
        if (is_of(o->platform->main_files, listing->names[i]))
            return open_file(o, join(o, path, listing->names[i]), error);
    for (size_t i = 0; i < listing->count; i++)
        if (ends_as(o->platform->endings, listing->names[i]) && !open_file(o, join(o, path, listing->names[i]), error))
            return false;
    if (o->count == before)
        base_error_set(error, "%s: no file in it is called %s or ends in %s", BASE_CUT(path),
                       o->platform->main_files[0], o->platform->endings[0]);
    return o->count > before;
}

static bool open_folder(opening *o, const char *path, base_error *error)
{
    base_listing listing;
    bool good;

    if (!base_listing_read(&listing, NULL, path, CONFIG_FILES_MAX)) {
        base_error_set(error, "%s: %s", BASE_CUT(path), strerror(errno));
        return false;
    }
    good = !listing.cut && open_listed(o, path, &listing, error);
    if (listing.cut)
        base_error_set(error, "%s: more than %d files are in it", BASE_CUT(path), CONFIG_FILES_MAX);
    base_listing_done(&listing);
    return good;
}

static bool is_folder(const char *path)
{
    struct stat status;

    return strcmp(path, "-") != 0 && stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* -- All of it ----------------------------------------------------------------------------------------------------- */

static bool check_source(const opening *o, base_error *error)
{
    const cmd_config_source *source = o->source;
    base_folder folder;

    if (source->context != NULL && !config_platform_has_context(o->platform, source->context)) {
        base_error_set(error, "--context: '%s' is no part of a configuration of %s", BASE_CUT(source->context),
                       o->platform->name);
        return false;
    }
    if (source->root == NULL)
        return true;
    if (!base_folder_open(&folder, source->root, error)) {
        base_error_wrap(error, "--root");
        return false;
    }
    base_folder_close(&folder);
    return true;
}

bool cmd_config_open(const cmd_config_source *source, const base_operands *operands, config_estate *estate,
                     config_asking *asking, base_error *error)
{
    opening o = {.source = source,
                 .platform = source->platform != NULL ? source->platform : config_platforms[0],
                 .estate = estate};

    if (!check_source(&o, error))
        return false;
    estate->root = source->root;
    for (size_t i = 0; i < operands->count; i++) {
        const char *path = operands->items[i];

        if (!(is_folder(path) ? open_folder(&o, path, error) : open_file(&o, path, error)))
            return false;
    }
    *asking = (config_asking){.platform = o.platform,
                              .files = o.files,
                              .file_count = o.count,
                              .context = source->context,
                              .version = source->version};
    return true;
}
