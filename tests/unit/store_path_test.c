/*
 * The way to the file: every folder on it is checked, missing ones are made where that harms nobody, and others gain
 * nothing by renaming.
 */
#include "unit/store/folder.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#ifdef __linux__
#include <sys/auxv.h>
#endif

enum { SOMEBODY = 12345, ROUNDS = 2000, PAUSE = 50000 /* nanoseconds */ };

static hf_status open_at(const char *name, bool read_only, hf_store_error *error)
{
    hf_store_options options = usual_options();
    hf_store *store = NULL;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    options.path = path;
    options.read_only = read_only;
    hf_status status = hf_store_open(&options, &store, error);
    hf_store_close(store);
    return status;
}

static void refused(const char *name, hf_status wanted, const char *why)
{
    hf_store_error error = hf_store_error_init();

    for (int read_only = 0; read_only < 2; read_only++) {
        hf_status status = open_at(name, read_only == 1, &error);
        if (status != wanted || strstr(error.text, why) == NULL)
            fail_msg("%s: %s: %s", name, hf_status_name(status), error.text);
    }
}

static void make_folder(const char *name)
{
    char full[sizeof path];

    snprintf(full, sizeof full, "%s/%s", folder, name);
    assert_int_equal(mkdir(full, 0700), 0);
}

static void set_mode(const char *name, mode_t mode)
{
    char full[sizeof path];

    snprintf(full, sizeof full, "%s/%s", folder, name);
    assert_int_equal(chmod(full, mode), 0);
}

static void set_owner(const char *name, uid_t owner)
{
    char full[sizeof path];

    snprintf(full, sizeof full, "%s/%s", folder, name);
    assert_int_equal(lchown(full, owner, (gid_t)-1), 0);
}

static void make_link(const char *target, const char *name)
{
    char full[sizeof path];

    snprintf(full, sizeof full, "%s/%s", folder, name);
    assert_int_equal(symlink(target, full), 0);
}

/* Each folder on the way, not only the last. */
static void others_may_rename_on_the_way(void **state)
{
    (void)state;
    hf_store_error error = hf_store_error_init();
    make_folder("a");
    make_folder("a/b");
    make_folder("a/b/c");
    assert_int_equal(open_at("a/b/c/store", false, NULL), HF_OK);
    set_mode("a", 0777);
    refused("a/b/c/store", HF_E_STORE_MODE, "/a (mode 0777): chmod go-w it");
    set_mode("a", 01777);
    assert_int_equal(open_at("a/b/c/store", false, NULL), HF_OK);
    set_mode("a", 0702);
    refused("a/b/none/store", HF_E_STORE_MODE, "/a (mode 0702)");
    set_mode("a", 0700);
    if (geteuid() != 0)
        skip();
    set_owner("a/b", SOMEBODY);
    refused("a/b/c/store", HF_E_STORE_OWNER, "/a/b belongs to user 12345");
    set_mode("a/b", 01777); /* a sticky folder of somebody else helps nobody: its owner renames all the same */
    refused("a/b/c/store", HF_E_STORE_OWNER, "/a/b belongs to user 12345");
    assert_int_equal(open_at("a/b/c/store", false, &error), HF_E_STORE_OWNER);
}

/* As under a sudo that keeps HOME: root makes nothing there, no folder and no file. */
static void root_makes_nothing_in_a_users_home(void **state)
{
    (void)state;
    hf_store_error error = hf_store_error_init();
    hf_store_options options = usual_options();
    hf_store *store = NULL;
    if (geteuid() != 0)
        skip();
    make_folder("home");
    set_owner("home", SOMEBODY);
    char home[sizeof path];
    snprintf(home, sizeof home, "%s/home", folder);
    unsetenv("XDG_DATA_HOME");
    assert_int_equal(setenv("HOME", home, 1), 0);
    assert_int_equal(hf_store_default_path(path, sizeof path), HF_OK);
    options.path = path;
    assert_int_equal(hf_store_open(&options, &store, &error), HF_E_STORE_OWNER);
    assert_non_null(strstr(error.text, "belongs to user 12345, not to this user (0): run as its owner"));
    assert_int_equal(rmdir(home), 0); /* it is empty */
}

