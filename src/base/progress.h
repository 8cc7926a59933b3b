/*
 * base/progress.h: how far a long job has come, on standard error, and only when that is a terminal.
 */
#ifndef BASE_PROGRESS_H
#define BASE_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

typedef struct base_progress {
    const char *what; /* one word: "reading" */
    const char *unit; /* of what is counted: "entries", unless it is changed behind base_progress_begin */
    bool shown;       /* standard error is a terminal */
    bool printed;     /* a line stands there */
    double begun, last;
} base_progress;

void base_progress_begin(base_progress *progress, const char *what);
/* Draws the line anew, at most ten times a second; `all` is not 0. Part done, rate of `items`, time left. */
void base_progress_tell(base_progress *progress, uint64_t done, uint64_t all, uint64_t items);
/* The same with a text of one's own behind the word, for what cannot be counted in advance. */
void base_progress_say(base_progress *progress, const char *text);
/* Takes the line away. */
void base_progress_end(base_progress *progress);

#endif
