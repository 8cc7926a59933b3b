#include "stores/running.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* "path/name", `up` folders above that of the file. False when there are not so many. */
static bool beside(const char *path, unsigned up, const char *name, char out[PATH_MAX])
{
    size_t length = strlen(path);

    for (unsigned i = 0; i <= up; i++) {
        while (length > 0 && path[length - 1] != '/')
            length--;
        if (length < 2)
            return false;
        length--;
    }
    return snprintf(out, PATH_MAX, "%.*s/%s", (int)length, path, name) < PATH_MAX;
}

static bool read_link(const char *path, char out[PATH_MAX])
{
    ssize_t length = readlink(path, out, PATH_MAX - 1);

    if (length < 0)
        return false;
    out[length] = '\0';
    return true;
}

static void name_process(long pid, char who[FACTS_WHO_MAX])
{
    char path[64], name[64] = "?";
    FILE *file;

    snprintf(path, sizeof path, "/proc/%ld/comm", pid);
    file = fopen(path, "re");
    if (file != NULL) {
        if (fgets(name, sizeof name, file) != NULL)
            name[strcspn(name, "\n")] = '\0';
        fclose(file);
    }
    snprintf(who, FACTS_WHO_MAX, "process %ld (%s)", pid, name);
}

static bool is_alive(long pid)
{
    return pid > 0 && (kill((pid_t)pid, 0) == 0 || errno == EPERM);
}

/* -- Chromium: a symbolic link HOST-PID in the folder of the profiles ---------------------------------------------- */

static facts_running judge_singleton(const char *target, const char *lock, char who[FACTS_WHO_MAX])
{
    const char *dash = strrchr(target, '-');
    char host[256] = "";
    long pid = dash != NULL ? strtol(dash + 1, NULL, 10) : 0;

    if (dash == NULL || pid <= 0)
        return FACTS_IDLE;
    gethostname(host, sizeof host - 1);
    /* In a container or on another machine its process has a number that means nothing here. */
    if (strncmp(target, host, (size_t)(dash - target)) != 0 || host[dash - target] != '\0' ||
        strstr(lock, "/.var/app/") != NULL) {
        snprintf(who, FACTS_WHO_MAX, "process %ld on %.*s, says SingletonLock", pid,
                 (int)(dash - target < 100 ? dash - target : 100), target);
        return FACTS_RUNNING;
    }
    if (!is_alive(pid))
        return FACTS_IDLE;
    name_process(pid, who);
    return FACTS_RUNNING;
}

static facts_running chromium_runs(const char *path, char who[FACTS_WHO_MAX])
{
    char lock[PATH_MAX], target[PATH_MAX];

    for (unsigned up = 0; up < 3; up++) {
        if (beside(path, up, "SingletonLock", lock) && read_link(lock, target))
            return judge_singleton(target, lock, who);
    }
    return FACTS_IDLE;
}

/* -- Firefox: a lock on .parentlock; where the file system has none, a symbolic link ADDRESS:+PID ------------------ */

static facts_running firefox_runs(const char *path, char who[FACTS_WHO_MAX])
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    char name[PATH_MAX], target[PATH_MAX];
    int fd = beside(path, 0, ".parentlock", name) ? open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK) : -1;

    if (fd >= 0) {
        bool told = fcntl(fd, F_GETLK, &lock) == 0;
        close(fd);
        if (told && lock.l_type != F_UNLCK) {
            name_process((long)lock.l_pid, who);
            return FACTS_RUNNING;
        }
        if (told)
            return FACTS_IDLE;
    }
    if (!beside(path, 0, "lock", name) || !read_link(name, target))
        return FACTS_IDLE;
    const char *plus = strrchr(target, '+');
    if (plus == NULL || !is_alive(strtol(plus + 1, NULL, 10)))
        return FACTS_IDLE;
    name_process(strtol(plus + 1, NULL, 10), who);
    return FACTS_RUNNING;
}

/* -- All others: who has the file open, or will write it ----------------------------------------------------------- */

static bool has_open(long pid, const struct stat *store)
{
    char folder[64], name[384];
    struct dirent *entry;
    struct stat status;
    bool found = false;

    snprintf(folder, sizeof folder, "/proc/%ld/fd", pid);
    DIR *dir = opendir(folder);
    while (dir != NULL && !found && (entry = readdir(dir)) != NULL) {
        snprintf(name, sizeof name, "%s/%s", folder, entry->d_name);
        found = entry->d_name[0] != '.' && stat(name, &status) == 0 && status.st_ino == store->st_ino &&
                status.st_dev == store->st_dev;
    }
    if (dir != NULL)
        closedir(dir);
    return found;
}