static void links_on_the_way(void **state)
{
    (void)state;
    char real[sizeof path], full[sizeof path + 16];
    make_folder("a");
    make_folder("b");
    make_link("../a/./", "b/up");
    make_link("b/up", "first");
    make_link("circle", "circle");
    make_link("none/store", "dangling");
    snprintf(real, sizeof real, "%s/a", folder);
    make_link(real, "absolute");
    static const char *const ways[] = {"a/store", "first/store", "b/up/store", "absolute/store", "b//../a/./store"};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, ways[i]);
        hf_store *store = open_store();
        snprintf(full, sizeof full, "%s/store", real);
        assert_string_equal(hf_store_path(store), full);
        hf_store_close(store);
    }
    refused("circle/store", HF_E_STORE_TYPE, "symbolic link");
    refused("circle", HF_E_STORE_TYPE, "symbolic link");
    refused("dangling", HF_E_STORE_IO, "cannot follow the symbolic link");
    refused("a/", HF_E_STORE_TYPE, "is a folder");
    refused("a/..", HF_E_STORE_TYPE, "is a folder");
    snprintf(full, sizeof full, "%s/none", folder);
    assert_false(exists(full));
    if (geteuid() != 0)
        skip();
    set_owner("first", SOMEBODY);
    refused("first/store", HF_E_STORE_OWNER, "first is a symbolic link of user 12345: name the file itself");
}

static void a_relative_path(void **state)
{
    (void)state;
    char full[sizeof path], before[PATH_MAX];
    assert_non_null(getcwd(before, sizeof before));
    make_folder("a");
    snprintf(full, sizeof full, "%s/a", folder);
    assert_int_equal(chdir(full), 0);
    snprintf(path, sizeof path, "new/../store");
    hf_store *store = open_store();
    snprintf(full, sizeof full, "%s/a/store", folder);
    assert_string_equal(hf_store_path(store), full);
    hf_store_close(store);
    set_mode(".", 0777);
    snprintf(path, sizeof path, "store");
    hf_store_options options = usual_options();
    assert_int_equal(hf_store_open(&options, &store, NULL), HF_E_STORE_MODE);
    assert_int_equal(chdir(before), 0);
}

static void paths_that_are_too_long(void **state)
{
    (void)state;
    static char text[3 * PATH_MAX];
    hf_store_options options = usual_options();
    hf_store *store = NULL;
    memset(text, '/', sizeof text - 2);
    for (size_t i = 1; i < sizeof text - 2; i += 2)
        text[i] = 'd';
    options.path = text;
    options.read_only = true;
    assert_int_equal(hf_store_open(&options, &store, NULL), HF_E_STORE_IO);
    text[0] = '/';
    memset(text + 1, 'n', 300);
    text[301] = '\0';
    assert_int_equal(hf_store_open(&options, &store, NULL), HF_E_STORE_IO);
}

/* Sparse: nothing is read of it. */
static void a_file_without_end(void **state)
{
    (void)state;
    hf_store_error error = hf_store_error_init();
    hf_store_options options = usual_options();
    hf_store *store = open_store(), *reader = open_reader();
    hf_store_close(store);
    assert_int_equal(truncate(path, (off_t)1 << 40), 0);
    assert_int_equal(hf_store_open(&options, &store, &error), HF_E_STORE_SIZE);
    assert_non_null(strstr(error.text, "is larger than any store"));
    assert_int_equal(hf_store_refresh(reader, NULL, &error), HF_E_STORE_SIZE);
    hf_store_close(reader);
}

/* -- Races --------------------------------------------------------------------------------------------------------- */

/* Swaps d for a link to the other folder and back, until it is ended, or the test fails. */
static pid_t start_racer(void)
{
    pid_t test = getpid(), racer = fork();

    if (racer != 0)
        return racer;
    if (chdir(folder) != 0)
        _exit(1);
    while (getppid() == test) {
        (void)!rename("d", "aside");
        (void)!symlink("secret", "d");
        (void)!lchown("d", SOMEBODY, (gid_t)-1);
        (void)!unlink("d");
        (void)!rename("aside", "d");
        nanosleep(&(struct timespec){0, PAUSE}, NULL);
    }
    _exit(0);
}

/* A link that is not trusted is never followed, whatever it was a moment before. */
static void a_race_leads_nowhere_else(void **state)
{
    (void)state;
    if (geteuid() != 0)
        skip();
    make_folder("d");
    make_folder("d/inner");
    make_folder("secret");
    make_folder("secret/inner");
    set_owner("secret/inner", SOMEBODY); /* and where it leads to is refused */
    pid_t racer = start_racer();
    assert_true(racer > 0);
    size_t opened = 0;
    for (int i = 0; i < ROUNDS; i++)
        opened += open_at("d/inner/store", i % 2 == 0, NULL) == HF_OK;
    assert_int_equal(kill(racer, SIGKILL), 0);
    assert_int_equal(waitpid(racer, NULL, 0), racer);
    assert_true(opened > 0);
    snprintf(path, sizeof path, "%s/secret/inner", folder);
    assert_int_equal(rmdir(path), 0); /* it is empty */
}

