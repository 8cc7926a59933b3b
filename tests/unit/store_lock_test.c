/* The lock has a deadline, and whoever holds it is named. The clock is the test's own, so nothing is waited for. */
#include "unit/store/folder.h"

#include "store/store.h"

#include <errno.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/wait.h>

static int64_t clock_now;   /* milliseconds */
static int64_t slept;       /* microseconds */
static int64_t released_at; /* microseconds slept until the holder lets go; -1: never */
static pid_t holder;
static hf__io io;

static int64_t fake_clock(void)
{
    return clock_now;
}

static void fake_sleep(long microseconds)
{
    slept += microseconds;
    clock_now = slept / 1000;
    if (released_at >= 0 && slept >= released_at && holder > 0) {
        assert_int_equal(kill(holder, SIGKILL), 0);
        assert_int_equal(waitpid(holder, NULL, 0), holder);
        holder = 0;
    }
}

/* Another process that locks the file and is stopped then, as under ^Z. */
static void start_holder(int operation)
{
    int status;

    holder = fork();
    if (holder == 0) {
        int file = open(path, O_RDONLY);
        if (file < 0 || flock(file, operation) != 0)
            _exit(1);
        raise(SIGSTOP);
        _exit(0);
    }
    assert_true(holder > 0);
    assert_int_equal(waitpid(holder, &status, WUNTRACED), holder);
    assert_true(WIFSTOPPED(status));
}

static void stop_holder(void)
{
    if (holder > 0) {
        kill(holder, SIGKILL);
        waitpid(holder, NULL, 0);
    }
    holder = 0;
}

static hf_store *open_with_clock(bool read_only, uint32_t wait)
{
    hf_store_options options = usual_options();
    hf_store *store = NULL;

    io = hf__io_posix;
    io.clock = fake_clock;
    io.sleep = fake_sleep;
    clock_now = slept = 0;
    released_at = -1;
    options.read_only = read_only;
    options.lock_wait = wait;
    assert_int_equal(hf__store_open(&options, &io, &store, NULL), HF_OK);
    return store;
}

static hf_status note_with(hf_store *store, hf_store_error *error)
{
    hf_host host = host_of("a.test");
    hf_policy policy = {.max_age = 10};
    hf_response response = response_at(NOW);

    return hf_store_note(store, &host, &policy, &response, NULL, error);
}

/* A writer that is stopped, and a reader, who can hold the shared lock with no more than the right to read. */
static void a_holder_is_not_waited_for_for_ever(void **state)
{
    (void)state;
    static const int operations[] = {LOCK_EX, LOCK_SH};
    for (size_t i = 0; i < 2; i++) {
        hf_store_error error = hf_store_error_init();
        char who[64];
        hf_store *store = open_with_clock(false, 1500);
        start_holder(operations[i]);
        assert_int_equal(note_with(store, &error), HF_E_STORE_LOCKED);
        assert_true(slept >= 1500000 && slept < 1600000);
        snprintf(who, sizeof who, "locked by process %ld for 1500 ms", (long)holder);
        /* The system may not tell who holds it; then that is said. */
        if (access("/proc/locks", R_OK) == 0 && strstr(error.text, "by another process") == NULL)
            assert_non_null(strstr(error.text, who));
        assert_non_null(strstr(error.text, "known-hosts was locked by"));
        assert_int_equal(hf_store_compact(store, &error), HF_E_STORE_LOCKED);
        assert_int_equal(hf_store_count(store), 0);
        stop_holder();
        assert_int_equal(note_with(store, &error), HF_OK);
        hf_store_close(store);
        assert_int_equal(unlink(path), 0);
    }
}

static void who_lets_go_in_time_is_waited_for(void **state)
{
    (void)state;
    hf_store *store = open_with_clock(false, 0); /* the usual time */
    start_holder(LOCK_EX);
    released_at = 9900000;
    assert_int_equal(note_with(store, NULL), HF_OK);
    assert_true(slept >= 9900000 && slept < 10000000);
    assert_true(kept(store, "a.test") == 10);
    hf_store_close(store);
}

/* A reader needs the lock only to tell what is at the end of the file. */
static void a_reader_waits_only_for_what_is_unfinished(void **state)
{
    (void)state;
    hf_store_error error = hf_store_error_init();
    hf_store *writer = open_store();
    note(writer, "a.test", 10, false);
    hf_store_close(writer);
    hf_store *reader = open_with_clock(true, 200);
    start_holder(LOCK_EX);
    assert_int_equal(hf_store_refresh(reader, NULL, &error), HF_OK);
    assert_int_equal(slept, 0);
    int file = open(path, O_WRONLY | O_APPEND);
    assert_true(write(file, "half a row", 10) == 10);
    close(file);
    assert_int_equal(hf_store_refresh(reader, NULL, &error), HF_E_STORE_LOCKED);
    assert_true(slept >= 200000 && slept < 300000);
    assert_true(kept(reader, "a.test") == 10); /* what it knew it knows */
    stop_holder();
    assert_int_equal(hf_store_refresh(reader, NULL, &error), HF_OK);
    assert_int_equal(last_damage, HF_DAMAGE_UNFINISHED);
    hf_store_close(reader);
}

/* Two stores of one process exclude each other as those of two do. */
static void another_store_of_this_process(void **state)
{
    (void)state;
    hf_store_error error = hf_store_error_init();
    hf_store *one = open_with_clock(false, 100), *other = open_with_clock(false, 100);
    assert_int_equal(hf__write_begin(one, NULL), HF_OK);
    assert_int_equal(note_with(other, &error), HF_E_STORE_LOCKED);
    if (strstr(error.text, "by another process") == NULL)
        assert_non_null(strstr(error.text, "by another store of this process"));
    hf__write_end(one);
    assert_int_equal(note_with(other, &error), HF_OK);
    hf_store_close(one);
    hf_store_close(other);
}

/* With the real clock: a short wait is one. */
static void the_real_clock(void **state)
{
    (void)state;
    hf_store_options options = usual_options();
    options.lock_wait = 30;
    hf_store *store = open_with(&options);
    start_holder(LOCK_EX);
    int64_t before = hf__io_posix.clock();
    assert_int_equal(note_with(store, NULL), HF_E_STORE_LOCKED);
    assert_true(hf__io_posix.clock() - before >= 30);
    stop_holder();
    hf_store_close(store);
}

static int leave(void **state)
{
    stop_holder();
    return leave_folder(state);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, enter_folder, leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_holder_is_not_waited_for_for_ever),
        TEST(who_lets_go_in_time_is_waited_for),
        TEST(a_reader_waits_only_for_what_is_unfinished),
        TEST(another_store_of_this_process),
        TEST(the_real_clock),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
