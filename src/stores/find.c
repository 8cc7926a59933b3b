#include "stores/find.h"

#include "base/buffer.h"
#include "base/file.h"
#include "stores/codec.h"
#include "stores/match.h"
#include "stores/places.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SETTINGS_MAX ((size_t)1 << 20) /* octets of a program's configuration */
#define LINE_MAX_OCTETS 4096
#define PASSED_MAX 1000 /* whoever has more to hide has said enough */

typedef struct finder {
    const char *root; /* the path that was given; NULL: this user's own home */
    stores_home *home;
    stores_list *list;
} finder;

/* Where a store may be: a path that counts from the folder. */
typedef struct place_in {
    finder *f;
    const base_folder *folder;
    const char *program, *kind;
} place_in;

/* Room for one more item, in the list's arena. */
static void grow(stores_list *list, void *items, size_t size, size_t count, size_t *capacity)
{
    void **grown = items, *more;

    if (count < *capacity)
        return;
    *capacity = 2 * *capacity + 16;
    more = base_arena_take(&list->arena, *capacity * size);
    if (count > 0)
        memcpy(more, *grown, count * size);
    *grown = more;
}

/* -- What is passed over ------------------------------------------------------------------------------------------- */

static void pass_over(finder *f, const char *text)
{
    stores_list *list = f->list;

    for (size_t i = 0; i < list->passed_count; i++) {
        if (strcmp(list->passed[i], text) == 0)
            return;
    }
    if (list->passed_count == PASSED_MAX)
        return;
    grow(list, &list->passed, sizeof *list->passed, list->passed_count, &list->passed_capacity);
    list->passed[list->passed_count++] = base_arena_string(&list->arena, text);
}

static bool can_enter(const base_folder *folder, const char *path)
{
    base_folder entered;

    if (!base_folder_open_beneath(&entered, folder, path, NULL))
        return false;
    base_folder_close(&entered);
    return true;
}

/*
 * The first folder on the path that cannot be entered, with errno; the whole path, for `reason`, when all can, or when
 * it is the path itself that goes up.
 */
static int find_obstacle(const base_folder *folder, const char *path, char obstacle[PATH_MAX], int reason)
{
    bool goes_up = strncmp(path, "../", 3) == 0 || strstr(path, "/../") != NULL;

    snprintf(obstacle, PATH_MAX, ".");
    if (!can_enter(folder, obstacle))
        return errno;
    for (const char *slash = strchr(path, '/'); slash != NULL && !goes_up; slash = strchr(slash + 1, '/')) {
        snprintf(obstacle, PATH_MAX, "%.*s", (int)(slash - path), path);
        if (!can_enter(folder, obstacle))
            return errno;
    }
    snprintf(obstacle, PATH_MAX, "%s", path);
    return reason;
}

/* What is not there is not passed over. */
static void pass_path(finder *f, const base_folder *folder, const char *path, int reason)
{
    char obstacle[PATH_MAX];
    base_error text;

    if (reason == ENOENT || reason == ENOTDIR || reason == EISDIR || strlen(path) >= sizeof obstacle)
        return;
    path += strspn(path, "/");
    reason = find_obstacle(folder, path, obstacle, reason);
    if (reason == ENOENT || reason == ENOTDIR)
        return;
    base_error_set(&text, "%s/%s: %s", folder->path, obstacle,
                   reason != 0 ? base_file_reason(reason) : "the folder holds too many names");
    pass_over(f, text.text);
}

static void pass_match(void *self, const char *path, int reason)
{
    const place_in *in = self;

    pass_path(in->f, in->folder, path, reason);
}

/* A file that could not be taken: what the system refused is said of the path, what the rules did of the file. */
static void pass_file(finder *f, const base_folder *folder, const char *path, int reason, base_error *error)
{
    bool is_refused = reason == EPERM || reason == EFBIG;

    if (folder != NULL && !is_refused)
        pass_path(f, folder, path, reason);
    if (folder != NULL && is_refused)
        base_error_wrap(error, "%s", folder->path);
    if (is_refused || (folder == NULL && reason != ENOENT && reason != ENOTDIR && reason != EISDIR))
        pass_over(f, error->text);
}

