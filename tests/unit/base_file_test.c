/* Opening, reading, writing in place, replacing, and which files a run may not use twice: each guarantee by itself. */
#include "base/file.h"
#include "base/listing.h"
#include "base/lock.h"
#include "base/replace.h"
#include "base/scratch.h"
#include "lib/scratch.h"

#include <errno.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#define BUFFER_MAX ((size_t)1 << 20)

static bool can_read(const char *path, const base_file_rules *rules, base_error *error)
{
    int file = base_file_open(path, rules, NULL, error);

    if (file >= 0)
        close(file);
    return file >= 0;
}

static void expect_refused(const char *path, const base_file_rules *rules, const char *why)
{
    base_error error = {""};

    if (can_read(path, rules, &error) || strstr(error.text, why) == NULL)
        fail_msg("%s: '%s', not '%s'", path, error.text, why);
}

/* -- Reading ------------------------------------------------------------------------------------------------------- */

static void only_regular_files_are_read(void **state)
{
    const base_file_rules plain = {0};

    (void)state;
    scratch_file("file", "text");
    assert_int_equal(mkfifo("pipe", 0600), 0);
    assert_int_equal(mkdir("folder", 0700), 0);
    assert_true(can_read("file", &plain, NULL));
    alarm(20); /* a pipe that were waited for would end the test */
    expect_refused("pipe", &plain, "pipe is not a regular file");
    expect_refused("/dev/zero", &plain, "is not a regular file");
    expect_refused("/dev/tty", &plain, "/dev/tty");
    alarm(0);
    expect_refused("folder", &plain, "is a folder");
    expect_refused("none", &plain, "cannot open none: ");
    expect_refused("none", &plain, strerror(ENOENT));
}

static void a_stream_is_read_as_far_as_there_is_room(void **state)
{
    base_buffer buffer;
    base_error error = {""};

    (void)state;
    base_buffer_init(&buffer, BUFFER_MAX);
    assert_false(base_file_read("/dev/zero", &buffer, &error));
    assert_non_null(strstr(error.text, "/dev/zero is larger than"));
    base_buffer_done(&buffer);
    assert_true(can_read("/dev/null", &(base_file_rules){.streams = true}, NULL));
    expect_refused(".", &(base_file_rules){.streams = true}, "is a folder");
}

static void a_whole_file_is_read(void **state)
{
    base_buffer buffer;

    (void)state;
    scratch_file("file", "some text");
    base_buffer_init(&buffer, BUFFER_MAX);
    assert_true(base_file_read_by("file", &(base_file_rules){.size_max = 9}, &buffer, NULL));
    assert_string_equal(base_buffer_string(&buffer), "some text");
    base_buffer_done(&buffer);
    expect_refused("file", &(base_file_rules){.size_max = 8}, "file is larger than 8 bytes");
}

static void links_are_followed_or_not(void **state)
{
    base_folder home;

    (void)state;
    assert_int_equal(mkdir("home", 0700), 0);
    scratch_file("home/file", "in");
    scratch_file("outside", "out");
    assert_int_equal(symlink("file", "home/within"), 0);
    assert_int_equal(symlink("../outside", "home/leaves"), 0);
    assert_true(can_read("home/leaves", &(base_file_rules){0}, NULL));
    expect_refused("home/within", &(base_file_rules){.no_links = true}, "symbolic link");
    assert_true(base_folder_open(&home, "home", NULL));
    assert_true(home.ours);
    assert_true(can_read("within", &(base_file_rules){.folder = &home}, NULL));
    assert_true(can_read("/within", &(base_file_rules){.folder = &home}, NULL));
    expect_refused("leaves", &(base_file_rules){.folder = &home}, "leads out of its folder");
    expect_refused("../outside", &(base_file_rules){.folder = &home}, "leads out of its folder");
    home.ours = false; /* as root has it of another user's */
    expect_refused("within", &(base_file_rules){.folder = &home}, "symbolic link");
    assert_true(can_read("file", &(base_file_rules){.folder = &home}, NULL));
    base_folder_close(&home);
}

