#include "stores/find.h"

#include "base/buffer.h"
#include "base/lines.h"
#include "holdfast/formats.h"
#include "stores/codec.h"
#include "stores/places.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define LINE_MAX_OCTETS 4096

typedef struct finder {
    const char *root; /* NULL: this user's own home */
    const char *home;
    stores_list *list;
} finder;

static bool is_listed(const stores_list *list, const char *path)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->items[i].path, path) == 0)
            return true;
    }
    return false;
}

/* wget and wget2 take each other's place: the file says whose it is. */
static const char *kind_by_content(const char *kind, const char *path)
{
    const hf_format *format = NULL;
    stores_file file;

    if (strncmp(kind, "wget", 4) != 0 || !stores_file_open(&file, path, NULL))
        return kind;
    format = stores_codec_detect(&file);
    stores_file_close(&file);
    return format != NULL && strncmp(format->name, "wget", 4) == 0 ? format->name : kind;
}

static void add(finder *f, const char *program, const char *kind, const char *path)
{
    stores_list *list = f->list;
    char *real = realpath(path, NULL);
    struct stat status;

    if (real != NULL && stat(real, &status) == 0 && S_ISREG(status.st_mode) && !is_listed(list, real)) {
        if (list->count == list->capacity) {
            stores_found *items = base_arena_take(&list->arena, (list->capacity * 2 + 16) * sizeof *items);
            if (list->count > 0)
                memcpy(items, list->items, list->count * sizeof *items);
            list->items = items;
            list->capacity = list->capacity * 2 + 16;
        }
        list->items[list->count++] =
            (stores_found){program, kind_by_content(kind, real), base_arena_string(&list->arena, real)};
    }
    free(real);
}

/* -- Patterns ------------------------------------------------------------------------------------------------------ */

/* A path as glob() takes it for itself. */
static void quote(const char *path, base_buffer *out)
{
    for (; *path != '\0'; path++) {
        if (strchr("*?[]\\", *path) != NULL)
            base_buffer_char(out, '\\');
        base_buffer_char(out, *path);
    }
}

/*
 * The user may have moved the folders of the XDG base directory specification; somebody else's variables are not
 * known.
 */
static void begin_pattern(const finder *f, const char *below_home, base_buffer *out)
{
    static const struct {
        const char *prefix, *variable;
    } moved[] = {{".config/", "XDG_CONFIG_HOME"}, {".local/share/", "XDG_DATA_HOME"}, {".cache/", "XDG_CACHE_HOME"}};

    for (size_t i = 0; f->root == NULL && i < sizeof moved / sizeof moved[0]; i++) {
        const char *folder = getenv(moved[i].variable);
        size_t length = strlen(moved[i].prefix);
        if (strncmp(below_home, moved[i].prefix, length) != 0 || folder == NULL || folder[0] != '/')
            continue;
        quote(folder, out);
        base_buffer_appendf(out, "/%s", below_home + length);
        return;
    }
    quote(f->home, out);
    base_buffer_appendf(out, "/%s", below_home);
}

static void add_matches(finder *f, const stores_place *place, const char *kind, const char *behind)
{
    base_buffer pattern;
    glob_t found;

    base_buffer_init(&pattern, 1 << 16);
    begin_pattern(f, place->below_home, &pattern);
    base_buffer_text(&pattern, behind);
    if (glob(base_buffer_string(&pattern), 0, NULL, &found) == 0) {
        for (size_t i = 0; i < found.gl_pathc; i++)
            add(f, place->program, kind, found.gl_pathv[i]);
        globfree(&found);
    }
    base_buffer_done(&pattern);
}

/* -- What configurations point to ---------------------------------------------------------------------------------- */

/*
 * "Key = value", "key: value", "--key value", `key "value"`, as profiles.ini, .curlrc and .wgetrc have it. NULL:
 * another key.
 */
static char *value_of(char *line, const char *key)
{
    line += strspn(line, " \t-");
    for (; *key != '\0'; key++, line++) {
        char c = *line >= 'A' && *line <= 'Z' ? (char)(*line - 'A' + 'a') : *line;
        if ((c == '_' ? '-' : c) != *key)
            return NULL;
    }
    if (strchr(" \t=:", *line) == NULL)
        return NULL;
    line += strspn(line, " \t=:");
    if (*line == '"') {
        line++;
        line[strcspn(line, "\"")] = '\0';
    }
    size_t length = strlen(line);
    while (length > 0 && strchr(" \t\r", line[length - 1]) != NULL)
        line[--length] = '\0';
    return length > 0 ? line : NULL;
}

typedef void (*on_value)(finder *f, const void *about, const char *folder, const char *value);

