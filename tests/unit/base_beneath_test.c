/*
 * Nothing outside the folder is opened, whatever the path says, with openat2 and without; also while others rename and
 * link.
 */
#include "base/beneath.h"
#include "base/folder.h"
#include "base/replace.h"
#include "lib/scratch.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

typedef int (*opener)(int folder, const char *path, bool links, int flags, mode_t mode);

static const opener openers[] = {base_beneath_open, base_beneath_walk};

/* home/ with d/file, links that stay and links that leave, and a secret beside it. */
static void make_home(void)
{
    assert_int_equal(mkdir("home", 0755), 0);
    assert_int_equal(mkdir("home/d", 0755), 0);
    assert_int_equal(mkdir("secret", 0755), 0);
    scratch_file("secret/file", "secret");
    scratch_file("home/d/file", "mine");
    assert_int_equal(symlink("d", "home/inner"), 0);
    assert_int_equal(symlink("d/file", "home/inner-file"), 0);
    assert_int_equal(symlink("../d/../d/file", "home/d/back"), 0);
    assert_int_equal(symlink("../secret", "home/outer"), 0);
    assert_int_equal(symlink("../secret/file", "home/outer-file"), 0);
    assert_int_equal(symlink("../../secret/file", "home/d/deep"), 0);
    assert_int_equal(symlink("/etc/passwd", "home/absolute"), 0);
    assert_int_equal(symlink("circle", "home/circle"), 0);
    assert_int_equal(symlink("/proc/self/cwd", "home/magic"), 0);
}

static int open_home(void)
{
    int folder = open("home", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    assert_true(folder >= 0);
    return folder;
}

static void paths_stay_below(void **state)
{
    static const struct {
        const char *path;
        int reason, without_links; /* errno; 0: it is opened */
    } cases[] = {
        {"d/file", 0, 0},
        {"/d/file", 0, 0},
        {"d//file", 0, 0},
        {"./d/../d/./file", 0, 0},
        {"inner/file", 0, ELOOP},
        {"inner-file", 0, ELOOP},
        {"d/back", 0, ELOOP},
        {"none", ENOENT, ENOENT},
        {"d/file/x", ENOTDIR, ENOTDIR},
        {"..", EXDEV, EXDEV},
        {"../secret/file", EXDEV, EXDEV},
        {"d/../../secret/file", EXDEV, EXDEV},
        {"outer/file", EXDEV, ELOOP},
        {"outer-file", EXDEV, ELOOP},
        {"d/deep", EXDEV, ELOOP},
        {"absolute", EXDEV, ELOOP},
        {"magic/file", EXDEV, ELOOP},
        {"circle", ELOOP, ELOOP},
    };

    (void)state;
    make_home();
    int folder = open_home();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (size_t how = 0; how < 4; how++) {
            bool links = how % 2 == 0;
            int wanted = links ? cases[i].reason : cases[i].without_links;
            errno = 0;
            int file = openers[how / 2](folder, cases[i].path, links, O_RDONLY, 0);
            int reason = file >= 0 ? 0 : errno;
            if (reason != wanted)
                fail_msg("%s, opener %zu, links %d: %s, not %s", cases[i].path, how / 2, links, strerror(reason),
                         strerror(wanted));
            if (file >= 0)
                close(file);
        }
    }
    close(folder);
}

static void files_are_made_below(void **state)
{
    (void)state;
    make_home();
    int folder = open_home();
    for (size_t i = 0; i < 2; i++) {
        int file = openers[i](folder, "d/new", false, O_WRONLY | O_CREAT | O_EXCL, 0640);
        struct stat status;
        assert_true(file >= 0);
        assert_int_equal(fstat(file, &status), 0);
        assert_int_equal(status.st_mode & 0777 & ~0640u, 0);
        assert_int_equal(fcntl(file, F_GETFD), FD_CLOEXEC);
        close(file);
        assert_int_equal(unlink("home/d/new"), 0);
        assert_int_equal(openers[i](folder, "outer/new", true, O_WRONLY | O_CREAT, 0600), -1);
        assert_int_equal(openers[i](folder, "inner-file", true, O_WRONLY | O_CREAT | O_EXCL, 0600), -1);
        assert_int_equal(errno, EEXIST);
    }
    assert_int_equal(scratch_count("secret"), 1);
    close(folder);
}

