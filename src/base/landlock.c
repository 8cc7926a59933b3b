#include "base/landlock.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/syscall.h>
#endif

#ifndef O_PATH
#define O_PATH O_RDONLY
#endif

/* The same on every architecture. */
#define CREATE_RULESET 444
#define ADD_RULE 445
#define RESTRICT_SELF 446

#define ASK_VERSION 1U
#define RULE_BENEATH 1
#define READ_FILE (UINT64_C(1) << 2)
#define READ_DIR (UINT64_C(1) << 3)
#define BIND_TCP UINT64_C(1)
#define CONNECT_TCP UINT64_C(2)
#define SCOPES UINT64_C(3) /* abstract sockets and signals of processes outside */

typedef struct ruleset {
    uint64_t files, net, scoped;
} ruleset;

typedef struct beneath {
    uint64_t allowed;
    int32_t parent;
} __attribute__((packed)) beneath;

int base_landlock_version(void)
{
#ifdef __linux__
    long version = syscall(CREATE_RULESET, NULL, (size_t)0, ASK_VERSION);

    return version > 0 ? (int)version : 0;
#else
    return 0;
#endif
}

#ifdef __linux__

/* All that a version can refuse; a newer kernel is asked for no more than is known here. */
static ruleset everything(int version, bool connects)
{
    static const int rights[] = {0, 13, 14, 15, 15, 16}; /* of files, by version */
    const int last = sizeof rights / sizeof rights[0] - 1;
    int count = rights[version < last ? version : last];

    return (ruleset){.files = (UINT64_C(1) << count) - 1,
                     .net = version < 4 ? 0
                            : connects  ? BIND_TCP
                                        : BIND_TCP | CONNECT_TCP,
                     .scoped = version < 6 ? 0 : SCOPES};
}

static bool allow(int rules, const char *path)
{
    int fd = open(path, O_PATH | O_CLOEXEC);
    struct stat status;
    beneath rule = {READ_FILE, fd};
    bool is_allowed;

    if (fd < 0)
        return true;
    if (fstat(fd, &status) == 0 && S_ISDIR(status.st_mode))
        rule.allowed |= READ_DIR;
    is_allowed = syscall(ADD_RULE, rules, RULE_BENEATH, &rule, 0U) == 0;
    close(fd);
    return is_allowed;
}

bool base_landlock_enter(const char *const *paths, bool connects)
{
    int version = base_landlock_version();
    ruleset wanted = everything(version, connects);
    int rules = version > 0 ? (int)syscall(CREATE_RULESET, &wanted, sizeof wanted, 0U) : -1;
    bool is_entered = rules >= 0;

    for (size_t i = 0; is_entered && paths[i] != NULL; i++)
        is_entered = allow(rules, paths[i]);
    is_entered = is_entered && syscall(RESTRICT_SELF, rules, 0U) == 0;
    if (rules >= 0)
        close(rules);
    return is_entered;
}

#else

bool base_landlock_enter(const char *const *paths, bool connects)
{
    (void)paths;
    (void)connects;
    return false;
}

#endif
