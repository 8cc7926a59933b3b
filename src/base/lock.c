#include "base/lock.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

#define PAUSE 10000000 /* nanoseconds between two questions */

static int64_t milliseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/*
 * The process in a line of /proc/locks that is a lock on that inode: "1: FLOCK  ADVISORY  WRITE 4711 08:01:1234 0 EOF".
 * The device is not compared: some file systems show another one there. 0: it is another lock.
 */
static long holder_in(const char *line, ino_t inode)
{
    char kind[16], pid[16], file[64];
    const char *colon;

    if (sscanf(line, "%*d: %15s %*s %*s %15s %63s", kind, pid, file) != 3 || strcmp(kind, "FLOCK") != 0)
        return 0;
    colon = strrchr(file, ':');
    return colon != NULL && strtoull(colon + 1, NULL, 10) == inode ? strtol(pid, NULL, 10) : 0;
}

/* 0: the system does not tell. */
static long holder_of(int fd)
{
    struct stat status;
    char line[256];
    long pid = 0;
    FILE *locks = fstat(fd, &status) == 0 ? fopen("/proc/locks", "re") : NULL;

    while (locks != NULL && pid <= 0 && fgets(line, sizeof line, locks) != NULL)
        pid = holder_in(line, status.st_ino);
    if (locks != NULL)
        fclose(locks);
    return pid;
}

static bool refuse(int fd, const char *path, base_error *error)
{
    long pid = holder_of(fd);

    if (pid > 0)
        base_error_set(error, "%s is locked by process %ld: try again when that is done", BASE_CUT(path), pid);
    else
        base_error_set(error, "%s is locked by another program: try again when that is done", BASE_CUT(path));
    return false;
}

bool base_lock(int fd, const char *path, uint32_t wait, base_error *error)
{
    const struct timespec pause = {.tv_nsec = PAUSE};
    int64_t deadline = milliseconds() + wait;

    while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EINTR)
            continue;
        if (errno != EWOULDBLOCK) {
            base_error_set(error, "%s cannot be locked: %s", BASE_CUT(path), strerror(errno));
            return false;
        }
        if (milliseconds() >= deadline)
            return refuse(fd, path, error);
        nanosleep(&pause, NULL);
    }
    return true;
}
