#include "vfs.h"

#include <stdio.h>

#define NAME_MAX_LENGTH 64
#define UNIX_EPOCH_JULIAN 2440587.5

typedef struct one_file {
    sqlite3_file base;
    hf__vfs *vfs;
} one_file;

static hf__vfs *vfs_of(sqlite3_file *file)
{
    return ((one_file *)file)->vfs;
}

static int broken(hf__vfs *vfs, int code)
{
    vfs->failed = true;
    return code;
}

static int file_close(sqlite3_file *file)
{
    (void)file;
    return SQLITE_OK;
}

/*
 * The two octets of the header that say whether a write-ahead log is used. There is none here, so SQLite is told of
 * none, and what it writes gets the word back.
 */
#define JOURNAL_AT 18
#define WITH_LOG 2
#define WITHOUT_LOG 1

static void turn(char *buffer, size_t length, uint64_t offset, char from, char to)
{
    for (uint64_t at = JOURNAL_AT; at < JOURNAL_AT + 2; at++) {
        if (at >= offset && at - offset < length && buffer[at - offset] == from)
            buffer[at - offset] = to;
    }
}

static int file_read(sqlite3_file *file, void *buffer, int amount, sqlite3_int64 offset)
{
    hf__vfs *vfs = vfs_of(file);
    size_t wanted = (size_t)amount, got;
    bool done = vfs->input != NULL ? vfs->input->read(vfs->input->self, (uint64_t)offset, buffer, wanted, &got)
                                   : vfs->output->read(vfs->output->self, (uint64_t)offset, buffer, wanted, &got);

    if (!done || got > wanted)
        return broken(vfs, SQLITE_IOERR_READ);
    memset((char *)buffer + got, 0, wanted - got);
    if (vfs->has_log)
        turn(buffer, got, (uint64_t)offset, WITH_LOG, WITHOUT_LOG);
    return got == wanted ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

/* The octets of the header are written a second time, for those of SQLite are not ours to change. */
static bool put_log(hf__vfs *vfs, uint64_t offset, const char *data, size_t length)
{
    char mode[2];

    if (!vfs->has_log || offset > JOURNAL_AT || length < JOURNAL_AT + 2 - offset)
        return true;
    memcpy(mode, data + (JOURNAL_AT - offset), sizeof mode);
    turn(mode, sizeof mode, JOURNAL_AT, WITHOUT_LOG, WITH_LOG);
    return vfs->output->write(vfs->output->self, JOURNAL_AT, mode, sizeof mode);
}

static bool put(hf__vfs *vfs, uint64_t offset, const void *data, size_t length)
{
    if (!vfs->output->write(vfs->output->self, offset, data, length) || !put_log(vfs, offset, data, length))
        return false;
    if (offset + length > vfs->length)
        vfs->length = offset + length;
    return true;
}

/* SQLite may write a page beyond the end; an hf_output grows without gaps. */
static int file_write(sqlite3_file *file, const void *data, int amount, sqlite3_int64 offset)
{
    static const char zeros[1024];
    hf__vfs *vfs = vfs_of(file);

    if (vfs->output == NULL)
        return SQLITE_READONLY;
    while (vfs->length < (uint64_t)offset) {
        uint64_t gap = (uint64_t)offset - vfs->length;
        if (!put(vfs, vfs->length, zeros, gap < sizeof zeros ? (size_t)gap : sizeof zeros))
            return broken(vfs, SQLITE_IOERR_WRITE);
    }
    return put(vfs, (uint64_t)offset, data, (size_t)amount) ? SQLITE_OK : broken(vfs, SQLITE_IOERR_WRITE);
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    hf__vfs *vfs = vfs_of(file);

    if (vfs->output == NULL)
        return SQLITE_READONLY;
    if (!vfs->output->truncate(vfs->output->self, (uint64_t)size))
        return broken(vfs, SQLITE_IOERR_TRUNCATE);
    vfs->length = (uint64_t)size;
    return SQLITE_OK;
}

static int file_sync(sqlite3_file *file, int flags)
{
    (void)file;
    (void)flags;
    return SQLITE_OK;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size)
{
    *size = (sqlite3_int64)vfs_of(file)->length;
    return SQLITE_OK;
}

static int file_lock(sqlite3_file *file, int lock)
{
    (void)file;
    (void)lock;
    return SQLITE_OK;
}

static int file_is_reserved(sqlite3_file *file, int *reserved)
{
    (void)file;
    *reserved = 0;
    return SQLITE_OK;
}

static int file_control(sqlite3_file *file, int op, void *argument)
{
    (void)file;
    (void)op;
    (void)argument;
    return SQLITE_NOTFOUND;
}

static int file_sector(sqlite3_file *file)
{
    (void)file;
    return 512;
}

static int file_traits(sqlite3_file *file)
{
    (void)file;
    return 0;
}

static const sqlite3_io_methods methods = {
    .iVersion = 1,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_lock,
    .xCheckReservedLock = file_is_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_traits,
};

/* There is the one file; a journal beside it there is not. */
static int vfs_file(sqlite3_vfs *base, const char *name, sqlite3_file *file, int flags, int *out_flags)
{
    one_file *one = (one_file *)file;

    (void)name;
    one->base.pMethods = NULL;
    if ((flags & SQLITE_OPEN_MAIN_DB) == 0)
        return SQLITE_CANTOPEN;
    one->base.pMethods = &methods;
    one->vfs = base->pAppData;
    if (out_flags != NULL)
        *out_flags = flags;
    return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *base, const char *name, int sync)
{
    (void)base;
    (void)name;
    (void)sync;
    return SQLITE_OK;
}

static int vfs_access(sqlite3_vfs *base, const char *name, int flags, int *there)
{
    (void)base;
    (void)name;
    (void)flags;
    *there = 0;
    return SQLITE_OK;
}

static int vfs_path(sqlite3_vfs *base, const char *name, int size, char *path)
{
    (void)base;
    return snprintf(path, (size_t)size, "%s", name) < size ? SQLITE_OK : SQLITE_CANTOPEN;
}

static int vfs_random(sqlite3_vfs *base, int size, char *out)
{
    (void)base;
    memset(out, 0, (size_t)size);
    return size;
}

static int vfs_sleep(sqlite3_vfs *base, int microseconds)
{
    (void)base;
    return microseconds;
}

static int vfs_time(sqlite3_vfs *base, double *time)
{
    (void)base;
    *time = UNIX_EPOCH_JULIAN;
    return SQLITE_OK;
}

static int vfs_error(sqlite3_vfs *base, int size, char *text)
{
    (void)base;
    (void)size;
    (void)text;
    return 0;
}

static void look_for_log(hf__vfs *vfs)
{
    char mode[2] = {0, 0};
    size_t got = 0;
    bool read = vfs->input != NULL ? vfs->input->read(vfs->input->self, JOURNAL_AT, mode, sizeof mode, &got)
                                   : vfs->output->read(vfs->output->self, JOURNAL_AT, mode, sizeof mode, &got);

    vfs->has_log = read && got == sizeof mode && mode[0] == WITH_LOG && mode[1] == WITH_LOG;
}

/* Before the schema is read, which the first statement does: what is beyond these is refused while it is parsed. */
static void set_limits(sqlite3 *db)
{
    static const struct {
        int what, most;
    } limits[] = {
        {SQLITE_LIMIT_LENGTH, 1 << 16},    {SQLITE_LIMIT_SQL_LENGTH, 1 << 14},
        {SQLITE_LIMIT_COLUMN, 64},         {SQLITE_LIMIT_EXPR_DEPTH, 16},
        {SQLITE_LIMIT_COMPOUND_SELECT, 2}, {SQLITE_LIMIT_VDBE_OP, 5000},
        {SQLITE_LIMIT_FUNCTION_ARG, 8},    {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 64},
        {SQLITE_LIMIT_VARIABLE_NUMBER, 8}, {SQLITE_LIMIT_TRIGGER_DEPTH, 1},
        {SQLITE_LIMIT_ATTACHED, 0},        {SQLITE_LIMIT_WORKER_THREADS, 0},
    };

    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
        sqlite3_limit(db, limits[i].what, limits[i].most);
}

static hf_status configure(hf__vfs *vfs)
{
    static const char pragmas[] = "PRAGMA locking_mode=EXCLUSIVE; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-2048;"
                                  "PRAGMA cell_size_check=ON; PRAGMA mmap_size=0; PRAGMA secure_delete=ON;";
    sqlite3 *db = vfs->db;

    set_limits(db);
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
    int code = sqlite3_exec(db, pragmas, NULL, NULL, NULL);
    /* What is written is nobody's store yet, and there is no place for a journal. A defensive connection could not say
     * so. */
    if (code == SQLITE_OK && vfs->output != NULL)
        code = sqlite3_exec(db, "PRAGMA journal_mode=OFF; PRAGMA cache_size=-16384", NULL, NULL, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    return code == SQLITE_NOMEM ? HF_E_MEMORY : HF_OK;
}

/* The name is the address of the caller's struct, so that two of them never meet. */
hf_status hf__vfs_open(hf__vfs *vfs, const hf_input *input, const hf_output *output, uint64_t length)
{
    int flags = output != NULL ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;

    *vfs = (hf__vfs){.input = input, .output = output, .length = length};
    snprintf(vfs->name, sizeof vfs->name, "hf-%p", (void *)vfs);
    vfs->base = (sqlite3_vfs){.iVersion = 1,
                              .szOsFile = sizeof(one_file),
                              .mxPathname = NAME_MAX_LENGTH,
                              .zName = vfs->name,
                              .pAppData = vfs,
                              .xOpen = vfs_file,
                              .xDelete = vfs_delete,
                              .xAccess = vfs_access,
                              .xFullPathname = vfs_path,
                              .xRandomness = vfs_random,
                              .xSleep = vfs_sleep,
                              .xCurrentTime = vfs_time,
                              .xGetLastError = vfs_error};
    look_for_log(vfs);
    if (sqlite3_vfs_register(&vfs->base, 0) != SQLITE_OK)
        return HF_E_MEMORY;
    vfs->registered = true;
    if (sqlite3_open_v2("store", &vfs->db, flags, vfs->name) != SQLITE_OK)
        return vfs->failed ? HF_E_READ : HF_E_MEMORY;
    return configure(vfs);
}

void hf__vfs_close(hf__vfs *vfs)
{
    sqlite3_close(vfs->db);
    vfs->db = NULL;
    if (vfs->registered)
        sqlite3_vfs_unregister(&vfs->base);
    vfs->registered = false;
}
