#include "batch/state.h"

#include "base/file.h"
#include "base/hash.h"
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAGIC "HFPROBE\n"
#define VERSION 1
#define HEAD 4096    /* octets before the first mark */
#define PLACE 196608 /* octets for each mark */
#define FIXED 64     /* octets of a mark before its counts */
#define FILE_SIZE (HEAD + (size_t)BATCH_MARKS * PLACE)
#define OPTIONS_AT 24
#define HEAD_HASH_AT (HEAD - 8)

static void put(unsigned char *at, uint64_t value)
{
    for (size_t i = 0; i < 8; i++)
        at[i] = (unsigned char)(value >> 8 * i);
}

static uint64_t get(const unsigned char *at)
{
    uint64_t value = 0;

    for (size_t i = 0; i < 8; i++)
        value |= (uint64_t)at[i] << 8 * i;
    return value;
}

/* -- Reading ------------------------------------------------------------------------------------------------------- */

void batch_mark_done(batch_mark *mark)
{
    free(mark->open);
    *mark = (batch_mark){0};
}

/* Ascending, and below `next`. */
static bool read_open(const unsigned char *at, batch_mark *mark)
{
    mark->open = base_allocate(mark->open_count * sizeof *mark->open);
    for (size_t i = 0; i < mark->open_count; i++) {
        mark->open[i] = get(at + 8 * i);
        if (mark->open[i] >= mark->next || (i > 0 && mark->open[i] <= mark->open[i - 1])) {
            batch_mark_done(mark);
            return false;
        }
    }
    return true;
}

static bool read_mark(const unsigned char *at, size_t length, batch_mark *mark)
{
    uint64_t flags, counts, open;
    size_t size;

    *mark = (batch_mark){0};
    if (length < FIXED)
        return false;
    flags = get(at + 48) & 0xffffffff;
    counts = get(at + 48) >> 32;
    open = get(at + 56);
    if (get(at + 8) == 0 || flags > 1 || counts > BATCH_COUNTS_MAX || open > BATCH_OPEN_MAX)
        return false;
    size = FIXED + 8 * (size_t)(counts + open);
    if (size > length || get(at) != base_hash(BASE_HASH_START, at + 8, size - 8))
        return false;
    *mark = (batch_mark){.sequence = get(at + 8),
                         .output_length = get(at + 16),
                         .output_hash = get(at + 24),
                         .next = get(at + 32),
                         .input_hash = get(at + 40),
                         .complete = flags == 1,
                         .count = (size_t)counts,
                         .open_count = (size_t)open};
    for (size_t i = 0; i < mark->count; i++)
        mark->counts[i] = get(at + FIXED + 8 * i);
    return mark->output_length <= INT64_MAX && mark->next <= INT64_MAX && read_open(at + FIXED + 8 * mark->count, mark);
}

static bool read_head(const unsigned char *bytes, size_t length, const char *options, base_error *error)
{
    const char *made_with = (const char *)bytes + OPTIONS_AT;

    if (length < HEAD || memcmp(bytes, MAGIC, 8) != 0) {
        base_error_set(error, "it is not a state of `holdfast probe`");
        return false;
    }
    if (get(bytes + HEAD_HASH_AT) != base_hash(BASE_HASH_START, bytes, HEAD_HASH_AT) ||
        memchr(made_with, '\0', BATCH_OPTIONS_MAX) == NULL) {
        base_error_set(error, "it is damaged");
        return false;
    }
    if (get(bytes + 8) != VERSION || get(bytes + 16) != PLACE) {
        base_error_set(error, "another version of Holdfast made it");
        return false;
    }
    if (strcmp(made_with, options) == 0)
        return true;
    base_error_set(error, "it belongs to a run with other options: that was '%s', this is '%s'", made_with, options);
    return false;
}

static int newest_first(const void *a, const void *b)
{
    uint64_t left = ((const batch_mark *)a)->sequence, right = ((const batch_mark *)b)->sequence;

    return left < right ? 1 : left > right ? -1 : 0;
}

size_t batch_state_read(const unsigned char *bytes, size_t length, const char *options,
                        batch_mark marks[static BATCH_MARKS], base_error *error)
{
    size_t count = 0;

    if (!read_head(bytes, length, options, error))
        return 0;
    for (size_t i = 0; i < BATCH_MARKS; i++) {
        size_t at = HEAD + i * PLACE, left = length > at ? length - at : 0;

        if (left == 0 || !read_mark(bytes + at, left < PLACE ? left : PLACE, &marks[count]))
            continue;
        marks[count++].place = (unsigned)i;
    }
    if (count == 0)
        base_error_set(error, "it is damaged: no mark in it is whole");
    qsort(marks, count, sizeof *marks, newest_first);
    return count;
}

/* -- Writing ------------------------------------------------------------------------------------------------------- */

static bool write_at(const batch_state *state, const unsigned char *bytes, size_t length, size_t offset)
{
    while (length > 0) {
        ssize_t done = pwrite(state->fd, bytes, length, (off_t)offset);

        if (done < 0 && errno != EINTR)
            return false;
        if (done > 0) {
            bytes += done;
            offset += (size_t)done;
            length -= (size_t)done;
        }
    }
    return true;
}