/* Needs root: nobody else can make files of others. */
static void files_of_others_are_refused(void **state)
{
    base_folder home;

    (void)state;
    scratch_file("file", "text");
    assert_true(can_read("file", &(base_file_rules){.owned = true}, NULL));
    if (geteuid() != 0)
        skip();
    assert_int_equal(mkdir("home", 0755), 0);
    scratch_file("home/file", "text");
    assert_int_equal(chown("home", 1000, 1000), 0);
    assert_int_equal(chown("home/file", 1001, 1001), 0);
    assert_true(base_folder_open(&home, "home", NULL));
    assert_false(home.ours);
    assert_int_equal(home.owner, 1000);
    assert_true(can_read("home/file", &(base_file_rules){0}, NULL));
    expect_refused("home/file", &(base_file_rules){.owned = true}, "belongs to another user");
    expect_refused("file", &(base_file_rules){.folder = &home, .owned = true}, "belongs to another user");
    assert_int_equal(chown("home/file", 1000, 1000), 0);
    assert_true(can_read("file", &(base_file_rules){.folder = &home, .owned = true}, NULL));
    base_folder_close(&home);
}

/* -- Writing in place ---------------------------------------------------------------------------------------------- */

static void outputs(void **state)
{
    base_error error = {""};
    struct stat status;

    (void)state;
    umask(022);
    int file = base_file_output("new", &(base_output_rules){.mode = 0600}, NULL);
    assert_true(file >= 0);
    assert_int_equal(fstat(file, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    assert_int_equal(fcntl(file, F_GETFD), FD_CLOEXEC);
    close(file);
    scratch_file("old", "text");
    close(base_file_output("old", &(base_output_rules){.keep = true}, NULL));
    assert_string_equal(scratch_text("old"), "text");
    close(base_file_output("old", &(base_output_rules){0}, NULL));
    assert_string_equal(scratch_text("old"), "");
    file = base_file_output("/dev/null", &(base_output_rules){0}, NULL);
    assert_true(file >= 0 && base_file_write_all(file, "x", 1));
    close(file);
    assert_int_equal(base_file_output("/dev/null", &(base_output_rules){.regular = true}, &error), -1);
    assert_string_equal(error.text, "/dev/null is not a regular file");
    assert_int_equal(symlink("old", "link"), 0);
    assert_int_equal(base_file_output("link", &(base_output_rules){.no_links = true}, &error), -1);
    assert_non_null(strstr(error.text, "symbolic link"));
}

/* In a child, a moment later: a shell opens both ends of a pipe at no certain time. */
static pid_t copy_later(const char *from, const char *to)
{
    pid_t child = fork();

    if (child != 0)
        return child;
    nanosleep(&(struct timespec){0, 300000000}, NULL);
    int in = open(from, O_RDONLY), out = open(to, O_WRONLY | O_CREAT, 0600);
    char octets[64];
    ssize_t got;

    while ((got = read(in, octets, sizeof octets)) > 0)
        if (write(out, octets, (size_t)got) != got)
            _exit(1);
    _exit(0);
}

static void a_pipe_is_written_to_once_somebody_reads(void **state)
{
    const base_output_rules rules = {.reads = true};

    (void)state;
    assert_int_equal(mkfifo("pipe", 0600), 0);
    pid_t reader = copy_later("pipe", "copy");
    int file = base_file_output("pipe", &rules, NULL);
    assert_true(file >= 0);
    assert_int_equal(fcntl(file, F_GETFL) & (O_ACCMODE | O_NONBLOCK), O_WRONLY);
    assert_true(base_file_write_all(file, "line\n", 5));
    close(file);
    assert_int_equal(waitpid(reader, NULL, 0), reader);
    assert_string_equal(scratch_text("copy"), "line\n");
}

static void a_pipe_is_read_once_somebody_writes(void **state)
{
    base_buffer buffer;

    (void)state;
    scratch_file("text", "line\n");
    assert_int_equal(mkfifo("pipe", 0600), 0);
    base_buffer_init(&buffer, BUFFER_MAX);
    pid_t writer = copy_later("text", "pipe");
    assert_true(base_file_read("pipe", &buffer, NULL));
    assert_string_equal(base_buffer_string(&buffer), "line\n");
    assert_int_equal(waitpid(writer, NULL, 0), writer);
    base_buffer_done(&buffer);
}

/* Both ends of one without a name are closed, or somebody has one: there is nobody to wait for. */
static void a_descriptor_is_not_waited_for(void **state)
{
    base_buffer buffer;
    char path[32];
    int ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "text", 4), 4);
    close(ends[1]);
    snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
    base_buffer_init(&buffer, BUFFER_MAX);
    for (int i = 0; i < 2; i++) /* the second time it is empty */
        assert_true(base_file_read(path, &buffer, NULL));
    assert_string_equal(base_buffer_string(&buffer), "text");
    base_buffer_done(&buffer);
    close(ends[0]);
}

