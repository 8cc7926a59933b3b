#include "base/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define PAUSE 0.1 /* seconds between two lines */

static double seconds(void)
{
    struct timespec now = {0, 0};

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void base_progress_begin(base_progress *progress, const char *what)
{
    *progress =
        (base_progress){.what = what, .unit = "entries", .shown = isatty(STDERR_FILENO) == 1, .begun = seconds()};
    progress->last = progress->begun;
}

/* False if it is too early for another line, or nobody looks. */
static bool is_due(base_progress *progress, double now)
{
    if (!progress->shown || now - progress->last < PAUSE)
        return false;
    progress->last = now;
    progress->printed = true;
    return true;
}

void base_progress_tell(base_progress *progress, uint64_t done, uint64_t all, uint64_t items)
{
    double now = progress->shown ? seconds() : 0, spent = now - progress->begun;

    if (!is_due(progress, now))
        return;
    done = done < all ? done : all;
    fprintf(stderr, "\r%s: %3.0f %%, %llu %s, %.0f a second, %.0f s left\x1b[K", progress->what,
            100.0 * (double)done / (double)all, (unsigned long long)items, progress->unit, (double)items / spent,
            done > 0 ? spent * (double)(all - done) / (double)done : 0.0);
    fflush(stderr);
}

void base_progress_say(base_progress *progress, const char *text)
{
    if (!is_due(progress, progress->shown ? seconds() : 0))
        return;
    fprintf(stderr, "\r%s: %s\x1b[K", progress->what, text);
    fflush(stderr);
}

void base_progress_end(base_progress *progress)
{
    if (progress->printed)
        fputs("\r\x1b[K", stderr);
    progress->printed = false;
}