/* -- More rights than the caller ----------------------------------------------------------------------------------- */

#ifdef __linux__

/* What the copy of this program does that is set-user-ID. */
static int tell_default_path(void)
{
    char usual[256];

    if (getauxval(AT_SECURE) == 0)
        return 77; /* the file system takes no set-user-ID */
    return hf_store_default_path(usual, sizeof usual) == HF_E_STORE_NO_HOME ? 0 : 1;
}

static void copy_of_self(const char *to)
{
    static char octets[65536];
    int in = open("/proc/self/exe", O_RDONLY), out = open(to, O_WRONLY | O_CREAT, 0755);

    assert_true(in >= 0 && out >= 0);
    for (ssize_t got; (got = read(in, octets, sizeof octets)) > 0;)
        assert_true(write(out, octets, (size_t)got) == got);
    close(in);
    close(out);
}

static void the_environment_of_a_caller_with_less_rights(void **state)
{
    (void)state;
    int status;
    if (geteuid() != 0)
        skip();
    assert_int_equal(chmod(folder, 0755), 0);
    snprintf(path, sizeof path, "%s/program", folder);
    copy_of_self(path);
    assert_int_equal(chmod(path, 04755), 0);
    pid_t child = fork();
    if (child == 0) {
        setenv("HOME", "/tmp", 1);
        setenv("XDG_DATA_HOME", "/tmp", 1);
        if (setgid(SOMEBODY) == 0 && setuid(SOMEBODY) == 0)
            execl(path, path, "--default-path", (char *)NULL);
        _exit(errno == ENOEXEC ? 77 : 99); /* ENOEXEC: another machine's program, in an emulator */
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == 77)
        skip();
    assert_int_equal(WEXITSTATUS(status), 0);
}

#endif

/* A folder that is given is never left, whoever made the links in it. */
static void a_folder_that_is_given(void **state)
{
    hf_store_error error = hf_store_error_init();
    hf_store_options options = usual_options();
    hf_store *store = NULL;

    (void)state;
    make_folder("home");
    make_folder("away");
    snprintf(path, sizeof path, "%s/home", folder);
    options.folder = open(path, O_RDONLY | O_DIRECTORY);
    options.path = "/a/b/known-hosts";
    assert_int_equal(hf_store_open(&options, &store, &error), HF_OK);
    assert_string_equal(hf_store_path(store), "./a/b/known-hosts");
    hf_store_close(store);
    snprintf(path, sizeof path, "%s/home/a/b/known-hosts", folder);
    assert_int_equal(access(path, F_OK), 0);
    assert_int_equal(symlinkat("known-hosts", options.folder, "a/b/link"), 0);
    assert_int_equal(symlinkat("a", options.folder, "folder"), 0);
    assert_int_equal(symlinkat("../away", options.folder, "out"), 0);
    static const struct {
        const char *path, *why;
    } cases[] = {{"a/b/link", "symbolic link"},
                 {"folder/b/known-hosts", "symbolic link"},
                 {"out/known-hosts", "symbolic link"},
                 {"../away/known-hosts", "follow the path"},
                 {"a/../../away/known-hosts", "follow the path"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (int read_only = 0; read_only < 2; read_only++) {
            options.path = cases[i].path;
            options.read_only = read_only == 1;
            assert_int_not_equal(hf_store_open(&options, &store, &error), HF_OK);
            if (strstr(error.text, cases[i].why) == NULL)
                fail_msg("%s: %s", cases[i].path, error.text);
        }
    }
    snprintf(path, sizeof path, "%s/away/known-hosts", folder);
    assert_int_equal(access(path, F_OK), -1);
    close(options.folder);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, enter_folder, leave_folder)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(others_may_rename_on_the_way),
        TEST(root_makes_nothing_in_a_users_home),
        TEST(links_on_the_way),
        TEST(a_relative_path),
        TEST(a_folder_that_is_given),
        TEST(paths_that_are_too_long),
        TEST(a_file_without_end),
        TEST(a_race_leads_nowhere_else),
#ifdef __linux__
        TEST(the_environment_of_a_caller_with_less_rights),
#endif
    };
#ifdef __linux__

    if (argc == 2 && strcmp(argv[1], "--default-path") == 0)
        return tell_default_path();
#endif
    (void)argc, (void)argv;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
