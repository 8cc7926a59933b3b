/*
 * base/child.h: a piece of work done in a child process in a sandbox, which answers in frames.
 *
 * The child is a copy of this process: it sees what is in memory, and keeps of its descriptors only those that are
 * named. What it answers is hostile, for whatever it reads may have taken it over.
 */
#ifndef BASE_CHILD_H
#define BASE_CHILD_H

#include "base/frame.h"
#include "base/sandbox.h"

#include <sys/types.h>

#define BASE_CHILD_FRAME_MAX ((size_t)1 << 20) /* of an answer */
#define BASE_CHILD_KEPT_MAX 4

typedef struct base_child_plan {
    base_sandbox sandbox;
    int kept[BASE_CHILD_KEPT_MAX]; /* descriptors, `kept_count` of them */
    size_t kept_count;
    /* Called in the child, in the sandbox; `fd` leads to the parent, both ways. When it returns the child ends. */
    void (*work)(void *self, int fd);
    void *self;
} base_child_plan;

typedef struct base_child {
    pid_t pid;
    int fd;
    unsigned seconds; /* of processor time that it has; 0: any */
    base_buffer in;
    size_t at; /* octets of `in` that were given out */
} base_child;

/* False, with the reason; then there is nothing to end. */
bool base_child_start(base_child *child, const base_child_plan *plan, base_error *error);

/*
 * The next answer. `*body` lives until the next call. False, with the reason, when there is none any more: it has
 * ended, was ended, answers what is too long, or nothing for too long a time.
 */
bool base_child_next(base_child *child, base_frame *frame, const char **body, base_error *error);

/* Sends octets. False when the child takes no more: base_child_next then says why. */
bool base_child_send(base_child *child, const char *bytes, size_t length);

/* Ends it, whatever it does. */
void base_child_end(base_child *child);

/* In the child: the same as base_file_write_all, but what cannot be written ends the process. */
void base_child_answer(int fd, base_buffer *out);

/* In the child: what the parent sent, appended to `in`. False: there is no more. */
bool base_child_hear(int fd, base_buffer *in);

#endif
