/*
 * What a process can still do once it has entered a sandbox: as root and as a user, with every layer and with Landlock
 * or the filter missing, as on an older kernel. Without a sandbox every attempt succeeds, or nothing was tried.
 */
#define _GNU_SOURCE
#include "base/landlock.h"
#include "base/sandbox.h"
#include "lib/scratch.h"

#include <errno.h>
#include <grp.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>

#define USER 54321 /* nobody's number */
#define LACKS_ALL (BASE_SANDBOX_LACKS_LANDLOCK | BASE_SANDBOX_LACKS_FILTER)

static int listener, given, channel[2];
static struct sockaddr_in address;
static char program[] = "/bin/true";

/* -- Attempts: true if it was done --------------------------------------------------------------------------------- */

static bool reads_given(void)
{
    char c = 0;

    return pread(given, &c, 1, 0) == 1 && c == 's';
}

static bool answers(void)
{
    return write(channel[1], "x", 1) == 1;
}

static bool computes(void)
{
    char *volatile memory = malloc(1 << 20);
    bool is_there = memory != NULL;

    free(memory);
    return is_there;
}

static bool opens(void)
{
    return open("secret", O_RDONLY) >= 0;
}

static bool opens_hosts(void)
{
    return open("/etc/hosts", O_RDONLY) >= 0;
}

static bool creates(void)
{
    return open("made", O_WRONLY | O_CREAT, 0644) >= 0;
}

static bool cuts(void)
{
    return truncate("secret", 1) == 0 && truncate("secret", 6) == 0;
}

static bool connects(void)
{
    int s = socket(AF_INET, SOCK_STREAM, 0);

    return s >= 0 && connect(s, (const struct sockaddr *)&address, sizeof address) == 0;
}

static bool listens(void)
{
    const struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int s = socket(AF_INET, SOCK_STREAM, 0);

    return s >= 0 && bind(s, (const struct sockaddr *)&any, sizeof any) == 0 && listen(s, 1) == 0;
}

static bool connects_local(void)
{
    const struct sockaddr_un path = {AF_UNIX, "socket"};
    int s = socket(AF_UNIX, SOCK_STREAM, 0);

    return s >= 0 && connect(s, (const struct sockaddr *)&path, sizeof path) == 0;
}

static bool runs(void)
{
    char *const arguments[] = {program, NULL};

    execv(program, arguments);
    return false; /* who is there then exits with 0 */
}

static bool forks(void)
{
    pid_t pid = fork();

    if (pid == 0)
        _exit(0);
    return pid > 0;
}

static bool signals(void)
{
    return kill(getpid(), 0) == 0;
}

static bool traces(void)
{
    return ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0;
}

static bool makes_code(void)
{
    return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
}

static bool is_somebody(void)
{
    return getuid() != 65534;
}

enum { READER = 1, PROBER = 2, BOTH = 3 };

/* Who may do it with every layer, and who without the filter, without Landlock, without both. */
static const struct attempt {
    const char *name;
    bool (*try)(void);
    unsigned all, no_filter, no_landlock, neither;
    int version; /* of Landlock that refuses it; an older one is as good as none */
} attempts[] = {
    {"reads what is open", reads_given, BOTH, BOTH, BOTH, BOTH, 1},
    {"answers", answers, BOTH, BOTH, BOTH, BOTH, 1},
    {"computes", computes, BOTH, BOTH, BOTH, BOTH, 1},
    {"opens a file", opens, 0, 0, PROBER, PROBER, 1},
    {"opens /etc/hosts", opens_hosts, PROBER, PROBER, PROBER, PROBER, 1},
    {"creates a file", creates, 0, 0, 0, PROBER, 1},
    {"cuts a file", cuts, 0, 0, 0, BOTH, 3},
    {"connects", connects, PROBER, PROBER, PROBER, PROBER, 1},
    {"listens", listens, 0, 0, 0, PROBER, 4},
    {"connects to a local socket", connects_local, 0, PROBER, 0, PROBER, 1},
    {"runs a program", runs, 0, 0, 0, PROBER, 1}, /* one that needs its libraries: they are not opened */
    {"forks", forks, 0, 0, 0, 0, 1},
    {"signals", signals, 0, BOTH, 0, BOTH, 1},
    {"asks to be traced", traces, 0, BOTH, 0, BOTH, 1},
    {"makes memory that runs", makes_code, 0, BOTH, 0, BOTH, 1},
};

#define ATTEMPTS (sizeof attempts / sizeof attempts[0])

/* -- Processes ----------------------------------------------------------------------------------------------------- */