/* The one wait of the tests that is waited to its end: a pipe that nobody comes to, at either end at once. */
static void nobody_at_the_other_end(void **state)
{
    base_error error = {""};
    int status;

    (void)state;
    assert_int_equal(mkfifo("in", 0600), 0);
    assert_int_equal(mkfifo("out", 0600), 0);
    alarm(60);
    pid_t child = fork();
    if (child == 0)
        _exit(base_file_output("out", &(base_output_rules){.reads = true}, &error) < 0 &&
                      strstr(error.text, "out is a pipe from which nobody reads") != NULL
                  ? 0
                  : 1);
    assert_int_equal(base_file_open("in", &(base_file_rules){.streams = true}, NULL, &error), -1);
    assert_string_equal(error.text, "in is a pipe to which nobody wrote within 10 seconds");
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    alarm(0);
}

/* -- Claims -------------------------------------------------------------------------------------------------------- */

static void an_input_is_never_emptied(void **state)
{
    base_claims claims = {0};
    base_error error = {""};
    base_replacement r;

    (void)state;
    scratch_file("list", "host.test\n");
    assert_int_equal(symlink("list", "alias"), 0);
    assert_int_equal(link("list", "twin"), 0);
    const base_file_rules input = {.claims = &claims, .purpose = "the list"};
    const base_output_rules output = {.claims = &claims, .purpose = "the output"};
    assert_true(can_read("list", &input, NULL));
    assert_true(can_read("./list", &input, NULL)); /* twice read is no harm */
    static const char *const same[] = {"list", "./list", "alias", "twin"};
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        char text[64];
        assert_int_equal(base_file_output(same[i], &output, &error), -1);
        snprintf(text, sizeof text, "%s is both the list and the output: name another file", same[i]);
        assert_string_equal(error.text, text);
        assert_false(
            base_replace_begin(&r, same[i], &(base_replace_rules){.claims = &claims, .purpose = "the output"}, &error));
        assert_string_equal(error.text, text);
    }
    assert_string_equal(scratch_text("list"), "host.test\n");
    int file = base_file_output("out", &output, NULL);
    assert_true(file >= 0);
    close(file);
    const base_output_rules marks = {.keep = true, .claims = &claims, .purpose = "the state"};
    assert_int_equal(base_file_output("out", &marks, &error), -1);
    assert_string_equal(error.text, "out is both the output and the state: name another file");
    expect_refused("out", &input, "out is both the output and the list");
    for (int i = 0; i < 2; i++) { /* a device can be both */
        file = base_file_output("/dev/null", &output, NULL);
        assert_true(file >= 0);
        close(file);
    }
    base_claims_done(&claims);
    assert_true(base_file_is_same("list", "alias") && base_file_is_same("list", "twin"));
    assert_false(base_file_is_same("list", "out") || base_file_is_same("none", "none"));
}

static void many_claims_are_kept(void **state)
{
    base_claims claims = {0};
    char name[16];

    (void)state;
    for (int i = 0; i < 40; i++) {
        snprintf(name, sizeof name, "f%d", i);
        scratch_file(name, "");
        assert_true(can_read(name, &(base_file_rules){.claims = &claims, .purpose = "the list"}, NULL));
    }
    for (int i = 0; i < 40; i++) {
        snprintf(name, sizeof name, "f%d", i);
        assert_int_equal(base_file_output(name, &(base_output_rules){.claims = &claims, .purpose = "the output"}, NULL),
                         -1);
    }
    base_claims_done(&claims);
}

/* -- Replacing ----------------------------------------------------------------------------------------------------- */

