/*
 * Calls of the operating system that fail or stop half way: each call of a small history in turn, in each of the ways
 * it can. What was acknowledged is kept, what was refused may be kept, and nothing else has changed. EINTR and short
 * counts are not even noticed.
 */
#include "unit/store/folder.h"

#include "store/store.h"

#include <errno.h>
#include <sys/file.h>

typedef enum fault {
    FAULT_INTERRUPTED, /* EINTR, once */
    FAULT_SHORT,       /* half of what was asked for, once */
    FAULT_EIO,         /* once */
    FAULT_ENOSPC,      /* once */
    FAULT_HALF_ENOSPC, /* half is written, and then there is no room for a while */
    FAULT_EIO_ON,      /* from then on */
    FAULT_ENOSPC_ON,   /* from then on */
    FAULTS
} fault;

static const char *const fault_names[FAULTS] = {
    "EINTR", "short", "EIO", "ENOSPC", "half, then ENOSPC", "EIO from here on", "ENOSPC from here on"};

static fault kind;
static long countdown; /* calls until the fault; negative: it has happened */
static long half_left; /* calls that still find no room */
static int open_files;
static bool sync_failed; /* during the present call of the store */

typedef enum nature {
    CHANGES = 1, /* may find no room */
    COUNTS = 2,  /* moves a count of octets, which may be short */
    WAITS = 4,   /* may be interrupted */
    FAILS = 8,   /* may fail with EIO */
} nature;

/* True if this call is the one to fail, with errno set, or *size made smaller. */
static bool strikes(unsigned natures, size_t *size)
{
    bool here = countdown-- == 0;

    if (half_left > 0 && (natures & CHANGES)) {
        half_left--;
        errno = ENOSPC;
        return true;
    }
    switch (kind) {
    case FAULT_INTERRUPTED:
        errno = EINTR;
        return here && (natures & WAITS);
    case FAULT_SHORT:
    case FAULT_HALF_ENOSPC:
        if (here && (natures & COUNTS) && *size > 1)
            *size /= 2;
        half_left = here && kind == FAULT_HALF_ENOSPC ? 2 : half_left;
        return false;
    case FAULT_EIO:
    case FAULT_EIO_ON:
        errno = EIO;
        return (here || (countdown < 0 && kind == FAULT_EIO_ON)) && (natures & FAILS);
    case FAULT_ENOSPC:
    case FAULT_ENOSPC_ON:
        errno = ENOSPC;
        return (here || (countdown < 0 && kind == FAULT_ENOSPC_ON)) && (natures & CHANGES);
    default:
        return false;
    }
}

static int faulty_openat(int at, const char *name, int flags, ...)
{
    va_list arguments;

    va_start(arguments, flags);
    mode_t mode = (flags & O_CREAT) != 0 ? (mode_t)va_arg(arguments, unsigned) : 0;
    va_end(arguments);
    if (strikes((flags & O_CREAT) != 0 ? CHANGES | FAILS : FAILS, NULL))
        return -1;
    int file = openat(at, name, flags, mode);
    open_files += file >= 0;
    return file;
}

static int faulty_close(int file)
{
    open_files--;
    return close(file);
}

static ssize_t faulty_pread(int file, void *out, size_t size, off_t offset)
{
    return strikes(COUNTS | WAITS | FAILS, &size) ? -1 : pread(file, out, size, offset);
}

static ssize_t faulty_pwrite(int file, const void *data, size_t size, off_t offset)
{
    return strikes(CHANGES | COUNTS | WAITS | FAILS, &size) ? -1 : pwrite(file, data, size, offset);
}

static int faulty_ftruncate(int file, off_t size)
{
    return strikes(WAITS | FAILS, NULL) ? -1 : ftruncate(file, size);
}

static int faulty_fsync(int file)
{
    if (!strikes(CHANGES | WAITS | FAILS, NULL))
        return fsync(file);
    sync_failed = sync_failed || errno != EINTR;
    return -1;
}

static int faulty_flock(int file, int operation)
{
    return strikes(operation == LOCK_UN ? 0 : WAITS | FAILS, NULL) ? -1 : flock(file, operation);
}

static int faulty_fstat(int file, struct stat *status)
{
    return strikes(FAILS, NULL) ? -1 : fstat(file, status);
}

static int faulty_linkat(int from_folder, const char *from, int to_folder, const char *to, int flags)
{
    return strikes(CHANGES | FAILS, NULL) ? -1 : linkat(from_folder, from, to_folder, to, flags);
}

static int faulty_renameat(int from_folder, const char *from, int to_folder, const char *to)
{
    return strikes(CHANGES | FAILS, NULL) ? -1 : renameat(from_folder, from, to_folder, to);
}

static int faulty_mkdirat(int at, const char *name, mode_t mode)
{
    return strikes(CHANGES | FAILS, NULL) ? -1 : mkdirat(at, name, mode);
}

