/*
 * Loss of power. A recorder writes down every write, cut, link, rename, removal and fsync of a small history; then for
 * each instant the states that a POSIX file system may leave are built, and the store is opened on each: it must always
 * open, hold nothing that was never noted, and with `durable` everything that was acknowledged.
 *
 * What may be left: of a file all that was there at its last fsync, and of what was written since any sectors of 512
 * octets and none of the others (zeros where nothing was before); of the folder all that was there at its last fsync,
 * and any beginning of what was done since. A sector that was written before stays as it was or becomes as it was to
 * be.
 */
#include "unit/store/folder.h"

#include "store/store.h"

#include <errno.h>

enum {
    SECTOR = 512,
    FILE_MAX = 32768,
    FILES_MAX = 64,
    NAMES_MAX = 16,
    EVENTS_MAX = 1024,
    HANDLES_MAX = 256,
    HOSTS = 5,
    VARIANTS = 40
};

typedef enum deed {
    WRITE,  /* data at offset of file */
    CUT,    /* file to offset octets */
    SYNC,   /* file */
    LINK,   /* name leads to file */
    UNLINK, /* name leads nowhere */
    RENAME, /* to name, from other */
    SYNC_FOLDER,
    ATTEMPT, /* host shall get value */
    ACKNOWLEDGED,
} deed;

typedef struct event {
    deed deed;
    size_t file;
    uint64_t offset;
    size_t length;
    uint8_t *data;
    char name[64], other[64];
    size_t host;
    int64_t value;
} event;

static event events[EVENTS_MAX];
static size_t event_count;

static event *record(deed what)
{
    assert_true(event_count < EVENTS_MAX);
    event *e = &events[event_count++];
    memset(e, 0, sizeof *e);
    e->deed = what;
    return e;
}

/* -- The recorder: where names lead now, and which file a handle is ------------------------------------------------ */

typedef struct name_entry {
    char name[64];
    size_t file; /* 0: free */
} name_entry;

static name_entry live_names[NAMES_MAX];
static size_t file_count, handle_file[HANDLES_MAX];
static int folder_handle = -1;

static name_entry *name_in(name_entry *table, const char *name)
{
    for (size_t i = 0; i < NAMES_MAX; i++) {
        if (table[i].file != 0 && strcmp(table[i].name, name) == 0)
            return &table[i];
    }
    return NULL;
}

static void set_name(name_entry *table, const char *name, size_t file)
{
    name_entry *entry = name_in(table, name);

    for (size_t i = 0; entry == NULL && i < NAMES_MAX; i++)
        entry = table[i].file == 0 ? &table[i] : NULL;
    if (entry == NULL)
        abort();
    snprintf(entry->name, sizeof entry->name, "%s", name);
    entry->file = file;
}

static void unset_name(name_entry *table, const char *name)
{
    name_entry *entry = name_in(table, name);

    if (entry != NULL)
        entry->file = 0;
}

static int recorded_openat(int at, const char *name, int flags, ...)
{
    va_list arguments;

    va_start(arguments, flags);
    mode_t mode = (flags & O_CREAT) != 0 ? (mode_t)va_arg(arguments, unsigned) : 0;
    va_end(arguments);
    int handle = openat(at, name, flags, mode);
    if (handle < 0)
        return handle;
    assert_true(handle < HANDLES_MAX);
    handle_file[handle] = 0;
    if ((flags & O_DIRECTORY) != 0) {
        folder_handle = handle;
    } else if ((flags & O_CREAT) != 0) {
        handle_file[handle] = ++file_count;
        set_name(live_names, name, file_count);
        event *e = record(LINK);
        e->file = file_count;
        snprintf(e->name, sizeof e->name, "%s", name);
    } else {
        handle_file[handle] = name_in(live_names, name)->file;
    }
    return handle;
}

static ssize_t recorded_pwrite(int handle, const void *data, size_t size, off_t offset)
{
    event *e = record(WRITE);

    e->file = handle_file[handle];
    e->offset = (uint64_t)offset;
    e->length = size;
    e->data = malloc(size);
    assert_non_null(e->data);
    memcpy(e->data, data, size);
    return pwrite(handle, data, size, offset);
}

static int recorded_ftruncate(int handle, off_t size)
{
    event *e = record(CUT);

    e->file = handle_file[handle];
    e->offset = (uint64_t)size;
    return ftruncate(handle, size);
}

/* The real disk need not be waited for. */
static int recorded_fsync(int handle)
{
    if (handle_file[handle] == 0)
        record(SYNC_FOLDER);
    else
        record(SYNC)->file = handle_file[handle];
    return 0;
}

static int recorded_linkat(int from_folder, const char *from, int to_folder, const char *to, int flags)
{
    int result = linkat(from_folder, from, to_folder, to, flags);

    if (result != 0)
        return result;
    event *e = record(LINK);
    e->file = name_in(live_names, from)->file;
    snprintf(e->name, sizeof e->name, "%s", to);
    set_name(live_names, to, e->file);
    return 0;
}