static void long_paths_are_refused(void **state)
{
    static char path[10000];

    (void)state;
    make_home();
    int folder = open_home();
    memset(path, 'x', 300);
    assert_int_equal(base_beneath_walk(folder, path, true, O_RDONLY, 0), -1);
    assert_int_equal(errno, ENAMETOOLONG);
    for (size_t i = 0; i + 2 < sizeof path; i += 2)
        memcpy(path + i, "d/", 2);
    assert_int_equal(base_beneath_walk(folder, path, true, O_RDONLY, 0), -1);
    assert_int_equal(errno, ENAMETOOLONG);
    close(folder);
}

/* -- Races --------------------------------------------------------------------------------------------------------- */

/* Nanoseconds in which the folder is itself, so that something can be done in it. */
#define PAUSE 50000

/* Swaps the folder d for a link to the secret one and back, until it is ended, or the test fails. */
static pid_t start_racer(void)
{
    pid_t test = getpid(), racer = fork();

    if (racer != 0)
        return racer;
    while (getppid() == test) {
        (void)!rename("home/d", "home/aside");
        (void)!symlink("../secret", "home/d");
        (void)!unlink("home/d");
        (void)!rename("home/aside", "home/d");
        nanosleep(&(struct timespec){0, PAUSE}, NULL);
    }
    _exit(0);
}

static void stop_racer(pid_t racer)
{
    assert_true(racer > 0);
    assert_int_equal(kill(racer, SIGKILL), 0);
    assert_int_equal(waitpid(racer, NULL, 0), racer);
    unlink("home/d");
    (void)!rename("home/aside", "home/d");
}

#define ROUNDS 2000

static void a_race_leads_nowhere_else(void **state)
{
    (void)state;
    make_home();
    int folder = open_home();
    pid_t racer = start_racer();
    size_t opened = 0;
    for (size_t i = 0; i < 2 * ROUNDS; i++) {
        char text[8] = "";
        int file = openers[i % 2](folder, "d/file", i % 4 < 2, O_RDONLY, 0);
        if (file < 0)
            continue;
        opened++;
        if (read(file, text, sizeof text - 1) <= 0 || strcmp(text, "mine") != 0)
            fail_msg("round %zu read '%s'", i, text);
        close(file);
    }
    stop_racer(racer);
    assert_true(opened > 0);
    close(folder);
}

static bool replace_once(const base_folder *folder)
{
    base_replacement r;

    if (!base_replace_begin(&r, "d/file", &(base_replace_rules){.folder = folder}, NULL))
        return false;
    bool done = write(r.fd, "new", 3) == 3 && base_replace_commit(&r, NULL);
    base_replace_done(&r);
    return done;
}

static void a_race_writes_nowhere_else(void **state)
{
    base_folder folder;
    size_t replaced = 0;

    (void)state;
    make_home();
    assert_true(base_folder_open(&folder, "home", NULL));
    pid_t racer = start_racer();
    for (size_t i = 0; i < ROUNDS; i++) {
        folder.ours = i % 2 == 0; /* links within are followed, or none is */
        replaced += replace_once(&folder);
    }
    stop_racer(racer);
    base_folder_close(&folder);
    assert_true(replaced > 0);
    assert_string_equal(scratch_text("secret/file"), "secret");
    assert_int_equal(scratch_count("secret"), 1);
    assert_string_equal(scratch_text("home/d/file"), "new");
    unlink("home/d/back");
    unlink("home/d/deep");
    assert_int_equal(scratch_count("home/d"), 1);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, scratch_enter, scratch_leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(paths_stay_below),          TEST(files_are_made_below),       TEST(long_paths_are_refused),
        TEST(a_race_leads_nowhere_else), TEST(a_race_writes_nowhere_else),
    };

    if (access("/dev/shm", W_OK) == 0) /* much is brought to the disk, and no disk is wanted */
        setenv("TMPDIR", "/dev/shm", 1);
    return cmocka_run_group_tests_name("base_beneath", tests, NULL, NULL);
}
