/*
 * cmd/pipe.h: --jsonl. A JSON string a line comes in, and exactly one line goes out for each, in order, so that the two
 * can be laid side by side. A line that is no such string gives {"error":{"line":N,"message":"..."}} and a line on
 * standard error, the first ten times; the rest is still answered, and the exit code is 2. Ten thousand such lines in
 * a row, or a line without an end, end it.
 */
#ifndef CMD_PIPE_H
#define CMD_PIPE_H

#include "base/json.h"

/* Writes the answer to one item, a JSON object. False: the item is malformed, which the answer tells. */
typedef bool (*cmd_pipe_answer)(void *self, const char *item, size_t length, base_json *answer);

typedef struct cmd_pipe {
    bool octets; /* the strings are octets, not text in UTF-8 */
    cmd_pipe_answer answer;
    void *self;
} cmd_pipe;

#define CMD_PIPE_LINE_MAX 262144 /* octets; as much as Chromium takes for all fields of a response together */

/* Reads `path` or, for "-", standard input to its end. Returns the exit code. */
int cmd_pipe_run(const cmd_pipe *pipe, const char *path);

#endif
