#include "preload/update.h"

#include "base/buffer.h"
#include "base/claims.h"
#include "base/exit.h"
#include "base/file.h"
#include "base/replace.h"
#include "base/term.h"
#include "http/download.h"
#include "preload/debian.h"
#include "preload/names.h"
#include "preload/plausible.h"
#include "preload/reader.h"

#include <string.h>
#include <sys/stat.h>

#define DEBIAN "debian" /* as --from has it */
#define IMAGE_MAX ((size_t)1 << 30)

static const char *const homes[] = {
    [PRELOAD_CHROMIUM] = "https://chromium.googlesource.com/chromium/src/+/main/net/http/"
                         "transport_security_state_static.json?format=TEXT",
    [PRELOAD_FIREFOX] = "https://raw.githubusercontent.com/mozilla-firefox/firefox/main/security/manager/ssl/"
                        "nsSTSPreloadList.inc",
};

typedef struct update {
    const preload_update_options *options;
    preload_which which;
    const char *from;
    char *path;
    char tag_path[PRELOAD_PATH_MAX + 8];
    char
        tag[PRELOAD_DEBIAN_TAG_MAX]; /* before the download, of the old list; then of what came; empty: there is none */
    int64_t modified;                /* when what came was made, as the server says */
    base_buffer text;
    preload_names names;
    bool unchanged;
    bool is_newer; /* what is at hand is newer than what came, and stays */
} update;

/* -- What is at hand ----------------------------------------------------------------------------------------------- */

static bool is_url(const char *from)
{
    return strstr(from, "://") != NULL;
}

static bool is_debian(const char *from)
{
    return strcmp(from, DEBIAN) == 0;
}

static bool read_which(update *u, base_error *error)
{
    const char *wanted = u->options->list, *from = u->options->from;

    u->which = from != NULL && is_debian(from) ? PRELOAD_FIREFOX : PRELOAD_CHROMIUM;
    if (wanted == NULL || strcmp(wanted, preload_which_name(u->which)) == 0)
        return true;
    u->which = PRELOAD_FIREFOX;
    if (strcmp(wanted, preload_which_name(PRELOAD_FIREFOX)) == 0)
        return true;
    if (strcmp(wanted, preload_which_name(PRELOAD_CHROMIUM)) == 0)
        base_error_set(error, "--list: Debian's package " PRELOAD_DEBIAN_PACKAGE " has Firefox's list, not Chromium's");
    else
        base_error_set(error, "--list: '%s' is neither chromium nor firefox", BASE_CUT(wanted));
    return false;
}

static bool set_paths(update *u, base_error *error)
{
    const char *image = u->options->image;

    if (image != NULL && strcmp(image, "-") == 0) {
        base_error_set(error, "--image: what is updated is a file; holdfast preload compile writes to standard output");
        return false;
    }
    if (image != NULL && strlen(image) < (size_t)PRELOAD_PATH_MAX) {
        memcpy(u->path, image, strlen(image) + 1);
    } else if (image != NULL || !preload_file_path(u->which, u->path)) {
        base_error_set(error, "where is the image to lie? Set HOME, or name it with --image");
        return false;
    }
    snprintf(u->tag_path, sizeof u->tag_path, "%s.tag", u->path);
    return true;
}

#define DIGEST_TEXT (2 * HF_PRELOAD_DIGEST_SIZE + 1)

/* The digest of the list that lies there now. False: there is none that can be used. */
static bool read_digest(const update *u, char text[DIGEST_TEXT])
{
    hf_preload_info info = hf_preload_info_init();
    preload_file file;

    if (!preload_file_open(&file, u->path, NULL))
        return false;
    hf_preload_describe(file.image, &info);
    preload_file_close(&file);
    for (size_t i = 0; i < HF_PRELOAD_DIGEST_SIZE; i++)
        snprintf(text + 2 * i, 3, "%02x", info.digest[i]);
    return true;
}

/* Takes the next line of *text into `line`. False if there is none, or it has no room. */
static bool take_line(const char **text, char *line, size_t size)
{
    size_t length = strcspn(*text, "\n");

    if ((*text)[length] != '\n' || length >= size)
        return false;
    memcpy(line, *text, length);
    line[length] = '\0';
    *text += length + 1;
    return true;
}

/* What was or is to be compiled otherwise than the list says must come again. */
static bool may_have_tag(const preload_update_options *s)
{
    return s->source == NULL && s->date == HF_TIME_UNKNOWN && s->life == HF_TIME_UNKNOWN && !s->force;
}

