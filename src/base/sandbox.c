#include "base/sandbox.h"

#include "base/landlock.h"
#include "base/memory.h"
#include "base/seccomp.h"
#include "base/term.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#define NOBODY 65534 /* on Linux the number of nobody, also where no user has it */
#define PATHS_MAX 40

typedef struct profile {
    unsigned calls;           /* base/seccomp.h */
    bool opens;               /* makes new descriptors */
    const char *const *paths; /* may be read */
} profile;

static const char *const no_paths[] = {NULL};

/* A store of certificates is read when a certificate asks for it; /etc/hosts is read for each name (dns/hosts_file.h).
 * Folders of certificates are full of links into others: all of a system's are listed, and so are files that are links
 * into what is not (NixOS). */
static const char *const paths_of_prober[] = {
    "/etc/resolv.conf",
    "/etc/hosts",
    "/etc/nsswitch.conf",
    "/etc/host.conf",
    "/etc/localtime",
    "/dev/urandom",
    "/dev/null",
    /* Debian and most others. */
    "/etc/ssl/certs",
    "/usr/lib/ssl",
    "/usr/share/ca-certificates",
    "/usr/local/share/ca-certificates",
    /* Alpine. */
    "/etc/ssl/cert.pem",
    /* Fedora, RHEL. */
    "/etc/pki/tls/cert.pem",
    "/etc/pki/tls/certs",
    "/etc/pki/ca-trust/extracted",
    /* Arch. */
    "/etc/ca-certificates/extracted",
    /* openSUSE. */
    "/etc/ssl/ca-bundle.pem",
    "/var/lib/ca-certificates",
    /* NixOS. */
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/ssl/certs/ca-bundle.crt",
    NULL,
};

static const profile profiles[] = {
    [BASE_SANDBOX_READER] = {BASE_SECCOMP_COMPUTE, false, no_paths},
    [BASE_SANDBOX_PROBER] = {BASE_SECCOMP_COMPUTE | BASE_SECCOMP_READ | BASE_SECCOMP_CONNECT, true, paths_of_prober},
};

/* -- Limits -------------------------------------------------------------------------------------------------------- */

/* A limit that is lower already stays. */
static bool limit(int what, uint64_t most)
{
    struct rlimit now;
    rlim_t wanted = (rlim_t)most;

    if (getrlimit(what, &now) != 0)
        return false;
    if (now.rlim_max != RLIM_INFINITY && now.rlim_max < wanted)
        wanted = now.rlim_max;
    return setrlimit(what, &(struct rlimit){wanted, wanted}) == 0;
}

/* What is in use counts as well, and differs from build to build: under valgrind it is gigabytes. */
static bool limit_memory(uint64_t octets)
{
    int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    char text[32] = "";
    ssize_t got = fd >= 0 ? read(fd, text, sizeof text - 1) : -1;
    uint64_t pages = got > 0 ? strtoull(text, NULL, 10) : 0;

    if (fd >= 0)
        close(fd);
    return pages > 0 && limit(RLIMIT_AS, pages * (uint64_t)sysconf(_SC_PAGESIZE) + octets);
}

static unsigned limit_use(const base_sandbox *sandbox)
{
    limit(RLIMIT_CORE, 0);
    /* A second later comes SIGKILL, should SIGXCPU be held back. */
    if (sandbox->seconds > 0)
        setrlimit(RLIMIT_CPU, &(struct rlimit){sandbox->seconds, sandbox->seconds + 1});
    if (sandbox->memory == 0 || BASE_SANITIZED || limit_memory(sandbox->memory))
        return 0;
    return BASE_SANDBOX_LACKS_MEMORY;
}

/* New processes and descriptors are refused also where no filter does it. The last step that needs some is over. */
static void limit_numbers(const profile *p)
{
    limit(RLIMIT_NPROC, 0);
    if (!p->opens)
        limit(RLIMIT_NOFILE, 0);
}

