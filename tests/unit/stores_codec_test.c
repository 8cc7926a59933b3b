/*
 * A codec with a hole in it: a store that says so takes over the process that reads it. What it then tries it does
 * where there is no sandbox, and does not do in the child that reads stores.
 */
#include "base/sandbox.h"
#include "lib/scratch.h"
#include "stores/codec.h"
#include "stores/foreign.h"
#include "stores/writer.h"

#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#define USER 54321 /* nobody's number */

static struct sockaddr_in address;
static int listener;

/* -- The holes: true if it was done -------------------------------------------------------------------------------- */

static bool opens(void)
{
    char text[8];
    int fd = open("secret", O_RDONLY);

    return fd >= 0 && read(fd, text, sizeof text) > 0;
}

static bool writes(void)
{
    int fd = open("written", O_WRONLY | O_CREAT, 0666);

    return fd >= 0 && write(fd, "x", 1) == 1;
}

static bool connects(void)
{
    int s = socket(AF_INET, SOCK_STREAM, 0);

    return s >= 0 && connect(s, (const struct sockaddr *)&address, sizeof address) == 0;
}

static bool runs(void)
{
    static char shell[] = "/bin/sh", option[] = "-c", script[] = "echo x >ran";
    char *const arguments[] = {shell, option, script, NULL};

    execv(shell, arguments);
    return false;
}

static bool forks(void)
{
    pid_t pid = fork();

    if (pid == 0) {
        int fd = open("forked", O_WRONLY | O_CREAT, 0666);
        _exit(fd >= 0 ? 0 : 1);
    }
    return pid > 0 && waitpid(pid, NULL, 0) == pid;
}

static bool changes_store(void);

static const struct hole {
    const char *name;
    bool (*try)(void);
    const char *mark; /* a file that is there if it was done; NULL: the return value says so */
} holes[] = {
    {"open", opens, NULL}, {"write", writes, "written"}, {"connect", connects, NULL},
    {"run", runs, "ran"},  {"fork", forks, "forked"},    {"change", changes_store, NULL},
};

#define HOLES (sizeof holes / sizeof holes[0])

/* -- The codec ----------------------------------------------------------------------------------------------------- */

static int store_fd;

/* The descriptor of the store is open, for reading. */
static bool changes_store(void)
{
    return pwrite(store_fd, "x", 1, 0) == 1;
}

static bool has(const char *text, size_t length, const char *word)
{
    return length == strlen(word) && memcmp(text, word, length) == 0;
}

static void say(const hf_row_visitor *visitor, const char *name)
{
    hf_row row = hf_row_init();

    row.host = (hf_span){name, strlen(name)};
    visitor->row(visitor->self, &row);
}

static hf_status read_with_hole(const hf_format *format, const hf_input *input, const hf_format_options *options,
                                const hf_row_visitor *visitor)
{
    char text[32];
    size_t length = 0;

    (void)format;
    (void)options;
    if (!input->read(input->self, 0, text, sizeof text, &length))
        return HF_E_READ;
    for (size_t i = 0; i < HOLES; i++)
        if (has(text, length, holes[i].name))
            say(visitor, holes[i].try() ? "done.test" : "refused.test");
    if (has(text, length, "crash"))
        raise(SIGSEGV);
    if (has(text, length, "name"))
        say(visitor, "Not-Canonical.test\x1b[31m");
    if (has(text, length, "half")) {
        say(visitor, "half.test");
        _exit(0);
    }
    return HF_OK;
}

static const struct hole *wanted;

/* The old rows are read in here. */
static hf_status begin_with_hole(hf_format_writer *writer)
{
    (void)writer;
    return wanted->try() ? HF_OK : HF_E_WRITE;
}

static const hf_format format_with_hole = {
    .name = "hole", .writes = true, .read = read_with_hole, .begin = begin_with_hole};

/* -- Reading ------------------------------------------------------------------------------------------------------- */

enum { DONE, REFUSED, ENDED, NOTHING };

typedef struct seen {
    int what;
    base_error error;
} seen;

static bool on_row(void *self, const hf_row *row)
{
    seen *s = self;

    s->what = has(row->host.data, row->host.length, "done.test") ? DONE : REFUSED;
    return true;
}

static void read_store(const char *text, seen *s)
{
    const stores_store store = {.kind = "hole", .path = "store", .format = &format_with_hole};
    const stores_reader reader = {.row = on_row, .self = s};
    stores_file file;

    *s = (seen){.what = NOTHING};
    scratch_file("store", text);
    store_fd = open("store", O_RDONLY | O_CLOEXEC);
    assert_true(stores_file_of(&file, store_fd, "store", &s->error));
    if (!stores_codec_read(&store, &file, &reader, &s->error))
        s->what = s->what == DONE ? DONE : ENDED;
    close(store_fd);
}

static bool was_done(const struct hole *hole, int what)
{
    return hole->mark != NULL ? access(hole->mark, F_OK) == 0 : what == DONE;
}

/* -- Tests --------------------------------------------------------------------------------------------------------- */