/* -- What is found ------------------------------------------------------------------------------------------------- */

static bool is_listed(const stores_list *list, const struct stat *status)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].device == status->st_dev && list->items[i].inode == status->st_ino)
            return true;
    }
    return false;
}

/* wget and wget2 take each other's place: the file says whose it is. */
static const char *kind_by_content(const char *kind, int fd)
{
    const hf_format *format = NULL;
    stores_file file;

    if (strncmp(kind, "wget", 4) == 0 && stores_file_of(&file, fd, "", NULL))
        format = stores_codec_detect(&file);
    return format != NULL && strncmp(format->name, "wget", 4) == 0 ? format->name : kind;
}

static const char *whole_path(finder *f, const base_folder *folder, const char *path)
{
    size_t length = strlen(folder->path);

    return base_arena_format(&f->list->arena, "%s%s%s", folder->path,
                             length > 0 && folder->path[length - 1] == '/' ? "" : "/", path + strspn(path, "/"));
}

static void keep(const place_in *in, const char *path, int fd, const struct stat *status)
{
    finder *f = in->f;
    stores_list *list = f->list;
    bool own = f->home == NULL || f->home->folder.open_ended;

    grow(list, &list->items, sizeof *list->items, list->count, &list->capacity);
    list->items[list->count++] = (stores_found){
        .program = in->program,
        .kind = kind_by_content(in->kind, fd),
        .path = in->folder != NULL ? whole_path(f, in->folder, path) : base_arena_string(&list->arena, path),
        .home = own ? NULL : f->home,
        .inner = own ? NULL : base_arena_string(&list->arena, path),
        .size = (int64_t)status->st_size,
        .device = status->st_dev,
        .inode = status->st_ino,
    };
}

static base_file_rules rules_in(const base_folder *folder, uint64_t size_max)
{
    return (base_file_rules){.folder = folder, .owned = folder != NULL && !folder->open_ended, .size_max = size_max};
}

static void add(void *self, const char *path)
{
    const place_in *in = self;
    const base_file_rules rules = rules_in(in->folder, STORES_OCTETS_MAX);
    struct stat status;
    base_error error;
    int fd = base_file_open(path, &rules, &status, &error);

    if (fd < 0) {
        pass_file(in->f, in->folder, path, errno, &error);
        return;
    }
    if (!is_listed(in->f->list, &status))
        keep(in, path, fd, &status);
    close(fd);
}

/* -- Folders that were moved --------------------------------------------------------------------------------------- */

/*
 * The user may have moved the folders of the XDG base directory specification; somebody else's variables are not
 * known. True if the place is in such a folder, which is opened then, if it is there.
 */
static bool open_moved(const finder *f, const char **below_home, base_folder *folder)
{
    static const struct {
        const char *prefix, *variable;
    } moved[] = {{".config/", "XDG_CONFIG_HOME"}, {".local/share/", "XDG_DATA_HOME"}, {".cache/", "XDG_CACHE_HOME"}};

    folder->fd = -1;
    for (size_t i = 0; f->home->folder.open_ended && i < sizeof moved / sizeof moved[0]; i++) {
        const char *path = getenv(moved[i].variable);
        size_t length = strlen(moved[i].prefix);
        if (strncmp(*below_home, moved[i].prefix, length) != 0 || path == NULL || path[0] != '/')
            continue;
        *below_home += length;
        if (base_folder_open(folder, path, NULL))
            folder->open_ended = true;
        return true;
    }
    return false;
}

typedef void (*on_folder)(const place_in *in, const char *below, const char *behind);

