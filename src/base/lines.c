#include "base/lines.h"

#include "base/file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define READ_SIZE 65536
#define ENDLESS_LINE ((uint64_t)16 << 20) /* octets: what has no line feed for so long is no list */

bool base_lines_open(base_lines *lines, const char *path, size_t max, base_error *error)
{
    bool is_stdin = strcmp(path, "-") == 0;

    *lines = (base_lines){.name = is_stdin ? "standard input" : path, .fd = STDIN_FILENO, .max = max};
    if (is_stdin)
        return true;
    lines->fd = base_file_open(path, &(base_file_rules){.streams = true}, NULL, error);
    return lines->fd >= 0;
}

void base_lines_close(base_lines *lines)
{
    if (lines->fd > STDIN_FILENO)
        close(lines->fd);
    free(lines->data);
    *lines = (base_lines){.fd = -1};
}

/* Room for another read behind `end`: moves what is left to the front, and grows only if that is not enough. */
static bool make_room(base_lines *lines)
{
    size_t held = lines->end - lines->start;
    size_t capacity = lines->capacity > 0 ? lines->capacity : (size_t)2 * READ_SIZE;
    char *data;

    if (lines->capacity - lines->end >= READ_SIZE)
        return true;
    if (held > 0)
        memmove(lines->data, lines->data + lines->start, held);
    lines->scanned -= lines->start;
    lines->passed += lines->start;
    lines->start = 0;
    lines->end = held;
    while (capacity - held < READ_SIZE)
        capacity *= 2;
    if (capacity == lines->capacity)
        return true;
    data = realloc(lines->data, capacity);
    if (data == NULL)
        return false;
    lines->data = data;
    lines->capacity = capacity;
    return true;
}

/* /dev/zero, or what a program writes for ever, comes to an end here. */
static bool is_endless(const base_lines *lines, base_error *error)
{
    uint64_t of_line = lines->thrown_away + (lines->end - lines->start);
    bool is_too_large = lines->octets_max > 0 && lines->passed + lines->end > lines->octets_max;

    if (is_too_large)
        base_error_set(error, "%s is larger than %llu bytes", lines->name, (unsigned long long)lines->octets_max);
    else if (of_line > ENDLESS_LINE)
        base_error_set(error, "%s: line %llu is longer than %llu bytes: this is not a text file", lines->name,
                       (unsigned long long)lines->number + 1, (unsigned long long)ENDLESS_LINE);
    return is_too_large || of_line > ENDLESS_LINE;
}

static bool read_more(base_lines *lines, base_error *error)
{
    ssize_t got;

    if (is_endless(lines, error))
        return false;
    if (!make_room(lines)) {
        base_error_set(error, "%s: out of memory", lines->name);
        return false;
    }
    do {
        got = read(lines->fd, lines->data + lines->end, READ_SIZE);
    } while (got < 0 && errno == EINTR);
    if (got < 0) {
        base_error_set(error, "cannot read %s: %s", lines->name, strerror(errno));
        return false;
    }
    lines->end += (size_t)got;
    lines->at_end = got == 0;
    return true;
}

/* The LF that ends the line at `start`, or NULL if it has not been read yet. */
static const char *find_end(base_lines *lines)
{
    const char *lf = NULL;

    if (lines->end > lines->scanned)
        lf = memchr(lines->data + lines->scanned, '\n', lines->end - lines->scanned);
    lines->scanned = lf != NULL ? (size_t)(lf - lines->data) : lines->end;
    return lf;
}

uint64_t base_lines_offset(const base_lines *lines, hf_span line)
{
    return lines->passed + (uint64_t)(line.data - lines->data);
}

bool base_lines_ready(base_lines *lines)
{
    return lines->at_end || find_end(lines) != NULL;
}

/* Gives out what stands between `start` and `end`, and goes on behind it. */
static hf_span take(base_lines *lines, size_t end, size_t next)
{
    hf_span line = {lines->data + lines->start, end - lines->start};

    if (line.length > 0 && line.data[line.length - 1] == '\r')
        line.length--;
    if (lines->number == 1 && line.length >= 3 && memcmp(line.data, "\xef\xbb\xbf", 3) == 0)
        line = (hf_span){line.data + 3, line.length - 3};
    lines->start = next;
    lines->scanned = next;
    return line;
}

bool base_lines_feed(base_lines *lines, base_error *error)
{
    /* An overlong line is thrown away as it comes, so that it costs no memory. */
    if (find_end(lines) == NULL && lines->end - lines->start > lines->max + 1) {
        lines->thrown_away += lines->end - lines->start;
        lines->start = lines->scanned = lines->end;
    }
    return read_more(lines, error);
}

base_line base_lines_next(base_lines *lines, hf_span *line, base_error *error)
{
    bool too_long;
    const char *lf;

    while ((lf = find_end(lines)) == NULL && !lines->at_end)
        if (!base_lines_feed(lines, error))
            return BASE_LINE_FAILED;
    too_long = lines->thrown_away > 0;
    lines->thrown_away = 0;
    if (lf == NULL && lines->start == lines->end && !too_long)
        return BASE_LINE_END;
    lines->number++;
    *line = take(lines, lines->scanned, lf != NULL ? lines->scanned + 1 : lines->end);
    if (!too_long && line->length <= lines->max)
        return BASE_LINE_GOOD;
    base_error_set(error, "the line is longer than %zu octets", lines->max);
    return BASE_LINE_TOO_LONG;
}
