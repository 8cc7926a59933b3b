#include "batch/output.h"

#include "base/file.h"
#include "base/hash.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WAITING_MAX ((size_t)1 << 30)
#define CHUNK 65536

static bool fail(const batch_output *output, const char *what, base_error *error)
{
    base_error_set(error, "cannot %s %s: %s", what, output->name, strerror(errno));
    return false;
}

bool batch_output_open(batch_output *output, const char *path, bool keep, base_error *error)
{
    struct stat is;

    *output = (batch_output){.name = path != NULL ? path : "the output",
                             .fd = STDOUT_FILENO,
                             .hash = BASE_HASH_START,
                             .form = {"", "", "\n"}};
    base_buffer_init(&output->waiting, WAITING_MAX);
    if (path != NULL)
        output->fd = base_file_output(path, &(base_output_rules){.keep = keep, .reads = true}, error);
    if (output->fd < 0)
        return false;
    if (fstat(output->fd, &is) != 0)
        return fail(output, "write", error);
    output->regular = S_ISREG(is.st_mode);
    output->terminal = isatty(output->fd) == 1;
    return true;
}

bool batch_output_close(batch_output *output, base_error *error)
{
    int fd = output->fd;

    base_buffer_done(&output->waiting);
    output->fd = -1;
    if (fd <= STDOUT_FILENO || close(fd) == 0)
        return true;
    return fail(output, "write", error);
}

bool batch_output_matches(const batch_output *output, uint64_t length, uint64_t hash)
{
    static char chunk[CHUNK];
    uint64_t at = 0, got_hash = BASE_HASH_START;

    while (at < length) {
        size_t wanted = length - at < CHUNK ? (size_t)(length - at) : CHUNK;
        ssize_t got = pread(output->fd, chunk, wanted, (off_t)at);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        got_hash = base_hash(got_hash, chunk, (size_t)got);
        at += (uint64_t)got;
    }
    return got_hash == hash;
}

bool batch_output_cut(batch_output *output, uint64_t length, uint64_t hash, base_error *error)
{
    if (ftruncate(output->fd, (off_t)length) != 0 || lseek(output->fd, (off_t)length, SEEK_SET) < 0)
        return fail(output, "cut", error);
    base_buffer_clear(&output->waiting);
    output->sent = 0;
    output->length = length;
    output->hash = hash;
    return true;
}

void batch_output_begin(batch_output *output, batch_output_form form)
{
    output->form = form;
    batch_output_text(output, form.before);
}

void batch_output_go_on(batch_output *output, batch_output_form form)
{
    output->form = form;
    output->any = output->length > 0;
    if (!output->any)
        batch_output_text(output, form.before);
}

void batch_output_text(batch_output *output, const char *text)
{
    base_buffer_text(&output->waiting, text);
}

void batch_output_add(batch_output *output, const char *line, size_t length)
{
    if (output->any)
        batch_output_text(output, output->form.between);
    output->any = true;
    base_buffer_append(&output->waiting, line, length);
    batch_output_text(output, output->form.after);
}

size_t batch_output_backlog(const batch_output *output)
{
    return output->waiting.length - output->sent;
}

/* A regular file is left with whole lines, for all up to `whole` are. */
static bool give_up(const batch_output *output, uint64_t whole, base_error *error)
{
    fail(output, "write", error);
    if (output->regular && output->fd > STDOUT_FILENO && ftruncate(output->fd, (off_t)whole) != 0)
        base_error_wrap(error, "its last line is torn");
    return false;
}

/*
 * What has been taken goes: a reader who never quite keeps up would have us hold all that was ever written. It goes
 * when it is at least as much as what stays, so that no octet is moved more often than twice, about.
 */
static void forget_sent(batch_output *output)
{
    size_t backlog = batch_output_backlog(output);

    if (backlog == 0)
        base_buffer_clear(&output->waiting);
    else if (output->sent < backlog)
        return;
    else
        base_buffer_drop(&output->waiting, output->sent);
    output->sent = 0;
}

bool batch_output_write(batch_output *output, base_error *error)
{
    /* A pipe that can be written takes so much without making us wait. */
    size_t at_once = output->regular ? WAITING_MAX : PIPE_BUF;
    uint64_t whole = output->length;

    if (output->waiting.failed) {
        base_error_set(error, "%s takes the lines too slowly, and memory ran out", output->name);
        return false;
    }
    while (batch_output_backlog(output) > 0) {
        const char *from = output->waiting.data + output->sent;
        size_t left = batch_output_backlog(output);
        ssize_t done = write(output->fd, from, left < at_once ? left : at_once);

        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return true;
        if (done < 0)
            return give_up(output, whole, error);
        output->hash = base_hash(output->hash, from, (size_t)done);
        output->length += (uint64_t)done;
        output->sent += (size_t)done;
        if (!output->regular)
            break;
    }
    forget_sent(output);
    return true;
}