static int recorded_renameat(int from_folder, const char *from, int to_folder, const char *to)
{
    event *e = record(RENAME);

    e->file = name_in(live_names, from)->file;
    snprintf(e->name, sizeof e->name, "%s", to);
    snprintf(e->other, sizeof e->other, "%s", from);
    set_name(live_names, to, e->file);
    unset_name(live_names, from);
    return renameat(from_folder, from, to_folder, to);
}

static int recorded_unlinkat(int at, const char *name, int flags)
{
    event *e = record(UNLINK);

    snprintf(e->name, sizeof e->name, "%s", name);
    unset_name(live_names, name);
    return unlinkat(at, name, flags);
}

static int no_fsync(int handle)
{
    (void)handle;
    return 0;
}

/* -- The history --------------------------------------------------------------------------------------------------- */

static const char *const hosts[HOSTS] = {"a.test", "b.test", "c.test", "d.test",
                                         "a-long-name-so-that-a-row-lies-across-sectors.of.e.test"};

static void attempt(deed what, size_t host, int64_t value)
{
    event *e = record(what);

    e->host = host;
    e->value = value;
}

/* What a writer that is not durable is told says nothing about the disk. */
static void do_note(hf_store *store, bool durable, size_t host, int64_t max_age)
{
    attempt(ATTEMPT, host, max_age == 0 ? -1 : max_age);
    note(store, hosts[host], max_age, true);
    if (durable)
        attempt(ACKNOWLEDGED, host, max_age == 0 ? -1 : max_age);
}

static void do_forget(hf_store *store, size_t number)
{
    hf_host host = host_of(hosts[number]);

    attempt(ATTEMPT, number, -1);
    assert_int_equal(hf_store_forget(store, &host, no_partition, NULL, NULL), HF_OK);
    attempt(ACKNOWLEDGED, number, -1);
}

static hf_store *open_on(const hf__io *io, bool durable, bool read_only)
{
    hf_store_options options = usual_options();
    hf_store *store = NULL;

    options.durable = durable;
    options.read_only = read_only;
    hf_store_error error = hf_store_error_init();
    if (hf__store_open(&options, io, &store, &error) != HF_OK)
        fail_msg("%s", error.text);
    return store;
}

/* A careful writer and a careless one on the same file. */
static void live_through(const hf__io *io)
{
    hf_store *careless = open_on(io, false, false), *careful = open_on(io, true, false);

    do_note(careless, false, 0, 10);
    do_note(careful, true, 1, 11);
    for (int i = 0; i < 4; i++)
        do_note(careful, true, 4, 20 + i);
    do_note(careless, false, 2, 12);
    do_note(careless, false, 3, 13);
    assert_int_equal(hf_store_compact(careless, NULL), HF_OK);
    do_note(careful, true, 2, 14);
    do_note(careful, true, 1, 0);
    do_note(careless, false, 0, 15);
    assert_int_equal(hf_store_compact(careful, NULL), HF_OK);
    do_note(careful, true, 1, 16);
    do_forget(careful, 2);
    do_note(careful, true, 0, 17);
    hf_store_close(careless);
    hf_store_close(careful);
}

/* -- What is left -------------------------------------------------------------------------------------------------- */

typedef struct content {
    uint8_t data[FILE_MAX];
    size_t length;
} content;

static uint32_t random_below(uint32_t bound)
{
    static uint64_t state = 88172645463325252u;

    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 33) % bound;
}

static void apply_piece(content *c, const event *e, size_t from, size_t to)
{
    assert_true(e->offset + to <= FILE_MAX);
    memcpy(c->data + e->offset + from, e->data + from, to - from);
    if (e->offset + to > c->length)
        c->length = e->offset + to;
}

/* Each sector of the write with these chances in 100. */
static void apply_write(content *c, const event *e, uint32_t chances)
{
    for (size_t from = 0, to; from < e->length; from = to) {
        to = from + SECTOR - (e->offset + from) % SECTOR;
        if (to > e->length)
            to = e->length;
        if (random_below(100) < chances)
            apply_piece(c, e, from, to);
    }
    if (random_below(2) == 0 && e->offset + e->length > c->length && chances > 0)
        c->length = e->offset + e->length; /* the size was kept, and not what was to be there */
}

static void cut(content *c, size_t length)
{
    if (length < c->length)
        memset(c->data + length, 0, c->length - length);
    c->length = length;
}

