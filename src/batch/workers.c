#include "batch/workers.h"

#include "batch/frame.h"
#include "batch/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ENOUGH 24     /* hosts that one process has before a further one is started */
#define PATIENCE 3000 /* milliseconds, about, for a process to end by itself */
#define READ_SIZE 65536
#define READS_MAX 16 /* in one go: the others are to be heard too */

static _Noreturn void be_worker(const batch_workers *workers, const int pair[static 2])
{
    close(pair[0]);
    for (int i = 0; i <= workers->count; i++)
        if (workers->items[i].pid > 0)
            close(workers->items[i].fd);
    workers->close_inherited(workers->self);
    batch_work(workers->options, workers->hooks, workers->slots, pair[1]);
}

bool batch_workers_start(batch_workers *workers, int which, base_error *error)
{
    batch_worker *worker = &workers->items[which];
    int pair[2];

    if (worker->pid > 0)
        return true;
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0) {
        base_error_set(error, "cannot make a pair of sockets: %s", strerror(errno));
        return false;
    }
    fcntl(pair[0], F_SETFL, O_NONBLOCK);
    fcntl(pair[0], F_SETFD, FD_CLOEXEC);
    fcntl(pair[1], F_SETFD, FD_CLOEXEC);
    fflush(stdout);
    worker->pid = fork();
    if (worker->pid == 0)
        be_worker(workers, pair);
    close(pair[1]);
    if (worker->pid < 0) {
        worker->pid = 0;
        close(pair[0]);
        base_error_set(error, "cannot start another process: %s", strerror(errno));
        return false;
    }
    worker->fd = pair[0];
    worker->sent = worker->at_work = 0;
    base_buffer_init(&worker->in, BATCH_FRAME_MAX);
    base_buffer_init(&worker->out, BATCH_FRAME_MAX);
    return true;
}

int batch_workers_pick(batch_workers *workers, base_error *error)
{
    int least = -1, idle = -1;

    for (int i = 0; i < workers->count; i++) {
        if (workers->items[i].pid == 0)
            idle = idle < 0 ? i : idle;
        else if (least < 0 || workers->items[i].at_work < workers->items[least].at_work)
            least = i;
    }
    if (idle < 0 || (least >= 0 && workers->items[least].at_work < ENOUGH))
        return least;
    if (batch_workers_start(workers, idle, error))
        return idle;
    return least;
}

bool batch_worker_send(batch_worker *worker)
{
    while (worker->sent < worker->out.length) {
        ssize_t done =
            send(worker->fd, worker->out.data + worker->sent, worker->out.length - worker->sent, MSG_NOSIGNAL);

        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return errno == EAGAIN || errno == EWOULDBLOCK;
        worker->sent += (size_t)done;
    }
    base_buffer_clear(&worker->out);
    worker->sent = 0;
    return true;
}

bool batch_worker_read(batch_worker *worker)
{
    for (int i = 0; i < READS_MAX; i++) {
        char *room = base_buffer_reserve(&worker->in, READ_SIZE);
        ssize_t got = room != NULL ? recv(worker->fd, room, READ_SIZE, 0) : 0;

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
        base_buffer_commit(&worker->in, (size_t)got);
        if (got < READ_SIZE)
            break;
    }
    return true;
}

/* It ends by itself when its socket is closed; one that does not is ended. */
static int status_of(pid_t pid)
{
    const struct timespec pause = {0, 1000000};
    int status = 0;

    for (int i = 0; i < PATIENCE; i++) {
        if (waitpid(pid, &status, WNOHANG) != 0)
            return status;
        nanosleep(&pause, NULL);
    }
    kill(pid, SIGKILL);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return status;
}

void batch_worker_end(batch_worker *worker, char *how, size_t size)
{
    int status;

    if (worker->pid == 0)
        return;
    close(worker->fd);
    status = status_of(worker->pid);
    if (WIFSIGNALED(status))
        snprintf(how, size, "its process was ended by signal %d", WTERMSIG(status));
    else
        snprintf(how, size, "its process ended with code %d", WEXITSTATUS(status));
    base_buffer_done(&worker->in);
    base_buffer_done(&worker->out);
    *worker = (batch_worker){0};
}

void batch_workers_end(batch_workers *workers)
{
    char how[64];

    /* All see the end of their socket before the first is waited for. */
    for (int i = 0; i <= workers->count; i++)
        if (workers->items[i].pid > 0)
            shutdown(workers->items[i].fd, SHUT_RDWR);
    for (int i = 0; i <= workers->count; i++)
        batch_worker_end(&workers->items[i], how, sizeof how);
}