static bool replace_with(const char *path, const char *text, const base_replace_rules *rules, base_error *error)
{
    base_replacement r;

    if (!base_replace_begin(&r, path, rules, error))
        return false;
    bool done = base_file_write_all(r.fd, text, strlen(text)) && base_replace_commit(&r, error);
    base_replace_done(&r);
    return done;
}

static mode_t mode_of(const char *path)
{
    struct stat status;

    assert_int_equal(lstat(path, &status), 0);
    return status.st_mode & 07777;
}

static void mode_and_links_are_kept(void **state)
{
    base_error error = {""};

    (void)state;
    umask(022);
    assert_int_equal(mkdir("d", 0700), 0);
    assert_true(base_file_replace("d/new", "one", 3, NULL));
    assert_int_equal(mode_of("d/new"), 0644);
    assert_int_equal(chmod("d/new", 04604), 0);
    assert_int_equal(symlink("d/new", "link"), 0);
    assert_int_equal(symlink("link", "link2"), 0);
    assert_true(base_file_replace("link2", "two", 3, NULL));
    assert_string_equal(scratch_text("d/new"), "two");
    assert_int_equal(mode_of("d/new"), 0604);
    assert_int_equal(readlink("link2", error.text, 16), 4);
    assert_int_equal(scratch_count("d"), 1);
    assert_false(replace_with("link", "three", &(base_replace_rules){.no_links = true}, &error));
    assert_non_null(strstr(error.text, "is a symbolic link that is not followed"));
    assert_true(replace_with("d/own", "x", &(base_replace_rules){.no_links = true, .mode = 0600}, NULL));
    assert_int_equal(mode_of("d/own"), 0600);
    assert_int_equal(symlink("circle", "circle"), 0);
    assert_false(base_file_replace("circle", "x", 1, &error));
    assert_false(base_file_replace("d/", "x", 1, &error));
    assert_false(base_file_replace("none/x", "x", 1, &error));
}

static void devices_and_pipes_are_never_replaced(void **state)
{
    base_error error = {""};
    char text[8] = "";
    struct stat status;

    (void)state;
    assert_int_equal(mkfifo("pipe", 0600), 0);
    int reader = open("pipe", O_RDONLY | O_NONBLOCK);
    assert_true(base_file_replace("pipe", "text", 4, NULL));
    assert_int_equal(read(reader, text, sizeof text - 1), 4);
    assert_string_equal(text, "text");
    close(reader);
    assert_false(replace_with("pipe", "x", &(base_replace_rules){0}, &error));
    assert_string_equal(error.text, "pipe is not a regular file");
    assert_true(lstat("pipe", &status) == 0 && S_ISFIFO(status.st_mode));
    assert_int_equal(symlink("/dev/null", "null"), 0);
    assert_true(base_file_replace("null", "text", 4, NULL));
    assert_true(base_file_replace("/dev/null", "text", 4, NULL));
    assert_false(base_file_replace("/dev/full", "text", 4, &error));
    assert_non_null(strstr(error.text, strerror(ENOSPC)));
    assert_true(stat("/dev/null", &status) == 0 && S_ISCHR(status.st_mode));
    assert_true(lstat("null", &status) == 0 && S_ISLNK(status.st_mode));
}

/* What /dev/fd/N leads to by its name may be another file by now. */
static void a_descriptor_is_written_to_as_it_stands(void **state)
{
    char name[32];
    int file = open("moved", O_WRONLY | O_CREAT, 0600);

    (void)state;
    assert_true(write(file, "first ", 6) == 6);
    assert_int_equal(rename("moved", "kept"), 0);
    scratch_file("moved", "other");
    snprintf(name, sizeof name, "/dev/fd/%d", file);
    assert_int_equal(base_file_descriptor_of(name), file);
    assert_true(base_file_replace(name, "second", 6, NULL));
    int output = base_file_output(name, &(base_output_rules){0}, NULL);
    assert_true(output >= 0 && base_file_write_all(output, " third", 6));
    close(output);
    close(file);
    assert_string_equal(scratch_text("kept"), "first second third");
    assert_string_equal(scratch_text("moved"), "other");
    assert_int_equal(base_file_descriptor_of(name), -1);
    assert_int_equal(base_file_descriptor_of("/dev/fd/1x"), -1);
    assert_int_equal(base_file_descriptor_of("/dev/fd/"), -1);
    assert_int_equal(base_file_descriptor_of("/dev/stdout"), STDOUT_FILENO);
}