/* The file as it may be found when the power goes after the first `until` events. */
static void rebuild(size_t file, size_t until, uint32_t chances, content *c)
{
    size_t synced = 0;

    memset(c, 0, sizeof *c);
    for (size_t i = 0; i < until; i++) {
        if (events[i].deed == SYNC && events[i].file == file)
            synced = i;
    }
    for (size_t i = 0; i < until; i++) {
        const event *e = &events[i];
        if (e->file == file && e->deed == WRITE)
            apply_write(c, e, i < synced ? 100 : chances);
        if (e->file == file && e->deed == CUT && (i < synced || random_below(100) < chances))
            cut(c, (size_t)e->offset);
    }
}

static bool is_of_folder(const event *e)
{
    return e->deed == LINK || e->deed == UNLINK || e->deed == RENAME;
}

/* Where names lead if of what was done since the folder's last fsync the first `pending` were kept. Returns how many
 * there were. */
static size_t rebuild_names(size_t until, size_t pending, name_entry names[NAMES_MAX])
{
    size_t synced = 0, since = 0;

    memset(names, 0, NAMES_MAX * sizeof *names);
    for (size_t i = 0; i < until; i++)
        synced = events[i].deed == SYNC_FOLDER ? i : synced;
    for (size_t i = 0; i < until; i++) {
        const event *e = &events[i];
        if (!is_of_folder(e) || (i > synced && since++ >= pending))
            continue;
        if (e->deed == UNLINK)
            unset_name(names, e->name);
        else
            set_name(names, e->name, e->file);
        if (e->deed == RENAME)
            unset_name(names, e->other);
    }
    return since;
}

static void put_files(const name_entry names[NAMES_MAX], size_t until, uint32_t chances)
{
    static content c;
    char file_path[192];

    for (size_t i = 0; i < NAMES_MAX; i++) {
        if (names[i].file == 0)
            continue;
        rebuild(names[i].file, until, chances, &c);
        snprintf(file_path, sizeof file_path, "%s/%.63s", folder, names[i].name);
        int handle = open(file_path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        assert_true(handle >= 0 && write(handle, c.data, c.length) == (ssize_t)c.length);
        close(handle);
    }
}

/* -- What must be kept --------------------------------------------------------------------------------------------- */

/* The last acknowledged value, or one that was attempted after it, whether or not it was acknowledged in the end. */
static bool is_allowed(size_t host, size_t until, int64_t value)
{
    bool allowed = value == -1, ever = value == -1;

    for (size_t i = 0; i < until; i++) {
        if (events[i].host != host)
            continue;
        if (events[i].deed == ATTEMPT && events[i].value == value)
            allowed = ever = true;
        if (events[i].deed == ACKNOWLEDGED)
            allowed = events[i].value == value;
    }
    return allowed && ever;
}

static void check(const hf_store *store, size_t until, const char *who)
{
    for (size_t i = 0; i < HOSTS; i++) {
        int64_t value = kept(store, hosts[i]);
        if (!is_allowed(i, until, value))
            fail_msg("power lost after event %zu: the %s finds %s with %lld", until, who, hosts[i], (long long)value);
    }
}

static size_t states;

static void check_state(size_t until, size_t pending, uint32_t chances)
{
    static hf__io io;
    name_entry names[NAMES_MAX];

    io = hf__io_posix;
    io.fsync = no_fsync;
    remove_folder(AT_FDCWD, folder);
    assert_int_equal(mkdir(folder, 0700), 0);
    rebuild_names(until, pending, names);
    put_files(names, until, chances);
    hf_store *reader = open_on(&io, false, true);
    check(reader, until, "reader");
    hf_store_close(reader);
    hf_store *writer = open_on(&io, false, false);
    check(writer, until, "writer");
    note(writer, "afterwards.test", 1, false);
    assert_int_equal(hf_store_compact(writer, NULL), HF_OK);
    check(writer, until, "writer, after writing anew,");
    hf_store_close(writer);
    states++;
}

static void every_state_is_accepted(void **state)
{
    (void)state;
    static hf__io io;
    io = hf__io_posix;
    io.openat = recorded_openat;
    io.pwrite = recorded_pwrite;
    io.ftruncate = recorded_ftruncate;
    io.fsync = recorded_fsync;
    io.linkat = recorded_linkat;
    io.renameat = recorded_renameat;
    io.unlinkat = recorded_unlinkat;
    live_through(&io);
    name_entry names[NAMES_MAX];
    for (size_t until = 0; until <= event_count; until++) {
        size_t since = rebuild_names(until, 0, names);
        for (size_t pending = 0; pending <= since; pending++) {
            for (uint32_t variant = 0; variant < VARIANTS; variant++)
                check_state(until, pending, variant == 0 ? 0 : variant == 1 ? 100 : 50);
        }
    }
    printf("%zu events, %zu states\n", event_count, states);
    assert_true(states > 1000);
    for (size_t i = 0; i < event_count; i++)
        free(events[i].data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_state_is_accepted, enter_folder, leave_folder),
    };

    if (access("/dev/shm", W_OK) == 0) /* there is much to write, and no disk is wanted */
        setenv("TMPDIR", "/dev/shm", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
