/*
 * The lock of the file, asked for with a deadline: a process that is stopped, or a reader that never lets go, holds up
 * nobody for ever.
 *
 * There is no call that waits for a lock until a moment, so it is asked for again and again, at first soon, later
 * every few milliseconds. flock and not fcntl: two stores on one file in one process exclude each other too, and
 * closing one leaves the other's.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#ifdef __linux__
#include <sys/sysmacros.h>
#endif
#include <unistd.h>

#include "store.h"

enum { FIRST_WAIT = 50, LONGEST_WAIT = 10000 }; /* microseconds */

/* -- Who holds it -------------------------------------------------------------------------------------------------- */

#ifdef __linux__

/* The next word of the line, which moves on; "" at the end. */
static char *next_word(char **line)
{
    char *word = *line + strspn(*line, " ");
    size_t length = strcspn(word, " \n");

    *line = word + length + (word[length] != '\0');
    word[length] = '\0';
    return word;
}

/* "08:01:1234": the device, in hexadecimal digits, and the inode. */
static bool names_file(char *text, const struct stat *status)
{
    unsigned long device_major = strtoul(text, &text, 16), device_minor;

    if (*text != ':')
        return false;
    device_minor = strtoul(text + 1, &text, 16);
    return *text == ':' && makedev((unsigned)device_major, (unsigned)device_minor) == status->st_dev &&
           strtoull(text + 1, NULL, 10) == status->st_ino;
}

/*
 * A line of /proc/locks: "1: FLOCK  ADVISORY  WRITE 4711 08:01:1234 0 EOF". One that waits has "->" in front of the
 * kind.
 */
static long holder_in(char *line, const struct stat *status)
{
    next_word(&line);
    if (strcmp(next_word(&line), "FLOCK") != 0)
        return 0;
    next_word(&line);
    next_word(&line);
    long pid = strtol(next_word(&line), NULL, 10);
    return names_file(next_word(&line), status) ? pid : 0;
}

/* 0 if it is not known: where /proc is not there, or the process is of another container. */
static long holder_of(const hf_store *store, int file)
{
    struct stat status;
    char line[256];
    long pid = 0;
    FILE *locks = store->io->fstat(file, &status) == 0 ? fopen("/proc/locks", "re") : NULL;

    while (locks != NULL && pid <= 0 && fgets(line, sizeof line, locks) != NULL)
        pid = holder_in(line, &status);
    if (locks != NULL)
        fclose(locks);
    return pid > 0 ? pid : 0;
}

#else

static long holder_of(const hf_store *store, int file)
{
    (void)store, (void)file;
    return 0;
}

#endif

static hf_status refuse(const hf_store *store, int file, hf_store_error *error)
{
    unsigned long waited = store->options.lock_wait;
    long pid = holder_of(store, file);

    if (pid == 0)
        return hf__fail(error, HF_E_STORE_LOCKED, EWOULDBLOCK,
                        "%s was locked by another process for %lu ms: end that process, or try again later",
                        store->path, waited);
    if (pid == (long)getpid())
        return hf__fail(error, HF_E_STORE_LOCKED, EWOULDBLOCK,
                        "%s was locked by another store of this process (%ld) for %lu ms: close that one first",
                        store->path, pid, waited);
    return hf__fail(error, HF_E_STORE_LOCKED, EWOULDBLOCK,
                    "%s was locked by process %ld for %lu ms: end that process, or try again later", store->path, pid,
                    waited);
}

/* -- Asking -------------------------------------------------------------------------------------------------------- */

static bool try_lock(const hf__io *io, int file, int operation)
{
    int result;

    do
        result = io->flock(file, operation);
    while (result != 0 && errno == EINTR);
    return result == 0;
}

hf_status hf__lock(const hf_store *store, int file, hf__lock_kind kind, hf_store_error *error)
{
    const hf__io *io = store->io;
    int operation = (kind == HF__LOCK_WRITE ? LOCK_EX : LOCK_SH) | LOCK_NB;
    int64_t deadline = 0;

    for (long wait = FIRST_WAIT; !try_lock(io, file, operation);) {
        if (errno != EWOULDBLOCK)
            return hf__fail_system(error, "lock", store->path);
        int64_t now = io->clock();
        if (wait == FIRST_WAIT)
            deadline = now + (int64_t)store->options.lock_wait;
        if (now >= deadline)
            return refuse(store, file, error);
        io->sleep(wait);
        wait = 2 * wait < LONGEST_WAIT ? 2 * wait : LONGEST_WAIT;
    }
    return HF_OK;
}

void hf__unlock(const hf_store *store, int file)
{
    (void)try_lock(store->io, file, LOCK_UN);
}