static void in_folder(finder *f, const stores_place *place, const char *behind, const char *kind, on_folder act)
{
    place_in in = {f, &f->home->folder, place->program, kind};
    const char *below = place->below_home;
    base_folder moved;

    if (open_moved(f, &below, &moved))
        in.folder = moved.fd >= 0 ? &moved : NULL;
    if (in.folder != NULL)
        act(&in, below, behind);
    base_folder_close(&moved);
}

static void match(const place_in *in, const char *below, const char *behind)
{
    const stores_matcher matcher = {add, pass_match, (void *)(uintptr_t)in};
    char pattern[PATH_MAX];

    if (snprintf(pattern, sizeof pattern, "%s%s", below, behind) < (int)sizeof pattern)
        stores_match(in->folder, pattern, &matcher);
}

static void add_matches(finder *f, const stores_place *place, const char *kind, const char *behind)
{
    in_folder(f, place, behind, kind, match);
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

/* Adds a file that a configuration names, in its own words. An absolute path stands below the root that was given. */
static void add_named(const place_in *in, const char *value)
{
    const base_folder *home = &in->f->home->folder;
    place_in there = *in;
    size_t length = strlen(home->path);
    base_error text;

    there.folder = home;
    if (value[0] == '~' && value[1] == '/') {
        add(&there, value + 2);
        return;
    }
    const char *path = base_arena_format(&in->f->list->arena, "%s%s", in->f->root != NULL ? in->f->root : "", value);
    if (home->open_ended) {
        there.folder = NULL;
        add(&there, path);
    } else if (strncmp(path, home->path, length) == 0 && path[length] == '/') {
        add(&there, path + length);
    } else {
        base_error_set(&text, "%s, which a configuration in %s names, is outside of that home", BASE_CUT(path),
                       home->path);
        pass_over(in->f, text.text);
    }
}

static void add_pointed(const place_in *in, const char *settings, const char *value)
{
    (void)settings;
    if (value[0] == '/' || strncmp(value, "~/", 2) == 0)
        add_named(in, value);
}

/* A profile outside the usual folder, or named by its path in the folder of profiles.ini. */
static void add_profile(const place_in *in, const char *settings, const char *value)
{
    static const char *const files[][2] = {{"firefox", "SiteSecurityServiceState.bin"},
                                           {"firefox-txt", "SiteSecurityServiceState.txt"}};
    bool is_whole = value[0] == '/' || strncmp(value, "~/", 2) == 0;
    base_arena *arena = &in->f->list->arena;

    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        place_in there = *in;
        const char *path = base_arena_format(arena, "%s/%s", value, files[i][1]);

        there.kind = files[i][0];
        if (is_whole)
            add_named(&there, path);
        else
            add(&there,
                base_arena_format(arena, "%.*s%s", (int)(strlen(settings) - strlen("profiles.ini")), settings, path));
    }
}

typedef void (*on_value)(const place_in *in, const char *settings, const char *value);

static void take_values(const place_in *in, const char *settings, const char *key, on_value take, char *text)
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

static void read_values(const place_in *in, const char *settings, const char *key, on_value take)
{
    const base_file_rules rules = rules_in(in->folder, SETTINGS_MAX);
    base_buffer text;
    base_error error;

    base_buffer_init(&text, SETTINGS_MAX + (1 << 17));
    if (base_file_read_by(settings, &rules, &text, &error))
        take_values(in, settings, key, take, text.data);
    else
        pass_file(in->f, in->folder, settings, errno, &error);
    base_buffer_done(&text);
}

static void read_profiles(const place_in *in, const char *below, const char *behind)
{
    char settings[PATH_MAX];

    (void)behind;
    if (snprintf(settings, sizeof settings, "%s/profiles.ini", below) < (int)sizeof settings)
        read_values(in, settings, "path", add_profile);
}

