/*
 * Four writers and two readers on one file; one of them is killed at a random instant, the others go on. Then every
 * note that was acknowledged must be there. Again and again on the same file, so that what the dead leave behind is
 * there in the next round.
 *
 *     store_kill_test [ROUNDS [FOLDER]]     200 rounds in a folder of its own
 *
 * In a FOLDER on a small file system writes may fail for want of room; then they were not acknowledged, and nothing
 * else may be lost.
 */
#define _DEFAULT_SOURCE
#include "unit/store/folder.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

enum { WRITERS = 4, READERS = 2, PROCESSES = WRITERS + READERS, NAMES = 40, ROUNDS = 200, MAKINGS = 100 };

/* What all processes see. A writer counts up: its note number n, from 1, gives host n % NAMES of its own the max-age n.
 */
typedef struct board {
    _Atomic bool stop;
    _Atomic uint64_t begun[WRITERS];               /* the number of its last note */
    _Atomic uint64_t acknowledged[WRITERS][NAMES]; /* of each host the last one that was acknowledged, 0 for none */
    _Atomic uint64_t refused;
    _Atomic uint64_t looked; /* by readers */
} board;

static board *shared;
static bool may_be_full;
static uint64_t notes_seen;

static void name_of(unsigned writer, uint64_t number, char name[64])
{
    snprintf(name, 64, "host%u.writer%u.example", (unsigned)(number % NAMES), writer);
}

/* In a child there is no cmocka to tell: it says what happened and dies of it. */
static void require(bool condition, const char *what)
{
    if (condition)
        return;
    fprintf(stderr, "pid %ld: %s\n", (long)getpid(), what);
    _exit(9);
}

static void fail_with(const hf_store_error *error)
{
    fprintf(stderr, "pid %ld: %s: %s\n", (long)getpid(), hf_status_name(error->status), error->text);
    _exit(9);
}

static void on_damage(void *self, const hf_damage *damage)
{
    (void)self;
    if (damage->kind != HF_DAMAGE_UNFINISHED) {
        fprintf(stderr, "pid %ld: damage: %s at %llu, %llu octets\n", (long)getpid(), hf_damage_name(damage->kind),
                (unsigned long long)damage->offset, (unsigned long long)damage->length);
        _exit(9);
    }
}

static hf_store *open_as(bool read_only)
{
    hf_store_options options = hf_store_options_init();
    hf_store_error error = hf_store_error_init();
    hf_store *store = NULL;

    options.path = path;
    options.read_only = read_only;
    options.damaged = on_damage;
    while (hf_store_open(&options, &store, &error) != HF_OK) {
        if (!may_be_full || error.status != HF_E_STORE_NO_ROOM)
            fail_with(&error);
        if (atomic_load(&shared->stop))
            _exit(0);
    }
    return store;
}

/* Now and then the file is written anew, for that is where the most can go wrong. */
static void write_on(unsigned writer)
{
    hf_store *store = open_as(false);
    hf_store_error error = hf_store_error_init();
    char name[64];

    for (uint64_t n = atomic_load(&shared->begun[writer]) + 1; !atomic_load(&shared->stop); n++) {
        atomic_store(&shared->begun[writer], n);
        name_of(writer, n, name);
        hf_host host;
        require(hf_host_parse(name, strlen(name), NULL, &host, NULL) == HF_OK, "a host");
        hf_policy policy = {(int64_t)n, n % 2 == 0, false};
        hf_response response = hf_response_init();
        response.now = NOW;
        response.secure = true;
        hf_status status = hf_store_note(store, &host, &policy, &response, NULL, &error);
        if (status == HF_OK)
            atomic_store(&shared->acknowledged[writer][n % NAMES], n);
        else if (may_be_full && status == HF_E_STORE_NO_ROOM)
            atomic_fetch_add(&shared->refused, 1);
        else
            fail_with(&error);
        if (n % 32 == 31 && hf_store_compact(store, &error) != HF_OK && !may_be_full)
            fail_with(&error);
    }
    hf_store_close(store);
}

/* What was acknowledged before the look must be seen by it. */
static void read_on(void)
{
    hf_store *store = open_as(true);
    hf_store_error error = hf_store_error_init();
    char name[64];

    for (unsigned turn = 0; !atomic_load(&shared->stop); turn++) {
        unsigned writer = turn % WRITERS, number = turn / WRITERS % NAMES;
        uint64_t known = atomic_load(&shared->acknowledged[writer][number]);
        if (hf_store_refresh(store, NULL, &error) != HF_OK)
            fail_with(&error);
        atomic_fetch_add(&shared->looked, 1);
        if (known == 0)
            continue;
        hf_host host;
        hf_entry entry = hf_entry_init();
        name_of(writer, number, name);
        require(hf_host_parse(name, strlen(name), NULL, &host, NULL) == HF_OK, "a host");
        require(hf_store_get(store, &host, (hf_span){NULL, 0}, &entry),
                "a reader does not see a note that was acknowledged");
        require(entry.max_age >= (int64_t)known, "a reader sees an older note than was acknowledged");
    }
    hf_store_close(store);
}

static pid_t start(unsigned number)
{
    pid_t pid = fork();

    if (pid != 0)
        return pid;
    if (number < WRITERS)
        write_on(number);
    else
        read_on();
    _exit(0);
}

static uint32_t random_below(uint32_t bound)
{
    static uint64_t state = UINT64_C(0x9e3779b97f4a7c15);

    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 33) % bound;
}

static void wait_microseconds(long microseconds)
{
    struct timespec time = {0, microseconds * 1000};

    nanosleep(&time, NULL);
}

