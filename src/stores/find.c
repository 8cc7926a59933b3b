#include "stores/find.h"

#include "stores/collect.h"
#include "stores/match.h"
#include "stores/places.h"
#include "stores/settings.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* -- Folders that were moved --------------------------------------------------------------------------------------- */

/*
 * The user may have moved the folders of the XDG base directory specification; somebody else's variables are not
 * known. True if the place is in such a folder, which is opened then, if it is there.
 */
static bool open_moved(const stores_finder *f, const char **below_home, base_folder *folder)
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

typedef void (*on_folder)(const stores_spot *in, const char *below, const char *behind);

static void in_folder(stores_finder *f, const stores_place *place, const char *behind, const char *kind, on_folder act)
{
    stores_spot in = {f, &f->home->folder, place->program, kind};
    const char *below = place->below_home;
    base_folder moved;

    if (open_moved(f, &below, &moved))
        in.folder = moved.fd >= 0 ? &moved : NULL;
    if (in.folder != NULL)
        act(&in, below, behind);
    base_folder_close(&moved);
}

static void match(const stores_spot *in, const char *below, const char *behind)
{
    const stores_matcher matcher = {stores_found_add, stores_pass_match, (void *)(uintptr_t)in};
    char pattern[PATH_MAX];

    if (snprintf(pattern, sizeof pattern, "%s%s", below, behind) < (int)sizeof pattern)
        stores_match(in->folder, pattern, &matcher);
}

static void add_matches(stores_finder *f, const stores_place *place, const char *kind, const char *behind)
{
    in_folder(f, place, behind, kind, match);
}

static void add_profiles(const stores_spot *in, const char *below, const char *behind)
{
    (void)behind;
    stores_add_profiles(in, below);
}

/* -- A home -------------------------------------------------------------------------------------------------------- */

static void find_place(stores_finder *f, const stores_place *place)
{
    if (strcmp(place->kind, "chromium") == 0) {
        add_matches(f, place, "chromium", "/TransportSecurity");
        add_matches(f, place, "chromium", "/Network/TransportSecurity");
        add_matches(f, place, "chromium", "/*/TransportSecurity");
        add_matches(f, place, "chromium", "/*/Network/TransportSecurity");
        add_matches(f, place, "chromium", "/Partitions/*/TransportSecurity");
        add_matches(f, place, "chromium", "/Partitions/*/Network/TransportSecurity");
    } else if (strcmp(place->kind, "firefox") == 0) {
        add_matches(f, place, "firefox", "/*/SiteSecurityServiceState.bin");
        add_matches(f, place, "firefox", "/Profiles/*/SiteSecurityServiceState.bin");
        add_matches(f, place, "firefox-txt", "/*/SiteSecurityServiceState.txt");
        add_matches(f, place, "firefox-txt", "/Profiles/*/SiteSecurityServiceState.txt");
        if (strchr(place->below_home, '*') == NULL)
            in_folder(f, place, "", "firefox", add_profiles);
    } else {
        add_matches(f, place, place->kind, "");
    }
}

static void find_in_home(stores_finder *f)
{
    for (const stores_place *place = stores_places; place->program != NULL; place++) {
        if (place->below_home != NULL)
            find_place(f, place);
    }
    for (const stores_pointer *pointer = stores_pointers; pointer->program != NULL; pointer++) {
        const stores_place place = {
            .program = pointer->program, .kind = pointer->kind, .below_home = pointer->below_home};

        in_folder(f, &place, pointer->key, pointer->kind, stores_add_pointed);
    }
}

static void keep_home(stores_finder *f, const stores_home *home)
{
    stores_list *list = f->list;

    f->home = base_arena_take(&list->arena, sizeof *f->home);
    *f->home = *home;
    stores_list_grow(list, &list->homes, sizeof(void *), list->home_count, &list->home_capacity);
    list->homes[list->home_count++] = f->home;
}

/* A home in which there is nothing is closed again, so that any number of them can be looked into. */
static void drop_empty_home(stores_finder *f, size_t found_before)
{
    if (f->list->count > found_before)
        return;
    f->list->home_count--;
    stores_home_close(f->home);
}

static void find_home(stores_finder *f, const stores_home *home)
{
    size_t found_before = f->list->count;
    base_identity before;
    base_error error;

    keep_home(f, home);
    if (stores_home_enter(f->home, &before, &error)) {
        find_in_home(f);
        base_identity_return(&before);
    } else {
        stores_pass_over(f, error.text);
    }
    drop_empty_home(f, found_before);
}

/* -- Below a root -------------------------------------------------------------------------------------------------- */

static void find_home_at(void *self, const char *path)
{
    const stores_spot *in = self;
    stores_home home;

    if (stores_home_open(&home, in->folder, path, NULL))
        find_home(in->f, &home);
    else
        stores_pass_path(in->f, in->folder, path, errno);
}

static void find_homes(stores_finder *f, const base_folder *root)
{
    static const char *const homes[] = {"root", "home/*", "var/home/*", "Users/*", "data/data/*", "data/user/*/*"};
    stores_spot in = {.f = f, .folder = root};
    const stores_matcher matcher = {find_home_at, stores_pass_match, &in};
    stores_home home;

    if (stores_home_open(&home, NULL, root->path, NULL))
        find_home(f, &home);
    for (size_t i = 0; i < sizeof homes / sizeof homes[0]; i++)
        stores_match(root, homes[i], &matcher);
}

static void find_own(stores_finder *f, const char *path)
{
    stores_home home;
    base_error error;

    if (!stores_home_open(&home, NULL, path, &error)) {
        stores_pass_over(f, error.text);
        return;
    }
    home.folder.open_ended = !home.as_owner;
    find_home(f, &home);
}

void stores_find(const char *root, stores_list *list)
{
    stores_finder f = {.root = root, .list = list};
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
