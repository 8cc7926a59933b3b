#include "preload/file.h"

#include "base/file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define IMAGE_MAX ((size_t)64 << 20)
#define SYSTEM_FOLDER "/var/lib/holdfast/preload"

static const char *const names[][2] = {
#define PRELOAD_X(symbol, name, title) {name, title},
    PRELOAD_WHICH_MAP(PRELOAD_X)
#undef PRELOAD_X
};

const char *preload_which_name(preload_which which)
{
    return names[which][0];
}

const char *preload_which_title(preload_which which)
{
    return names[which][1];
}

static bool open_by(preload_file *file, const char *path, const base_file_rules *rules, base_error *error)
{
    hf_status status;

    *file = (preload_file){0};
    snprintf(file->path, sizeof file->path, "%s", path);
    base_buffer_init(&file->bytes, IMAGE_MAX);
    if (!(rules->streams ? base_file_read(path, &file->bytes, error)
                         : base_file_read_by(path, rules, &file->bytes, error))) {
        base_buffer_done(&file->bytes);
        return false;
    }
    status = hf_preload_open(base_buffer_string(&file->bytes), file->bytes.length, NULL, &file->image);
    if (status != HF_OK) {
        base_error_set(error, "%s: %s", path, hf_status_text(status));
        preload_file_close(file);
        errno = EINVAL;
        return false;
    }
    file->preload.size = sizeof file->preload;
    hf_preload_from_image(file->image, &file->preload);
    return true;
}

bool preload_file_open(preload_file *file, const char *path, base_error *error)
{
    return open_by(file, path, &(base_file_rules){.streams = true}, error);
}

void preload_file_close(preload_file *file)
{
    hf_preload_close(file->image);
    base_buffer_done(&file->bytes);
    file->image = NULL;
}

bool preload_file_path(preload_which which, char path[PRELOAD_PATH_MAX])
{
    const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
    int length;

    /* The XDG base directory specification: a relative path there is to be ignored. */
    if (data != NULL && *data == '/')
        length = snprintf(path, PRELOAD_PATH_MAX, "%s/holdfast/preload/%s.img", data, names[which][0]);
    else if (home != NULL && *home == '/')
        length = snprintf(path, PRELOAD_PATH_MAX, "%s/.local/share/holdfast/preload/%s.img", home, names[which][0]);
    else
        return false;
    return length < PRELOAD_PATH_MAX;
}

/* What is at hand is a regular file: a pipe there would be waited for, and nobody named it. */
static bool find_at(preload_file *file, const char *path, bool *is_there, base_error *error)
{
    bool is_open = open_by(file, path, &(base_file_rules){0}, error);

    *is_there = is_open || (errno != ENOENT && errno != ENOTDIR);
    return is_open;
}

bool preload_file_find(preload_file *file, preload_which which, base_error *error)
{
    char path[PRELOAD_PATH_MAX];
    bool is_there = false;

    *file = (preload_file){0};
    if (preload_file_path(which, path) && find_at(file, path, &is_there, error))
        return true;
    if (is_there)
        return false;
    snprintf(path, sizeof path, SYSTEM_FOLDER "/%s.img", names[which][0]);
    return find_at(file, path, &is_there, error) || !is_there;
}