static void the_old_file_is_kept_beside(void **state)
{
    base_replacement r;
    struct stat status;

    (void)state;
    for (int i = 0; i < 3; i++) {
        char text[2] = {(char)('a' + i), '\0'};
        assert_true(base_replace_begin(&r, "store", &(base_replace_rules){.lock = true, .mode = 0600}, NULL));
        assert_true(base_file_write_all(r.fd, text, 1));
        assert_true(base_replace_keep_old(&r, "backup", NULL));
        assert_true(base_replace_commit(&r, NULL));
        assert_string_equal(r.kept, i == 0 ? "" : i == 1 ? "store.backup" : "store.backup.2");
        base_replace_done(&r);
    }
    assert_string_equal(scratch_text("store"), "c");
    assert_string_equal(scratch_text("store.backup"), "a");
    assert_string_equal(scratch_text("store.backup.2"), "b");
    assert_true(base_replace_begin(&r, "store", &(base_replace_rules){0}, NULL));
    assert_true(base_replace_keep_old(&r, "backup", NULL));
    base_replace_done(&r); /* without a commit nothing is left */
    assert_int_equal(stat("store.backup.3", &status), -1);
    assert_int_equal(scratch_count("."), 3);
    assert_string_equal(scratch_text("store"), "c");
}

static void what_others_changed_is_not_replaced(void **state)
{
    base_error error = {""};
    base_replacement r;

    (void)state;
    scratch_file("store", "old");
    assert_true(base_replace_begin(&r, "store", &(base_replace_rules){0}, NULL));
    scratch_file("store", "theirs");
    assert_false(base_replace_commit(&r, &error));
    assert_non_null(strstr(error.text, "was changed by another program meanwhile"));
    base_replace_done(&r);
    assert_string_equal(scratch_text("store"), "theirs");
    assert_true(base_replace_begin(&r, "new", &(base_replace_rules){0}, NULL));
    scratch_file("new", "theirs");
    assert_false(base_replace_commit(&r, NULL));
    base_replace_done(&r);
    assert_string_equal(scratch_text("new"), "theirs");
    assert_int_equal(scratch_count("."), 2);
    int theirs = open("store", O_RDONLY);
    assert_int_equal(flock(theirs, LOCK_EX), 0);
    assert_false(base_replace_begin(&r, "store", &(base_replace_rules){.lock = true}, &error));
    char holder[64];
    snprintf(holder, sizeof holder, "store is locked by process %ld: try again", (long)getpid());
    assert_non_null(strstr(error.text, holder));
    close(theirs);
}

