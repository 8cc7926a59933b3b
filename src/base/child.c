#include "base/child.h"

#include "base/exit.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/syscall.h>
#endif

#define READ_SIZE 65536
#define GRACE 1000  /* milliseconds for a child that has nothing more to say */
#define PATIENCE 60 /* seconds without an answer, and twice those of its processor time */

/* -- In the child -------------------------------------------------------------------------------------------------- */

static void close_range_of(int from, int to)
{
#ifdef SYS_close_range
    if (syscall(SYS_close_range, (unsigned)from, (unsigned)to, 0U) == 0)
        return;
#endif
    long most = sysconf(_SC_OPEN_MAX);
    int last = most > 0 && most <= to ? (int)most - 1 : to;

    for (int fd = from; fd <= last; fd++)
        close(fd);
}

static int by_number(const void *a, const void *b)
{
    const int *one = a, *other = b;

    return (*one > *other) - (*one < *other);
}

static bool is_kept(const base_child_plan *plan, int fd)
{
    for (size_t i = 0; i < plan->kept_count; i++)
        if (plan->kept[i] == fd)
            return true;
    return false;
}

/* Standard output and the terminal behind it are nothing that a child may write to. A sanitizer says what it found on
 * standard error. */
static void close_others(const base_child_plan *plan, int fd)
{
    int kept[BASE_CHILD_KEPT_MAX + 1], next = STDERR_FILENO + 1, nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
    size_t count = 0;

    for (int i = STDIN_FILENO; i <= (BASE_SANITIZED ? STDOUT_FILENO : STDERR_FILENO); i++)
        if (!is_kept(plan, i) && (nowhere < 0 || dup2(nowhere, i) < 0))
            close(i);
    for (; count < plan->kept_count; count++)
        kept[count] = plan->kept[count];
    kept[count++] = fd;
    qsort(kept, count, sizeof kept[0], by_number);
    for (size_t i = 0; i < count; i++) {
        if (kept[i] > next)
            close_range_of(next, kept[i] - 1);
        if (kept[i] >= next)
            next = kept[i] + 1;
    }
    close_range_of(next, INT32_MAX);
}

static _Noreturn void be_child(const base_child_plan *plan, int fd)
{
    close_others(plan, fd);
    base_sandbox_enter(&plan->sandbox);
    plan->work(plan->self, fd);
    _exit(BASE_EXIT_CLEAN);
}

void base_child_answer(int fd, base_buffer *out)
{
    if (out->failed || !base_file_write_all(fd, base_buffer_string(out), out->length))
        _exit(BASE_EXIT_UNCHECKED);
    base_buffer_clear(out);
}

bool base_child_hear(int fd, base_buffer *in)
{
    char *room = base_buffer_reserve(in, READ_SIZE);
    ssize_t got = -1;

    while (room != NULL && (got = read(fd, room, READ_SIZE)) < 0 && errno == EINTR)
        continue;
    if (got > 0)
        base_buffer_commit(in, (size_t)got);
    return got > 0;
}

/* -- In the parent ------------------------------------------------------------------------------------------------- */

bool base_child_start(base_child *child, const base_child_plan *plan, base_error *error)
{
    int pair[2];
    pid_t pid;

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0) {
        base_error_set(error, "cannot make a pair of sockets: %s", strerror(errno));
        return false;
    }
    fcntl(pair[0], F_SETFD, FD_CLOEXEC);
    fcntl(pair[1], F_SETFD, FD_CLOEXEC);
    pid = fork();
    if (pid == 0)
        be_child(plan, pair[1]);
    close(pair[1]);
    if (pid < 0) {
        base_error_set(error, "cannot start a child process: %s", strerror(errno));
        close(pair[0]);
        return false;
    }
    *child = (base_child){.pid = pid, .fd = pair[0], .seconds = plan->sandbox.seconds};
    base_buffer_init(&child->in, BASE_CHILD_FRAME_MAX + sizeof(base_frame) + READ_SIZE);
    return true;
}

static void explain(const base_child *child, int status, base_error *error)
{
    int number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;

    if (number == SIGXCPU)
        base_error_set(error, "the child process took more than %u s of processor time", child->seconds);
    else if (number == SIGSYS)
        base_error_set(error, "the child process asked the system for what it does not need, and was ended");
    else if (number != 0)
        base_error_set(error, "the child process was ended by signal %d", number);
    else if (WEXITSTATUS(status) == BASE_EXIT_UNCHECKED)
        base_error_set(error, "the child process found no memory");
    else
        base_error_set(error, "the child process ended with code %d, and its answer is incomplete",
                       WEXITSTATUS(status));
}

/* A root that acts for a user may not end a process that is nobody's. */
static void end_process(pid_t pid)
{
    uid_t acting = geteuid();

    if (kill(pid, SIGKILL) == 0 || errno != EPERM || seteuid(0) != 0)
        return;
    kill(pid, SIGKILL);
    if (seteuid(acting) != 0)
        abort();
}

/* It ends by itself, unless it only closed its end: then it is ended after a second. */
static int wait_for(base_child *child)
{
    const struct timespec pause = {0, 1000000};
    int status = 0;

    for (int i = 0; i < GRACE; i++) {
        if (waitpid(child->pid, &status, WNOHANG) == child->pid) {
            child->pid = 0;
            return status;
        }
        nanosleep(&pause, NULL);
    }
    end_process(child->pid);
    while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    child->pid = 0;
    return status;
}

/* What could be read; 0: it has ended; -1, with the reason. */
static ssize_t read_more(base_child *child, base_error *error)
{
    struct pollfd end = {child->fd, POLLIN, 0};
    unsigned patience = PATIENCE + 2 * child->seconds;
    char *room = base_buffer_reserve(&child->in, READ_SIZE);
    ssize_t got;
    int ready;

    if (room == NULL) {
        base_error_set(error, "the child process answers without end");
        return -1;
    }
    while ((ready = poll(&end, 1, (int)patience * 1000)) < 0 && errno == EINTR)
        continue;
    if (ready == 0) {
        base_error_set(error, "the child process gave no answer for %u s", patience);
        return -1;
    }
    while ((got = recv(child->fd, room, READ_SIZE, 0)) < 0 && errno == EINTR)
        continue;
    if (got > 0)
        base_buffer_commit(&child->in, (size_t)got);
    return got > 0 ? got : 0;
}

bool base_child_next(base_child *child, base_frame *frame, const char **body, base_error *error)
{
    for (;;) {
        ssize_t got;

        if (base_frame_next(base_buffer_string(&child->in), child->in.length, &child->at, frame, body))
            return true;
        base_buffer_drop(&child->in, child->at);
        child->at = 0;
        got = child->pid != 0 ? read_more(child, error) : 0;
        if (got > 0)
            continue;
        if (got == 0 && child->pid != 0)
            explain(child, wait_for(child), error);
        return false;
    }
}

bool base_child_send(base_child *child, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t done = send(child->fd, bytes, length, MSG_NOSIGNAL);

        if (done < 0 && errno != EINTR)
            return false;
        if (done > 0) {
            bytes += done;
            length -= (size_t)done;
        }
    }
    return true;
}

void base_child_end(base_child *child)
{
    if (child->pid != 0) {
        end_process(child->pid);
        while (waitpid(child->pid, NULL, 0) < 0 && errno == EINTR)
            continue;
    }
    close(child->fd);
    base_buffer_done(&child->in);
}
