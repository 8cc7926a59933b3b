#include "batch/signals.h"

#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

static volatile sig_atomic_t asked;
static int ends[2] = {-1, -1};

static void on_signal(int number)
{
    if (asked) {
        signal(number, SIG_DFL);
        raise(number);
        return;
    }
    asked = 1;
    if (ends[1] >= 0 && write(ends[1], "", 1) < 0)
        return; /* it is full, so it can be read */
}

void batch_signals_begin(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    const int signals[] = {SIGINT, SIGTERM, SIGHUP};

    if (pipe(ends) == 0)
        for (size_t i = 0; i < 2; i++) {
            fcntl(ends[i], F_SETFL, O_NONBLOCK);
            fcntl(ends[i], F_SETFD, FD_CLOEXEC);
        }
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        sigaction(signals[i], &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

bool batch_signals_asked(void)
{
    return asked != 0;
}

int batch_signals_descriptor(void)
{
    return asked ? -1 : ends[0];
}

void batch_signals_leave(void)
{
    close(ends[0]);
    close(ends[1]);
    ends[0] = ends[1] = -1;
}