/* A limit on the length of files does what a full disk does. */
static void a_full_disk_changes_nothing(void **state)
{
    static char large[100000];
    struct rlimit limit = {1000, 1000};
    int status;

    (void)state;
    scratch_file("file", "old");
    pid_t child = fork();
    if (child == 0) {
        base_error error = {""};
        signal(SIGXFSZ, SIG_IGN);
        bool refused = setrlimit(RLIMIT_FSIZE, &limit) == 0 &&
                       !base_file_replace("file", large, sizeof large, &error) &&
                       strstr(error.text, "cannot write file") != NULL;
        _exit(refused ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_string_equal(scratch_text("file"), "old");
    assert_int_equal(scratch_count("."), 1);
}

/* Needs root. */
static void the_owner_is_kept(void **state)
{
    base_error error = {""};
    struct stat status;

    (void)state;
    if (geteuid() != 0)
        skip();
    assert_int_equal(mkdir("home", 0755), 0);
    assert_int_equal(chown("home", 1000, 1000), 0);
    scratch_file("home/store", "old");
    assert_int_equal(chown("home/store", 1000, 1001), 0);
    assert_true(base_file_replace("home/store", "new", 3, NULL));
    assert_true(stat("home/store", &status) == 0 && status.st_uid == 1000 && status.st_gid == 1001);
    assert_true(base_file_replace("home/made", "new", 3, NULL));
    assert_true(stat("home/made", &status) == 0 && status.st_uid == 1000 && status.st_gid == 1000);
    assert_false(replace_with("home/store", "x", &(base_replace_rules){.owned = true}, &error));
    assert_non_null(strstr(error.text, "is in a folder of another user"));
    assert_false(base_file_make_folders("home/a/b/file", 0700, &error));
    assert_non_null(strstr(error.text, "root makes no folder in one of another user"));
    assert_int_equal(scratch_count("home"), 2);
    /* In a folder where everybody may put links, those of others are not followed. */
    assert_int_equal(mkdir("shared", 01777), 0);
    assert_int_equal(chmod("shared", 01777), 0);
    scratch_file("mine", "old");
    assert_int_equal(symlink("../mine", "shared/link"), 0);
    assert_int_equal(lchown("shared/link", 1000, 1000), 0);
    assert_false(base_file_replace("shared/link", "x", 1, &error));
    assert_string_equal(scratch_text("mine"), "old");
}

static void folders_are_made(void **state)
{
    base_error error = {""};

    (void)state;
    assert_true(base_file_make_folders("a//b/c/file", 0700, NULL));
    assert_true(base_file_make_folders("a/b/c/file", 0700, NULL));
    assert_int_equal(mode_of("a/b/c"), 0700);
    assert_int_equal(scratch_count("a/b/c"), 0);
    assert_int_equal(scratch_count("."), 1);
    assert_true(base_file_make_folders("file", 0700, NULL));
    scratch_file("file", "");
    assert_false(base_file_make_folders("file/x", 0700, &error));
    assert_non_null(strstr(error.text, "cannot make the folder of file/x: "));
    assert_non_null(strstr(error.text, strerror(ENOTDIR)));
}

/* A run that is to make two files makes them in two places, whatever ways lead there. */
static void what_is_to_be_made_is_claimed(void **state)
{
    base_claims claims = {0};
    base_error error;

    (void)state;
    assert_int_equal(mkdir("d", 0755) | symlink("d", "link") | symlink("d/new", "to-new"), 0);
    assert_true(base_claims_add_path(&claims, "d/new", "the output", true, &error));
    assert_true(base_claims_add_path(&claims, "d/other", "the state", true, &error));
    assert_true(base_claims_add_path(&claims, "new", "the state", true, &error));
    assert_true(base_claims_add_path(&claims, "d/new", "the list", false, &error)); /* is not there to be read */
    static const char *const ways[] = {"d/new", "./d/../d/new", "link/new", "to-new"};
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        assert_false(base_claims_add_path(&claims, ways[i], "the state", true, &error));
        assert_non_null(strstr(error.text, "is both the output and the state: name another file"));
    }
    assert_true(base_claims_add_path(&claims, "none/new", "the state", true, &error));
    assert_true(base_claims_add_path(&claims, "/dev/null", "the state", true, &error));
    assert_true(base_claims_add_path(&claims, "/dev/null", "the list", false, &error));
    base_claims_done(&claims);
}

static void why_a_file_is_refused(void **state)
{
    static const struct {
        const char *path;
        int reason;
    } cases[] = {{"none", ENOENT}, {"file/x", ENOTDIR}, {"d", EISDIR}, {"pipe", EPERM}, {"file", EFBIG}, {"c", ELOOP}};

    (void)state;
    assert_int_equal(mkdir("d", 0755) | mkfifo("pipe", 0600) | symlink("c", "c"), 0);
    scratch_file("file", "too long");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(base_file_open(cases[i].path, &(base_file_rules){.size_max = 3}, NULL, NULL), -1);
        assert_int_equal(errno, cases[i].reason);
    }
}

static void where_a_path_leads(void **state)
{
    char real[PATH_MAX], here[PATH_MAX], wanted[PATH_MAX + 16];

    (void)state;
    assert_int_equal(mkdir("d", 0755) | symlink("d", "link"), 0);
    scratch_file("d/file", "");
    assert_non_null(getcwd(here, sizeof here));
    base_file_real_path("link/file", real);
    snprintf(wanted, sizeof wanted, "%s/d/file", here);
    assert_string_equal(real, wanted);
    base_file_real_path("link/none", real);
    snprintf(wanted, sizeof wanted, "%s/d/none", here);
    assert_string_equal(real, wanted);
    base_file_real_path("nowhere/none", real);
    assert_string_equal(real, "nowhere/none");
}