static const hf__io faulty_io = {
    .openat = faulty_openat,
    .close = faulty_close,
    .pread = faulty_pread,
    .pwrite = faulty_pwrite,
    .ftruncate = faulty_ftruncate,
    .fsync = faulty_fsync,
    .flock = faulty_flock,
    .fstat = faulty_fstat,
    .fstatat = fstatat,
    .fchmod = fchmod,
    .fchown = fchown,
    .linkat = faulty_linkat,
    .renameat = faulty_renameat,
    .unlinkat = unlinkat,
    .mkdirat = faulty_mkdirat,
    .readlinkat = readlinkat,
};

/* -- A history ----------------------------------------------------------------------------------------------------- */

enum { NAMES = 4 };

static const char *const names[NAMES] = {"a.test", "b.test", "c.test", "d.test"};
enum { HISTORY = 8 };

/* What may be kept of a name: what was acknowledged last, and what refused calls since then would have kept. */
static int64_t allowed[NAMES][HISTORY];
static size_t allowed_count[NAMES];
static size_t refusals;

/* What the disk has refused is not acknowledged, though the file shows it. */
static bool succeeded(hf_status status)
{
    if (status == HF_OK && sync_failed)
        fail_msg("%s: fsync failed, and the call did not", fault_names[kind]);
    sync_failed = false;
    return status == HF_OK;
}

static void outcome(hf_status status, size_t name, int64_t value)
{
    if (succeeded(status))
        allowed_count[name] = 0;
    else
        refusals++;
    allowed[name][allowed_count[name]++] = value;
}

static bool is_allowed(size_t name, int64_t value)
{
    for (size_t i = 0; i < allowed_count[name]; i++) {
        if (allowed[name][i] == value)
            return true;
    }
    return false;
}

static void do_note(hf_store *store, size_t name, int64_t max_age)
{
    outcome(try_note(store, names[name], max_age, true), name, max_age == 0 ? -1 : max_age);
}

static void do_forget(hf_store *store, size_t name)
{
    hf_host host = host_of(names[name]);

    outcome(hf_store_forget(store, &host, no_partition, NULL, NULL), name, -1);
}

static void live_through(bool durable)
{
    hf_store_options options = usual_options();
    hf_store *store = NULL;

    options.durable = durable;
    sync_failed = false;
    if (!succeeded(hf__store_open(&options, &faulty_io, &store, NULL))) {
        refusals++;
        return;
    }
    do_note(store, 0, 10);
    do_note(store, 1, 11);
    do_note(store, 0, 12);
    do_note(store, 1, 0);
    refusals += !succeeded(hf_store_compact(store, NULL));
    do_note(store, 2, 13);
    do_note(store, 3, 14);
    do_forget(store, 2);
    do_note(store, 1, 15);
    hf_store_close(store);
}

static void check(const char *what, long at)
{
    hf_store *store = open_store();
    size_t count = 0;

    for (size_t i = 0; i < NAMES; i++) {
        int64_t found = kept(store, names[i]);
        if (!is_allowed(i, found))
            fail_msg("%s at call %ld: %s: kept %lld, acknowledged %lld", what, at, names[i], (long long)found,
                     (long long)allowed[i][0]);
        count += found != -1;
    }
    assert_int_equal(hf_store_count(store), count);
    note(store, "afterwards.test", 1, false);
    assert_int_equal(hf_store_compact(store, NULL), HF_OK);
    hf_store_close(store);
    assert_int_equal(open_files, 0);
    assert_true(damages == 0 || last_damage == HF_DAMAGE_UNFINISHED);
}

/* Every call in turn, until one history is over before the fault. */
static void try_all(fault which, bool durable)
{
    size_t all_refusals = 0;
    long at = 0;

    for (bool struck = true; struck; at++) {
        unlink(path);
        for (size_t i = 0; i < NAMES; i++)
            allowed[i][0] = -1, allowed_count[i] = 1;
        kind = which;
        countdown = at;
        half_left = 0;
        refusals = 0;
        live_through(durable);
        struck = countdown < 0;
        all_refusals += refusals;
        if (which == FAULT_INTERRUPTED || which == FAULT_SHORT)
            assert_int_equal(refusals, 0);
        check(fault_names[which], at);
    }
    assert_true(at > 50); /* there were as many calls */
    assert_true(all_refusals > 0 || which == FAULT_INTERRUPTED || which == FAULT_SHORT);
}

static void every_call_fails_once_in_every_way(void **state)
{
    (void)state;
    for (int which = 0; which < FAULTS; which++) {
        try_all((fault)which, false);
        try_all((fault)which, true);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_call_fails_once_in_every_way, enter_folder, leave_folder),
    };

    if (access("/dev/shm", W_OK) == 0) /* there is much to write, and no disk is wanted */
        setenv("TMPDIR", "/dev/shm", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
