#include "stores/collect.h"

#include "stores/codec.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#define PASSED_MAX 1000 /* whoever has more to hide has said enough */

void stores_list_grow(stores_list *list, void *items, size_t size, size_t count, size_t *capacity)
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

void stores_pass_over(stores_finder *f, const char *text)
{
    stores_list *list = f->list;

    for (size_t i = 0; i < list->passed_count; i++) {
        if (strcmp(list->passed[i], text) == 0)
            return;
    }
    if (list->passed_count == PASSED_MAX)
        return;
    stores_list_grow(list, &list->passed, sizeof *list->passed, list->passed_count, &list->passed_capacity);
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

void stores_pass_path(stores_finder *f, const base_folder *folder, const char *path, int reason)
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
    stores_pass_over(f, text.text);
}

void stores_pass_match(void *self, const char *path, int reason)
{
    const stores_spot *in = self;

    stores_pass_path(in->f, in->folder, path, reason);
}

void stores_pass_file(stores_finder *f, const base_folder *folder, const char *path, int reason, base_error *error)
{
    bool is_refused = reason == EPERM || reason == EFBIG;

    if (folder != NULL && !is_refused)
        stores_pass_path(f, folder, path, reason);
    if (folder != NULL && is_refused)
        base_error_wrap(error, "%s", folder->path);
    if (is_refused || (folder == NULL && reason != ENOENT && reason != ENOTDIR && reason != EISDIR))
        stores_pass_over(f, error->text);
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

static const char *whole_path(stores_finder *f, const base_folder *folder, const char *path)
{
    size_t length = strlen(folder->path);

    return base_arena_format(&f->list->arena, "%s%s%s", folder->path,
                             length > 0 && folder->path[length - 1] == '/' ? "" : "/", path + strspn(path, "/"));
}

static void keep(const stores_spot *in, const char *path, int fd, const struct stat *status)
{
    stores_finder *f = in->f;
    stores_list *list = f->list;
    bool own = f->home == NULL || f->home->folder.open_ended;

    stores_list_grow(list, &list->items, sizeof *list->items, list->count, &list->capacity);
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

base_file_rules stores_rules_in(const base_folder *folder, uint64_t size_max)
{
    return (base_file_rules){.folder = folder, .owned = folder != NULL && !folder->open_ended, .size_max = size_max};
}

void stores_found_add(void *self, const char *path)
{
    const stores_spot *in = self;
    const base_file_rules rules = stores_rules_in(in->folder, STORES_OCTETS_MAX);
    struct stat status;
    base_error error;
    int fd = base_file_open(path, &rules, &status, &error);

    if (fd < 0) {
        stores_pass_file(in->f, in->folder, path, errno, &error);
        return;
    }
    if (!is_listed(in->f->list, &status))
        keep(in, path, fd, &status);
    close(fd);
}
