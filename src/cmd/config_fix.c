#include "cmd/config_fix.h"

#include "base/file.h"
#include "base/replace.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define BACKUP_ENDING "orig"
#define WRITTEN_MAX (4 * CONFIG_FILE_MAX) /* octets of a file with its edits, and of a diff */

/* -- Diffs --------------------------------------------------------------------------------------------------------- */

bool cmd_config_diff(const config_patches *patches, base_color color, base_error *error)
{
    base_buffer diff;
    base_term term;
    bool good = true;

    base_term_init(&term, stdout, color);
    base_buffer_init(&diff, WRITTEN_MAX);
    for (size_t i = 0; i < patches->count && good; i++) {
        config_patch_diff(&patches->items[i], &diff);
        if (!term.is_terminal || diff.failed) {
            good = base_buffer_flush(&diff, stdout, error);
            continue;
        }
        report_lint_diff(base_buffer_string(&diff), diff.length, &term);
        base_buffer_clear(&diff);
    }
    base_buffer_done(&diff);
    return good;
}

/* -- Files --------------------------------------------------------------------------------------------------------- */

/* True if the file still is what was read and judged. */
static bool is_unchanged(int fd, const config_file *file)
{
    char octets[16384];
    size_t at = 0;
    ssize_t got;

    while ((got = pread(fd, octets, sizeof octets, (off_t)at)) > 0) {
        if ((size_t)got > file->length - at || memcmp(octets, file->text + at, (size_t)got) != 0)
            return false;
        at += (size_t)got;
    }
    return got == 0 && at == file->length;
}

/* Beside the file itself, which may be elsewhere than the link that was included. */
static const char *backup_path(const base_replacement *r, base_arena *arena)
{
    char real[PATH_MAX];
    const char *path = r->path, *slash;

    if (strcmp(r->place.path, r->path) != 0) {
        base_file_real_path(r->path, real);
        path = real;
    }
    slash = strrchr(path, '/');
    return base_arena_format(arena, "%.*s%s", slash != NULL ? (int)(slash + 1 - path) : 0, path, r->kept);
}

static bool write_text(base_replacement *r, const config_patch *patch, base_error *error)
{
    base_buffer text;
    bool good;

    base_buffer_init(&text, WRITTEN_MAX);
    config_patch_text(patch, &text);
    good = !text.failed && base_file_write_all(r->fd, text.data, text.length);
    if (!good)
        base_error_set(error, "cannot write %s: %s", BASE_CUT(patch->file->name),
                       text.failed ? "it would become too long" : strerror(errno));
    base_buffer_done(&text);
    return good;
}

static bool replace(base_replacement *r, const config_patch *patch, base_error *error)
{
    if (r->old < 0 || !is_unchanged(r->old, patch->file)) {
        base_error_set(error, "%s was changed meanwhile", BASE_CUT(patch->file->name));
        return false;
    }
    return write_text(r, patch, error) && base_replace_hide_old(r, BACKUP_ENDING, error) &&
           base_replace_commit(r, error);
}

static bool mend(const config_patch *patch, base_arena *arena, report_lint_mended *mended, base_error *error)
{
    base_replacement r;
    bool good;

    if (!base_replace_begin(&r, patch->file->name, &(base_replace_rules){.lock = true}, error))
        return false;
    good = replace(&r, patch, error);
    if (good)
        *mended =
            (report_lint_mended){base_arena_string(arena, patch->file->name), backup_path(&r, arena), patch->mended};
    base_replace_done(&r);
    return good;
}

bool cmd_config_fix(const config_patches *patches, base_arena *arena, report_lint_mended *mended, size_t *count,
                    base_error *error)
{
    *count = 0;
    for (size_t i = 0; i < patches->count; i++) {
        if (!mend(&patches->items[i], arena, &mended[*count], error))
            return false;
        ++*count;
    }
    return true;
}