/* The arguments, each ended by a NUL. */
static size_t command_line(long pid, char *out, size_t size)
{
    char path[64];
    FILE *file;
    size_t length = 0;

    snprintf(path, sizeof path, "/proc/%ld/cmdline", pid);
    file = fopen(path, "re");
    if (file != NULL) {
        length = fread(out, 1, size - 1, file);
        fclose(file);
    }
    out[length] = '\0';
    return length;
}

/* True if an argument, or what stands behind its '=', names the store, seen from where the process is. */
static bool names_store(long pid, const char *argument, const struct stat *store)
{
    char path[PATH_MAX];
    struct stat status;
    const char *equals = strchr(argument, '=');

    if (equals != NULL && names_store(pid, equals + 1, store))
        return true;
    int length = argument[0] == '/' ? snprintf(path, sizeof path, "%s", argument)
                                    : snprintf(path, sizeof path, "/proc/%ld/cwd/%s", pid, argument);
    return argument[0] != '\0' && length < PATH_MAX && stat(path, &status) == 0 && status.st_ino == store->st_ino &&
           status.st_dev == store->st_dev;
}

/*
 * curl, wget and wget2 keep nothing open: they read at the start and write at the end. wget and wget2 have a usual
 * file, which they use unless another is named; the file of curl is always named.
 */
static bool will_write(long pid, const char *kind, const char *path, const struct stat *store)
{
    char who[FACTS_WHO_MAX], wanted[32], line[8192];
    bool usual = strstr(path, "/.wget-hsts") != NULL;

    if (strcmp(kind, "curl") != 0 && strcmp(kind, "wget") != 0 && strcmp(kind, "wget2") != 0)
        return false;
    name_process(pid, who);
    snprintf(wanted, sizeof wanted, " (%s)", kind);
    if (strstr(who, wanted) == NULL)
        return false;
    size_t length = command_line(pid, line, sizeof line);
    for (size_t at = 0; at < length; at += strlen(line + at) + 1) {
        if (names_store(pid, line + at, store))
            return true;
        usual = usual && strstr(line + at, "hsts") == NULL;
    }
    return usual;
}

/* True for a process of this user, or of the store's owner. */
static bool may_own(long pid, const struct stat *store)
{
    char path[64];
    struct stat status;

    snprintf(path, sizeof path, "/proc/%ld", pid);
    return stat(path, &status) == 0 && (status.st_uid == getuid() || status.st_uid == store->st_uid);
}

static facts_running any_process(const char *kind, const char *path, char who[FACTS_WHO_MAX])
{
    DIR *dir = access("/proc/self/fd", X_OK) == 0 ? opendir("/proc") : NULL;
    facts_running running = FACTS_IDLE;
    struct dirent *entry;
    struct stat store;

    if (dir == NULL)
        return FACTS_RUNNING_UNKNOWN;
    bool there = stat(path, &store) == 0;
    while (running == FACTS_IDLE && (entry = readdir(dir)) != NULL) {
        long pid = strtol(entry->d_name, NULL, 10);
        if (!there || pid <= 0 || pid == (long)getpid() || !may_own(pid, &store))
            continue;
        if ((will_write(pid, kind, path, &store) || has_open(pid, &store))) {
            name_process(pid, who);
            running = FACTS_RUNNING;
        }
    }
    closedir(dir);
    return running;
}

/* Locks lie beside the file itself, whatever way leads to it; of a new file, in its folder. */
static void resolve(const char *path, char out[PATH_MAX])
{
    char folder[PATH_MAX];
    const char *slash = strrchr(path, '/');

    if (realpath(path, out) != NULL)
        return;
    snprintf(folder, sizeof folder, "%.*s", slash != NULL ? (int)(slash - path) : 1, slash != NULL ? path : ".");
    if (realpath(folder[0] != '\0' ? folder : "/", out) == NULL) {
        snprintf(out, PATH_MAX, "%s", path);
        return;
    }
    size_t length = strlen(out);
    snprintf(out + length, PATH_MAX - length, "/%s", slash != NULL ? slash + 1 : path);
}

facts_running stores_is_running(const char *kind, const char *path, char who[FACTS_WHO_MAX])
{
    char real[PATH_MAX];

    who[0] = '\0';
    if (strcmp(kind, "holdfast") == 0)
        return FACTS_IDLE;
    resolve(path, real);
    if (strcmp(kind, "chromium") == 0)
        return chromium_runs(real, who);
    if (strncmp(kind, "firefox", strlen("firefox")) == 0)
        return firefox_runs(real, who);
    return any_process(kind, real, who);
}
