#include "random.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

bool hf__random(void *out, size_t size)
{
    int file = open("/dev/urandom", O_RDONLY | O_CLOEXEC);

    if (file < 0)
        return false;
    ssize_t n;
    do
        n = read(file, out, size);
    while (n < 0 && errno == EINTR);
    close(file);
    if (n >= 0 && (size_t)n != size)
        errno = EIO;
    return n == (ssize_t)size;
}