/* An older kernel: answers these calls with ENOSYS. */
static void take_away(unsigned lacks)
{
    const unsigned seccomp = (lacks & BASE_SANDBOX_LACKS_FILTER) != 0 ? SYS_seccomp : 0xffff;
    const unsigned landlock = (lacks & BASE_SANDBOX_LACKS_LANDLOCK) != 0 ? 444 : 0xffff;
    struct sock_filter steps[] = {
        {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, nr)},
        {BPF_JMP | BPF_JEQ | BPF_K, 1, 0, seccomp},
        {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, landlock},
        {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | ENOSYS},
        {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
    };
    const struct sock_fprog filter = {sizeof steps / sizeof steps[0], steps};

    if (lacks == 0)
        return;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0U, &filter) != 0)
        _exit(99);
}

typedef struct how {
    const base_sandbox *sandbox; /* NULL: none */
    unsigned lacks;
    bool as_user;
} how;

enum { DONE = 0, REFUSED = 1, KILLED = 2, ELSE = 3 };

static int outcome_of(pid_t pid)
{
    int status;

    assert_int_equal(waitpid(pid, &status, 0), pid);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127) /* the program was begun, and found no libraries */
        return REFUSED;
    if (WIFEXITED(status))
        return WEXITSTATUS(status) <= REFUSED ? WEXITSTATUS(status) : ELSE;
    return WTERMSIG(status) == SIGSYS ? KILLED : ELSE;
}

static void enter(const how *h)
{
    if (h->as_user && (setgroups(0, NULL) != 0 || setresgid(USER, USER, USER) != 0 || setresuid(USER, USER, USER) != 0))
        _exit(98);
    take_away(h->lacks);
    if (h->sandbox != NULL && base_sandbox_enter(h->sandbox) != h->lacks)
        _exit(97);
}

static int attempt(const how *h, bool (*try)(void))
{
    pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid == 0) {
        enter(h);
        _exit(try() ? DONE : REFUSED);
    }
    return outcome_of(pid);
}

static unsigned allowed(const struct attempt *a, unsigned lacks)
{
    const unsigned by_lack[] = {a->all, a->no_landlock, a->no_filter, a->neither};

    if (a->version > base_landlock_version())
        lacks |= BASE_SANDBOX_LACKS_LANDLOCK;
    return by_lack[lacks];
}

static void try_all(const how *h, unsigned who)
{
    for (size_t i = 0; i < ATTEMPTS; i++) {
        bool may = h->sandbox == NULL || (allowed(&attempts[i], h->lacks) & who) != 0;
        int outcome = attempt(h, attempts[i].try);

        unlink("made");
        if (may != (outcome == DONE) || outcome == ELSE)
            fail_msg("profile %u, lacks %u, %s: %s: %s", who, h->lacks, h->as_user ? "a user" : "as it is run",
                     attempts[i].name,
                     outcome == DONE   ? "done"
                     : outcome == ELSE ? "something else"
                                       : "refused");
    }
}

/* -- Tests --------------------------------------------------------------------------------------------------------- */

/* This kernel, or valgrind, which does not know all of its calls. */
static bool is_old(void)
{
    return base_sandbox_lacks(&(base_sandbox){.profile = BASE_SANDBOX_READER}) != 0;
}

static void test_profiles(void **state)
{
    static const base_sandbox boxes[] = {{.profile = BASE_SANDBOX_READER}, {.profile = BASE_SANDBOX_PROBER}};

    (void)state;
    if (is_old())
        skip();
    for (int as_user = 0; as_user <= (geteuid() == 0); as_user++) {
        for (size_t i = 0; i < 2; i++)
            for (unsigned lacks = 0; lacks <= LACKS_ALL; lacks++)
                try_all(&(how){&boxes[i], lacks, as_user != 0}, 1U << i);
    }
}

/* The scratch folder is root's where the suite runs as root, and a user may not do all of it. */
static void test_attempts_are_real(void **state)
{
    (void)state;
    try_all(&(how){0}, BOTH);
}

static void test_root_is_dropped(void **state)
{
    (void)state;
    if (geteuid() != 0 || is_old())
        skip();
    for (unsigned lacks = 0; lacks <= LACKS_ALL; lacks++) {
        /* Without a filter, for a process may not ask for its user in it. */
        const how h = {&(base_sandbox){.profile = BASE_SANDBOX_READER}, lacks | BASE_SANDBOX_LACKS_FILTER, false};

        assert_int_equal(attempt(&(how){NULL, 0, false}, is_somebody), DONE);
        assert_int_equal(attempt(&h, is_somebody), REFUSED);
    }
}