/* -- Root ---------------------------------------------------------------------------------------------------------- */

/* A path that is not there takes nothing away. */
static bool is_for_nobody(const char *path)
{
    return faccessat(AT_FDCWD, path, R_OK, AT_EACCESS) == 0 || errno == ENOENT || errno == ENOTDIR;
}

/* What only root may read would be missing silently: a server would not be trusted, a name not found. */
static bool can_read_as_nobody(const char *const *paths)
{
    bool can = setegid(NOBODY) == 0 && seteuid(NOBODY) == 0;

    for (size_t i = 0; can && paths[i] != NULL; i++)
        can = is_for_nobody(paths[i]);
    return seteuid(0) == 0 && can;
}

/* Also a root that acts for a user at the moment. False: this process stays root. */
static bool drop_root(const char *const *paths)
{
    if (getuid() != 0 && geteuid() != 0)
        return true;
    if (seteuid(0) != 0 || setgroups(0, NULL) != 0 || !can_read_as_nobody(paths))
        return false;
    return setresgid(NOBODY, NOBODY, NOBODY) == 0 && setresuid(NOBODY, NOBODY, NOBODY) == 0;
}

/* -- All together -------------------------------------------------------------------------------------------------- */

const char *const *base_sandbox_paths(base_sandbox_profile which)
{
    return profiles[which].paths;
}

/* The paths of the profile and those of the caller, whose text is in `also`, which is cut up. */
static void list_paths(const profile *p, char *also, const char *paths[PATHS_MAX])
{
    size_t count = 0;
    char *rest = also, *one;

    for (; p->paths[count] != NULL; count++)
        paths[count] = p->paths[count];
    while (p->opens && count < PATHS_MAX - 1 && (one = strtok_r(rest, ":", &rest)) != NULL)
        paths[count++] = one;
    paths[count] = NULL;
}

static bool give_up_privileges(void)
{
#ifdef __linux__
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
#else
    return false;
#endif
}

unsigned base_sandbox_enter(const base_sandbox *sandbox)
{
    const profile *p = &profiles[sandbox->profile];
    base_arena arena = {0};
    char *also = base_arena_string(&arena, sandbox->also != NULL ? sandbox->also : "");
    const char *paths[PATHS_MAX];
    unsigned lacks;

    list_paths(p, also, paths);
    lacks = limit_use(sandbox);
    if (!drop_root(paths))
        lacks |= BASE_SANDBOX_LACKS_USER;
    if (!give_up_privileges())
        lacks |= BASE_SANDBOX_LACKS_LANDLOCK | BASE_SANDBOX_LACKS_FILTER;
    else if (!base_landlock_enter(paths, p->opens))
        lacks |= BASE_SANDBOX_LACKS_LANDLOCK;
    limit_numbers(p);
    if ((lacks & BASE_SANDBOX_LACKS_FILTER) == 0 && !base_seccomp_enter(p->calls))
        lacks |= BASE_SANDBOX_LACKS_FILTER;
    base_arena_done(&arena);
    return lacks;
}

unsigned base_sandbox_lacks(const base_sandbox *sandbox)
{
    pid_t pid = fork();
    int status = 0;

    if (pid == 0)
        _exit((int)base_sandbox_enter(sandbox));
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    return WIFEXITED(status) ? (unsigned)WEXITSTATUS(status) : 0;
}

void base_sandbox_explain(unsigned lacks, FILE *out)
{
    static const struct {
        unsigned lack;
        const char *text;
    } rows[] = {
#define BASE_X(symbol, bit, text) {BASE_SANDBOX_LACKS_##symbol, text},
        BASE_SANDBOX_LACK_MAP(BASE_X)
#undef BASE_X
    };
    base_error note;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if ((lacks & rows[i].lack) == 0)
            continue;
        base_error_set(&note, "note: %s", rows[i].text);
        base_error_print(&note, out);
    }
}