static size_t write_mark(unsigned char *at, const batch_mark *mark)
{
    size_t size = FIXED + 8 * (mark->count + mark->open_count);

    put(at + 8, mark->sequence);
    put(at + 16, mark->output_length);
    put(at + 24, mark->output_hash);
    put(at + 32, mark->next);
    put(at + 40, mark->input_hash);
    put(at + 48, (uint64_t)mark->count << 32 | (mark->complete ? 1 : 0));
    put(at + 56, mark->open_count);
    for (size_t i = 0; i < mark->count; i++)
        put(at + FIXED + 8 * i, mark->counts[i]);
    for (size_t i = 0; i < mark->open_count; i++)
        put(at + FIXED + 8 * (mark->count + i), mark->open[i]);
    put(at, base_hash(BASE_HASH_START, at + 8, size - 8));
    return size;
}

bool batch_state_write(batch_state *state, batch_mark *mark, bool lasting, base_error *error)
{
    static unsigned char bytes[PLACE];
    unsigned place = (lasting ? 2 : 0) + (state->turn[lasting] ^ 1);
    size_t size;

    mark->sequence = ++state->sequence;
    size = write_mark(bytes, mark);
    if (!write_at(state, bytes, size, HEAD + place * (size_t)PLACE) || (lasting && fdatasync(state->fd) != 0)) {
        base_error_set(error, "cannot write %s: %s", state->path, strerror(errno));
        return false;
    }
    state->turn[lasting] ^= 1;
    return true;
}

/* -- The file ------------------------------------------------------------------------------------------------------ */

/* All the room that marks will ever need is taken now: a disk that fills up later stops the output, never the state. */
static bool make(const batch_state *state, const char *options)
{
    unsigned char *bytes = base_allocate(FILE_SIZE);
    size_t length = strlen(options);
    bool made;

    memcpy(bytes, MAGIC, 8);
    put(bytes + 8, VERSION);
    put(bytes + 16, PLACE);
    memcpy(bytes + OPTIONS_AT, options, length < BATCH_OPTIONS_MAX ? length : BATCH_OPTIONS_MAX - 1);
    put(bytes + HEAD_HASH_AT, base_hash(BASE_HASH_START, bytes, HEAD_HASH_AT));
    made = write_at(state, bytes, FILE_SIZE, 0) && fsync(state->fd) == 0;
    free(bytes);
    return made;
}

/* Held by this process, so that it ends with it, and not with its children. */
static bool lock(const batch_state *state, base_error *error)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

    if (fcntl(state->fd, F_SETLK, &whole) == 0)
        return true;
    base_error_set(error, "%s: another run is using it", state->path);
    return false;
}

static bool read_whole(const batch_state *state, unsigned char **bytes, size_t *length, base_error *error)
{
    struct stat is;
    ssize_t got;

    *length = 0;
    if (fstat(state->fd, &is) != 0 || !S_ISREG(is.st_mode)) {
        base_error_set(error, "%s is not a regular file", state->path);
        return false;
    }
    *bytes = base_allocate(FILE_SIZE);
    while (*length < FILE_SIZE &&
           (got = pread(state->fd, *bytes + *length, FILE_SIZE - *length, (off_t)*length)) != 0) {
        if (got < 0 && errno != EINTR) {
            base_error_set(error, "cannot read %s: %s", state->path, strerror(errno));
            free(*bytes);
            return false;
        }
        *length += got > 0 ? (size_t)got : 0;
    }
    return true;
}

/*
 * A run that died before its first mark has nothing to resume, and its file, whose head may not even be whole, begins
 * anew.
 */
static bool is_unused(const unsigned char *bytes, size_t length)
{
    size_t head = length < 8 ? length : 8;

    if (memcmp(bytes, MAGIC, head) != 0 && head > 0)
        return false;
    for (size_t i = HEAD; i < length; i++)
        if (bytes[i] != 0)
            return false;
    return length < FILE_SIZE || get(bytes + HEAD_HASH_AT) == base_hash(BASE_HASH_START, bytes, HEAD_HASH_AT);
}

/* The newest mark of either kind is the last to be written over. */
static void go_on_from(batch_state *state, const batch_mark *marks, size_t count)
{
    state->sequence = marks[0].sequence;
    for (size_t i = count; i-- > 0;)
        state->turn[marks[i].place / 2] = marks[i].place % 2;
}

bool batch_state_open(batch_state *state, const char *path, const char *options, batch_mark marks[static BATCH_MARKS],
                      size_t *count, base_error *error)
{
    unsigned char *bytes;
    size_t length;
    bool good;

    *count = 0;
    *state = (batch_state){
        .path = path,
        .fd = base_file_output(path, &(base_output_rules){.regular = true, .keep = true, .reads = true}, error)};
    if (state->fd < 0)
        return false;
    if (!lock(state, error) || !read_whole(state, &bytes, &length, error)) {
        batch_state_close(state);
        return false;
    }
    if (is_unused(bytes, length)) {
        good = make(state, options);
        if (!good)
            base_error_set(error, "cannot write %s: %s", path, strerror(errno));
    } else {
        *count = batch_state_read(bytes, length, options, marks, error);
        good = *count > 0;
        if (good)
            go_on_from(state, marks, *count);
        else
            base_error_wrap(error, "%s", path);
    }
    free(bytes);
    if (!good)
        batch_state_close(state);
    return good;
}

void batch_state_close(batch_state *state)
{
    if (state->fd >= 0)
        close(state->fd);
    state->fd = -1;
}
