#include "cmd/pipe.h"

#include "base/claims.h"
#include "base/json_read.h"
#include "base/lines.h"
#include "cmd/command.h"

#include <unistd.h>

#define ANSWERS_MAX ((size_t)1 << 30) /* octets; a bound on one answer, for the buffer is emptied far earlier */
#define FLUSH_AT 65536
#define COMPLAINTS_MAX 10  /* so many malformed lines are told of one by one */
#define IN_A_ROW_MAX 10000 /* malformed lines: the input is none of JSON strings, and may have no end */

typedef struct state {
    const cmd_pipe *pipe;
    base_lines lines;
    base_buffer out;
    bool malformed;
    uint64_t complaints, in_a_row;
} state;

/* `error` is told on standard error with the place, in the answer without it. */
static void answer_error(state *s, base_json *json, base_error *error)
{
    base_json_object_begin(json);
    base_json_key(json, "error");
    base_json_object_begin(json);
    base_json_key(json, "line");
    base_json_int(json, (int64_t)s->lines.number);
    base_json_key(json, "message");
    base_json_string(json, error->text);
    base_json_object_end(json);
    base_json_object_end(json);
    s->malformed = true;
    s->in_a_row++;
    if (s->complaints++ >= COMPLAINTS_MAX)
        return;
    base_error_wrap(error, "%s: line %llu", s->lines.name, (unsigned long long)s->lines.number);
    base_error_print(error, stderr);
}

/* What is no JSON at all, a program given by mistake for instance, must not bury the terminal. */
static void sum_up_complaints(const state *s)
{
    base_error error;

    if (s->complaints <= COMPLAINTS_MAX)
        return;
    base_error_set(&error, "%s: and %llu more malformed lines", s->lines.name,
                   (unsigned long long)(s->complaints - COMPLAINTS_MAX));
    base_error_print(&error, stderr);
}

static void answer_line(state *s, base_line got, hf_span line, base_error *error)
{
    static char item[CMD_PIPE_LINE_MAX];
    base_json json;
    size_t length;

    base_json_init(&json, &s->out, false);
    if (got == BASE_LINE_TOO_LONG) {
        answer_error(s, &json, error);
    } else if (!(s->pipe->octets ? base_json_read_octets : base_json_read_text)(line.data, line.length, item,
                                                                                sizeof item, &length, error)) {
        answer_error(s, &json, error);
    } else {
        s->in_a_row = 0;
        s->malformed = !s->pipe->answer(s->pipe->self, item, length, &json) || s->malformed;
    }
    base_buffer_char(&s->out, '\n');
}

/* /dev/urandom has lines for ever. */
static int give_up(state *s)
{
    base_error error;

    base_error_set(&error, "%s: line %llu: %d malformed lines in a row: this is not a list of JSON strings",
                   s->lines.name, (unsigned long long)s->lines.number, IN_A_ROW_MAX);
    if (!base_buffer_flush(&s->out, stdout, NULL))
        return BASE_EXIT_UNCHECKED;
    base_error_print(&error, stderr);
    return BASE_EXIT_USAGE;
}

static int run(state *s)
{
    base_error error;
    hf_span line;
    base_line got;

    while ((got = base_lines_next(&s->lines, &line, &error)) == BASE_LINE_GOOD || got == BASE_LINE_TOO_LONG) {
        answer_line(s, got, line, &error);
        if (s->in_a_row == IN_A_ROW_MAX)
            return give_up(s);
        if (s->out.length < FLUSH_AT && base_lines_ready(&s->lines))
            continue;
        if (!base_buffer_flush(&s->out, stdout, &error))
            break;
    }
    if (got == BASE_LINE_END && base_buffer_flush(&s->out, stdout, &error))
        return s->malformed ? BASE_EXIT_USAGE : BASE_EXIT_CLEAN;
    base_error_print(&error, stderr);
    return got == BASE_LINE_FAILED ? BASE_EXIT_USAGE : BASE_EXIT_UNCHECKED;
}

/* Whoever appends to the file that is read would never come to its end. */
static bool is_apart(const base_lines *lines, base_error *error)
{
    base_claims claims = {0};
    bool apart = base_claims_add(&claims, lines->fd, lines->name, "--jsonl", false, error) &&
                 base_claims_add(&claims, STDOUT_FILENO, lines->name, "the output", true, error);

    base_claims_done(&claims);
    return apart;
}

int cmd_pipe_run(const cmd_pipe *pipe, const char *path)
{
    state s = {.pipe = pipe};
    base_error error;
    int code;

    if (!base_lines_open(&s.lines, path, CMD_PIPE_LINE_MAX, &error))
        return cmd_refuse("--jsonl: %s", error.text);
    if (!is_apart(&s.lines, &error)) {
        base_lines_close(&s.lines);
        return cmd_refuse("--jsonl: %s", error.text);
    }
    base_buffer_init(&s.out, ANSWERS_MAX);
    code = run(&s);
    sum_up_complaints(&s);
    base_buffer_done(&s.out);
    base_lines_close(&s.lines);
    return code;
}
