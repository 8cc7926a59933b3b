/*
 * holdfast COMMAND [options] [arguments]: finds the command, hands it the rest, and makes sure that what it said was
 * heard.
 */
#include "base/closest.h"
#include "cmd/command.h"
#include "holdfast/status.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static int refuse_unknown(const char *name)
{
    base_closest closest = {.word = name};
    size_t i;

    for (i = 0; cmd_commands[i] != NULL; i++)
        base_closest_offer(&closest, cmd_commands[i]->name);
    if (closest.found != NULL)
        return cmd_refuse("unknown command '%s': did you mean %s?", name, closest.found);
    return cmd_refuse("unknown command '%s' (holdfast --help lists them)", BASE_CUT(name));
}

/* The list of commands: on `out`, which is standard error when nothing was asked for. */
static int overview(FILE *out, int code)
{
    base_term term;

    base_term_init(&term, out, BASE_COLOR_AUTO);
    cmd_print_overview(&term);
    return code;
}

static int run(int argc, char **argv)
{
    const cmd_command *command;

    if (argc < 2)
        return overview(stderr, BASE_EXIT_USAGE);
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return overview(stdout, BASE_EXIT_CLEAN);
    if (strcmp(argv[1], "--version") == 0) {
        printf("holdfast %s\n", hf_version());
        return BASE_EXIT_CLEAN;
    }
    if (argv[1][0] == '-')
        return cmd_refuse("unknown option %s: the command comes first (holdfast --help)", BASE_CUT(argv[1]));
    command = cmd_find(argv[1]);
    return command != NULL ? cmd_run(command, argc - 2, argv + 2) : refuse_unknown(argv[1]);
}

/*
 * What was started with a standard stream closed would get that stream's number for the next file it opens, which libuv
 * answers by aborting. Each is opened the wrong way round, so that reading from it or writing to it fails as it would
 * have done.
 */
static bool fill_standard_streams(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
            return false;
    return true;
}

int main(int argc, char **argv)
{
    int code;

    if (!fill_standard_streams()) {
        cmd_refuse("a standard stream is closed, and /dev/null cannot stand in for it: %s", strerror(errno));
        return BASE_EXIT_UNCHECKED;
    }
    /* Ignored by whoever started us, it would have the kernel reap our children before we learn how they ended. */
    signal(SIGCHLD, SIG_DFL);
    code = run(argc, argv);
    /* A command that could not write its answer has said so already. */
    if ((fflush(stdout) != 0 || ferror(stdout)) && code != BASE_EXIT_UNCHECKED) {
        cmd_refuse("cannot write the output: %s", strerror(errno));
        return BASE_EXIT_UNCHECKED;
    }
    return code;
}
