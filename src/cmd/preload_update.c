/*
 * holdfast preload update: brings a browser's list, and puts its image in the place of the old one; on any failure that stays.
 *
 * Beside the image lies NAME.img.tag: the URL and the ETag of what it was made of, so that an unchanged list is not sent again.
 */
#include "base/file.h"
#include "cmd/preload.h"
#include "net/download.h"
#include "preload/reader.h"

#include <string.h>
#include <sys/stat.h>

#define LOST_PART 3 /* a list that lost a third of its names is no update, but an accident */

static const char *const homes[] = {
    [PRELOAD_CHROMIUM] = "https://chromium.googlesource.com/chromium/src/+/main/net/http/"
                         "transport_security_state_static.json?format=TEXT",
    [PRELOAD_FIREFOX] = "https://raw.githubusercontent.com/mozilla-firefox/firefox/main/security/manager/ssl/"
                        "nsSTSPreloadList.inc",
};

typedef struct update {
    const cmd_preload_settings *settings;
    preload_which which;
    const char *from;
    char path[PRELOAD_PATH_MAX];
    char tag_path[PRELOAD_PATH_MAX + 8];
    net_download download;
    base_buffer text;
    preload_names names;
    bool unchanged;
} update;

/* -- What is at hand ---------------------------------------------------------------------------------------------------------- */

static bool is_url(const char *from)
{
    return strstr(from, "://") != NULL;
}

static bool read_which(update *u, base_error *error)
{
    const char *wanted = u->settings->list;

    u->which = PRELOAD_CHROMIUM;
    if (wanted == NULL || strcmp(wanted, preload_which_name(PRELOAD_CHROMIUM)) == 0)
        return true;
    u->which = PRELOAD_FIREFOX;
    if (strcmp(wanted, preload_which_name(PRELOAD_FIREFOX)) == 0)
        return true;
    base_error_set(error, "--list: '%s' is neither chromium nor firefox", BASE_CUT(wanted));
    return false;
}

static bool set_paths(update *u, base_error *error)
{
    const char *image = u->settings->image;

    if (image != NULL && strlen(image) < sizeof u->path) {
        memcpy(u->path, image, strlen(image) + 1);
    } else if (image != NULL || !preload_file_path(u->which, u->path)) {
        base_error_set(error, "where is the image to lie? Set HOME, or name it with --image");
        return false;
    }
    snprintf(u->tag_path, sizeof u->tag_path, "%s.tag", u->path);
    return true;
}

/* Without the image the tag says nothing, and of another URL it says nothing either. */
static void read_tag(update *u)
{
    struct stat there;
    base_buffer text;
    size_t length = strlen(u->from);

    base_buffer_init(&text, 1 << 17);
    if (stat(u->path, &there) == 0 && base_file_read(u->tag_path, &text, NULL) && text.length > length + 1 &&
        strncmp(text.data, u->from, length) == 0 && text.data[length] == '\n')
        snprintf(u->download.tag, sizeof u->download.tag, "%.*s", (int)strcspn(text.data + length + 1, "\n"),
                 text.data + length + 1);
    base_buffer_done(&text);
}

/* A tag that cannot be kept costs a download, no more. */
static void keep_tag(const update *u)
{
    base_buffer text;

    base_buffer_init(&text, 1 << 17);
    if (is_url(u->from) && u->download.tag[0] != '\0') {
        base_buffer_appendf(&text, "%s\n%s\n", u->from, u->download.tag);
        (void)base_file_replace(u->tag_path, base_buffer_string(&text), text.length, NULL);
    } else {
        (void)remove(u->tag_path);
    }
    base_buffer_done(&text);
}

/* -- The new list ------------------------------------------------------------------------------------------------------------- */

/* Chromium's list does not tell its day: the server does, or the file, or it is of today. */
static int64_t day_of(const update *u)
{
    struct stat file;

    if (is_url(u->from))
        return u->download.modified != HF_TIME_UNKNOWN ? u->download.modified : cmd_now(&u->settings->common);
    return stat(u->from, &file) == 0 ? (int64_t)file.st_mtime : cmd_now(&u->settings->common);
}

static bool get_text(update *u, base_error *error)
{
    if (!is_url(u->from))
        return base_file_read(u->from, &u->text, error);
    read_tag(u);
    u->download.url = u->from;
    u->download.body = &u->text;
    if (!net_download_run(&u->download, error))
        return false;
    u->unchanged = u->download.unchanged;
    return true;
}

static bool read_list(update *u, base_error *error)
{
    const cmd_preload_settings *s = u->settings;

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

/* -- Its image ---------------------------------------------------------------------------------------------------------------- */

static bool is_plausible(const update *u, base_error *error)
{
    hf_preload_info info = hf_preload_info_init();
    preload_file old;
    struct stat there;

    if (stat(u->path, &there) != 0 || u->settings->force)
        return true;
    if (!preload_file_open(&old, u->path, error))
        return true; /* there is nothing that could be lost */
    hf_preload_describe(old.image, &info);
    preload_file_close(&old);
    if (u->names.count >= info.count - info.count / LOST_PART)
        return true;
    base_error_set(error, "the new list has %zu names, the old one %zu: that is too few to be true; --force takes it",
                   u->names.count, info.count);
    return false;
}

static bool put_in_place(update *u, base_error *error)
{
    base_buffer image;
    bool is_there;

    base_buffer_init(&image, CMD_PRELOAD_DOCUMENT_MAX);
    is_there = preload_names_compile(&u->names, &image, error) && base_file_make_folders(u->path, 0700, error) &&
               base_file_replace(u->path, image.data, image.length, error);
    base_buffer_done(&image);
    if (is_there)
        keep_tag(u);
    return is_there;
}

static void tell(const update *u)
{
    char words[CMD_LIST_WORDS_MAX];
    preload_file file;
    base_term term;

    if (u->settings->common.quiet || !preload_file_open(&file, u->path, NULL))
        return;
    cmd_list_words(&file.preload, cmd_now(&u->settings->common), words);
    base_term_init(&term, stdout, u->settings->common.color);
    base_term_line(&term, BASE_STYLE_GOOD, "%s: %s%s", u->path, u->unchanged ? "unchanged: " : "", words);
    preload_file_close(&file);
}

static int bring(update *u, base_error *error)
{
    if (!read_which(u, error))
        return CMD_USAGE;
    u->from = u->settings->from != NULL ? u->settings->from : homes[u->which];
    if (!set_paths(u, error) || !get_text(u, error))
        return CMD_UNCHECKED;
    if (!u->unchanged &&
        (!read_list(u, error) || !is_that_list(u, error) || !is_plausible(u, error) || !put_in_place(u, error)))
        return CMD_UNCHECKED;
    tell(u);
    return CMD_CLEAN;
}

static int run(const cmd_preload_settings *s, const base_operands *operands)
{
    update u = {.settings = s};
    base_error error;
    int code;

    (void)operands;
    base_buffer_init(&u.text, PRELOAD_TEXT_MAX);
    preload_names_init(&u.names);
    code = bring(&u, &error);
    preload_names_done(&u.names);
    base_buffer_done(&u.text);
    return code == CMD_CLEAN ? code : cmd_preload_fail("update", &error, code);
}

static const char *const options[] = {"image", "from", "list", "source", "date", "life", "force", "quiet", NULL};

const cmd_preload_sub cmd_preload_update = {"update", "[--list NAME] [--from URL]", 0, 0, options, run};