/* A folder of certificates that root alone may read is worth more than another user: without it nothing is trusted. */
static void test_root_stays_for_what_root_alone_reads(void **state)
{
    base_sandbox sandbox = {.profile = BASE_SANDBOX_PROBER};
    char also[128];
    pid_t pid;
    int status;

    (void)state;
    if (geteuid() != 0)
        skip();
    assert_int_equal(mkdir("certs", 0700), 0);
    scratch_file("certs/a", "a");
    snprintf(also, sizeof also, "/nowhere:%s/certs", scratch);
    sandbox.also = also;
    pid = fork();
    if (pid == 0)
        _exit((base_sandbox_enter(&sandbox) & BASE_SANDBOX_LACKS_USER) != 0 && open("certs/a", O_RDONLY) >= 0 ? 0 : 1);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

static bool is_open_to_probers(const char *path)
{
    const char *const *paths = base_sandbox_paths(BASE_SANDBOX_PROBER);

    while (*paths != NULL && strcmp(*paths, path) != 0)
        paths++;
    return *paths != NULL;
}

/* Where each system keeps its certificates. */
static void test_stores_of_certificates(void **state)
{
    static const char *const wanted[] = {
        "/etc/ssl/certs",                     /* Debian, Alpine, Arch */
        "/usr/share/ca-certificates",         /* Debian, Alpine */
        "/etc/ssl/cert.pem",                  /* Alpine, Arch */
        "/etc/ca-certificates/extracted",     /* Arch */
        "/etc/pki/tls/certs",                 /* RHEL, Fedora */
        "/etc/pki/tls/cert.pem",              /* the same */
        "/etc/pki/ca-trust/extracted",        /* the same */
        "/var/lib/ca-certificates",           /* openSUSE */
        "/etc/ssl/ca-bundle.pem",             /* the same */
        "/etc/ssl/certs/ca-certificates.crt", /* NixOS */
        "/etc/ssl/certs/ca-bundle.crt",       /* the same */
    };

    (void)state;
    assert_null(base_sandbox_paths(BASE_SANDBOX_READER)[0]);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (!is_open_to_probers(wanted[i]))
            fail_msg("%s is closed", wanted[i]);
}

static bool takes_much(void)
{
    char *volatile much = malloc((size_t)512 << 20);
    bool is_there = much != NULL;

    free(much);
    return is_there;
}

static void test_memory(void **state)
{
    const base_sandbox sandbox = {.profile = BASE_SANDBOX_READER, .memory = (uint64_t)128 << 20};

    (void)state;
#if defined(__SANITIZE_ADDRESS__)
    skip();
#endif
    if (is_old())
        skip();
    assert_int_equal(attempt(&(how){&(base_sandbox){.profile = BASE_SANDBOX_READER}, 0, false}, takes_much), DONE);
    assert_int_equal(attempt(&(how){&sandbox, 0, false}, takes_much), REFUSED);
    assert_int_equal(attempt(&(how){&sandbox, 0, false}, computes), DONE);
}

static void test_time(void **state)
{
    const base_sandbox sandbox = {.profile = BASE_SANDBOX_READER, .seconds = 1};
    pid_t pid = fork();
    int status;

    (void)state;
    assert_true(pid >= 0);
    if (pid == 0) {
        base_sandbox_enter(&sandbox);
        for (volatile unsigned turns = 0;; turns++)
            continue;
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGXCPU);
}

static void test_explain(void **state)
{
    FILE *file = fopen("explained", "w");

    (void)state;
    assert_non_null(file);
    base_sandbox_explain(BASE_SANDBOX_LACKS_LANDLOCK | BASE_SANDBOX_LACKS_FILTER, file);
    fclose(file);
    assert_non_null(strstr(scratch_text("explained"), "no Landlock"));
    assert_non_null(strstr(scratch_text("explained"), "no seccomp filter"));
    assert_null(strstr(scratch_text("explained"), "nobody"));
}

static int set_up(void **state)
{
    struct sockaddr_un path = {AF_UNIX, "socket"};
    socklen_t length = sizeof address;
    int local = socket(AF_UNIX, SOCK_STREAM, 0);

    if (scratch_enter(state) != 0 || chmod(".", 0777) != 0)
        return -1;
    scratch_file("secret", "secret");
    chmod("secret", 0666);
    given = open("secret", O_RDONLY);
    listener = socket(AF_INET, SOCK_STREAM, 0);
    address = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    if (bind(listener, (const struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 512) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &length) != 0)
        return -1;
    if (bind(local, (const struct sockaddr *)&path, sizeof path) != 0 || listen(local, 512) != 0 ||
        chmod("socket", 0777) != 0)
        return -1;
    return pipe(channel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_attempts_are_real),
        cmocka_unit_test(test_profiles),
        cmocka_unit_test(test_root_is_dropped),
        cmocka_unit_test(test_root_stays_for_what_root_alone_reads),
        cmocka_unit_test(test_stores_of_certificates),
        cmocka_unit_test(test_memory),
        cmocka_unit_test(test_time),
        cmocka_unit_test(test_explain),
    };

    return cmocka_run_group_tests(tests, set_up, scratch_leave);
}