/* Without its image a tag says nothing, nor of another URL. */
static void read_tag(update *u)
{
    char from[4096], tag[PRELOAD_DEBIAN_TAG_MAX], digest[DIGEST_TEXT], ours[DIGEST_TEXT];
    const char *at;
    base_buffer text;

    u->tag[0] = '\0';
    if (!may_have_tag(u->options))
        return;
    base_buffer_init(&text, 1 << 17);
    if (base_file_read(u->tag_path, &text, NULL)) {
        at = base_buffer_string(&text);
        if (take_line(&at, from, sizeof from) && take_line(&at, tag, sizeof tag) &&
            take_line(&at, digest, sizeof digest) && strcmp(from, u->from) == 0 && read_digest(u, ours) &&
            strcmp(digest, ours) == 0)
            memcpy(u->tag, tag, sizeof tag);
    }
    base_buffer_done(&text);
}

/* At the usual place root makes nothing in another user's home, as under a sudo that keeps HOME. */
static bool replace(const update *u, const char *path, const void *bytes, size_t length, base_error *error)
{
    const base_replace_rules rules = {.owned = u->options->image == NULL, .streams = true, .last_wins = true};

    return base_file_replace_by(path, bytes, length, &rules, error);
}

/* A tag that cannot be kept costs a download, no more. */
static void keep_tag(const update *u)
{
    char digest[DIGEST_TEXT];
    base_buffer text;

    base_buffer_init(&text, 1 << 17);
    if (u->tag[0] != '\0' && may_have_tag(u->options) && read_digest(u, digest)) {
        base_buffer_appendf(&text, "%s\n%s\n%s\n", u->from, u->tag, digest);
        (void)replace(u, u->tag_path, base_buffer_string(&text), text.length, NULL);
    } else {
        base_file_remove(u->tag_path);
    }
    base_buffer_done(&text);
}

/* -- The new list -------------------------------------------------------------------------------------------------- */

/* Chromium's list does not tell its day: the server does, or the file, or it is of today. */
static int64_t day_of(const update *u)
{
    struct stat file;

    if (is_url(u->from))
        return u->modified != HF_TIME_UNKNOWN ? u->modified : u->options->now;
    return stat(u->from, &file) == 0 ? (int64_t)file.st_mtime : u->options->now;
}

static void tell_note(const update *u, const char *before, const char *text)
{
    base_error note;

    if (u->options->quiet)
        return;
    base_error_set(&note, "%s%s", before, text);
    base_error_print(&note, stderr);
}

static bool get_url(update *u, base_error *error)
{
    const preload_update_options *s = u->options;
    http_download download = {.url = u->from, .body = &u->text, .cafile = s->cafile, .connect_to = s->connect_to};

    read_tag(u);
    if (strlen(u->tag) < sizeof download.tag)
        memcpy(download.tag, u->tag, strlen(u->tag) + 1);
    if (!http_download_run(&download, error))
        return false;
    u->unchanged = download.unchanged;
    u->modified = download.modified;
    memcpy(u->tag, download.tag, sizeof download.tag);
    return true;
}

static bool get_debian(update *u, base_error *error)
{
    preload_debian debian = {.root = "", .offline = u->options->offline, .text = &u->text};

    read_tag(u);
    memcpy(debian.tag, u->tag, sizeof debian.tag);
    if (!preload_debian_get(&debian, error))
        return false;
    tell_note(u, "from Debian's package " PRELOAD_DEBIAN_PACKAGE ": ", debian.origin);
    u->unchanged = debian.unchanged;
    memcpy(u->tag, debian.tag, sizeof debian.tag);
    return true;
}

static bool get_text(update *u, base_error *error)
{
    u->tag[0] = '\0';
    base_buffer_clear(&u->text);
    if (is_debian(u->from))
        return get_debian(u, error);
    return is_url(u->from) ? get_url(u, error) : base_file_read(u->from, &u->text, error);
}

/*
 * The browser's own list cannot be had. Who named it, or a place, wanted that; else Firefox's list of some time ago
 * is far better than none, and every way to it is told.
 */
static bool fall_back(update *u, base_error *error)
{
    const preload_update_options *s = u->options;
    base_error why = *error;

    if (s->from != NULL)
        return false;
    if (s->list != NULL && u->which == PRELOAD_CHROMIUM) {
        base_error_wrap(error, "Firefox's list may be had from Debian's package " PRELOAD_DEBIAN_PACKAGE
                               " (--from " DEBIAN "), but Chromium's was asked for, and");
        return false;
    }
    if (!s->offline)
        tell_note(u, "note: ", why.text);
    tell_note(u, "note: ", "taking the copy of Firefox's list in Debian's package " PRELOAD_DEBIAN_PACKAGE " instead");
    u->from = DEBIAN;
    u->which = PRELOAD_FIREFOX;
    return set_paths(u, error) && get_text(u, error);
}

