#include "base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PAUSE 100 /* milliseconds between two ticks */
#define PIECE 65536
#define NOT_STARTED 127 /* as shells have it */
#define WORDS_MAX 4096  /* octets kept of standard error */

/* -- Signals ------------------------------------------------------------------------------------------------------- */

static void fill_set(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGHUP);
}

void base_signals_hold(sigset_t *before)
{
    sigset_t held;

    fill_set(&held);
    sigprocmask(SIG_BLOCK, &held, before);
}

void base_signals_release(const sigset_t *before)
{
    sigprocmask(SIG_SETMASK, before, NULL);
}

static bool is_interrupted(void)
{
    sigset_t waiting;

    sigemptyset(&waiting);
    sigpending(&waiting);
    return sigismember(&waiting, SIGINT) == 1 || sigismember(&waiting, SIGTERM) == 1 ||
           sigismember(&waiting, SIGHUP) == 1;
}

/* -- Starting ------------------------------------------------------------------------------------------------------ */

/* The programs while they run: one process group, so that what they start themselves ends with them. */
typedef struct group {
    pid_t pids[BASE_PROCESS_COMMANDS_MAX];
    size_t count;
    int out, err; /* the ends that we read; -1: closed */
    char words[WORDS_MAX];
    size_t words_length;
} group;

static bool make_pipe(int ends[2])
{
    if (pipe(ends) != 0)
        return false;
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    return true;
}

static void close_end(int *end)
{
    if (*end >= 0)
        close(*end);
    *end = -1;
}

/* In the child: becomes the command, or ends. */
static _Noreturn void become(const base_process *p, const char *const *command, pid_t leader, const int ends[3])
{
    sigset_t held;

    setpgid(0, leader);
    fill_set(&held);
    if (dup2(ends[0], STDIN_FILENO) >= 0 && dup2(ends[1], STDOUT_FILENO) >= 0 && dup2(ends[2], STDERR_FILENO) >= 0 &&
        (p->folder == NULL || chdir(p->folder) == 0) && sigprocmask(SIG_UNBLOCK, &held, NULL) == 0) {
        /* execvp changes none of them; its type is older than const. */
        execvp(command[0], (char *const *)command);
    }
    _exit(NOT_STARTED);
}

/* Starts the next command, which reads `*in`, now closed; what it writes is then to be read from `*in`. */
static bool start_next(group *g, const base_process *p, int *in, int err)
{
    int ends[2];
    pid_t leader = g->count > 0 ? g->pids[0] : 0, pid;

    if (!make_pipe(ends))
        return false;
    pid = fork();
    if (pid == 0)
        become(p, p->commands[g->count], leader, (const int[3]){*in, ends[1], err});
    close(ends[1]);
    close_end(in);
    *in = ends[0];
    if (pid < 0)
        return false;
    setpgid(pid, leader != 0 ? leader : pid); /* both do it, for nobody knows which of them runs first */
    g->pids[g->count++] = pid;
    return true;
}

static bool start(group *g, const base_process *p, base_error *error)
{
    int err[2] = {-1, -1}, in = open("/dev/null", O_RDONLY | O_CLOEXEC);
    bool is_started = in >= 0 && make_pipe(err);

    while (is_started && p->commands[g->count] != NULL)
        is_started = start_next(g, p, &in, err[1]);
    if (!is_started)
        base_error_set(error, "cannot start %s: %s", p->commands[g->count][0], strerror(errno));
    close_end(&err[1]);
    g->out = in;
    g->err = err[0];
    return is_started;
}

/* -- Reading and ending -------------------------------------------------------------------------------------------- */

/* Keeps the end of what was written: there stands what went wrong. */
static void keep_words(group *g, const char *text, size_t length)
{
    size_t rest = length < WORDS_MAX / 2 ? length : WORDS_MAX / 2;

    if (g->words_length + rest > WORDS_MAX) {
        memmove(g->words, g->words + WORDS_MAX / 2, g->words_length - WORDS_MAX / 2);
        g->words_length -= WORDS_MAX / 2;
    }
    memcpy(g->words + g->words_length, text + length - rest, rest);
    g->words_length += rest;
}

static void read_words(group *g)
{
    char piece[WORDS_MAX];
    ssize_t got = read(g->err, piece, sizeof piece);

    if (got > 0)
        keep_words(g, piece, (size_t)got);
    else if (got == 0 || errno != EINTR)
        close_end(&g->err);
}

/* False: there is no room for more. */
static bool read_out(group *g, base_buffer *out)
{
    char piece[PIECE];
    ssize_t got = read(g->out, piece, sizeof piece);

    if (got > 0)
        base_buffer_append(out, piece, (size_t)got);
    else if (got == 0 || errno != EINTR)
        close_end(&g->out);
    return !out->failed;
}

static time_t seconds(void)
{
    struct timespec now = {0, 0};

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

static bool read_all(group *g, const base_process *p, base_error *error)
{
    time_t end = seconds() + p->seconds;

    while (g->out >= 0 || g->err >= 0) {
        struct pollfd ends[2] = {{g->out, POLLIN, 0}, {g->err, POLLIN, 0}};
        int ready = poll(ends, 2, PAUSE);

        if (ready > 0 && ends[0].revents != 0 && !read_out(g, p->out)) {
            base_error_set(error, "%s: it writes more than %zu octets", p->commands[g->count - 1][0], p->out->max);
            return false;
        }
        if (ready > 0 && ends[1].revents != 0)
            read_words(g);
        if (is_interrupted() || seconds() > end) {
            base_error_set(error, is_interrupted() ? "%s: interrupted" : "%s: it takes too long", p->commands[0][0]);
            return false;
        }
        if (p->tick != NULL)
            p->tick(p->self);
    }
    return true;
}

/* The last line with anything on it. */
static const char *last_words(group *g)
{
    size_t end = g->words_length < WORDS_MAX ? g->words_length : WORDS_MAX - 1, start;

    while (end > 0 && (g->words[end - 1] == '\n' || g->words[end - 1] == '\r' || g->words[end - 1] == ' '))
        end--;
    for (start = end; start > 0 && g->words[start - 1] != '\n';)
        start--;
    g->words[end] = '\0';
    return g->words + start;
}

static int wait_for(pid_t pid)
{
    int status = 0;

    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    return status;
}

static void tell_status(group *g, const char *name, int status, base_error *error)
{
    if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_STARTED)
        base_error_set(error, "%s: there is no such program here", name);
    else if (WIFEXITED(status))
        base_error_set(error, "%s: exit code %d: %s", name, WEXITSTATUS(status), last_words(g));
    else
        base_error_set(error, "%s: ended by signal %d", name, WTERMSIG(status));
}

/* The first that failed is the cause, unless it only found nobody to write to any more. */
static bool end_all(group *g, const base_process *p, base_error *error)
{
    bool is_good = true;

    for (size_t i = g->count; i > 0; i--) {
        int status = wait_for(g->pids[i - 1]);

        if (status != 0 && (is_good || !WIFSIGNALED(status) || WTERMSIG(status) != SIGPIPE))
            tell_status(g, p->commands[i - 1][0], status, error);
        is_good = is_good && status == 0;
    }
    return is_good;
}

bool base_process_run(const base_process *process, base_error *error)
{
    group g = {.out = -1, .err = -1};
    bool is_good = start(&g, process, error) && read_all(&g, process, error);

    close_end(&g.out);
    close_end(&g.err);
    if (!is_good && g.count > 0)
        kill(-g.pids[0], SIGKILL);
    return end_all(&g, process, is_good ? error : NULL) && is_good;
}
