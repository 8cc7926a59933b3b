#include "stores/running.h"

#include "base/file.h"
#include "stores/way.h"

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

/* Where a store lies. Locks lie beside the file itself, whatever way leads to it; of a new file, in its folder. */
typedef struct spot {
    stores_way way;
    base_place place;
    char path[PATH_MAX]; /* of it, for guesses */
} spot;

/* Opens the folder `up` levels above the file's, and in a home nothing but what is in it. */
static bool open_above(const spot *s, unsigned up, base_folder *folder)
{
    char path[PATH_MAX];
    size_t length = strlen(s->place.path);

    if (s->way.folder == NULL)
        return base_place_above(&s->place, up, folder);
    for (unsigned i = 0; i <= up; i++) {
        if (length == 0)
            return false;
        while (length > 0 && s->place.path[length - 1] != '/')
            length--;
        while (length > 0 && s->place.path[length - 1] == '/')
            length--;
    }
    snprintf(path, sizeof path, "%.*s", (int)length, s->place.path);
    return base_folder_open_beneath(folder, s->way.folder, path, NULL);
}

static bool read_link_above(const spot *s, unsigned up, const char *name, char target[PATH_MAX])
{
    base_folder folder;

    if (!open_above(s, up, &folder))
        return false;
    bool is_link = base_folder_read_link(folder.fd, name, target);
    base_folder_close(&folder);
    return is_link;
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

static facts_running judge_singleton(const char *target, const char *path, char who[FACTS_WHO_MAX])
{
    const char *dash = strrchr(target, '-');
    char host[256] = "";
    long pid = dash != NULL ? strtol(dash + 1, NULL, 10) : 0;

    if (dash == NULL || pid <= 0)
        return FACTS_IDLE;
    gethostname(host, sizeof host - 1);
    /* In a container or on another machine its process has a number that means nothing here. */
    if (strncmp(target, host, (size_t)(dash - target)) != 0 || host[dash - target] != '\0' ||
        strstr(path, "/.var/app/") != NULL) {
        snprintf(who, FACTS_WHO_MAX, "process %ld on %.*s, says SingletonLock", pid,
                 (int)(dash - target < 100 ? dash - target : 100), target);
        return FACTS_RUNNING;
    }
    if (!is_alive(pid))
        return FACTS_IDLE;
    name_process(pid, who);
    return FACTS_RUNNING;
}

static facts_running chromium_runs(const spot *s, char who[FACTS_WHO_MAX])
{
    char target[PATH_MAX];

    for (unsigned up = 0; up < 3; up++) {
        if (read_link_above(s, up, "SingletonLock", target))
            return judge_singleton(target, s->path, who);
    }
    return FACTS_IDLE;
}

/* -- Firefox: a lock on .parentlock; where the file system has none, a symbolic link ADDRESS:+PID ------------------ */

/* FACTS_RUNNING_UNKNOWN: there is no such file, or nobody can tell. */
static facts_running holds_parentlock(const spot *s, char who[FACTS_WHO_MAX])
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    base_folder folder;

    if (!open_above(s, 0, &folder))
        return FACTS_RUNNING_UNKNOWN;
    int fd = base_file_open(".parentlock", &(base_file_rules){.folder = &folder, .no_links = true}, NULL, NULL);
    bool told = fd >= 0 && fcntl(fd, F_GETLK, &lock) == 0;
    base_folder_close(&folder);
    if (fd >= 0)
        close(fd);
    if (!told || lock.l_type == F_UNLCK)
        return told ? FACTS_IDLE : FACTS_RUNNING_UNKNOWN;
    name_process((long)lock.l_pid, who);
    return FACTS_RUNNING;
}

static facts_running firefox_runs(const spot *s, char who[FACTS_WHO_MAX])
{
    facts_running running = holds_parentlock(s, who);
    char target[PATH_MAX];

    if (running != FACTS_RUNNING_UNKNOWN || !read_link_above(s, 0, "lock", target))
        return running == FACTS_RUNNING ? FACTS_RUNNING : FACTS_IDLE;
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

/* True if the text names the store, seen from where the process is. */
static bool is_store(long pid, const char *text, const struct stat *store)
{
    char path[PATH_MAX];
    struct stat status;
    int length = text[0] == '/' ? snprintf(path, sizeof path, "%s", text)
                                : snprintf(path, sizeof path, "/proc/%ld/cwd/%s", pid, text);

    return text[0] != '\0' && length < PATH_MAX && stat(path, &status) == 0 && status.st_ino == store->st_ino &&
           status.st_dev == store->st_dev;
}

/* The same of an argument, and of what stands behind each '=' in it. */
static bool names_store(long pid, const char *argument, const struct stat *store)
{
    const char *equals;

    while (!is_store(pid, argument, store)) {
        equals = strchr(argument, '=');
        if (equals == NULL)
            return false;
        argument = equals + 1;
    }
    return true;
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

static facts_running any_process(const char *kind, const char *path, const struct stat *store, char who[FACTS_WHO_MAX])
{
    DIR *dir = access("/proc/self/fd", X_OK) == 0 ? opendir("/proc") : NULL;
    facts_running running = FACTS_IDLE;
    const struct dirent *entry;

    if (dir == NULL)
        return FACTS_RUNNING_UNKNOWN;
    while (store != NULL && running == FACTS_IDLE && (entry = readdir(dir)) != NULL) {
        long pid = strtol(entry->d_name, NULL, 10);
        if (pid <= 0 || pid == (long)getpid() || !may_own(pid, store))
            continue;
        if (will_write(pid, kind, path, store) || has_open(pid, store)) {
            name_process(pid, who);
            running = FACTS_RUNNING;
        }
    }
    closedir(dir);
    return running;
}

/* Processes are looked at with our own rights: the store's owner may not look at all of them. */
static facts_running ask(spot *s, const char *kind, char who[FACTS_WHO_MAX])
{
    struct stat store;

    if (strcmp(kind, "chromium") == 0)
        return chromium_runs(s, who);
    if (strncmp(kind, "firefox", strlen("firefox")) == 0)
        return firefox_runs(s, who);
    bool there = fstatat(s->place.folder, s->place.name, &store, AT_SYMLINK_NOFOLLOW) == 0;
    stores_way_rest(&s->way);
    return any_process(kind, s->path, there ? &store : NULL, who);
}

facts_running stores_is_running(const stores_store *store, char who[FACTS_WHO_MAX])
{
    facts_running running = FACTS_IDLE;
    spot s;

    who[0] = '\0';
    if (store->format == NULL || !stores_way_open(&s.way, store, NULL))
        return FACTS_IDLE;
    if (s.way.folder != NULL)
        snprintf(s.path, sizeof s.path, "%s", store->path);
    else
        base_file_real_path(store->path, s.path);
    if (base_place_find(&s.place, s.way.path, s.way.folder, false, NULL)) {
        running = ask(&s, store->kind, who);
        base_place_done(&s.place);
    }
    stores_way_close(&s.way);
    return running;
}