static bool get_any_text(update *u, base_error *error)
{
    if (u->options->offline && is_url(u->from)) {
        base_error_set(error, "%s: --offline forbids to ask it", u->from);
        return fall_back(u, error);
    }
    return get_text(u, error) || fall_back(u, error);
}

static bool read_list(update *u, base_error *error)
{
    const preload_update_options *s = u->options;

    if (!preload_read(base_buffer_string(&u->text), u->text.length, &u->names, error)) {
        base_error_wrap(error, "%s", u->from);
        return false;
    }
    if (u->names.list_time == HF_TIME_UNKNOWN)
        u->names.list_time = day_of(u);
    if (s->date != HF_TIME_UNKNOWN)
        u->names.list_time = s->date;
    if (s->life != HF_TIME_UNKNOWN)
        u->names.life = s->life;
    if (s->source != NULL)
        u->names.source = s->source;
    return true;
}

/* One browser's list must not lie in the place of the other's. */
static bool is_that_list(const update *u, base_error *error)
{
    const char *maker = u->names.source != NULL ? u->names.source : u->names.maker;
    preload_which other = u->which == PRELOAD_CHROMIUM ? PRELOAD_FIREFOX : PRELOAD_CHROMIUM;

    if (maker == NULL || strncmp(maker, preload_which_title(other), strlen(preload_which_title(other))) != 0)
        return true;
    base_error_set(error, "%s is %s's list: say --list %s", u->from, preload_which_title(other),
                   preload_which_name(other));
    return false;
}

/* -- Its image ----------------------------------------------------------------------------------------------------- */

static bool is_plausible(const update *u, base_error *error)
{
    bool is_its_own = u->from == homes[u->which] || is_debian(u->from);

    return u->options->force || (preload_has_canaries(&u->names, u->which, is_its_own, u->options->canaries, error) &&
                                 preload_overlaps(&u->names, u->path, u->options->now, error));
}

/* What Debian has is some months old: it does not take the place of a newer list that is still in force. */
static bool is_newer_at_hand(const update *u)
{
    preload_file old;
    bool is_newer;

    if (!is_debian(u->from) || u->options->force || !preload_file_open(&old, u->path, NULL))
        return false;
    is_newer = old.preload.list_time != HF_TIME_UNKNOWN && old.preload.list_time > u->names.list_time &&
               !hf_preload_is_stale(&old.preload, u->options->now);
    preload_file_close(&old);
    return is_newer;
}

static bool put_in_place(update *u, base_error *error)
{
    base_buffer image;
    bool is_there;

    base_buffer_init(&image, IMAGE_MAX);
    is_there = preload_names_compile(&u->names, &image, error) && base_file_make_folders(u->path, 0700, error) &&
               replace(u, u->path, image.data, image.length, error);
    base_buffer_done(&image);
    if (is_there)
        keep_tag(u);
    return is_there;
}

static bool take_list(update *u, base_error *error)
{
    if (!read_list(u, error) || !is_that_list(u, error))
        return false;
    u->is_newer = is_newer_at_hand(u);
    return u->is_newer || (is_plausible(u, error) && put_in_place(u, error));
}

/* No file that is read is one that is written. */
static bool claim(const update *u, base_error *error)
{
    const char *cafile = u->options->cafile;
    base_claims claims = {0};
    bool good =
        (is_url(u->from) || is_debian(u->from) || base_claims_add_path(&claims, u->from, "the list", false, error)) &&
        (cafile == NULL || base_claims_add_path(&claims, cafile, "--cafile", false, error)) &&
        base_claims_add_path(&claims, u->path, "the image", true, error) &&
        base_claims_add_path(&claims, u->tag_path, "the image's tag", true, error);

    base_claims_done(&claims);
    return good;
}

static int bring(update *u, base_error *error)
{
    if (!read_which(u, error))
        return BASE_EXIT_USAGE;
    u->from = u->options->from != NULL ? u->options->from : homes[u->which];
    if (!set_paths(u, error))
        return BASE_EXIT_UNCHECKED;
    if (!claim(u, error))
        return BASE_EXIT_USAGE;
    if (!get_any_text(u, error))
        return BASE_EXIT_UNCHECKED;
    return u->unchanged || take_list(u, error) ? BASE_EXIT_CLEAN : BASE_EXIT_UNCHECKED;
}

int preload_update(const preload_update_options *options, preload_updated *updated, base_error *error)
{
    update u = {.options = options, .path = updated->path, .modified = HF_TIME_UNKNOWN};
    int code;

    base_buffer_init(&u.text, PRELOAD_TEXT_MAX);
    preload_names_init(&u.names);
    code = bring(&u, error);
    updated->unchanged = u.unchanged;
    updated->is_newer = u.is_newer;
    preload_names_done(&u.names);
    base_buffer_done(&u.text);
    return code;
}