/* Without a sandbox everything is done, or nothing was tried. */
static void test_holes_are_real(void **state)
{
    (void)state;
    store_fd = open("secret", O_RDWR);
    for (size_t i = 0; i < HOLES; i++) {
        pid_t pid = fork();
        int status;

        if (pid == 0)
            _exit(holes[i].try() ? DONE : REFUSED);
        assert_int_equal(waitpid(pid, &status, 0), pid);
        if (!was_done(&holes[i], WEXITSTATUS(status)))
            fail_msg("%s: nothing was tried", holes[i].name);
        if (holes[i].mark != NULL)
            unlink(holes[i].mark);
    }
    close(store_fd);
    close(accept(listener, NULL, NULL));
}

static void try_holes(void)
{
    seen s;

    for (size_t i = 0; i < HOLES; i++) {
        read_store(holes[i].name, &s);
        if (was_done(&holes[i], s.what) || s.what == NOTHING)
            fail_msg("%s: done", holes[i].name);
    }
    assert_true(accept(listener, NULL, NULL) < 0);
    assert_string_equal(scratch_text("store"), "change");
}

static bool is_old(void)
{
    return base_sandbox_lacks(&(base_sandbox){.profile = BASE_SANDBOX_READER}) != 0;
}

/* A store that is about to be changed is read by the codec as well. */
static bool opens_for_change(const struct hole *hole)
{
    const stores_store store = {.kind = "hole", .path = "store", .format = &format_with_hole};
    const stores_context context = {.options = hf_format_options_init()};
    stores_file old;
    stores_foreign_options options = {.target = &store, .context = &context, .old = &old};
    facts_store_outcome outcome = {.kept = 0};
    stores_foreign *foreign = NULL;
    base_error error = {{0}};
    bool is_open;

    wanted = hole;
    scratch_file("store", hole->name);
    store_fd = open("store", O_RDONLY | O_CLOEXEC);
    options.fd = open("new", O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    assert_true(stores_file_of(&old, store_fd, "store", &error));
    is_open = stores_foreign_open(&options, &outcome, &foreign, &error);
    assert_true(is_open || error.text[0] != '\0');
    stores_foreign_close(foreign);
    stores_outcome_done(&outcome);
    close(options.fd);
    close(store_fd);
    return is_open;
}

static void test_holes_in_a_change(void **state)
{
    (void)state;
    if (is_old())
        skip();
    fcntl(listener, F_SETFL, O_NONBLOCK);
    for (size_t i = 0; i < HOLES; i++) {
        bool is_open = opens_for_change(&holes[i]);
        if (was_done(&holes[i], is_open ? DONE : REFUSED))
            fail_msg("%s: done while a store was changed", holes[i].name);
    }
    assert_true(accept(listener, NULL, NULL) < 0);
    assert_string_equal(scratch_text("store"), "change");
}

static void test_holes_lead_nowhere(void **state)
{
    (void)state;
    if (is_old())
        skip();
    fcntl(listener, F_SETFL, O_NONBLOCK);
    try_holes();
}

/* What only root can do, root has given up; a user never could, and the layers that are left are tried. */
static void test_as_a_user(void **state)
{
    pid_t pid;
    int status;

    (void)state;
    if (geteuid() != 0 || is_old())
        skip();
    assert_int_equal(chmod(".", 0777), 0);
    assert_int_equal(chmod("store", 0666), 0);
    fcntl(listener, F_SETFL, O_NONBLOCK);
    pid = fork();
    if (pid == 0) {
        if (setgid(USER) != 0 || setuid(USER) != 0)
            _exit(98);
        try_holes();
        _exit(0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

static void test_takeover_is_told(void **state)
{
    seen s;

    (void)state;
    if (is_old())
        skip();
    read_store("run", &s);
    assert_int_equal(s.what, ENDED);
    assert_string_equal(s.error.text,
                        "cannot read store: the child process asked the system for what it does not need, "
                        "and was ended");
}

/* Whatever the child says or does not say, nothing is believed that no store can hold, and nothing is missing silently.
 */
static void test_answers(void **state)
{
    seen s;

    (void)state;
    read_store("crash", &s);
    assert_int_equal(s.what, ENDED);
    assert_non_null(strstr(s.error.text, "cannot read store: the child process "));
    read_store("name", &s);
    assert_int_equal(s.what, ENDED);
    assert_non_null(strstr(s.error.text, "answers what is in no store"));
    read_store("half", &s);
    assert_int_equal(s.what, ENDED);
    assert_non_null(strstr(s.error.text, "incomplete"));
    read_store("good", &s);
    assert_int_equal(s.what, NOTHING);
    assert_string_equal(s.error.text, "");
}

static int set_up(void **state)
{
    socklen_t length = sizeof address;

    if (scratch_enter(state) != 0)
        return -1;
    scratch_file("secret", "secret");
    chmod("secret", 0644);
    listener = socket(AF_INET, SOCK_STREAM, 0);
    address = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    return bind(listener, (const struct sockaddr *)&address, sizeof address) == 0 && listen(listener, 8) == 0 &&
                   getsockname(listener, (struct sockaddr *)&address, &length) == 0
               ? 0
               : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_holes_are_real),    cmocka_unit_test(test_holes_lead_nowhere),
        cmocka_unit_test(test_holes_in_a_change), cmocka_unit_test(test_as_a_user),
        cmocka_unit_test(test_takeover_is_told),  cmocka_unit_test(test_answers),
    };

    return cmocka_run_group_tests(tests, set_up, scratch_leave);
}
