#include "stores/names.h"

#include "base/idna.h"
#include "base/lines.h"
#include "base/memory.h"
#include "base/operand.h"
#include "base/sort.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define OCTETS_MAX ((uint64_t)1 << 30) /* of a file of names */

bool stores_host(const char *text, hf_host *host, base_error *error)
{
    char named[HF_HOST_MAX + 1];
    hf_diag diag;

    if (base_operand_is_below(text)) {
        base_error_set(error, "'%s': a host is expected: write %s", BASE_CUT(text), text + 2);
        return false;
    }
    if (hf_host_parse(text, strlen(text), base_idna(), host, &diag) != HF_OK) {
        if (error != NULL && base_operand_host(text, named))
            base_error_set(error, "'%s': a host is expected, without scheme, port and path: write %s", BASE_CUT(text),
                           named);
        else
            base_error_set(error, "'%s' is not a host name: %s", BASE_CUT(text), diag.text);
        return false;
    }
    if (host->kind != HF_HOST_NAME) {
        base_error_set(error, "'%s' is an IP address: no policy may apply to one (RFC 6797 8.1.1)", text);
        return false;
    }
    return true;
}

/* The first 32 bits of the hash, and where the name's line begins. */
static uint64_t place_of(const unsigned char hash[32], uint32_t offset)
{
    uint32_t prefix;

    memcpy(&prefix, hash, sizeof prefix);
    return (uint64_t)prefix << 32 | offset;
}

static void keep(stores_names *names, const hf_host *host)
{
    if (hf_names_add(names->kept, (hf_span){host->name, host->length}) != HF_OK)
        base_out_of_memory();
}

static void keep_place(stores_names *names, const hf_host *host, uint64_t offset)
{
    unsigned char hash[32];

    if (offset > UINT32_MAX) {
        keep(names, host);
        return;
    }
    if (names->count == names->capacity) {
        names->capacity += names->capacity / 2 + 1024;
        names->places = realloc(names->places, names->capacity * sizeof *names->places);
        if (names->places == NULL)
            base_out_of_memory();
    }
    hf_name_hash((hf_span){host->name, host->length}, hash);
    names->places[names->count++] = place_of(hash, (uint32_t)offset);
}

static int by_place(const void *a, const void *b)
{
    uint64_t one = *(const uint64_t *)a, other = *(const uint64_t *)b;

    return (one > other) - (one < other);
}

static bool is_name(hf_span line, hf_host *host)
{
    char text[HF_HOST_TEXT_MAX + 1];

    if (line.length == 0 || line.length > HF_HOST_TEXT_MAX || *line.data == '#')
        return false;
    snprintf(text, sizeof text, "%.*s", (int)line.length, line.data);
    return stores_host(text, host, NULL);
}

static bool read_names(stores_names *names, base_lines *lines, base_error *error)
{
    hf_span line;
    hf_host host;
    base_line got;

    lines->octets_max = OCTETS_MAX;
    while ((got = base_lines_next(lines, &line, error)) == BASE_LINE_GOOD || got == BASE_LINE_TOO_LONG) {
        if (got == BASE_LINE_TOO_LONG || !is_name(line, &host))
            continue;
        if (names->fd >= 0)
            keep_place(names, &host, base_lines_offset(lines, line));
        else
            keep(names, &host);
    }
    base_sort(names->places, names->count, sizeof *names->places, by_place);
    return got == BASE_LINE_END;
}

/* Only of a regular file can a part be read again. */
static int open_again(int fd)
{
    struct stat status;

    return fstat(fd, &status) == 0 && S_ISREG(status.st_mode) ? fcntl(fd, F_DUPFD_CLOEXEC, 0) : -1;
}

bool stores_names_open(stores_names *names, const char *path, base_error *error)
{
    base_lines lines;

    *names = (stores_names){.fd = -1};
    if (hf_names_new(&names->kept) != HF_OK)
        base_out_of_memory();
    if (!base_lines_open(&lines, path, HF_HOST_TEXT_MAX, error)) {
        stores_names_close(names);
        return false;
    }
    names->fd = open_again(lines.fd);
    bool read = read_names(names, &lines, error);
    base_lines_close(&lines);
    if (!read)
        stores_names_close(names);
    return read;
}

void stores_names_close(stores_names *names)
{
    if (names->kept != NULL && names->fd >= 0)
        close(names->fd);
    hf_names_free(names->kept);
    free(names->places);
    *names = (stores_names){.fd = -1};
}

/* The line at `offset`, which may have changed since: its hash tells. */
static bool read_name(const stores_names *names, uint32_t offset, hf_host *host)
{
    char text[HF_HOST_TEXT_MAX + 2];
    ssize_t got;

    do {
        got = pread(names->fd, text, sizeof text, (off_t)offset);
    } while (got < 0 && errno == EINTR);
    if (got <= 0)
        return false;
    const char *lf = memchr(text, '\n', (size_t)got);
    hf_span line = {text, lf != NULL ? (size_t)(lf - text) : (size_t)got};
    if (line.length > 0 && line.data[line.length - 1] == '\r')
        line.length--;
    return is_name(line, host);
}

bool stores_names_resolve(const stores_names *names, const unsigned char hash[32], hf_host *host)
{
    uint64_t first = place_of(hash, 0);
    size_t low = 0, high = names->count;
    unsigned char other[32];

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (names->places[middle] < first)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < names->count && names->places[low] >> 32 == first >> 32; low++) {
        if (!read_name(names, (uint32_t)names->places[low], host))
            continue;
        hf_name_hash((hf_span){host->name, host->length}, other);
        if (memcmp(hash, other, sizeof other) == 0)
            return true;
    }
    return names->kept != NULL && hf_names_resolve(names->kept, hash, host);
}