static void read_values(finder *f, const char *below_home, const char *key, on_value take, const void *about)
{
    base_buffer path;
    base_lines lines;
    hf_span line;
    char text[LINE_MAX_OCTETS + 1];

    base_buffer_init(&path, 1 << 16);
    begin_pattern(f, below_home, &path);
    if (strchr(below_home, '*') == NULL && base_lines_open(&lines, base_buffer_string(&path), LINE_MAX_OCTETS, NULL)) {
        while (base_lines_next(&lines, &line, NULL) == BASE_LINE_GOOD) {
            snprintf(text, sizeof text, "%.*s", (int)line.length, line.data);
            const char *value = value_of(text, key);
            if (value != NULL)
                take(f, about, base_buffer_string(&path), value);
        }
        base_lines_close(&lines);
    }
    base_buffer_done(&path);
}

/* An absolute path stands below the root that was given; one with ~ in the home. */
static const char *resolve(finder *f, const char *value)
{
    if (value[0] == '~' && value[1] == '/')
        return base_arena_format(&f->list->arena, "%s%s", f->home, value + 1);
    if (value[0] == '/')
        return base_arena_format(&f->list->arena, "%s%s", f->root != NULL ? f->root : "", value);
    return NULL;
}

static void add_pointed(finder *f, const void *about, const char *folder, const char *value)
{
    const stores_pointer *pointer = about;
    const char *path = resolve(f, value);

    (void)folder;
    if (path != NULL)
        add(f, pointer->program, pointer->kind, path);
}

/* A profile outside the usual folder. */
static void add_profile(finder *f, const void *about, const char *folder, const char *value)
{
    const stores_place *place = about;
    const char *path = resolve(f, value);

    if (path == NULL)
        path =
            base_arena_format(&f->list->arena, "%.*s%s", (int)(strlen(folder) - strlen("profiles.ini")), folder, value);
    add(f, place->program, "firefox", base_arena_format(&f->list->arena, "%s/SiteSecurityServiceState.bin", path));
    add(f, place->program, "firefox-txt", base_arena_format(&f->list->arena, "%s/SiteSecurityServiceState.txt", path));
}

/* -- A home -------------------------------------------------------------------------------------------------------- */

static void find_place(finder *f, const stores_place *place)
{
    if (strcmp(place->kind, "chromium") == 0) {
        add_matches(f, place, "chromium", "/TransportSecurity");
        add_matches(f, place, "chromium", "/Network/TransportSecurity");
        add_matches(f, place, "chromium", "/*/TransportSecurity");
        add_matches(f, place, "chromium", "/*/Network/TransportSecurity");
    } else if (strcmp(place->kind, "firefox") == 0) {
        char ini[256];
        add_matches(f, place, "firefox", "/*/SiteSecurityServiceState.bin");
        add_matches(f, place, "firefox", "/Profiles/*/SiteSecurityServiceState.bin");
        add_matches(f, place, "firefox-txt", "/*/SiteSecurityServiceState.txt");
        add_matches(f, place, "firefox-txt", "/Profiles/*/SiteSecurityServiceState.txt");
        snprintf(ini, sizeof ini, "%s/profiles.ini", place->below_home);
        read_values(f, ini, "path", add_profile, place);
    } else {
        add_matches(f, place, place->kind, "");
    }
}

static void find_home(finder *f)
{
    for (const stores_place *place = stores_places; place->program != NULL; place++)
        find_place(f, place);
    for (const stores_pointer *pointer = stores_pointers; pointer->program != NULL; pointer++)
        read_values(f, pointer->below_home, pointer->key, add_pointed, pointer);
}

static void find_homes(finder *f, const char *below_root)
{
    base_buffer pattern;
    glob_t found;

    base_buffer_init(&pattern, 1 << 16);
    quote(f->root, &pattern);
    base_buffer_text(&pattern, below_root);
    if (glob(base_buffer_string(&pattern), 0, NULL, &found) == 0) {
        for (size_t i = 0; i < found.gl_pathc; i++) {
            f->home = found.gl_pathv[i];
            find_home(f);
        }
        globfree(&found);
    }
    base_buffer_done(&pattern);
}

void stores_find(const char *root, stores_list *list)
{
    static const char *const homes[] = {"", "/root", "/home/*", "/var/home/*", "/Users/*"};
    finder f = {root, getenv("HOME"), list};

    *list = (stores_list){0};
    if (root == NULL && f.home != NULL)
        find_home(&f);
    for (size_t i = 0; root != NULL && i < sizeof homes / sizeof homes[0]; i++)
        find_homes(&f, homes[i]);
}

void stores_list_done(stores_list *list)
{
    base_arena_done(&list->arena);
    *list = (stores_list){0};
}
