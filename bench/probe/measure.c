/*
 * probe-measure FILE COMMAND...: runs the command, and adds a line to FILE: seconds of the clock, seconds of CPU (it
 * and its children, user and system), and its greatest resident size in kB. Its exit code is the command's. TERM is
 * passed on: so a server is measured.
 */
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static pid_t child;

static void pass_on(int number)
{
    kill(child, number);
}

static double seconds(const struct timeval *time)
{
    return (double)time->tv_sec + (double)time->tv_usec / 1e6;
}

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    double start = now(), elapsed;
    struct rusage usage;
    int status;
    FILE *file;

    if (argc < 3)
        return 2;
    child = fork();
    if (child == 0) {
        execvp(argv[2], argv + 2);
        perror(argv[2]);
        _exit(127);
    }
    signal(SIGTERM, pass_on);
    while (waitpid(child, &status, 0) < 0)
        continue;
    elapsed = now() - start;
    getrusage(RUSAGE_CHILDREN, &usage);
    file = fopen(argv[1], "a");
    if (file == NULL ||
        fprintf(file, "%.4f %.4f %ld\n", elapsed, seconds(&usage.ru_utime) + seconds(&usage.ru_stime),
                usage.ru_maxrss) < 0 ||
        fclose(file) != 0)
        return 2;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