/* Of each host the last acknowledged note is kept, or one begun later. */
static void check_writer(const hf_store *store, unsigned writer)
{
    char name[64];

    for (unsigned number = 0; number < NAMES; number++) {
        int64_t acknowledged = (int64_t)atomic_load(&shared->acknowledged[writer][number]);
        name_of(writer, number, name);
        int64_t found = kept(store, name);
        if (acknowledged > 0 && found < acknowledged)
            fail_msg("%s: %lld is kept, %lld was acknowledged", name, (long long)found, (long long)acknowledged);
        assert_true(found <= (int64_t)atomic_load(&shared->begun[writer]));
        notes_seen += acknowledged > 0;
    }
}

/* Every other round there is no room left but what the store gives up itself. */
static void fill_or_empty(unsigned round)
{
    char ballast[PATH_MAX];
    static const char octets[4096];

    snprintf(ballast, sizeof ballast, "%s/ballast", folder);
    unlink(ballast);
    if (round % 2 == 0)
        return;
    int file = open(ballast, O_WRONLY | O_CREAT, 0600);
    assert_true(file >= 0);
    while (write(file, octets, sizeof octets) > 0)
        continue;
    assert_true(errno == ENOSPC);
    close(file);
}

static void run_round(void)
{
    pid_t pids[PROCESSES];

    atomic_store(&shared->stop, false);
    for (unsigned i = 0; i < PROCESSES; i++) {
        pids[i] = start(i);
        assert_true(pids[i] > 0);
    }
    wait_microseconds(1000 + random_below(12000));
    unsigned victim = random_below(PROCESSES);
    kill(pids[victim], SIGKILL);
    wait_microseconds(random_below(3000));
    atomic_store(&shared->stop, true);
    for (unsigned i = 0; i < PROCESSES; i++) {
        int status;
        assert_true(waitpid(pids[i], &status, 0) == pids[i]);
        bool killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL && i == victim;
        if (!killed && !(WIFEXITED(status) && WEXITSTATUS(status) == 0))
            fail_msg("process %u ended with status %x", i, status);
    }
    hf_store *store = open_reader();
    for (unsigned writer = 0; writer < WRITERS; writer++)
        check_writer(store, writer);
    hf_store_close(store);
    assert_true(damages == 0 || last_damage == HF_DAMAGE_UNFINISHED);
}

/* Temporaries of the dead are swept away by the next who writes the file anew. */
static void check_leftovers(void)
{
    hf_store *store = open_store();

    assert_int_equal(hf_store_compact(store, NULL), HF_OK);
    hf_store_close(store);
    int count = 0;
    DIR *list = opendir(folder);
    assert_non_null(list);
    for (const struct dirent *entry; (entry = readdir(list)) != NULL;)
        count += entry->d_name[0] != '.';
    closedir(list);
    assert_int_equal(count, 1);
}

static unsigned rounds = ROUNDS;

static void nothing_acknowledged_is_lost(void **state)
{
    (void)state;
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(shared != MAP_FAILED);
    for (unsigned round = 0; round < rounds; round++) {
        if (may_be_full)
            fill_or_empty(round);
        run_round();
    }
    fill_or_empty(0);
    check_leftovers();
    uint64_t begun = 0, refused = atomic_load(&shared->refused), looked = atomic_load(&shared->looked);
    for (unsigned writer = 0; writer < WRITERS; writer++)
        begun += atomic_load(&shared->begun[writer]);
    printf("%u rounds, %llu notes, %llu refused, %llu looks, %zu unfinished ends, %llu hosts checked\n", rounds,
           (unsigned long long)begun, (unsigned long long)refused, (unsigned long long)looked, damages,
           (unsigned long long)notes_seen);
    assert_true(notes_seen > rounds && looked > rounds && (!may_be_full || refused > 0));
    munmap(shared, sizeof *shared);
}

/* All come at once, and there is no file yet. */
static void whoever_makes_the_file_no_note_is_lost(void **state)
{
    (void)state;
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(shared != MAP_FAILED);
    for (unsigned round = 0; round < MAKINGS; round++) {
        pid_t pids[WRITERS];
        atomic_store(&shared->stop, true);
        unlink(path);
        for (unsigned i = 0; i < WRITERS; i++) {
            pids[i] = fork();
            assert_true(pids[i] >= 0);
            if (pids[i] > 0)
                continue;
            char name[64];
            while (atomic_load(&shared->stop))
                continue;
            name_of(i, 0, name);
            hf_store *store = open_as(false);
            _exit(try_note(store, name, i + 1, false) == HF_OK ? 0 : 9);
        }
        atomic_store(&shared->stop, false);
        for (unsigned i = 0; i < WRITERS; i++) {
            int status;
            assert_true(waitpid(pids[i], &status, 0) == pids[i] && status == 0);
        }
        hf_store *store = open_reader();
        assert_int_equal(hf_store_count(store), WRITERS);
        hf_store_close(store);
    }
    munmap(shared, sizeof *shared);
}

static int enter(void **state)
{
    if (!may_be_full)
        return enter_folder(state);
    snprintf(path, sizeof path, "%s/known-hosts", folder);
    return 0;
}

static int leave(void **state)
{
    return may_be_full ? 0 : leave_folder(state);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_acknowledged_is_lost, enter, leave),
        cmocka_unit_test_setup_teardown(whoever_makes_the_file_no_note_is_lost, enter_folder, leave_folder),
    };

    if (argc > 1)
        rounds = (unsigned)strtoul(argv[1], NULL, 10);
    if (argc > 2) {
        may_be_full = true;
        snprintf(folder, sizeof folder, "%s", argv[2]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
