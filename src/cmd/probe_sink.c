#include "cmd/probe_sink.h"

#include "base/hash.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WAITING_MAX ((size_t)1 << 30)
#define CHUNK 65536

static bool fail(const cmd_probe_sink *sink, const char *what, base_error *error)
{
    base_error_set(error, "cannot %s %s: %s", what, sink->name, strerror(errno));
    return false;
}

bool cmd_probe_sink_open(cmd_probe_sink *sink, const char *path, bool keep, base_error *error)
{
    struct stat is;

    *sink = (cmd_probe_sink){.name = path != NULL ? path : "the output", .fd = STDOUT_FILENO, .hash = BASE_HASH_START};
    base_buffer_init(&sink->waiting, WAITING_MAX);
    if (path != NULL)
        sink->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | (keep ? 0 : O_TRUNC), 0666);
    if (sink->fd < 0 || fstat(sink->fd, &is) != 0)
        return fail(sink, path != NULL ? "open" : "write", error);
    sink->regular = S_ISREG(is.st_mode);
    sink->terminal = isatty(sink->fd) == 1;
    return true;
}

bool cmd_probe_sink_close(cmd_probe_sink *sink, base_error *error)
{
    int fd = sink->fd;

    base_buffer_done(&sink->waiting);
    sink->fd = -1;
    if (fd <= STDOUT_FILENO || close(fd) == 0)
        return true;
    return fail(sink, "write", error);
}

bool cmd_probe_sink_matches(const cmd_probe_sink *sink, uint64_t length, uint64_t hash)
{
    static char chunk[CHUNK];
    uint64_t at = 0, got_hash = BASE_HASH_START;

    while (at < length) {
        size_t wanted = length - at < CHUNK ? (size_t)(length - at) : CHUNK;
        ssize_t got = pread(sink->fd, chunk, wanted, (off_t)at);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        got_hash = base_hash(got_hash, chunk, (size_t)got);
        at += (uint64_t)got;
    }
    return got_hash == hash;
}

bool cmd_probe_sink_cut(cmd_probe_sink *sink, uint64_t length, uint64_t hash, base_error *error)
{
    if (ftruncate(sink->fd, (off_t)length) != 0 || lseek(sink->fd, (off_t)length, SEEK_SET) < 0)
        return fail(sink, "cut", error);
    base_buffer_clear(&sink->waiting);
    sink->sent = 0;
    sink->length = length;
    sink->hash = hash;
    return true;
}

void cmd_probe_sink_begin_document(cmd_probe_sink *sink)
{
    sink->document = true;
    cmd_probe_sink_text(sink, "{\"hosts\":[\n");
}

void cmd_probe_sink_text(cmd_probe_sink *sink, const char *text)
{
    base_buffer_text(&sink->waiting, text);
}

void cmd_probe_sink_add(cmd_probe_sink *sink, const char *line, size_t length)
{
    if (sink->document && sink->any)
        cmd_probe_sink_text(sink, ",\n");
    sink->any = true;
    base_buffer_append(&sink->waiting, line, length);
    if (!sink->document)
        base_buffer_char(&sink->waiting, '\n');
}

size_t cmd_probe_sink_backlog(const cmd_probe_sink *sink)
{
    return sink->waiting.length - sink->sent;
}

/* A regular file is left with whole lines, for all up to `whole` are. */
static bool give_up(const cmd_probe_sink *sink, uint64_t whole, base_error *error)
{
    fail(sink, "write", error);
    if (sink->regular && sink->fd > STDOUT_FILENO && ftruncate(sink->fd, (off_t)whole) != 0)
        base_error_wrap(error, "its last line is torn");
    return false;
}

/* What has been taken goes: a reader who never quite keeps up would have us hold all that was ever written. It goes when it is at
   least as much as what stays, so that no octet is moved more often than twice, about. */
static void forget_sent(cmd_probe_sink *sink)
{
    size_t backlog = cmd_probe_sink_backlog(sink);

    if (backlog == 0)
        base_buffer_clear(&sink->waiting);
    else if (sink->sent < backlog)
        return;
    else
        base_buffer_drop(&sink->waiting, sink->sent);
    sink->sent = 0;
}

bool cmd_probe_sink_write(cmd_probe_sink *sink, base_error *error)
{
    /* A pipe that can be written takes so much without making us wait. */
    size_t at_once = sink->regular ? WAITING_MAX : PIPE_BUF;
    uint64_t whole = sink->length;

    if (sink->waiting.failed) {
        base_error_set(error, "%s takes the lines too slowly, and memory ran out", sink->name);
        return false;
    }
    while (cmd_probe_sink_backlog(sink) > 0) {
        const char *from = sink->waiting.data + sink->sent;
        size_t left = cmd_probe_sink_backlog(sink);
        ssize_t done = write(sink->fd, from, left < at_once ? left : at_once);

        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return true;
        if (done < 0)
            return give_up(sink, whole, error);
        sink->hash = base_hash(sink->hash, from, (size_t)done);
        sink->length += (uint64_t)done;
        sink->sent += (size_t)done;
        if (!sink->regular)
            break;
    }
    forget_sent(sink);
    return true;
}
