#include "stores/settings.h"

#include "base/ascii.h"
#include "base/buffer.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#define SETTINGS_MAX ((size_t)1 << 20) /* octets of a program's configuration */
#define LINE_MAX_OCTETS 4096

/*
 * "Key = value", "key: value", "--key value", `key "value"`, as profiles.ini, .curlrc and .wgetrc have it. NULL:
 * another key.
 */
static char *value_of(char *line, const char *key)
{
    line += strspn(line, " \t-");
    for (; *key != '\0'; key++, line++) {
        char c = base_ascii_lower(*line);

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

/* Adds a file that a configuration names, in its own words. An absolute path stands below the root that was given. */
static void add_named(const stores_spot *in, const char *value)
{
    const base_folder *home = &in->f->home->folder;
    stores_spot there = *in;
    size_t length = strlen(home->path);
    base_error text;

    there.folder = home;
    if (value[0] == '~' && value[1] == '/') {
        stores_found_add(&there, value + 2);
        return;
    }
    const char *path = base_arena_format(&in->f->list->arena, "%s%s", in->f->root != NULL ? in->f->root : "", value);
    if (home->open_ended) {
        there.folder = NULL;
        stores_found_add(&there, path);
    } else if (strncmp(path, home->path, length) == 0 && path[length] == '/') {
        stores_found_add(&there, path + length);
    } else {
        base_error_set(&text, "%s, which a configuration in %s names, is outside of that home", BASE_CUT(path),
                       home->path);
        stores_pass_over(in->f, text.text);
    }
}

static void add_pointed(const stores_spot *in, const char *settings, const char *value)
{
    (void)settings;
    if (value[0] == '/' || strncmp(value, "~/", 2) == 0)
        add_named(in, value);
}

/* A profile outside the usual folder, or named by its path in the folder of profiles.ini. */
static void add_profile(const stores_spot *in, const char *settings, const char *value)
{
    static const char *const files[][2] = {{"firefox", "SiteSecurityServiceState.bin"},
                                           {"firefox-txt", "SiteSecurityServiceState.txt"}};
    bool is_whole = value[0] == '/' || strncmp(value, "~/", 2) == 0;
    base_arena *arena = &in->f->list->arena;

    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        stores_spot there = *in;
        const char *path = base_arena_format(arena, "%s/%s", value, files[i][1]);

        there.kind = files[i][0];
        if (is_whole)
            add_named(&there, path);
        else
            stores_found_add(
                &there,
                base_arena_format(arena, "%.*s%s", (int)(strlen(settings) - strlen("profiles.ini")), settings, path));
    }
}

typedef void (*on_value)(const stores_spot *in, const char *settings, const char *value);

static void take_values(const stores_spot *in, const char *settings, const char *key, on_value take, char *text)
{
    /* NULL: the file is empty. */
    for (char *line = text, *next; line != NULL; line = next) {
        char *end = strchr(line, '\n');

        next = end != NULL ? end + 1 : NULL;
        if (end != NULL)
            *end = '\0';
        const char *value = strlen(line) <= LINE_MAX_OCTETS ? value_of(line, key) : NULL;
        if (value != NULL)
            take(in, settings, value);
    }
}

static void read_values(const stores_spot *in, const char *settings, const char *key, on_value take)
{
    const base_file_rules rules = stores_rules_in(in->folder, SETTINGS_MAX);
    base_buffer text;
    base_error error;

    base_buffer_init(&text, SETTINGS_MAX + (1 << 17));
    if (base_file_read_by(settings, &rules, &text, &error))
        take_values(in, settings, key, take, text.data);
    else
        stores_pass_file(in->f, in->folder, settings, errno, &error);
    base_buffer_done(&text);
}

void stores_add_profiles(const stores_spot *in, const char *below)
{
    char settings[PATH_MAX];

    if (snprintf(settings, sizeof settings, "%s/profiles.ini", below) < (int)sizeof settings)
        read_values(in, settings, "path", add_profile);
}

void stores_add_pointed(const stores_spot *in, const char *below, const char *key)
{
    read_values(in, below, key, add_pointed);
}