static void names_are_listed(void **state)
{
    base_listing listing;
    base_folder folder;

    (void)state;
    assert_int_equal(mkdir("d", 0755), 0);
    scratch_file("d/b", "");
    scratch_file("d/a", "");
    scratch_file("d/.c", "");
    assert_true(base_folder_open(&folder, ".", NULL));
    assert_true(base_listing_read(&listing, &folder, "d", 3));
    assert_int_equal(listing.count, 3);
    assert_false(listing.cut);
    assert_string_equal(listing.names[0], ".c");
    assert_string_equal(listing.names[2], "b");
    base_listing_done(&listing);
    assert_true(base_listing_read(&listing, NULL, "d", 2));
    assert_int_equal(listing.count, 2);
    assert_true(listing.cut);
    base_listing_done(&listing);
    assert_false(base_listing_read(&listing, &folder, "none", 2));
    assert_int_equal(errno, ENOENT);
    assert_false(base_listing_read(&listing, &folder, "d/a", 2));
    assert_int_equal(errno, ENOTDIR);
    base_folder_close(&folder);
}

static void a_scratch_folder_goes_with_its_files(void **state)
{
    char path[PATH_MAX], inner[PATH_MAX + 8];
    struct stat status;

    (void)state;
    assert_int_equal(setenv("TMPDIR", scratch, 1), 0);
    assert_true(base_scratch_make(path, "some-name", NULL));
    assert_int_equal(unsetenv("TMPDIR"), 0);
    assert_int_equal(strncmp(path, scratch, strlen(scratch)), 0);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0700);
    snprintf(inner, sizeof inner, "%s/file", path);
    scratch_file(inner, "x");
    base_scratch_remove(path);
    assert_int_equal(scratch_count("."), 0);
}

/* The lock of a file is waited for as long as is said, and no longer. */
static void a_lock_is_waited_for(void **state)
{
    base_error error;
    int theirs, ours, status;
    pid_t child;

    (void)state;
    scratch_file("file", "");
    theirs = open("file", O_RDONLY | O_CLOEXEC);
    ours = open("file", O_RDONLY | O_CLOEXEC);
    assert_int_equal(flock(theirs, LOCK_EX), 0);
    assert_false(base_lock(ours, "file", 30, &error));
    assert_non_null(strstr(error.text, "file is locked by "));
    child = fork();
    if (child == 0)
        _exit(base_lock(ours, "file", 120000, NULL) ? 0 : 1);
    nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
    assert_int_equal(flock(theirs, LOCK_UN), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    close(theirs);
    close(ours);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, scratch_enter, scratch_leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(only_regular_files_are_read),
        TEST(a_stream_is_read_as_far_as_there_is_room),
        TEST(a_whole_file_is_read),
        TEST(links_are_followed_or_not),
        TEST(files_of_others_are_refused),
        TEST(outputs),
        TEST(a_pipe_is_written_to_once_somebody_reads),
        TEST(a_pipe_is_read_once_somebody_writes),
        TEST(a_descriptor_is_not_waited_for),
        TEST(nobody_at_the_other_end),
        TEST(an_input_is_never_emptied),
        TEST(many_claims_are_kept),
        TEST(mode_and_links_are_kept),
        TEST(devices_and_pipes_are_never_replaced),
        TEST(a_descriptor_is_written_to_as_it_stands),
        TEST(the_old_file_is_kept_beside),
        TEST(what_others_changed_is_not_replaced),
        TEST(a_full_disk_changes_nothing),
        TEST(the_owner_is_kept),
        TEST(folders_are_made),
        TEST(what_is_to_be_made_is_claimed),
        TEST(why_a_file_is_refused),
        TEST(where_a_path_leads),
        TEST(names_are_listed),
        TEST(a_scratch_folder_goes_with_its_files),
        TEST(a_lock_is_waited_for),
    };

    return cmocka_run_group_tests_name("base_file", tests, NULL, NULL);
}
