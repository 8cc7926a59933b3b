#include "base/fifo.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PAUSE 50000000L /* nanoseconds between two tries to find a reader */
#define TRIES (BASE_FIFO_SECONDS * 20)

bool base_fifo_wait_from_now_on(int fd)
{
    int flags = fcntl(fd, F_GETFL);

    return flags >= 0 && ((flags & O_NONBLOCK) == 0 || fcntl(fd, F_SETFL, flags & ~O_NONBLOCK) == 0);
}

/* -- To be read from ----------------------------------------------------------------------------------------------- */

/* A pipe that holds nothing says whether somebody has it open for writing only when it is asked for octets: by tee,
 * which takes none away. */
static bool has_writer(int fd)
{
    bool has = false;
#ifdef __linux__
    int copies[2];

    if (pipe2(copies, O_CLOEXEC) != 0)
        return false;
    has = tee(fd, copies[1], 1, SPLICE_F_NONBLOCK) != 0;
    close(copies[0]);
    close(copies[1]);
#else
    (void)fd;
#endif
    return has;
}

bool base_fifo_await_writer(int fd, const char *path, base_error *error)
{
    struct pollfd wait = {fd, POLLIN, 0};
    int came;

    do {
        came = poll(&wait, 1, BASE_FIFO_SECONDS * 1000);
    } while (came < 0 && errno == EINTR);
    if (came > 0 || has_writer(fd))
        return true;
    base_error_set(error, "%s is a pipe to which nobody wrote within %d seconds", BASE_CUT(path), BASE_FIFO_SECONDS);
    errno = ETIMEDOUT;
    return false;
}

/* -- To be written to ---------------------------------------------------------------------------------------------- */

int base_fifo_open_writer(int folder, const char *name, int flags, const char *path, base_error *error)
{
    int fd = -1;

    for (int i = 0; i < TRIES && fd < 0; i++) {
        fd = openat(folder, name, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | flags);
        if (fd < 0 && errno != ENXIO) {
            base_error_set(error, "cannot open %s: %s", BASE_CUT(path), strerror(errno));
            return -1;
        }
        if (fd < 0)
            nanosleep(&(struct timespec){0, PAUSE}, NULL);
    }
    if (fd < 0) {
        base_error_set(error, "%s is a pipe from which nobody reads: nobody opened it within %d seconds",
                       BASE_CUT(path), BASE_FIFO_SECONDS);
        errno = ETIMEDOUT;
        return -1;
    }
    if (base_fifo_wait_from_now_on(fd))
        return fd;
    base_error_set(error, "cannot open %s: %s", BASE_CUT(path), strerror(errno));
    close(fd);
    return -1;
}
