#include "cmd/probe_jobs.h"

#include "cmd/probe_worker.h"

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

static _Noreturn void be_job(const cmd_probe_jobs *jobs, const int pair[static 2])
{
    close(pair[0]);
    for (int i = 0; i <= jobs->count; i++)
        if (jobs->items[i].pid > 0)
            close(jobs->items[i].fd);
    jobs->leave(jobs->self);
    cmd_probe_work(jobs->settings, jobs->form, jobs->slots, pair[1]);
}

bool cmd_probe_jobs_start(cmd_probe_jobs *jobs, int which, base_error *error)
{
    cmd_probe_job *job = &jobs->items[which];
    int pair[2];

    if (job->pid > 0)
        return true;
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0) {
        base_error_set(error, "cannot make a pair of sockets: %s", strerror(errno));
        return false;
    }
    fcntl(pair[0], F_SETFL, O_NONBLOCK);
    fcntl(pair[0], F_SETFD, FD_CLOEXEC);
    fcntl(pair[1], F_SETFD, FD_CLOEXEC);
    fflush(stdout);
    job->pid = fork();
    if (job->pid == 0)
        be_job(jobs, pair);
    close(pair[1]);
    if (job->pid < 0) {
        job->pid = 0;
        close(pair[0]);
        base_error_set(error, "cannot start another process: %s", strerror(errno));
        return false;
    }
    job->fd = pair[0];
    job->sent = job->at_work = 0;
    base_buffer_init(&job->in, CMD_PROBE_FRAME_MAX);
    base_buffer_init(&job->out, CMD_PROBE_FRAME_MAX);
    return true;
}

int cmd_probe_jobs_pick(cmd_probe_jobs *jobs, base_error *error)
{
    int least = -1, idle = -1;

    for (int i = 0; i < jobs->count; i++) {
        if (jobs->items[i].pid == 0)
            idle = idle < 0 ? i : idle;
        else if (least < 0 || jobs->items[i].at_work < jobs->items[least].at_work)
            least = i;
    }
    if (idle < 0 || (least >= 0 && jobs->items[least].at_work < ENOUGH))
        return least;
    if (cmd_probe_jobs_start(jobs, idle, error))
        return idle;
    return least;
}

bool cmd_probe_job_send(cmd_probe_job *job)
{
    while (job->sent < job->out.length) {
        ssize_t done = send(job->fd, job->out.data + job->sent, job->out.length - job->sent, MSG_NOSIGNAL);

        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return errno == EAGAIN || errno == EWOULDBLOCK;
        job->sent += (size_t)done;
    }
    base_buffer_clear(&job->out);
    job->sent = 0;
    return true;
}

bool cmd_probe_job_read(cmd_probe_job *job)
{
    for (int i = 0; i < READS_MAX; i++) {
        char *room = base_buffer_reserve(&job->in, READ_SIZE);
        ssize_t got = room != NULL ? recv(job->fd, room, READ_SIZE, 0) : 0;

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
        base_buffer_commit(&job->in, (size_t)got);
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

void cmd_probe_job_end(cmd_probe_job *job, char *how, size_t size)
{
    int status;

    if (job->pid == 0)
        return;
    close(job->fd);
    status = status_of(job->pid);
    if (WIFSIGNALED(status))
        snprintf(how, size, "its process was ended by signal %d", WTERMSIG(status));
    else
        snprintf(how, size, "its process ended with code %d", WEXITSTATUS(status));
    base_buffer_done(&job->in);
    base_buffer_done(&job->out);
    *job = (cmd_probe_job){0};
}

void cmd_probe_jobs_end(cmd_probe_jobs *jobs)
{
    char how[64];

    /* All see the end of their socket before the first is waited for. */
    for (int i = 0; i <= jobs->count; i++)
        if (jobs->items[i].pid > 0)
            shutdown(jobs->items[i].fd, SHUT_RDWR);
    for (int i = 0; i <= jobs->count; i++)
        cmd_probe_job_end(&jobs->items[i], how, sizeof how);
}