static void read_pointer(const place_in *in, const char *below, const char *key)
{
    read_values(in, below, key, add_pointed);
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
        add_matches(f, place, "firefox", "/*/SiteSecurityServiceState.bin");
        add_matches(f, place, "firefox", "/Profiles/*/SiteSecurityServiceState.bin");
        add_matches(f, place, "firefox-txt", "/*/SiteSecurityServiceState.txt");
        add_matches(f, place, "firefox-txt", "/Profiles/*/SiteSecurityServiceState.txt");
        in_folder(f, place, "", "firefox", read_profiles);
    } else {
        add_matches(f, place, place->kind, "");
    }
}

static void find_in_home(finder *f)
{
    for (const stores_place *place = stores_places; place->program != NULL; place++)
        find_place(f, place);
    for (const stores_pointer *pointer = stores_pointers; pointer->program != NULL; pointer++) {
        const stores_place place = {
            .program = pointer->program, .kind = pointer->kind, .below_home = pointer->below_home};

        in_folder(f, &place, pointer->key, pointer->kind, read_pointer);
    }
}

static void keep_home(finder *f, const stores_home *home)
{
    stores_list *list = f->list;

    f->home = base_arena_take(&list->arena, sizeof *f->home);
    *f->home = *home;
    grow(list, &list->homes, sizeof(void *), list->home_count, &list->home_capacity);
    list->homes[list->home_count++] = f->home;
}

/* A home in which there is nothing is closed again, so that any number of them can be looked into. */
static void drop_empty_home(finder *f, size_t found_before)
{
    if (f->list->count > found_before)
        return;
    f->list->home_count--;
    stores_home_close(f->home);
}

static void find_home(finder *f, const stores_home *home)
{
    size_t found_before = f->list->count;
    base_identity before;
    base_error error;

    keep_home(f, home);
    if (stores_home_enter(f->home, &before, &error)) {
        find_in_home(f);
        base_identity_return(&before);
    } else {
        pass_over(f, error.text);
    }
    drop_empty_home(f, found_before);
}

/* -- Below a root -------------------------------------------------------------------------------------------------- */

static void find_home_at(void *self, const char *path)
{
    const place_in *in = self;
    stores_home home;

    if (stores_home_open(&home, in->folder, path, NULL))
        find_home(in->f, &home);
    else
        pass_path(in->f, in->folder, path, errno);
}

static void find_homes(finder *f, const base_folder *root)
{
    static const char *const homes[] = {"root", "home/*", "var/home/*", "Users/*"};
    place_in in = {.f = f, .folder = root};
    const stores_matcher matcher = {find_home_at, pass_match, &in};
    stores_home home;

    if (stores_home_open(&home, NULL, root->path, NULL))
        find_home(f, &home);
    for (size_t i = 0; i < sizeof homes / sizeof homes[0]; i++)
        stores_match(root, homes[i], &matcher);
}

static void find_own(finder *f, const char *path)
{
    stores_home home;
    base_error error;

    if (!stores_home_open(&home, NULL, path, &error)) {
        pass_over(f, error.text);
        return;
    }
    home.folder.open_ended = !home.as_owner;
    find_home(f, &home);
}

void stores_find(const char *root, stores_list *list)
{
    finder f = {.root = root, .list = list};
    const char *home = getenv("HOME");
    char whole[PATH_MAX];
    base_folder folder;

    *list = (stores_list){0};
    if (root == NULL && home != NULL && *home != '\0')
        find_own(&f, home);
    if (root == NULL)
        return;
    base_file_real_path(root, whole);
    f.root = strcmp(whole, "/") != 0 ? whole : "";
    if (base_folder_open(&folder, whole, NULL)) {
        find_homes(&f, &folder);
        base_folder_close(&folder);
    }
}

void stores_list_done(stores_list *list)
{
    for (size_t i = 0; i < list->home_count; i++)
        stores_home_close(list->homes[i]);
    base_arena_done(&list->arena);
    *list = (stores_list){0};
}

stores_store stores_found_store(const stores_found *found)
{
    return (stores_store){.kind = found->kind,
                          .path = found->path,
                          .format = hf_format_find(found->kind),
                          .home = found->home,
                          .inner = found->inner};
}
