#include "config/source.h"

#include "base/ascii.h"
#include "base/file.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

void config_estate_done(config_estate *estate)
{
    base_arena_done(&estate->arena);
    *estate = (config_estate){0};
}

/* -- Reading ------------------------------------------------------------------------------------------------------- */

static void find_lines(config_estate *estate, config_file *file)
{
    size_t count = 1, next = 1;
    size_t *lines;

    for (size_t i = 0; i < file->length; i++)
        count += file->text[i] == '\n';
    lines = base_arena_take(&estate->arena, count * sizeof *lines);
    for (size_t i = 0; i < file->length; i++)
        if (file->text[i] == '\n')
            lines[next++] = i + 1;
    file->lines = lines;
    file->line_count = count;
}

config_file *config_estate_add(config_estate *estate, const char *name, const char *text, size_t length)
{
    config_file *file = base_arena_take(&estate->arena, sizeof *file);

    *file = (config_file){.name = base_arena_string(&estate->arena, name),
                          .text = base_arena_copy(&estate->arena, text, length),
                          .length = length};
    find_lines(estate, file);
    estate->files = base_arena_grow(&estate->arena, estate->files, estate->file_count, &estate->file_capacity,
                                    sizeof(config_file *));
    estate->files[estate->file_count++] = file;
    estate->octets += length;
    return file;
}

static config_file *known_file(const config_estate *estate, const struct stat *status)
{
    for (size_t i = 0; i < estate->file_count; i++)
        if (estate->files[i]->inode == status->st_ino && estate->files[i]->device == status->st_dev &&
            status->st_ino != 0)
            return estate->files[i];
    return NULL;
}

/* Text has no NUL, so what has one is none: an image, an archive, a core. */
static bool is_text(const char *path, const base_buffer *content, base_error *error)
{
    const char *nul = content->length > 0 ? memchr(content->data, '\0', content->length) : NULL;

    if (nul != NULL)
        base_error_set(error, "%s: is not a text file: it has a NUL at byte %zu", BASE_CUT(path),
                       (size_t)(nul - content->data));
    return nul == NULL;
}

static config_file *read_into(config_estate *estate, const char *path, base_buffer *content, const struct stat *status,
                              base_error *error)
{
    config_file *file;

    if (!base_file_read(path, content, error) || !is_text(path, content, error)) {
        errno = EINVAL;
        return NULL;
    }
    if (content->length > CONFIG_ESTATE_MAX - estate->octets) {
        base_error_set(error, "%s: the files of the configuration have more than %zu MiB", BASE_CUT(path),
                       CONFIG_ESTATE_MAX >> 20);
        errno = EFBIG;
        return NULL;
    }
    file = config_estate_add(estate, path, base_buffer_string(content), content->length);
    file->device = status->st_dev;
    file->inode = status->st_ino;
    return file;
}

config_file *config_estate_read(config_estate *estate, const char *path, base_error *error)
{
    struct stat status = {0};
    config_file *file;
    base_buffer content;

    if (strcmp(path, "-") != 0) {
        int fd = base_file_open(path, &(base_file_rules){.streams = true}, &status, error);

        if (fd < 0)
            return NULL;
        (void)close(fd);
        file = known_file(estate, &status);
        if (file != NULL)
            return file;
    }
    if (estate->file_count >= CONFIG_FILES_MAX) {
        base_error_set(error, "%s: the configuration has more than %d files", BASE_CUT(path), CONFIG_FILES_MAX);
        errno = EMFILE;
        return NULL;
    }
    base_buffer_init(&content, CONFIG_FILE_MAX);
    file = read_into(estate, path, &content, &status, error);
    base_buffer_done(&content);
    return file;
}

/* -- Where --------------------------------------------------------------------------------------------------------- */

size_t config_line_at(const config_file *file, size_t offset)
{
    size_t low = 0, high = file->line_count;

    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;

        if (file->lines[middle] <= offset)
            low = middle;
        else
            high = middle;
    }
    return low + 1;
}

size_t config_column_at(const config_file *file, size_t offset)
{
    return offset - file->lines[config_line_at(file, offset) - 1] + 1;
}

bool config_line_text(const config_file *file, size_t line, hf_span *text)
{
    size_t begin, end;

    if (line == 0 || line > file->line_count)
        return false;
    begin = file->lines[line - 1];
    end = line < file->line_count ? file->lines[line] - 1 : file->length;
    if (end > begin && file->text[end - 1] == '\r')
        end--;
    *text = (hf_span){.data = file->text + begin, .length = end - begin};
    return true;
}

bool config_estate_line(const config_estate *estate, const char *file, size_t line, hf_span *text)
{
    for (size_t i = 0; i < estate->file_count; i++)
        if (strcmp(estate->files[i]->name, file) == 0)
            return config_line_text(estate->files[i], line, text);
    return false;
}

/* -- Comments ------------------------------------------------------------------------------------------------------ */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

void config_comment_add(config_estate *estate, config_file *file, size_t offset, hf_span text)
{
    size_t line = config_line_at(file, offset);
    size_t begin = file->lines[line - 1];
    bool alone = true;

    for (size_t i = begin; i < offset && alone; i++)
        alone = is_blank(file->text[i]);
    while (text.length > 0 && is_blank(text.data[0])) {
        text.data++;
        text.length--;
    }
    while (text.length > 0 && is_blank(text.data[text.length - 1]))
        text.length--;
    file->comments = base_arena_grow(&estate->arena, file->comments, file->comment_count, &file->comment_capacity,
                                     sizeof *file->comments);
    file->comments[file->comment_count++] =
        (config_comment){.offset = offset, .text = text, .line = line, .alone = alone};
}
